//! Every statement about deliveries.

use chrono::{DateTime, Utc};
use contract::channels::{Channel, Topic};
use contract::deliveries::{DeliveryState, DeliverySummary};
use db_schema::{deliveries, delivery_attachments};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use domain::{Locale, ids};
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::service::{Message, Way};
use crate::contact_methods::CODE;
use crate::letters::Attachment;

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
struct SummaryRow {
    id: Uuid,
    channel: String,
    topic: String,
    recipient: String,
    subject: String,
    template: String,
    locale: String,
    state: String,
    attempts: i32,
    last_error: Option<String>,
    created_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    sent_at: Option<DateTime<Utc>>,
}

impl TryFrom<SummaryRow> for DeliverySummary {
    type Error = ApiError;

    fn try_from(row: SummaryRow) -> ApiResult<Self> {
        let unknown = |what: &str| ApiError::internal(anyhow::anyhow!("delivery {}: unknown {what}", row.id));
        Ok(Self {
            locale: Locale::from_tag(&row.locale).ok_or_else(|| unknown("locale"))?,
            state: DeliveryState::from_name(&row.state).ok_or_else(|| unknown("state"))?,
            channel: Channel::from_name(&row.channel).ok_or_else(|| unknown("channel"))?,
            topic: Topic::from_name(&row.topic).ok_or_else(|| unknown("topic"))?,
            id: row.id,
            to: row.recipient,
            subject: row.subject,
            template: row.template,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            due_at: row.due_at,
            sent_at: row.sent_at,
        })
    }
}

/// A file of a delivery.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = delivery_attachments)]
pub(crate) struct File {
    pub id: Uuid,
    pub name: String,
    pub media_type: String,
    pub content_id: Option<String>,
    pub bytes: Vec<u8>,
}

/// A delivery to be sent.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
struct OutgoingRow {
    id: Uuid,
    org_id: Option<Uuid>,
    channel: String,
    topic: String,
    user_id: Option<Uuid>,
    contact_method_id: Option<Uuid>,
    destination_id: Option<Uuid>,
    recipient: String,
    recipient_name: String,
    locale: String,
    template: String,
    subject: String,
    html: String,
    plain: String,
    link: Option<String>,
    typed_address: Option<Vec<u8>>,
    attempts: i32,
    created_at: DateTime<Utc>,
}

/// A delivery to be sent, with its files.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub id: Uuid,
    pub org_id: Option<Uuid>,
    pub channel: Channel,
    pub topic: Topic,
    pub user_id: Option<Uuid>,
    pub contact_method_id: Option<Uuid>,
    pub destination_id: Option<Uuid>,
    /// The mail address; of other channels only what is shown of one.
    pub recipient: String,
    pub recipient_name: String,
    /// The language it is written in, as a tag: `th`.
    pub locale: String,
    /// The subject of a mail, the first line of anything else.
    pub subject: String,
    /// What made it: `order_paid`.
    pub template: String,
    pub html: String,
    pub plain: String,
    /// What it leads to, where that is not part of the text.
    pub link: Option<String>,
    /// Where a test is sent to, sealed.
    pub typed_address: Option<Vec<u8>>,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub attachments: Vec<File>,
}

