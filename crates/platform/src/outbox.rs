//! Hands each committed fact to those who react to it, exactly once for the reactions (they share
//! the transaction that marks it) and at most once for live listeners.
//!
//! In order: one process hands on at a time, by the number of the fact. A fact gets its number in the last
//! statement before COMMIT, when its transaction holds the row it is about: of two facts about the same
//! thing, the one that happened first has the lower number and was committed first.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Jsonb, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use crate::db::{Tx, sql};
use crate::error::ApiResult;
use crate::jobs::{JobContext, Registry, Told};

/// Facts handed on in one transaction.
pub const BATCH: usize = 200;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    org_id: uuid::Uuid,
    #[diesel(sql_type = Jsonb)]
    fact: Value,
}

/// How a dispatch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// So many facts were handed on: [`BATCH`] when there may be more.
    On(usize),
    /// Another process is at it.
    Busy,
}

/// Hands on one batch.
pub async fn dispatch(context: &JobContext, registry: &Registry) -> ApiResult<Handed> {
    let Some(told) = context.db.write(async |tx| hand_on(tx, registry).await).await? else {
        return Ok(Handed::Busy);
    };
    context.app.metrics.facts.fetch_add(told.len() as u64, Relaxed);
    tell_live(context, registry, &told).await;
    Ok(Handed::On(told.len()))
}

/// Whether no other process hands on just now.
async fn is_our_turn(tx: &mut Tx<'_>) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        ours: bool,
    }
    let answer: Answer =
        sql("SELECT pg_try_advisory_xact_lock(hashtext('ringside outbox')) AS ours").get_result(tx).await?;
    Ok(answer.ours)
}

/// Marks the first that wait as handed on, in the transaction that does so. Nobody else has them: it is our
/// turn. Their ids make a list of their own, which PostgreSQL looks up one by one however little it knows of
/// the table.
const MARK: &str = "
UPDATE outbox SET dispatched_at = $1
 WHERE id = ANY (ARRAY(SELECT id FROM outbox WHERE dispatched_at IS NULL ORDER BY id LIMIT $2))
RETURNING id, org_id, fact";

/// What is handed on; `None` while another process is at it.
async fn hand_on(tx: &mut Tx<'_>, registry: &Registry) -> ApiResult<Option<Vec<Told>>> {
    if !is_our_turn(tx).await? {
        return Ok(None);
    }
    let mut rows =
        sql(MARK).bind::<Timestamptz, _>(tx.now()).bind::<BigInt, _>(BATCH as i64).load::<Row>(tx).await?;
    rows.sort_unstable_by_key(|row| row.id);
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        match serde_json::from_value(row.fact) {
            Ok(fact) => told.push(Told { org_id: row.org_id, fact }),
            Err(error) => {
                tracing::error!(outbox = row.id, %error, "a fact is not understood and is left out")
            }
        }
    }
    for told in &told {
        tx.work_for(told.org_id);
        for react in registry.reactions(told.fact.name()) {
            react(told, tx).await?;
        }
    }
    Ok(Some(told))
}

/// Tells each topic each fact once, however often it is in the batch.
async fn tell_live(context: &JobContext, registry: &Registry, told: &[Told]) {
    let mut said = HashSet::new();
    for told in told {
        for (topic, fact) in registry.topics(told) {
            let Ok(fact) = serde_json::to_value(&fact) else { continue };
            if said.insert((topic.clone(), fact.to_string())) {
                context.app.bus.publish(&topic, &fact).await;
            }
        }
    }
}
