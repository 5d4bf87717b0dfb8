//! How much there is to do, and how late it is: for the page of those who run Ringside, and for Prometheus.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;

use crate::db::{Conn, sql};
use crate::error::ApiResult;
use crate::state::App;

/// What waits.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Lag {
    /// Facts that nobody has reacted to yet.
    #[diesel(sql_type = BigInt)]
    pub facts: i64,
    /// Since when the oldest of them waits.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest_fact_at: Option<DateTime<Utc>>,
    /// Jobs that could run now.
    #[diesel(sql_type = BigInt)]
    pub due: i64,
    /// Since when the job waits that should have run first.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// Jobs for later.
    #[diesel(sql_type = BigInt)]
    pub later: i64,
    /// Jobs that some worker has.
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    /// Jobs given up.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
}

pub(super) async fn lag(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<Lag> {
    Ok(sql("
        SELECT * FROM (
            SELECT count(*) AS facts, min(created_at) AS oldest_fact_at FROM outbox WHERE dispatched_at IS NULL
        ) AS facts, (
            SELECT count(*) FILTER (WHERE state = 'ready' AND run_at <= $1) AS due,
                   min(run_at) FILTER (WHERE state = 'ready' AND run_at <= $1) AS oldest_due_at,
                   count(*) FILTER (WHERE state = 'ready' AND run_at > $1) AS later,
                   count(*) FILTER (WHERE state = 'running') AS running,
                   count(*) FILTER (WHERE state = 'dead') AS dead
              FROM jobs
        ) AS jobs")
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await?)
}

/// How long an answer is good: whoever asks more often is told the same, since all that waits is counted.
const GOOD: TimeDelta = TimeDelta::seconds(1);

/// The gauges of what waits, in the text form Prometheus reads (exposition format 0.0.4). They are about the
/// database, so every process tells the same. While it does not answer only that is told.
pub async fn gauges(app: &App) -> String {
    let now = app.clock.now();
    // Held while PostgreSQL is asked: those who come meanwhile wait for the same answer.
    let mut last = app.metrics.waiting.lock().await;
    if let Some((at, text)) = &*last
        && now - *at < GOOD
    {
        return text.clone();
    }
    let text = match app.db.read(async |conn| lag(conn, now).await).await {
        Ok(lag) => lag.render(now),
        Err(error) => {
            tracing::warn!(%error, "what waits cannot be counted");
            gauge("ringside_database_up", "Whether the database answers.", "0")
        }
    };
    *last = Some((now, text.clone()));
    text
}

fn gauge(name: &str, help: &str, value: &str) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n")
}

impl Lag {
    fn render(&self, now: DateTime<Utc>) -> String {
        let age = |since: Option<DateTime<Utc>>| {
            let age = since.map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()));
            age.as_seconds_f64().to_string()
        };
        let mut text = gauge("ringside_database_up", "Whether the database answers.", "1");
        text += &gauge(
            "ringside_facts_waiting",
            "Facts that nobody has reacted to yet.",
            &self.facts.to_string(),
        );
        text += &gauge(
            "ringside_facts_oldest_age_seconds",
            "For how long the oldest of them has waited; 0 when none waits.",
            &age(self.oldest_fact_at),
        );
        text.push_str("# HELP ringside_jobs Jobs: due now, for later, with a worker, given up.\n");
        text.push_str("# TYPE ringside_jobs gauge\n");
        let states =
            [("due", self.due), ("later", self.later), ("running", self.running), ("dead", self.dead)];
        for (state, count) in states {
            let _ = writeln!(text, "ringside_jobs{{state=\"{state}\"}} {count}");
        }
        text += &gauge(
            "ringside_jobs_oldest_due_age_seconds",
            "How late the job is that should have run first; 0 when none is due.",
            &age(self.oldest_due_at),
        );
        text
    }
}
