//! Orders in lists.

use chrono::{DateTime, Utc};
use contract::orders::OrderSummary;
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use domain::state::OrderState;
use garde::Validate;
use platform::{
    db::{Conn, sql},
    error::ApiResult,
    guard::Reach,
};
use serde::Deserialize;
use uuid::Uuid;

use super::state_at;
use crate::inventory::money;

/// Which orders.
#[derive(Debug, Default, Deserialize, Validate, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Only of this event.
    #[serde(default)]
    #[garde(skip)]
    pub event: Option<Uuid>,
    /// Only in this state.
    #[serde(default)]
    #[garde(skip)]
    #[param(inline)]
    pub state: Option<OrderState>,
    /// Only those whose reference, name or address holds these letters.
    #[serde(default)]
    #[garde(inner(length(chars, max = 100)))]
    pub q: Option<String>,
}

/// An order in a list.
#[derive(Debug, QueryableByName)]
pub(crate) struct SummaryRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    reference: String,
    #[diesel(sql_type = SqlUuid)]
    event_id: Uuid,
    #[diesel(sql_type = Text)]
    event_title: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    buyer_name: String,
    #[diesel(sql_type = Text)]
    buyer_email: String,
    #[diesel(sql_type = Integer)]
    places: i32,
    #[diesel(sql_type = BigInt)]
    total: i64,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = Timestamptz)]
    pub placed_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    paid_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pending_payment_id: Option<Uuid>,
}

impl SummaryRow {
    pub fn into_summary(self, now: DateTime<Utc>) -> ApiResult<OrderSummary> {
        Ok(OrderSummary {
            state: state_at(&self.state, self.expires_at, now)?,
            total: money(self.total, &self.currency)?,
            id: self.id,
            reference: self.reference,
            event_id: self.event_id,
            event_title: self.event_title,
            buyer_name: self.buyer_name,
            buyer_email: self.buyer_email,
            places: self.places,
            placed_at: self.placed_at,
            paid_at: self.paid_at,
            pending_payment_id: self.pending_payment_id,
        })
    }
}

/// `$1` is the language of titles, `$2` and `$3` the place of the row before the page.
macro_rules! select_summary {
    ($rest:literal) => {
        concat!(
            "SELECT o.id, o.reference, o.event_id, event_title(e.texts, $1) AS event_title, o.state,
                    o.buyer_name, o.buyer_email, o.total, o.currency, o.placed_at, o.expires_at, o.paid_at,
                    (SELECT count(*)::int FROM order_items i WHERE i.order_id = o.id) AS places,
                    (SELECT p.id FROM payments p WHERE p.order_id = o.id AND p.state = 'pending'
                      ORDER BY p.created_at DESC LIMIT 1) AS pending_payment_id
               FROM orders o JOIN events e ON e.id = o.event_id
              WHERE ($2 IS NULL OR (o.placed_at, o.id) < ($2, $3)) AND ",
            $rest,
            " ORDER BY o.placed_at DESC, o.id DESC LIMIT $4"
        )
    };
}

/// The LIKE pattern of texts that hold these letters; `%` and `_` are letters like others.
fn containing(letters: &str) -> String {
    let mut pattern = String::from("%");
    for letter in letters.trim().chars() {
        if matches!(letter, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Where a page begins and how long it is.
pub(crate) struct Slice<'a> {
    pub language: &'a str,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub limit: i64,
}

/// Orders of an organisation within reach, newest first.
pub(crate) async fn list(
    mut conn: &Conn,
    (org, reach): (Uuid, &Reach),
    filter: &Filter,
    slice: &Slice<'_>,
    now: DateTime<Utc>,
) -> ApiResult<Vec<SummaryRow>> {
    let (at, id) = slice.after.unzip();
    let pattern = filter.q.as_deref().map(containing);
    let rows = sql(select_summary!(
        "o.org_id = $5 AND ($6 IS NULL OR o.event_id = $6)
         AND ($7 IS NULL
              OR $7 = CASE WHEN o.state = 'pending' AND o.expires_at <= $9 THEN 'expired' ELSE o.state END)
         AND ($8 IS NULL OR o.reference ILIKE $8 OR o.buyer_name ILIKE $8 OR o.buyer_email ILIKE $8)
         AND ($10 IS NULL OR o.event_id = ANY($10))"
    ))
    .bind::<Text, _>(slice.language)
    .bind::<Nullable<Timestamptz>, _>(at)
    .bind::<Nullable<SqlUuid>, _>(id)
    .bind::<BigInt, _>(slice.limit)
    .bind::<SqlUuid, _>(org)
    .bind::<Nullable<SqlUuid>, _>(filter.event)
    .bind::<Nullable<Text>, _>(filter.state.map(OrderState::name))
    .bind::<Nullable<Text>, _>(pattern)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Array<SqlUuid>>, _>(reach.events())
    .get_results(&mut conn)
    .await?;
    Ok(rows)
}

/// Orders of a person, newest first.
pub(crate) async fn mine(mut conn: &Conn, user_id: Uuid, slice: &Slice<'_>) -> ApiResult<Vec<SummaryRow>> {
    let (at, id) = slice.after.unzip();
    let rows = sql(select_summary!("o.user_id = $5"))
        .bind::<Text, _>(slice.language)
        .bind::<Nullable<Timestamptz>, _>(at)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(slice.limit)
        .bind::<SqlUuid, _>(user_id)
        .get_results(&mut conn)
        .await?;
    Ok(rows)
}
