//! Placing an order.

use std::collections::HashSet;

use chrono::TimeDelta;
use contract::{
    ErrorCode,
    orders::{Buyer, HoldRef, Order, PlaceOrder},
};
use domain::{
    Fact,
    ids::{new_id, reference},
    state::OrderState,
};
use futures_util::join;
use platform::{
    audit::Change,
    db::{Conn, Tx},
    error::{ApiError, ApiResult},
    keys::MasterKey,
    state::App,
};
use uuid::Uuid;

use super::read;
use crate::{
    holds,
    inventory::{self, Claim, Owner, PlaceRow, Wish, money, seats, standing},
    orders::queries::{self, NewOrder, PlacedRow},
    payments::{self, Payee},
    secrets::{self, Secret},
};

/// How long an order waits for its payment, and what its secret is made from.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    waits: TimeDelta,
    keys: MasterKey,
    payee: Payee,
}

impl Terms {
    pub fn of(app: &App) -> Self {
        Self {
            waits: TimeDelta::minutes(i64::from(app.config.order_minutes)),
            keys: app.keys.clone(),
            payee: Payee::of(&app.config),
        }
    }
}

/// Places an order of what a hold claims, or of places claimed in the same moment. An order that
/// costs nothing is paid at once.
pub(crate) async fn place(
    tx: &mut Tx<'_>,
    terms: &Terms,
    user_id: Option<Uuid>,
    asked: &PlaceOrder,
) -> ApiResult<Order> {
    let (id, now) = (new_id(), tx.now());
    let secret = Secret::of_order(&terms.keys, id);
    let phone = asked.buyer.phone.as_deref().map(|phone| terms.keys.seal(queries::PHONE, phone.as_bytes()));
    let claim = |event_id| Claim { event_id, owner: Owner::Order(id), now, until: now + terms.waits };
    let new = |event_id| NewOrder {
        id,
        claim: claim(event_id),
        reference: reference(id),
        user_id,
        access_hash: &secret.hash,
        email: asked.buyer.email.trim(),
        name: asked.buyer.name.trim(),
        phone: phone.as_deref(),
        locale: asked.buyer.locale,
    };
    let (event_id, rows) = match (&asked.hold, asked.event_id) {
        (Some(hold), None) if asked.seats.is_empty() && asked.standing.is_empty() => {
            from_hold(tx, hold, new).await?
        }
        (None, Some(event_id)) => {
            let wish = Wish::new(&asked.seats, &asked.standing)?;
            (event_id, from_free(tx, &new(event_id), &wish).await?)
        }
        _ => return Err(either_or()),
    };
    let order = placed(new(event_id), &asked.buyer, rows, secret.text.clone())?;
    tx.audit(Change::new(Some(order.0), "order.placed", id));
    if order.1.total.amount == 0 {
        payments::settle_free(tx, id).await?;
        return Ok(Order {
            access: Some(secret.text),
            ..read::load(tx, &terms.keys, id, now).await?.ok_or(ErrorCode::NotFound)?
        });
    }
    let (org_id, mut order) = order;
    if asked.pay_by.is_some() {
        let payment = payments::begin_new(tx, &terms.payee, &order).await?;
        tx.audit(Change::new(Some(org_id), "payment.started", payment.id));
        order.payment = Some(payment);
    }
    tx.emit(org_id, Fact::OrderPlaced { order_id: id, event_id }).await?;
    Ok(order)
}

fn either_or() -> ApiError {
    ApiError::new(ErrorCode::InvalidFields).field_fault(
        "hold",
        "either_or",
        "give either hold, or event_id with seats and standing",
    )
}

