//! Whose data were in reach of somebody in a window of time, told from the audit log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use contract::privacy::{BreachReport, TouchedPerson};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::audit::Change;
use platform::db::{Conn, Tx, sql};
use platform::error::{ApiError, ApiResult};
use platform::privacy::Holders;
use serde_json::json;
use uuid::Uuid;

/// Who and when.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub actor: Option<Uuid>,
    pub session: Option<Uuid>,
    pub ip: Option<String>,
}

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    subject_id: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = Timestamptz)]
    first_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    last_at: DateTime<Utc>,
}

const SEEN: &str = "
SELECT subject_id, count(*) AS entries, min(created_at) AS first_at, max(created_at) AS last_at
FROM audit_log
WHERE created_at >= $1 AND created_at < $2
  AND ($3 IS NULL OR actor_id = $3) AND ($4 IS NULL OR session_id = $4) AND ($5 IS NULL OR ip = $5)
GROUP BY subject_id";

/// The report. A guest has no account: each of their orders is told by itself.
pub(super) async fn report(conn: &mut Conn, holders: &Holders, window: &Window) -> ApiResult<BreachReport> {
    let seen = sql(SEEN)
        .bind::<Timestamptz, _>(window.from)
        .bind::<Timestamptz, _>(window.to)
        .bind::<Nullable<SqlUuid>, _>(window.actor)
        .bind::<Nullable<SqlUuid>, _>(window.session)
        .bind::<Nullable<Text>, _>(window.ip.as_deref())
        .load::<Seen>(conn)
        .await?;
    let entries = seen.iter().map(|seen| seen.entries).sum();
    let by_subject: BTreeMap<Uuid, &Seen> =
        seen.iter().filter_map(|seen| Some((seen.subject_id?, seen))).collect();
    let ids: Vec<Uuid> = by_subject.keys().copied().collect();
    let mut people: BTreeMap<Uuid, (TouchedPerson, BTreeSet<&str>)> = BTreeMap::new();
    for holder in holders.iter() {
        for touched in holder.touched(conn, &ids).await? {
            let Some(seen) = by_subject.get(&touched.subject_id) else { continue };
            let key = touched.owner_id;
            let (person, kinds) =
                people.entry(key).or_insert_with(|| (first(touched.person_id, seen), BTreeSet::new()));
            person.subject_ids.push(touched.subject_id);
            person.entries += seen.entries;
            person.first_at = person.first_at.min(seen.first_at);
            person.last_at = person.last_at.max(seen.last_at);
            kinds.extend(touched.kinds);
        }
    }
    let people = people.into_values().map(|(person, kinds)| TouchedPerson {
        kinds: kinds.into_iter().map(str::to_owned).collect(),
        ..person
    });
    Ok(BreachReport { from: window.from, to: window.to, entries, people: people.collect() })
}

fn first(person_id: Option<Uuid>, seen: &Seen) -> TouchedPerson {
    let (first_at, last_at) = (seen.first_at, seen.last_at);
    TouchedPerson { person_id, subject_ids: Vec::new(), kinds: Vec::new(), entries: 0, first_at, last_at }
}

/// Notes who read it: it tells of many people at once.
pub(super) fn note(tx: &mut Tx<'_>, org: Uuid, people: usize) {
    tx.audit(Change::new(Some(org), "breach_report.read", org).after(json!({"people": people})));
}

/// The report as a spreadsheet's file: ids, words and instants only, so no cell can begin a formula.
pub(super) fn csv(report: &BreachReport) -> ApiResult<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    let header = ["person_id", "subject_ids", "kinds", "entries", "first_at", "last_at"];
    writer.write_record(header).map_err(ApiError::internal)?;
    for person in &report.people {
        let subjects: Vec<String> = person.subject_ids.iter().map(Uuid::to_string).collect();
        let record = [
            person.person_id.map(|id| id.to_string()).unwrap_or_default(),
            subjects.join(" "),
            person.kinds.join(" "),
            person.entries.to_string(),
            person.first_at.to_rfc3339(),
            person.last_at.to_rfc3339(),
        ];
        writer.write_record(&record).map_err(ApiError::internal)?;
    }
    writer.into_inner().map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))
}
