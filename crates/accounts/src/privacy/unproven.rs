//! Accounts whose address nobody proved: somebody mistyped, or typed the address of somebody else. After a
//! week they go, with the letters written to them and all else that belongs to them.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::audit::Change;
use platform::db::{Conn, Db, Tx, sql};
use platform::error::ApiResult;
use platform::privacy::{self, Holders};
use uuid::Uuid;

use super::service;

/// The rule of retention that says after how many days.
const RULE: &str = "unproven_accounts";

/// How many are looked for at once.
const AT_ONCE: usize = 100;

/// Never let in, so nothing is theirs but what signing up wrote; a letter that is still good is waited
/// for. Those who asked to be forgotten stay as numbers without a face.
const DUE: &str = "
SELECT id FROM people AS person
 WHERE verified_at IS NULL AND created_at < $1
   AND NOT EXISTS (SELECT FROM account_links AS link WHERE link.user_id = person.id AND link.expires_at > $2)
   AND NOT EXISTS (SELECT FROM sessions AS session WHERE session.user_id = person.id)
   AND NOT EXISTS (SELECT FROM members AS member WHERE member.user_id = person.id)
   AND NOT EXISTS (SELECT FROM erasures AS erasure WHERE erasure.user_id = person.id)
   AND ($3 IS NULL OR id > $3) AND ($4 IS NULL OR id = $4)
 ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Sweeps out those whose time is over, each in a transaction of their own; the rule and how many.
pub(super) async fn sweep(db: &Db, holders: &Holders) -> ApiResult<Option<(&'static str, usize)>> {
    let now = db.now();
    let rules = db.read(privacy::rules).await?;
    let days = rules.iter().find(|(rule, _)| rule.name == RULE).map_or(7, |(_, days)| *days);
    let before = now - TimeDelta::days(days.into());
    let (mut swept, mut last) = (0, None);
    loop {
        let due = db.read(async |conn| due(conn, (before, now), last, None).await).await?;
        for person in &due {
            match db.write(async |tx| sweep_one(tx, holders, (before, now), *person).await).await {
                Ok(gone) => swept += usize::from(gone),
                Err(error) => tracing::warn!(%person, %error, "an account that was never proved cannot go"),
            }
        }
        last = due.last().copied();
        if due.len() < AT_ONCE {
            return Ok((swept > 0).then_some((RULE, swept)));
        }
    }
}

/// Whether they went: somebody may have proved the address meanwhile.
async fn sweep_one(
    tx: &mut Tx<'_>,
    holders: &Holders,
    times: (DateTime<Utc>, DateTime<Utc>),
    person: Uuid,
) -> ApiResult<bool> {
    if due(tx, times, None, Some(person)).await?.is_empty() {
        return Ok(false);
    }
    // The address is claimed only: what others did with it, orders above all, is not touched.
    let subject = service::subject(tx, holders, person).await?;
    for holder in holders.iter() {
        holder.erase(tx, &subject).await?;
    }
    for statement in ["DELETE FROM consents WHERE user_id = $1", "DELETE FROM people WHERE id = $1"] {
        privacy::change_of(tx, statement, &subject).await?;
    }
    tx.audit(Change::new(None, "person.never_proved", person));
    Ok(true)
}

/// Those whose time is over, at most [`AT_ONCE`] after `last`; of `one` whether it is. Locked as long as the
/// transaction lasts, if there is one.
async fn due(
    conn: &mut Conn,
    (before, now): (DateTime<Utc>, DateTime<Utc>),
    last: Option<Uuid>,
    one: Option<Uuid>,
) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Row> = sql(DUE)
        .bind::<Timestamptz, _>(before)
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<SqlUuid>, _>(last)
        .bind::<Nullable<SqlUuid>, _>(one)
        .bind::<BigInt, _>(AT_ONCE as i64)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
