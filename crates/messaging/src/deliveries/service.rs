//! The rules of deliveries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::ErrorCode;
use contract::Page;
use contract::channels::{Channel, Topic};
use contract::deliveries::{Attachment, Delivery, DeliverySummary};
use domain::{Locale, ids};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use platform::http::{Paged, next_page};
use uuid::Uuid;

use super::jobs::SendDelivery;
use super::queries::{self, File, Wanted};
use crate::contact_methods::CODE;
use crate::letters::{Letter, Written};
use crate::templates;

/// A letter and to whom it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// In whose name; none: in Ringside's own, read by no staff.
    pub org_id: Option<Uuid>,
    /// To whom.
    pub to: Recipient,
    /// The reader's language.
    pub locale: Locale,
    /// What is said.
    pub letter: Letter,
    /// What caused it, `order_paid:<order>`: the same cause sends no second mail.
    pub cause: String,
}

/// Who reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub address: String,
}

/// Something written out, and the way it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// In whose name; none: in Ringside's own.
    pub org_id: Option<Uuid>,
    /// To whom, and how.
    pub way: Way,
    /// What it is about.
    pub topic: Topic,
    /// Whose account it is about, when that is known.
    pub user_id: Option<Uuid>,
    /// What it leads to, where a channel shows that apart from the text.
    pub link: Option<String>,
    /// The same cause sends no second message.
    pub cause: String,
    /// What is said.
    pub written: Written,
}

/// To whom, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By mail.
    Mail(Recipient),
    /// One of a person's contact methods: its id, and what is shown of it.
    Method(Channel, Uuid, String),
    /// A room of a team: its id and its name.
    Destination(Channel, Uuid, String),
    /// An address that somebody has typed in for a test, sealed, and what is shown of it.
    Typed(Channel, Vec<u8>, String),
}

impl Way {
    pub(super) fn channel(&self) -> Channel {
        match self {
            Self::Mail(_) => Channel::Email,
            Self::Method(channel, ..) | Self::Destination(channel, ..) | Self::Typed(channel, ..) => *channel,
        }
    }
}

/// Writes a mail and asks for it to be sent once the transaction has committed. `None` when its cause
/// has written one before.
///
/// # Errors
/// The database, or a template that does not fit its letter.
pub async fn queue(tx: &mut Tx<'_>, mail: &Mail) -> ApiResult<Option<Uuid>> {
    let id = ids::new_id();
    let written = templates::write(tx, id, mail).await?;
    post(tx, id, mail, written).await
}

/// Like [`queue`], for what has been written out already.
pub(crate) async fn post(
    tx: &mut Tx<'_>,
    id: Uuid,
    mail: &Mail,
    written: Written,
) -> ApiResult<Option<Uuid>> {
    let message = Message {
        org_id: mail.org_id,
        way: Way::Mail(mail.to.clone()),
        topic: mail.letter.topic(),
        user_id: None,
        link: None,
        cause: mail.cause.clone(),
        written,
    };
    send(tx, id, &message).await
}

/// Like [`queue`], by any way and for what has been written out already.
///
/// # Errors
/// The database.
pub async fn send(tx: &mut Tx<'_>, id: Uuid, message: &Message) -> ApiResult<Option<Uuid>> {
    let now = tx.now();
    if !queries::insert(tx, id, message, now).await? {
        return Ok(None);
    }
    queries::attach(tx, id, &message.written.attachments).await?;
    tx.enqueue(&SendDelivery { delivery_id: id, reserved: false }).await?;
    Ok(Some(id))
}

/// A page of an organisation's deliveries, newest first.
pub(super) async fn list(
    conn: &mut Conn,
    org: Uuid,
    wanted: Wanted<'_>,
    paged: &Paged,
) -> ApiResult<Page<DeliverySummary>> {
    let rows = queries::list(conn, org, wanted, paged.position()?, paged.fetch()).await?;
    next_page(paged, rows, |row| row.id)
}

/// A delivery with its text. Pictures inside the page are put into it, so that it can be shown as it is.
pub(super) async fn get(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Delivery> {
    let (summary, mut html, text, link) = queries::find(conn, org, id).await?;
    let files = queries::files(conn, id).await?;
    for file in &files {
        if let Some(cid) = &file.content_id {
            let data = format!("data:{};base64,{}", file.media_type, STANDARD.encode(&file.bytes));
            html = html.replace(&format!("src=\"cid:{cid}\""), &format!("src=\"{data}\""));
        }
    }
    let attachments = files.into_iter().map(described).collect::<ApiResult<_>>()?;
    Ok(Delivery { summary, html, text, link, attachments })
}

fn described(file: File) -> ApiResult<Attachment> {
    let size = i32::try_from(file.bytes.len()).map_err(ApiError::internal)?;
    Ok(Attachment { id: file.id, name: file.name, media_type: file.media_type, size })
}

/// Sends a failed delivery again, or one that was kept for want of a mail server.
pub(super) async fn retry(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<Delivery> {
    if queries::find(tx, org, id).await?.0.template == CODE {
        return Err(ApiError::new(ErrorCode::WrongState)
            .detail("A code is not sent again: its owner asks for a new one."));
    }
    if !queries::queue_again(tx, org, id).await? {
        // Unknown is 404, known is in the wrong state.
        let (summary, ..) = queries::find(tx, org, id).await?;
        return Err(ApiError::new(ErrorCode::WrongState).detail(format!(
            "This message is {}; only failed or kept ones are sent again.",
            summary.state.name()
        )));
    }
    tx.enqueue(&SendDelivery { delivery_id: id, reserved: false }).await?;
    tx.audit(Change::new(Some(org), "delivery.retried", id));
    get(tx, org, id).await
}
