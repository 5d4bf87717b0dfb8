//! What is put to a mail when it leaves, and not when it is written: by then its reader has said what they want.

use contract::channels::Channel;
use platform::error::ApiResult;
use platform::jobs::JobContext;

use super::queries::Outgoing;
use crate::channels::Extras;
use crate::mail_tokens::{self, Purpose};
use crate::{mail_choices, tracking};

/// Puts in what the reader's programs and ours need: counted links where the reader agreed to that, and where
/// optional mail is stopped.
pub(super) async fn finish(context: &JobContext, message: &mut Outgoing) -> ApiResult<Extras> {
    let (config, keys) = (&context.app.config, &context.app.keys);
    let base = config.public_url();
    let mut extras = Extras::default();
    if config.bounce_address.is_some() || config.mail_report_secret.is_some() {
        let token = mail_tokens::for_returns(keys, message.id);
        let parts = config.bounce_address.as_deref().and_then(|address| address.split_once('@'));
        extras.returns_to = parts.map(|(name, domain)| format!("{name}+{token}@{domain}"));
        extras.token = Some(token);
    }
    // Letters about accounts are nobody's, and are not counted.
    let to = &message.recipient;
    if message.org_id.is_some()
        && context.db.read(async |conn| tracking::queries::allowed(conn, to).await).await?
    {
        message.html = tracking::counted(&message.html, &base, keys, message.id);
        extras.counted = true;
    }
    if !message.topic.always(Channel::Email) {
        let token = mail_tokens::for_page(keys, Purpose::Choices, message.id);
        let address = format!("{base}/m/u/{token}");
        let (markup, text) = mail_choices::footer(&address, message.topic, &message.locale);
        tracking::at_the_end(&mut message.html, &markup);
        message.plain.push_str(&text);
        extras.stop_at = Some(address);
    }
    Ok(extras)
}
