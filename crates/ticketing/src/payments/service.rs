//! The rules of payments.

use std::collections::BTreeMap;

use contract::{
    ErrorCode,
    orders::Order,
    payments::{ConfirmPayment, Payment, PaymentCallback},
};
use domain::{
    Fact, Permission,
    ids::new_id,
    state::{OrderState, PaymentState},
};
use futures_util::join;
use platform::{
    audit::Change,
    db::{Conn, Tx},
    error::{ApiError, ApiResult},
    guard::Reach,
    keys::MasterKey,
    state::App,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    payee::Payee,
    queries::{self, Arrived, DueRow, PaymentRow},
};
use crate::{
    inventory::{Claim, Owner, money, seats, standing},
    orders::{
        Reader,
        queries::{self as orders, OrderRow},
        service as order_service,
    },
};

/// Begins an attempt to pay; a second click gets the attempt that waits already.
pub(crate) async fn start(
    tx: &mut Tx<'_>,
    reader: &Reader,
    payee: &Payee,
    order_id: Uuid,
) -> ApiResult<Payment> {
    let order = orders::public_lock(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !reader.may_see(order.belongs(), Permission::OrdersRead) {
        return Err(ErrorCode::NotFound.into());
    }
    let payment = begin(tx, payee, &order).await?;
    tx.audit(Change::new(Some(order.org_id), "payment.started", payment.id));
    Ok(payment)
}

/// Begins an attempt for the mail that tells the buyer how to pay.
///
/// # Errors
/// As for whoever asks: paid already, run out, cancelled.
pub async fn start_for_mail(tx: &mut Tx<'_>, app: &App, order_id: Uuid) -> ApiResult<Payment> {
    let order = orders::public_lock(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    begin(tx, &Payee::of(&app.config), &order).await
}

/// Begins the first attempt to pay an order placed in this transaction.
pub(crate) async fn begin_new(tx: &mut Tx<'_>, payee: &Payee, order: &Order) -> ApiResult<Payment> {
    let text = payee.payload(order.total, &order.reference)?;
    queries::insert(tx, new_id(), order.id, order.total, &text, order.placed_at).await?.into_payment()
}

async fn begin(tx: &mut Tx<'_>, payee: &Payee, order: &OrderRow) -> ApiResult<Payment> {
    let now = tx.now();
    match order.state(now)? {
        OrderState::Pending => {}
        OrderState::Paid => return Err(ErrorCode::AlreadyPaid.into()),
        OrderState::Expired => return Err(ErrorCode::OrderExpired.into()),
        state @ OrderState::Cancelled => {
            return Err(ApiError::new(ErrorCode::WrongState).with("state", state));
        }
    }
    if let Some(waiting) = queries::pending(tx, order.id).await? {
        return waiting.into_payment();
    }
    let amount = money(order.total, &order.currency)?;
    let text = payee.payload(amount, &order.reference)?;
    queries::insert(tx, new_id(), order.id, amount, &text, now).await?.into_payment()
}

/// The text of a payment's QR, while it waits, for whoever may see the order.
pub(crate) async fn qr_text(conn: &Conn, reader: &Reader, id: Uuid) -> ApiResult<String> {
    let found = queries::public_find(conn, id).await?.ok_or(ErrorCode::NotFound)?;
    let order = orders::public_find(conn, found.order_id).await?.ok_or(ErrorCode::NotFound)?;
    if !reader.may_see(order.belongs(), Permission::OrdersRead) {
        return Err(ErrorCode::NotFound.into());
    }
    match (found.state()?, found.promptpay) {
        (PaymentState::Pending, Some(text)) => Ok(text),
        (state, _) => Err(ApiError::new(ErrorCode::WrongState).with("state", state)),
    }
}

/// A staff member saw the money arrive.
pub(crate) async fn confirm(
    tx: &mut Tx<'_>,
    keys: &MasterKey,
    (org, reach): (Uuid, &Reach),
    by: Option<Uuid>,
    id: Uuid,
    asked: &ConfirmPayment,
) -> ApiResult<Order> {
    let due =
        queries::public_lock(tx, id).await?.filter(|due| due.org_id == org).ok_or(ErrorCode::NotFound)?;
    reach.event(due.event_id)?;
    let arrived = Arrived { amount: asked.amount, reference: asked.reference.clone(), confirmed_by: by };
    tx.audit(Change::new(Some(org), "payment.confirmed", id).after(json!({"amount": asked.amount})));
    let now = tx.now();
    let conn: &Conn = tx;
    let (seats, claims) = join!(seats::lock_of_payment(conn, id, now), standing::lock_of_payment(conn, id));
    settle(tx, &due, &Locked { seats: seats?, claims: claims? }, &arrived).await?;
    order_service::load(tx, keys, due.order_id, now).await?.ok_or_else(|| ErrorCode::NotFound.into())
}

/// The provider told that money arrived; the signature has been checked.
pub(crate) async fn receive(tx: &mut Tx<'_>, told: &PaymentCallback) -> ApiResult<Payment> {
    let now = tx.now();
    let conn: &Conn = tx;
    // Sent together, done in this order: nobody else touches the places meanwhile.
    let (due, accepted, seats, claims) = join!(
        queries::public_lock(conn, told.payment_id),
        queries::insert_callback(conn, &told.id, told.payment_id, now),
        seats::lock_of_payment(conn, told.payment_id, now),
        standing::lock_of_payment(conn, told.payment_id),
    );
    let due = due?
        .ok_or_else(|| ApiError::new(ErrorCode::NotFound).field("payment_id", "there is no such payment"))?;
    accepted?;
    let locked = Locked { seats: seats?, claims: claims? };
    let arrived = Arrived { amount: told.amount, reference: told.reference.clone(), confirmed_by: None };
    let change = Change::new(Some(due.org_id), "payment.reported", told.payment_id);
    tx.audit(change.after(json!({"amount": told.amount})));
    settle(tx, &due, &locked, &arrived).await?.into_payment()
}

/// The places of a locked order, locked.
struct Locked {
    seats: Vec<seats::OrderedSeat>,
    claims: Vec<standing::Claimed>,
}

/// Money has arrived for a locked payment. The one way an order with a price is paid.
async fn settle(tx: &mut Tx<'_>, due: &DueRow, locked: &Locked, arrived: &Arrived) -> ApiResult<PaymentRow> {
    match due.state()? {
        Some(PaymentState::Succeeded) => return Err(ErrorCode::AlreadyPaid.into()),
        Some(state @ PaymentState::ToRefund) => {
            return Err(ApiError::new(ErrorCode::WrongState)
                .detail("This money is to go back.")
                .with("state", state));
        }
        _ => {}
    }
    let amount = due.amount()?;
    if arrived.amount != amount {
        return Err(ApiError::new(ErrorCode::AmountMismatch)
            .field("amount", format!("{} is due", amount.text()))
            .with("due", amount));
    }
    let open = due.order_state == OrderState::Pending.name() || due.order_state == OrderState::Expired.name();
    if open && acquire(tx, due, locked).await? {
        return pay(tx, due, Some(arrived)).await?.ok_or_else(|| ErrorCode::NotFound.into());
    }
    refund(tx, due, arrived, open).await
}

/// Pays an order that costs nothing.
pub(crate) async fn settle_free(tx: &mut Tx<'_>, order_id: Uuid) -> ApiResult<()> {
    let due = queries::lock_free(tx, order_id).await?.ok_or(ErrorCode::NotFound)?;
    pay(tx, &due, None).await.map(|_| ())
}

/// The order is paid; tells the payment, if it took one.
async fn pay(tx: &mut Tx<'_>, due: &DueRow, arrived: Option<&Arrived>) -> ApiResult<Option<PaymentRow>> {
    let now = tx.now();
    let tickets: Vec<Uuid> = (0..due.places).map(|_| new_id()).collect();
    let payment = queries::settle(tx, due, arrived, &tickets, now).await?;
    tx.emit(due.org_id, Fact::OrderPaid { order_id: due.order_id, event_id: due.event_id }).await?;
    Ok(payment)
}

/// Makes sure that all places of the order are its own: an order paid in time holds them; one that
/// has run out gets them back when nobody else took them.
async fn acquire(tx: &mut Tx<'_>, due: &DueRow, locked: &Locked) -> ApiResult<bool> {
    let now = tx.now();
    let conn: &Conn = tx;
    if locked.seats.iter().any(|seat| !seat.available) {
        return Ok(false);
    }
    let mut missing: BTreeMap<&str, i32> = BTreeMap::new();
    for zone in &due.standing {
        *missing.entry(zone).or_default() += 1;
    }
    for claim in &locked.claims {
        *missing.entry(&claim.zone).or_default() -= claim.quantity;
    }
    let claim = Claim { event_id: due.event_id, owner: Owner::Order(due.order_id), now, until: now };
    for (zone, quantity) in missing {
        if quantity > 0 && !standing::claim_zone(conn, &claim, zone, quantity).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The money must go back: the places are gone, or the order was cancelled or paid otherwise.
async fn refund(tx: &mut Tx<'_>, due: &DueRow, arrived: &Arrived, open: bool) -> ApiResult<PaymentRow> {
    let (now, Some(payment_id)) = (tx.now(), due.payment_id) else { return Err(ErrorCode::NotFound.into()) };
    let payment = queries::to_refund(tx, payment_id, arrived, now).await?;
    tx.audit(Change::new(Some(due.org_id), "payment.to_refund", payment_id));
    if open {
        let order = orders::public_lock(tx, due.order_id).await?.ok_or(ErrorCode::NotFound)?;
        order_service::free_claims(tx, &order).await?;
        orders::set_state(tx, due.order_id, OrderState::Expired).await?;
        let fact = Fact::OrderExpired { order_id: due.order_id, event_id: due.event_id };
        if due.order_state == OrderState::Pending.name() {
            tx.emit(due.org_id, fact).await?;
        }
    }
    tx.emit(due.org_id, Fact::PaymentToRefund { payment_id, order_id: due.order_id }).await?;
    Ok(payment)
}

/// A paid, locked order is cancelled: what was paid must go back.
pub(crate) async fn refund_succeeded(tx: &mut Tx<'_>, order: &OrderRow) -> ApiResult<()> {
    if let Some(payment_id) = queries::refund_succeeded(tx, order.id).await? {
        tx.emit(order.org_id, Fact::PaymentToRefund { payment_id, order_id: order.id }).await?;
        tx.audit(Change::new(Some(order.org_id), "payment.to_refund", payment_id));
    }
    Ok(())
}
