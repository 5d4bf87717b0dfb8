//! Every statement about comparisons.

use chrono::{DateTime, Utc};
use contract::templates::{Arm, ExperimentState, Measure, StartExperiment};
use db_schema::template_experiments;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

/// A comparison as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = template_experiments)]
pub(in crate::templates) struct Row {
    pub id: Uuid,
    pub template_id: Uuid,
    pub first_id: Uuid,
    pub second_id: Uuid,
    pub share: i16,
    pub measure: String,
    pub enough: i32,
    pub state: String,
    pub winner_id: Option<Uuid>,
    pub started_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub looked_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// How the two stood when it ended.
    pub figures: Option<Value>,
}

/// Begins one.
pub(super) async fn insert(
    conn: &mut Conn,
    id: Uuid,
    template: Uuid,
    (first, second): (Uuid, Uuid),
    body: &StartExperiment,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> ApiResult<()> {
    diesel::insert_into(template_experiments::table)
        .values((
            template_experiments::id.eq(id),
            template_experiments::template_id.eq(template),
            template_experiments::first_id.eq(first),
            template_experiments::second_id.eq(second),
            template_experiments::share.eq(body.share),
            template_experiments::measure.eq(body.measure.name()),
            template_experiments::enough.eq(body.enough),
            template_experiments::started_at.eq(from),
            template_experiments::ends_at.eq(until),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The latest of a template; `not_found` when there was none.
pub(super) async fn latest(conn: &mut Conn, template: Uuid) -> ApiResult<Row> {
    Ok(template_experiments::table
        .filter(template_experiments::template_id.eq(template))
        .select(Row::as_select())
        .order(template_experiments::id.desc())
        .first(conn)
        .await?)
}

/// One that runs, kept from others until the transaction ends. Its template is locked first, as by
/// whoever publishes.
pub(super) async fn lock_running(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Row>> {
    let locked = sql("
SELECT FROM message_templates WHERE id = (SELECT template_id FROM template_experiments WHERE id = $1) FOR UPDATE")
    .bind::<SqlUuid, _>(id);
    locked.execute(conn).await?;
    Ok(template_experiments::table
        .filter(template_experiments::id.eq(id))
        .filter(template_experiments::state.eq(ExperimentState::Running.name()))
        .select(Row::as_select())
        .for_update()
        .first(conn)
        .await
        .optional()?)
}

#[derive(QueryableByName)]
struct ArmRow {
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = BigInt)]
    sent: i64,
    #[diesel(sql_type = BigInt)]
    counted: i64,
    #[diesel(sql_type = BigInt)]
    opened: i64,
    #[diesel(sql_type = BigInt)]
    clicked: i64,
}

/// How the two stood when it ended; of one that runs, how they do.
pub(super) async fn figures(conn: &mut Conn, row: &Row) -> ApiResult<(Arm, Arm)> {
    match &row.figures {
        Some(kept) => Ok(serde_json::from_value(kept.clone())?),
        None => arms(conn, row).await,
    }
}

/// How the two do: letters written since it began (and before it ended) that have left.
pub(super) async fn arms(conn: &mut Conn, row: &Row) -> ApiResult<(Arm, Arm)> {
    let (first, second) = (arm(conn, row, row.first_id).await?, arm(conn, row, row.second_id).await?);
    Ok((first, second))
}

async fn arm(conn: &mut Conn, row: &Row, version: Uuid) -> ApiResult<Arm> {
    let query = sql("
SELECT v.number AS version, count(d.id) AS sent,
       count(d.id) FILTER (WHERE d.tracked) AS counted,
       count(o.delivery_id) FILTER (WHERE d.tracked) AS opened,
       count(c.delivery_id) FILTER (WHERE d.tracked) AS clicked
FROM template_versions v
LEFT JOIN deliveries d ON d.template_version_id = v.id AND d.sent_at IS NOT NULL
                      AND d.created_at >= $2 AND ($3 IS NULL OR d.created_at <= $3)
LEFT JOIN delivery_events o ON o.delivery_id = d.id AND o.kind = 'open'
LEFT JOIN delivery_events c ON c.delivery_id = d.id AND c.kind = 'click'
WHERE v.id = $1 GROUP BY v.number")
    .bind::<SqlUuid, _>(version)
    .bind::<Timestamptz, _>(row.started_at)
    .bind::<Nullable<Timestamptz>, _>(row.ended_at);
    let found: Option<ArmRow> = query.load(conn).await?.pop();
    let found = found.ok_or_else(|| ApiError::internal(anyhow::anyhow!("a compared version is gone")))?;
    let ArmRow { version, sent, counted, opened, clicked } = found;
    Ok(Arm { version, sent, counted, opened, clicked })
}

/// Notes the first look.
pub(super) async fn looked(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    diesel::update(template_experiments::table.find(id))
        .set(template_experiments::looked_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends one.
pub(super) async fn end(
    conn: &mut Conn,
    id: Uuid,
    state: ExperimentState,
    winner: Option<Uuid>,
    figures: &(Arm, Arm),
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::update(template_experiments::table.find(id))
        .set((
            template_experiments::state.eq(state.name()),
            template_experiments::winner_id.eq(winner),
            template_experiments::ended_at.eq(now),
            template_experiments::figures.eq(serde_json::to_value(figures)?),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes what a reader did, the first time.
pub(super) async fn note(
    conn: &mut Conn,
    delivery: Uuid,
    what: Measure,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let noted = sql("
INSERT INTO delivery_events (delivery_id, kind, happened_at)
SELECT id, $2, $3 FROM deliveries WHERE id = $1 ON CONFLICT DO NOTHING")
    .bind::<SqlUuid, _>(delivery)
    .bind::<Text, _>(what.name())
    .bind::<Timestamptz, _>(now);
    noted.execute(conn).await?;
    Ok(())
}
