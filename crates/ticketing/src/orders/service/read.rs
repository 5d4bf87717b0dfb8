//! Reading orders.

use chrono::{DateTime, Utc};
use contract::{
    ErrorCode, Page,
    orders::{Buyer, Order, OrderSummary},
};
use domain::{Locale, Permission, state::OrderState};
use futures_util::join;
use platform::{
    db::Conn,
    error::ApiResult,
    guard::Reach,
    http::{Paged, next_page},
    keys::MasterKey,
    state::App,
};
use uuid::Uuid;

use crate::{
    inventory::{PlaceRow, money},
    orders::{
        queries::{self, Filter, OrderRow, Slice},
        reader::Reader,
    },
    payments::queries as payments,
    secrets::Secret,
    tickets::{Codes, queries as tickets},
};

/// One order with its payment and its tickets, for whoever may see it.
pub(crate) async fn get(
    conn: &Conn,
    reader: &Reader,
    codes: &Codes,
    keys: &MasterKey,
    id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Order> {
    let row = queries::public_find(conn, id).await?.ok_or(ErrorCode::NotFound)?;
    if !reader.may_see(row.belongs(), Permission::OrdersRead) {
        return Err(ErrorCode::NotFound.into());
    }
    assemble(conn, row, keys, Some(codes), now).await
}

/// One order without the codes of its tickets, whoever asks.
pub(crate) async fn load(
    conn: &Conn,
    keys: &MasterKey,
    id: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<Order>> {
    match queries::public_find(conn, id).await? {
        Some(row) => assemble(conn, row, keys, None, now).await.map(Some),
        None => Ok(None),
    }
}

async fn assemble(
    conn: &Conn,
    row: OrderRow,
    keys: &MasterKey,
    codes: Option<&Codes>,
    now: DateTime<Utc>,
) -> ApiResult<Order> {
    let (items, payment, held) =
        join!(queries::items(conn, row.id), payments::latest(conn, row.id), tickets::of_order(conn, row.id));
    let state = row.state(now)?;
    let phone = row.phone(keys);
    Ok(Order {
        total: money(row.total, &row.currency)?,
        id: row.id,
        reference: row.reference,
        event_id: row.event_id,
        event_title: row.event_title,
        event_starts_at: row.event_starts_at,
        state,
        buyer: Buyer {
            email: row.buyer_email,
            name: row.buyer_name,
            phone,
            locale: Locale::from_tag(&row.locale).unwrap_or_default(),
        },
        places: items?.into_iter().map(PlaceRow::into_place).collect::<ApiResult<_>>()?,
        placed_at: row.placed_at,
        expires_at: (state == OrderState::Pending).then_some(row.expires_at),
        paid_at: row.paid_at,
        payment: payment?.map(|payment| payment.into_payment()).transpose()?,
        tickets: held?.into_iter().map(|ticket| ticket.into_ticket(codes)).collect::<ApiResult<_>>()?,
        access: None,
    })
}

/// The organisation's orders within reach, newest first.
pub(crate) async fn list(
    conn: &Conn,
    within: (Uuid, &Reach),
    filter: &Filter,
    paged: &Paged,
    language: Locale,
    now: DateTime<Utc>,
) -> ApiResult<Page<OrderSummary>> {
    let slice = Slice { language: language.code(), after: paged.position()?, limit: paged.fetch() };
    summaries(paged, queries::list(conn, within, filter, &slice, now).await?, now)
}

/// The orders a person placed, newest first.
pub(crate) async fn list_mine(
    conn: &Conn,
    user_id: Uuid,
    paged: &Paged,
    language: Locale,
    now: DateTime<Utc>,
) -> ApiResult<Page<OrderSummary>> {
    let slice = Slice { language: language.code(), after: paged.position()?, limit: paged.fetch() };
    summaries(paged, queries::mine(conn, user_id, &slice).await?, now)
}

fn summaries(
    paged: &Paged,
    rows: Vec<queries::SummaryRow>,
    now: DateTime<Utc>,
) -> ApiResult<Page<OrderSummary>> {
    let page = next_page(paged, rows, |row| (row.placed_at, row.id))?;
    let items = page.items.into_iter().map(|row| row.into_summary(now)).collect::<ApiResult<_>>()?;
    Ok(Page { items, next: page.next })
}

/// All there is to tell its buyer about an order: for mail.
#[derive(Debug)]
pub struct OrderDetails {
    /// Who sells.
    pub org_id: Uuid,
    /// Whose account bought it; none: a guest.
    pub user_id: Option<Uuid>,
    /// The order, with its payment, its tickets with their codes, and its secret; without the secret
    /// when the master key it was made from has left the ring.
    pub order: Order,
    /// The tickets as they are printed; empty before it is paid and after all were revoked.
    pub documents: Vec<documents::TicketDocument>,
}

/// The organisation's newest order, or its newest paid one: to show how a letter reads.
///
/// # Errors
/// The database.
pub async fn latest(app: &App, org: Uuid, paid: bool) -> ApiResult<Option<Uuid>> {
    app.db.read(async |conn| queries::latest(conn, org, paid).await).await
}

/// The details of an order, for the server's wiring. Whoever calls must send them to the buyer only.
///
/// # Errors
/// `not_found` when there is no such order.
pub async fn details(app: &App, order_id: Uuid) -> ApiResult<OrderDetails> {
    let codes = Codes::of(app);
    app.db
        .read(async |conn| {
            let conn: &Conn = conn;
            let row = queries::public_find(conn, order_id).await?.ok_or(ErrorCode::NotFound)?;
            let (org_id, user_id) = (row.org_id, row.user_id);
            let access = Secret::of_placed(&app.keys, order_id, &row.access_hash);
            let mut order = assemble(conn, row, &app.keys, Some(&codes), app.clock.now()).await?;
            order.access = access.map(|secret| secret.text);
            let documents = crate::tickets::service::documents_of_order(conn, &codes, order_id).await?;
            Ok(OrderDetails { org_id, user_id, order, documents })
        })
        .await
}
