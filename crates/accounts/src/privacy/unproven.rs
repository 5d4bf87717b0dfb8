//! Accounts whose address nobody proved: somebody mistyped, or typed the address of somebody else. After a
//! week they go, with the letters written to them and all else that belongs to them.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::audit::Change;
use platform::db::{Conn, Db, Tx, sql};
use platform::error::ApiResult;
use platform::privacy::{self, Holders};
use uuid::Uuid;

use super::service;

/// The rule of retention that says after how many days.
const RULE: &str = "unproven_accounts";

/// Never let in, so nothing is theirs but what signing up wrote; a letter that is still good is waited
/// for. Those who asked to be forgotten stay as numbers without a face.
const DUE: &str = "
SELECT id FROM people AS person
 WHERE verified_at IS NULL AND created_at < $1
   AND NOT EXISTS (SELECT FROM account_links AS link WHERE link.user_id = person.id AND link.expires_at > $2)
   AND NOT EXISTS (SELECT FROM sessions AS session WHERE session.user_id = person.id)
   AND NOT EXISTS (SELECT FROM members AS member WHERE member.user_id = person.id)
   AND NOT EXISTS (SELECT FROM erasures AS erasure WHERE erasure.user_id = person.id)
 ORDER BY created_at, id LIMIT 100 FOR UPDATE SKIP LOCKED";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Sweeps out a hundred of those whose time is over; the rule and how many.
pub(super) async fn sweep(db: &Db, holders: &Holders) -> ApiResult<Option<(&'static str, usize)>> {
    let swept = db.write(async |tx| sweep_some(tx, holders).await).await?;
    Ok((swept > 0).then_some((RULE, swept)))
}

async fn sweep_some(tx: &mut Tx<'_>, holders: &Holders) -> ApiResult<usize> {
    let now = tx.now();
    let rules = privacy::rules(tx).await?;
    let days = rules.iter().find(|(rule, _)| rule.name == RULE).map_or(7, |(_, days)| *days);
    let due = due(tx, now - TimeDelta::days(days.into()), now).await?;
    for person in &due {
        // The address is claimed only: what others did with it, orders above all, is not touched.
        let subject = service::subject(tx, holders, *person).await?;
        for holder in holders.iter() {
            holder.erase(tx, &subject).await?;
        }
        for statement in ["DELETE FROM consents WHERE user_id = $1", "DELETE FROM people WHERE id = $1"] {
            privacy::change_of(tx, statement, &subject).await?;
        }
        tx.audit(Change::new(None, "person.never_proved", *person));
    }
    Ok(due.len())
}

async fn due(conn: &mut Conn, before: DateTime<Utc>, now: DateTime<Utc>) -> ApiResult<Vec<Uuid>> {
    let rows: Vec<Row> =
        sql(DUE).bind::<Timestamptz, _>(before).bind::<Timestamptz, _>(now).load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
