//! Mail, through one server by SMTP (RFC 5321).

use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use platform::config::Config;
use secrecy::ExposeSecret as _;

use super::{Accepted, Channel, Extras, Parcel, Refusal, Refused};
use crate::bounces::status;

/// How long the mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// The mail server and the sender of those who have none of their own.
pub(crate) struct Email {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Email {
    /// The mail server of the settings; none when there is none: mail is kept and read on the Deliveries page.
    ///
    /// # Errors
    /// `smtp_url` or `mail_from` cannot be read.
    pub(crate) fn new(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(url) = &config.smtp_url else { return Ok(None) };
        let from = config.mail_from.parse().context("RINGSIDE_MAIL_FROM is not an address")?;
        // The error may repeat the address, and with it the password: it is not passed on.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&protected(url.expose_secret()))
            .map_err(|_| {
                anyhow::anyhow!("RINGSIDE_SMTP_URL is not an address like smtp://user:password@host:587")
            })?
            .timeout(Some(PATIENCE))
            .build();
        Ok(Some(Self { transport, from }))
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<Accepted, Refused> {
        let message = compose(&self.from, parcel)
            .map_err(|error| Refused::new(Refusal::Never, format!("{error:#}")))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(Accepted::default()),
            Err(error) => {
                let reason = explain(&error);
                let what = match status::in_text(&reason) {
                    _ if !error.is_permanent() => Refusal::Later,
                    // The server says that the address itself leads nowhere.
                    Some(status) if status.address_is_wrong() => Refusal::Gone,
                    _ => Refusal::Never,
                };
                Err(Refused::new(what, reason))
            }
        }
    }
}

impl Channel for Email {
    fn send<'a>(&'a self, parcel: &'a Parcel) -> LocalBoxFuture<'a, Result<Accepted, Refused>> {
        self.hand_over(parcel).boxed_local()
    }
}

/// Insists on STARTTLS for `smtp://` unless the address says otherwise by `?tls=` or the server is on this
/// machine: lettre alone would send the password in the clear.
fn protected(url: &str) -> String {
    let host = url.rsplit('@').next().unwrap_or(url).trim_start_matches("smtp://");
    let here = ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| host.starts_with(name));
    if url.starts_with("smtp://") && !url.contains("?tls=") && !here {
        format!("{url}?tls=required")
    } else {
        url.to_owned()
    }
}

/// The whole chain: lettre's own text names only the step.
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = error.source();
    }
    text
}

/// The message: text and page as alternatives, pictures inside the page, files beside both. Its id is
/// the delivery's, so that a mail sent twice is shown once.
fn compose(from: &Mailbox, parcel: &Parcel) -> anyhow::Result<Message> {
    let (mail, sender) = (&parcel.message, parcel.sender.as_ref());
    let from = sender.map_or(from, |sender| &sender.mailbox);
    let address: Address = parcel.address.parse().context("the recipient is not an address")?;
    let mut page = MultiPart::related().singlepart(SinglePart::html(mail.html.clone()));
    let mut files = Vec::new();
    for file in &mail.attachments {
        let kind = ContentType::parse(&file.media_type).context("the attachment's media type")?;
        match &file.content_id {
            Some(cid) => {
                let picture = Attachment::new_inline_with_name(cid.clone(), file.name.clone());
                page = page.singlepart(picture.body(file.bytes.clone(), kind));
            }
            None => files.push(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind)),
        }
    }
    let text = MultiPart::alternative().singlepart(SinglePart::plain(mail.plain.clone())).multipart(page);
    let body = files.into_iter().fold(MultiPart::mixed().multipart(text), MultiPart::singlepart);
    let sent_by_a_program =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(mail.recipient_name.clone()), address.clone()))
        .subject(&mail.subject)
        .date(SystemTime::from(mail.created_at))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(sent_by_a_program);
    for (name, value) in extra_headers(&parcel.extras) {
        message = message.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
    }
    if let Some(returns_to) = &parcel.extras.returns_to {
        let returns_to = returns_to.parse().context("RINGSIDE_BOUNCE_ADDRESS")?;
        message = message.envelope(Envelope::new(Some(returns_to), vec![address])?);
    }
    let mut message = message.multipart(body).context("the mail cannot be put together")?;
    if let Some(sender) = sender {
        sender.sign(&mut message);
    }
    Ok(message)
}

/// Where mail of this kind is stopped (RFC 2369, RFC 8058).
const STOP: &str = "List-Unsubscribe";
/// That one POST there does it.
const ONE_CLICK: &str = "List-Unsubscribe-Post";
/// By this what comes back names its delivery, whatever became of the sender in the envelope.
const TOKEN: &str = "X-Ringside-Delivery";
/// The same for Postmark, which gives it back in its reports.
const METADATA: &str = "X-PM-Metadata-delivery";

fn extra_headers(extras: &Extras) -> Vec<(&'static str, String)> {
    let mut headers = Vec::new();
    if let Some(address) = &extras.stop_at {
        headers.push((STOP, format!("<{address}>")));
        // RFC 8058, 3.1: by HTTPS only.
        if address.starts_with("https://") {
            headers.push((ONE_CLICK, "List-Unsubscribe=One-Click".to_owned()));
        }
    }
    if let Some(token) = &extras.token {
        headers.push((TOKEN, token.clone()));
        headers.push((METADATA, token.clone()));
    }
    headers
}

/// Those of them that a signature must cover (RFC 8058, 4).
pub(crate) fn list_headers(extras: &Extras) -> Vec<&'static str> {
    let names = extra_headers(extras).into_iter().map(|(name, _)| name);
    names.filter(|name| [STOP, ONE_CLICK].contains(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_travel_encrypted_unless_somebody_insists() {
        assert_eq!(protected("smtp://u:p@mail.example:587"), "smtp://u:p@mail.example:587?tls=required");
        for untouched in
            ["smtps://u:p@mail.example", "smtp://127.0.0.1:2525", "smtp://mail.example:25?tls=opportunistic"]
        {
            assert_eq!(protected(untouched), untouched);
        }
    }
}
