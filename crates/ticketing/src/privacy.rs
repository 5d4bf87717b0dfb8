//! What ticketing holds of a person: their orders, with the tickets and payments that belong to them.

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Conn, Tx, sql};
use platform::error::{ApiError, ApiResult};
use platform::keys::MasterKey;
use platform::privacy::{Holder, Subject, Touched, change_of, part_of};
use serde_json::Value;
use uuid::Uuid;

/// The orders of a person: those placed signed in, and those placed with an address that is theirs.
pub struct Orders;

const RELATED: &str = "SELECT id FROM orders WHERE user_id = $1 OR lower(buyer_email) = ANY($2)";

const EXPORT: &str = "
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'id', o.id, 'reference', o.reference, 'state', o.state, 'event', event_title(e.texts, o.locale),
    'starts_at', e.starts_at, 'buyer_email', o.buyer_email, 'buyer_name', o.buyer_name,
    'buyer_phone', o.buyer_phone, 'sealed_phone', encode(o.buyer_phone_sealed, 'hex'), 'language', o.locale, 'total', o.total, 'currency', o.currency,
    'placed_at', o.placed_at, 'paid_at', o.paid_at,
    'places', (SELECT jsonb_agg(jsonb_build_object('zone', i.zone, 'seat', i.seat, 'type', i.tier, 'price', i.price)
                                ORDER BY i.position) FROM order_items AS i WHERE i.order_id = o.id),
    'payments', (SELECT jsonb_agg(jsonb_build_object('method', p.method, 'state', p.state, 'amount', p.amount,
                                  'began_at', p.created_at, 'paid_at', p.paid_at) ORDER BY p.created_at)
                   FROM payments AS p WHERE p.order_id = o.id),
    'tickets', (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'zone', t.zone, 'seat', t.seat, 'state', t.state,
                                 'admitted_at', t.admitted_at) ORDER BY t.id)
                  FROM tickets AS t WHERE t.order_id = o.id)
  ) ORDER BY o.placed_at, o.id), '[]') AS part
FROM orders AS o JOIN events AS e ON e.id = o.event_id
WHERE o.user_id = $1 OR lower(o.buyer_email) = ANY($2)";

/// Amounts, dates and references stay: the tax office asks for them.
const ERASE: &str = "
UPDATE orders SET buyer_email = 'erased@erased.invalid', buyer_name = '-', buyer_phone = NULL,
       buyer_phone_sealed = NULL, user_id = NULL
WHERE user_id = $1 OR lower(buyer_email) = ANY($2)";

const TOUCHED: &str = "
SELECT id AS subject_id, id AS order_id, user_id AS person_id FROM orders WHERE id = ANY($1)
UNION ALL SELECT t.id, o.id, o.user_id FROM tickets AS t JOIN orders AS o ON o.id = t.order_id WHERE t.id = ANY($1)
UNION ALL SELECT p.id, o.id, o.user_id FROM payments AS p JOIN orders AS o ON o.id = p.order_id WHERE p.id = ANY($1)";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct TouchedRow {
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    person_id: Option<Uuid>,
}

/// Puts the telephone number, which rests sealed, where it is read.
fn open_phone(order: &mut Value, keys: &MasterKey) -> ApiResult<()> {
    let Some(order) = order.as_object_mut() else { return Ok(()) };
    if let Some(Value::String(sealed)) = order.remove("sealed_phone") {
        let sealed = hex::decode(sealed).map_err(ApiError::internal)?;
        let phone = keys.open(crate::orders::queries::PHONE, &sealed).map_err(ApiError::internal)?;
        order.insert("buyer_phone".into(), String::from_utf8_lossy(&phone).into());
    }
    Ok(())
}

impl Holder for Orders {
    fn part(&self) -> &'static str {
        "orders"
    }

    fn related<'a>(
        &'a self,
        conn: &'a mut Conn,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Vec<Uuid>>> {
        async move {
            let ids = sql(RELATED)
                .bind::<SqlUuid, _>(subject.person_id)
                .bind::<Array<Text>, _>(&subject.addresses)
                .load::<Id>(conn)
                .await?;
            Ok(ids.into_iter().map(|row| row.id).collect())
        }
        .boxed_local()
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        keys: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        async move {
            let mut part = part_of(conn, EXPORT, subject).await?;
            for order in part.as_array_mut().into_iter().flatten() {
                open_phone(order, keys)?;
            }
            Ok(part)
        }
        .boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move { change_of(tx, ERASE, subject).await.map(|_| ()) }.boxed_local()
    }

    fn touched<'a>(
        &'a self,
        conn: &'a mut Conn,
        ids: &'a [Uuid],
    ) -> LocalBoxFuture<'a, ApiResult<Vec<Touched>>> {
        async move {
            let rows = sql(TOUCHED).bind::<Array<SqlUuid>, _>(ids).load::<TouchedRow>(conn).await?;
            let kinds = &["name", "address", "phone", "purchases"][..];
            let touched = |row: TouchedRow| Touched {
                subject_id: row.subject_id,
                owner_id: row.person_id.unwrap_or(row.order_id),
                person_id: row.person_id,
                kinds,
            };
            Ok(rows.into_iter().map(touched).collect())
        }
        .boxed_local()
    }
}
