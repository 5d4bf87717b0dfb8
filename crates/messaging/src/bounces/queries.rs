//! Every statement about what became of mail.

use contract::deliveries::DeliveryState;
use diesel::OptionalExtension as _;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// A mail of which something was reported.
#[derive(Debug, QueryableByName)]
pub(super) struct Told {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub org_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub recipient: String,
}

/// Whether a mail still waits to be sent, as far as is noted: what is reported of it came before that was.
pub(super) async fn waits(conn: &mut Conn, delivery: Uuid) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        waits: bool,
    }
    let query = sql("SELECT EXISTS (SELECT FROM deliveries WHERE id = $1 AND state = 'queued') AS waits");
    let row: Row = query.bind::<SqlUuid, _>(delivery).get_result(conn).await?;
    Ok(row.waits)
}

/// Notes what became of a mail, where that leads on from what is known; none: it does not.
pub(super) async fn note(
    conn: &mut Conn,
    delivery: Uuid,
    next: DeliveryState,
    detail: Option<&str>,
) -> ApiResult<Option<Told>> {
    let before: Vec<&str> = DeliveryState::ALL
        .into_iter()
        .filter(|state| state.has_left() && state.leads_to(next))
        .map(DeliveryState::name)
        .collect();
    let query = sql("
UPDATE deliveries SET state = $2, last_error = coalesce($3, last_error)
WHERE id = $1 AND channel = 'email' AND state = ANY($4) RETURNING org_id, recipient");
    Ok(query
        .bind::<SqlUuid, _>(delivery)
        .bind::<Text, _>(next.name())
        .bind::<Nullable<Text>, _>(detail)
        .bind::<Array<Text>, _>(before)
        .get_result(conn)
        .await
        .optional()?)
}
