//! Hands each committed fact to those who react to it, exactly once for the reactions (they share
//! the transaction that marks it) and at most once for live listeners.
//!
//! In order: one process hands on at a time, by the number of the fact. A fact gets its number in the last
//! statement before COMMIT, when its transaction holds the row it is about: of two facts about the same
//! thing, the one that happened first has the lower number and was committed first.

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Timestamptz};
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

/// Hands on one batch; gives its size.
pub async fn dispatch(context: &JobContext, registry: &Registry) -> ApiResult<usize> {
    let told = context.db.write(async |tx| hand_on(tx, registry).await).await?;
    context.app.metrics.facts.fetch_add(told.len() as u64, Relaxed);
    tell_live(context, registry, &told).await;
    Ok(told.len())
}

/// Jobs that may be due before facts have to wait: what they would ask for is not lost in the outbox, and
/// the job table stays small.
const MOST_DUE: i64 = 10_000;

/// Whether this transaction may hand on: no other does, and the jobs are not too many already.
async fn may_hand_on(tx: &mut Tx<'_>) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        may: bool,
    }
    let now = tx.now();
    let answer: Answer = sql("
        SELECT pg_try_advisory_xact_lock(hashtext('ringside outbox')) AND (SELECT count(*) < $1 FROM (
               SELECT FROM jobs WHERE state = 'ready' AND run_at <= $2 LIMIT $1) AS due) AS may")
    .bind::<BigInt, _>(MOST_DUE)
    .bind::<Timestamptz, _>(now)
    .get_result(tx)
    .await?;
    Ok(answer.may)
}

async fn hand_on(tx: &mut Tx<'_>, registry: &Registry) -> ApiResult<Vec<Told>> {
    if !may_hand_on(tx).await? {
        return Ok(Vec::new());
    }
    let rows = sql("SELECT id, org_id, fact FROM outbox WHERE dispatched_at IS NULL
                    ORDER BY id LIMIT $1")
    .bind::<BigInt, _>(BATCH as i64)
    .load::<Row>(tx)
    .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
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
    let now = tx.now();
    sql("UPDATE outbox SET dispatched_at = $2 WHERE id = ANY($1)")
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Timestamptz, _>(now)
        .execute(tx)
        .await?;
    Ok(told)
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