/// Claims free places for the order. Where there are standing places and seats, the seats are locked first.
async fn from_free(conn: &Conn, new: &NewOrder<'_>, wish: &Wish) -> ApiResult<Vec<PlacedRow>> {
    let event_id = new.claim.event_id;
    if !wish.standing.is_empty() {
        inventory::public_on_sale(conn, &event_id.to_string()).await?;
        seats::lock(conn, event_id, &wish.seats).await?;
        standing::claim(conn, &new.claim, wish).await?;
    }
    let rows = queries::from_free(conn, new, wish).await?;
    if rows.len() == wish.places() && rows.iter().all(|row| row.placed) {
        return Ok(rows);
    }
    let complete = rows.len() == wish.places();
    let claimed: HashSet<String> = rows.into_iter().filter_map(|row| row.seat).collect();
    let event = event_id.to_string();
    let (on_sale, refusal) =
        join!(inventory::public_on_sale(conn, &event), seats::refusal(conn, event_id, wish, &claimed));
    on_sale?;
    Err(if complete { reference_in_use() } else { refusal? })
}

/// Makes the order of a hold that goes on and whose secret is known.
async fn from_hold<'a>(
    conn: &Conn,
    asked: &HoldRef,
    new: impl Fn(Uuid) -> NewOrder<'a>,
) -> ApiResult<(Uuid, Vec<PlacedRow>)> {
    let expired = || ApiError::new(ErrorCode::HoldExpired).field("hold.id", "this hold has ended");
    let hold = holds::queries::lock(conn, asked.id).await?.ok_or_else(expired)?;
    if !secrets::opens(&asked.secret, &hold.secret_hash) {
        return Err(ApiError::new(ErrorCode::NotFound).field("hold.secret", "this is not the hold's secret"));
    }
    let new = new(hold.event_id);
    if hold.expires_at <= new.claim.now {
        return Err(expired());
    }
    let rows = queries::from_hold(conn, &new, asked.id, &hold.seats, hold.places).await?;
    let all = i32::try_from(rows.len()).is_ok_and(|rows| rows == hold.places);
    if all && rows.iter().all(|row| row.placed) {
        return Ok((hold.event_id, rows));
    }
    inventory::public_on_sale(conn, &hold.event_id.to_string()).await?;
    Err(if all { reference_in_use() } else { expired() })
}

/// Eight letters were drawn that another order has: once in hundreds of thousands of orders.
fn reference_in_use() -> ApiError {
    ApiError::new(ErrorCode::Unavailable).detail("Please send the order once more.")
}

/// What travels, and whose it is.
fn placed(
    new: NewOrder<'_>,
    buyer: &Buyer,
    rows: Vec<PlacedRow>,
    access: String,
) -> ApiResult<(Uuid, Order)> {
    let missing = || ApiError::internal(anyhow::anyhow!("an order was placed without its event"));
    let first = rows.first().ok_or_else(missing)?;
    let org_id = first.org_id.ok_or_else(missing)?;
    let event_title = first.event_title.clone().ok_or_else(missing)?;
    let event_starts_at = first.event_starts_at.ok_or_else(missing)?;
    let total = money(rows.iter().map(|row| row.price).sum(), &first.currency)?;
    let places = rows.into_iter().map(|row| PlaceRow::from(row).into_place()).collect::<ApiResult<_>>()?;
    let order = Order {
        id: new.id,
        reference: new.reference,
        event_id: new.claim.event_id,
        event_title,
        event_starts_at,
        state: OrderState::Pending,
        buyer: Buyer {
            email: new.email.to_owned(),
            name: new.name.to_owned(),
            phone: buyer.phone.clone(),
            locale: buyer.locale,
        },
        places,
        total,
        placed_at: new.claim.now,
        expires_at: Some(new.claim.until),
        paid_at: None,
        payment: None,
        tickets: Vec::new(),
        access: Some(access),
    };
    Ok((org_id, order))
}

impl From<PlacedRow> for PlaceRow {
    fn from(row: PlacedRow) -> Self {
        Self {
            position: row.position,
            zone: row.zone,
            seat: row.seat,
            tier: row.tier,
            price: row.price,
            currency: row.currency,
        }
    }
}