/// Writes a delivery unless its cause has written one before; tells whether it did.
pub(super) async fn insert(
    conn: &mut Conn,
    id: Uuid,
    message: &Message,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let (to, name, method, destination, typed) = match &message.way {
        Way::Mail(to) => (&to.address, to.name.as_str(), None, None, None),
        Way::Method(_, id, shown) => (shown, "", Some(*id), None, None),
        Way::Destination(_, id, name) => (name, "", None, Some(*id), None),
        Way::Typed(_, sealed, shown) => (shown, "", None, None, Some(sealed.as_slice())),
    };
    let written = &message.written;
    let inserted = diesel::insert_into(deliveries::table)
        .values((
            deliveries::id.eq(id),
            deliveries::org_id.eq(message.org_id),
            deliveries::channel.eq(message.way.channel().name()),
            deliveries::topic.eq(message.topic.name()),
            deliveries::user_id.eq(message.user_id),
            deliveries::contact_method_id.eq(method),
            deliveries::destination_id.eq(destination),
            deliveries::recipient.eq(to),
            deliveries::recipient_name.eq(name),
            deliveries::template.eq(written.template),
            deliveries::locale.eq(written.locale.code()),
            deliveries::subject.eq(&written.subject),
            deliveries::html.eq(&written.html),
            deliveries::plain.eq(&written.text),
            deliveries::link.eq(message.link.as_deref()),
            deliveries::typed_address.eq(typed),
            deliveries::cause.eq(&message.cause),
            deliveries::created_at.eq(now),
            deliveries::template_version_id.eq(written.version),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(inserted == 1)
}

/// Puts files beside a delivery, in the order given.
pub(super) async fn attach(conn: &mut Conn, delivery: Uuid, files: &[Attachment]) -> ApiResult<()> {
    let rows: Vec<_> = (0_i32..)
        .zip(files)
        .map(|(position, file)| {
            (
                delivery_attachments::id.eq(ids::new_id()),
                delivery_attachments::delivery_id.eq(delivery),
                delivery_attachments::position.eq(position),
                delivery_attachments::name.eq(&file.name),
                delivery_attachments::media_type.eq(file.media_type),
                delivery_attachments::content_id.eq(file.inline.as_deref()),
                delivery_attachments::bytes.eq(&file.bytes),
            )
        })
        .collect();
    diesel::insert_into(delivery_attachments::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Which deliveries a list shows.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub state: Option<DeliveryState>,
    pub channel: Option<Channel>,
    /// Looked for in address and subject.
    pub words: Option<&'a str>,
}

/// At most `limit` deliveries, newest first, those older than `after`.
pub(super) async fn list(
    conn: &mut Conn,
    org: Uuid,
    Wanted { state, channel, words }: Wanted<'_>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<DeliverySummary>> {
    let mut query = deliveries::table.filter(deliveries::org_id.eq(org)).into_boxed();
    if let Some(channel) = channel {
        query = query.filter(deliveries::channel.eq(channel.name()));
    }
    if let Some(state) = state {
        query = query.filter(deliveries::state.eq(state.name()));
    }
    if let Some(words) = words {
        let pattern = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query =
            query.filter(deliveries::recipient.ilike(pattern.clone()).or(deliveries::subject.ilike(pattern)));
    }
    if let Some(after) = after {
        query = query.filter(deliveries::id.lt(after));
    }
    let rows: Vec<SummaryRow> =
        query.select(SummaryRow::as_select()).order(deliveries::id.desc()).limit(limit).load(conn).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A delivery, its page, its text and its link.
pub(super) async fn find(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
) -> ApiResult<(DeliverySummary, String, String, Option<String>)> {
    let (row, html, plain, link): (SummaryRow, String, String, Option<String>) = deliveries::table
        .filter(deliveries::org_id.eq(org).and(deliveries::id.eq(id)))
        .select((SummaryRow::as_select(), deliveries::html, deliveries::plain, deliveries::link))
        .first(conn)
        .await?;
    if row.template == CODE {
        // Staff do not read what proves that a number is somebody's.
        return Ok((row.try_into()?, String::new(), String::new(), link));
    }
    Ok((row.try_into()?, html, plain, link))
}

/// The files of a delivery, in order.
pub(super) async fn files(conn: &mut Conn, delivery: Uuid) -> ApiResult<Vec<File>> {
    Ok(delivery_attachments::table
        .filter(delivery_attachments::delivery_id.eq(delivery))
        .select(File::as_select())
        .order(delivery_attachments::position)
        .load(conn)
        .await?)
}

/// One file of one delivery of the organisation.
pub(super) async fn file(conn: &mut Conn, org: Uuid, delivery: Uuid, id: Uuid) -> ApiResult<File> {
    Ok(delivery_attachments::table
        .inner_join(deliveries::table)
        .filter(deliveries::org_id.eq(org).and(deliveries::id.eq(delivery)))
        .filter(delivery_attachments::id.eq(id))
        .select(File::as_select())
        .first(conn)
        .await?)
}

/// Puts a failed or kept delivery back to the start; tells whether it was one.
pub(super) async fn queue_again(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<bool> {
    let again = deliveries::table
        .filter(deliveries::org_id.eq(org).and(deliveries::id.eq(id)))
        .filter(deliveries::state.eq_any(["failed", "kept"]));
    let changed = diesel::update(again)
        .set((
            deliveries::state.eq("queued"),
            deliveries::attempts.eq(0),
            deliveries::last_error.eq(None::<String>),
            deliveries::due_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .await?;
    Ok(changed == 1)
}

/// A delivery that still waits to be sent, with its files.
pub(super) async fn waiting(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Outgoing>> {
    let row: Option<OutgoingRow> = deliveries::table
        .filter(deliveries::id.eq(id).and(deliveries::state.eq(DeliveryState::Queued.name())))
        .select(OutgoingRow::as_select())
        .first(conn)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let unknown = |what: &str| ApiError::internal(anyhow::anyhow!("delivery {id}: unknown {what}"));
    Ok(Some(Outgoing {
        id: row.id,
        org_id: row.org_id,
        channel: Channel::from_name(&row.channel).ok_or_else(|| unknown("channel"))?,
        topic: Topic::from_name(&row.topic).ok_or_else(|| unknown("topic"))?,
        user_id: row.user_id,
        contact_method_id: row.contact_method_id,
        destination_id: row.destination_id,
        recipient: row.recipient,
        recipient_name: row.recipient_name,
        locale: row.locale,
        subject: row.subject,
        template: row.template,
        html: row.html,
        plain: row.plain,
        link: row.link,
        typed_address: row.typed_address,
        attempts: row.attempts,
        created_at: row.created_at,
        attachments: files(conn, id).await?,
    }))
}

/// Some deliveries that should have left before then.
pub(super) async fn overdue(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<Vec<Uuid>> {
    Ok(deliveries::table
        .filter(deliveries::state.eq(DeliveryState::Queued.name()).and(deliveries::created_at.lt(before)))
        .filter(deliveries::due_at.is_null().or(deliveries::due_at.lt(before)))
        .select(deliveries::id)
        .order(deliveries::id)
        .limit(1_000)
        .load(conn)
        .await?)
}

/// It waits until then, and says why; `false` when it does so already, by another job.
pub(super) async fn put_off(
    conn: &mut Conn,
    id: Uuid,
    until: DateTime<Utc>,
    why: Option<&str>,
) -> ApiResult<bool> {
    let waits = deliveries::table
        .filter(deliveries::id.eq(id).and(deliveries::state.eq(DeliveryState::Queued.name())))
        .filter(deliveries::due_at.is_distinct_from(until));
    let changed = diesel::update(waits)
        .set((deliveries::due_at.eq(until), deliveries::last_error.eq(why)))
        .execute(conn)
        .await?;
    Ok(changed == 1)
}

/// How one attempt ended.
pub(super) struct Outcome<'a> {
    pub state: DeliveryState,
    /// One attempt more than before, unless none was made.
    pub attempts: i32,
    pub error: Option<&'a str>,
    pub sent_at: Option<DateTime<Utc>>,
    /// What the provider calls it.
    pub provider_id: Option<&'a str>,
}

/// A letter about an account that was kept for want of a mail server.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub struct Kept {
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Its subject.
    pub subject: String,
    /// What it says, without markup.
    pub plain: String,
}

/// At most `limit` letters about the account of an address that were not sent, newest first. For those
/// with a shell only: no staff reads them.
pub async fn kept_letters(conn: &mut Conn, address: &str, limit: i64) -> ApiResult<Vec<Kept>> {
    let to_address = sql::<Bool>("lower(recipient) = lower(").bind::<Text, _>(address).sql(")");
    Ok(deliveries::table
        .filter(deliveries::org_id.is_null().and(deliveries::sent_at.is_null()))
        .filter(to_address)
        .select(Kept::as_select())
        .order(deliveries::id.desc())
        .limit(limit)
        .load(conn)
        .await?)
}

/// Empties what may have carried a secret, since nobody reads it here: a letter about an account that was sent, and a
/// code that waits no more. The address that a test went to goes when that has left.
pub(super) async fn blank(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    let left = deliveries::table.find(id).filter(deliveries::sent_at.is_not_null());
    diesel::update(left.filter(deliveries::typed_address.is_not_null()))
        .set(deliveries::typed_address.eq(None::<Vec<u8>>))
        .execute(conn)
        .await?;
    let over = deliveries::state.ne(DeliveryState::Queued.name());
    let sent = deliveries::table.find(id).filter(
        deliveries::template
            .eq(CODE)
            .and(over)
            .or(deliveries::org_id.is_null().and(deliveries::sent_at.is_not_null())),
    );
    diesel::update(sent).set((deliveries::html.eq(""), deliveries::plain.eq(""))).execute(conn).await?;
    Ok(())
}

/// Openings and clicks of it are counted.
pub(super) async fn note_counted(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    diesel::update(deliveries::table.find(id)).set(deliveries::tracked.eq(true)).execute(conn).await?;
    Ok(())
}

/// Notes how an attempt ended. A delivery that another worker has finished meanwhile stays as it is.
pub(super) async fn note(conn: &mut Conn, id: Uuid, outcome: &Outcome<'_>) -> ApiResult<()> {
    diesel::update(deliveries::table.filter(deliveries::id.eq(id).and(deliveries::state.eq("queued"))))
        .set((
            deliveries::state.eq(outcome.state.name()),
            deliveries::attempts.eq(outcome.attempts),
            deliveries::last_error.eq(outcome.error),
            deliveries::sent_at.eq(outcome.sent_at),
            deliveries::provider_id.eq(outcome.provider_id),
            deliveries::due_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
