//! The rules of notices.

use contract::channels::Topic;
use contract::notices::{MarkNotice, Notice as Shown, NoticeContent, UnreadCount};
use contract::{ErrorCode, Page};
use domain::{Fact, Locale, ids};
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::http::{Paged, next_page};
use uuid::Uuid;

use super::queries;
use crate::deliveries::{self, Message, Recipient, Way};
use crate::letters::{self, Written};
use crate::preferences::ways::ways;

/// Something to tell one person.
#[derive(Debug, Clone)]
pub struct Notice {
    /// In which organisation it happened.
    pub org_id: Uuid,
    /// Whom.
    pub to: Reader,
    /// What happened.
    pub content: NoticeContent,
    /// Where it leads to, below the web app's own address: `/orders/…`.
    pub link: Option<String>,
    /// `order_paid:<order>`: the same cause tells the person nothing twice.
    pub cause: String,
}

/// Who reads it.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Their account.
    pub user_id: Uuid,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub address: String,
    /// Their language.
    pub locale: Locale,
}

/// Unread notices are counted up to this: the bell says "99+".
const MOST_COUNTED: i64 = 100;

/// Tells a person something: in the web app at once, and by the ways they want. `public_url` is the web app's
/// address. `false` when the cause has told them before.
///
/// # Errors
/// The database.
pub async fn tell(tx: &mut Tx<'_>, public_url: &str, notice: &Notice) -> ApiResult<bool> {
    let (id, now) = (ids::new_id(), tx.now());
    if !queries::insert(tx, id, notice, now).await? {
        return Ok(false);
    }
    let user_id = notice.to.user_id;
    tx.emit(notice.org_id, Fact::NoticesChanged { user_id }).await?;
    let topic = notice.content.topic();
    let ways = ways(tx, user_id, notice.org_id, topic).await?;
    let link = notice.link.as_ref().map(|path| format!("{public_url}{path}"));
    for method in ways.methods {
        let cause = format!("notice:{id}:{}", method.id);
        let way = Way::Method(method.channel, method.id, method.shown);
        let written = letters::notice::short(&notice.content, notice.to.locale);
        send(tx, notice, way, &link, cause, written).await?;
    }
    if ways.mail && is_mailed(&notice.content) {
        let way = Way::Mail(Recipient { name: notice.to.name.clone(), address: notice.to.address.clone() });
        let written = letters::notice::mail(&notice.content, link.as_deref(), notice.to.locale)?;
        send(tx, notice, way, &None, format!("notice:{id}:mail"), written).await?;
    }
    Ok(true)
}

/// Of the others a letter of their own is written.
const fn is_mailed(content: &NoticeContent) -> bool {
    matches!(
        content,
        NoticeContent::Announcement { .. }
            | NoticeContent::ThreatFound
            | NoticeContent::PaymentToRefund { .. }
    )
}

async fn send(
    tx: &mut Tx<'_>,
    notice: &Notice,
    way: Way,
    link: &Option<String>,
    cause: String,
    written: Written,
) -> ApiResult<()> {
    let message = Message {
        org_id: Some(notice.org_id),
        way,
        topic: notice.content.topic(),
        user_id: Some(notice.to.user_id),
        link: link.clone(),
        cause,
        written,
    };
    deliveries::send(tx, ids::new_id(), &message).await?;
    Ok(())
}

/// Tells the rooms of an organisation's teams that want to hear of it; the same cause tells them nothing twice.
///
/// # Errors
/// The database.
pub async fn tell_rooms(
    tx: &mut Tx<'_>,
    public_url: &str,
    org_id: Uuid,
    (content, link): (&NoticeContent, Option<&str>),
    cause: &str,
) -> ApiResult<()> {
    let topic: Topic = content.topic();
    for (id, channel, name) in queries::rooms(tx, org_id, topic).await? {
        let message = Message {
            org_id: Some(org_id),
            way: Way::Destination(channel, id, name),
            topic,
            user_id: None,
            link: link.map(|path| format!("{public_url}{path}")),
            cause: format!("room:{id}:{cause}"),
            written: letters::notice::short(content, Locale::En),
        };
        deliveries::send(tx, ids::new_id(), &message).await?;
    }
    Ok(())
}

/// A page of a person's notices, newest first.
pub(super) async fn list(conn: &mut Conn, user: Uuid, unread: bool, paged: &Paged) -> ApiResult<Page<Shown>> {
    let rows = queries::list(conn, user, unread, paged.position()?, paged.fetch()).await?;
    next_page(paged, rows, |row| row.id)
}

/// How much a person has not read.
pub(super) async fn count(conn: &mut Conn, user: Uuid) -> ApiResult<UnreadCount> {
    Ok(UnreadCount { unread: queries::unread(conn, user, MOST_COUNTED).await? })
}

/// Marks one as read or not; other pages of the person hear of it.
pub(super) async fn mark(tx: &mut Tx<'_>, user_id: Uuid, id: Uuid, wish: &MarkNotice) -> ApiResult<Shown> {
    let read_at = wish.read.then(|| tx.now());
    let notice = queries::mark(tx, user_id, id, read_at).await?.ok_or(ErrorCode::NotFound)?;
    tx.emit(notice.organisation_id, Fact::NoticesChanged { user_id }).await?;
    Ok(notice)
}

/// Marks everything up to one as read.
pub(super) async fn mark_all(tx: &mut Tx<'_>, user_id: Uuid, up_to: Uuid) -> ApiResult<UnreadCount> {
    let now = tx.now();
    let changed = queries::mark_all(tx, user_id, up_to, now).await?;
    if let Some(org) = changed.first() {
        tx.emit(*org, Fact::NoticesChanged { user_id }).await?;
    }
    count(tx, user_id).await
}
