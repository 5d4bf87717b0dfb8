//! What each area holds of a person, how it is given to them and how it is forgotten. Areas do not know
//! each other: each hands in a [`Holder`], and the server puts them together.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Conn, Tx, sql};
use crate::error::ApiResult;
use crate::keys::MasterKey;

/// Whose data are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Their account.
    pub person_id: Uuid,
    /// Addresses they have proved to be theirs, in lower case: what was done with these by somebody who
    /// had not signed in is theirs, too.
    pub addresses: Vec<String>,
    /// The account's address in lower case, proved or not: letters about the account went there.
    pub claimed: String,
    /// Ids of what areas hold for them (orders), by which others find what belongs to it.
    pub related: Vec<Uuid>,
}

/// One thing an id of the audit log led to: whose it is, and what kinds of data it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// The id that was asked for.
    pub subject_id: Uuid,
    /// What it belongs to: the account, or a guest's order.
    pub owner_id: Uuid,
    /// The account, unless it belongs to a guest.
    pub person_id: Option<Uuid>,
    /// What is known of them there: `name`, `address`, `phone`, `purchases`.
    pub kinds: &'static [&'static str],
}

/// An area that holds data of people.
pub trait Holder: Send + Sync {
    /// The name of its part in an export: `orders`.
    fn part(&self) -> &'static str;

    /// Ids of what it holds for the person, by which other areas find what belongs to it.
    fn related<'a>(&'a self, _: &'a mut Conn, _: &'a Subject) -> LocalBoxFuture<'a, ApiResult<Vec<Uuid>>> {
        async { Ok(Vec::new()) }.boxed_local()
    }

    /// Everything it holds of the person, as they may read it; what is sealed is opened by `keys`.
    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        keys: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>>;

    /// Forgets who the person is. What the law wants kept (amounts, dates, references) stays.
    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>>;

    /// Deletes or blanks what `rule` (of [`RETENTION`]) is about and is older than `before`; how many
    /// rows. `None` when the rule is another area's.
    fn retain<'a>(
        &'a self,
        _: &'a mut Tx<'_>,
        _: &'a str,
        _: DateTime<Utc>,
    ) -> LocalBoxFuture<'a, ApiResult<Option<usize>>> {
        async { Ok(None) }.boxed_local()
    }

    /// Whose data the things with these ids hold; ids of other areas are left out.
    fn touched<'a>(&'a self, _: &'a mut Conn, _: &'a [Uuid]) -> LocalBoxFuture<'a, ApiResult<Vec<Touched>>> {
        async { Ok(Vec::new()) }.boxed_local()
    }
}

/// All of them, in the order in which they forget: accounts last.
pub type Holders = Arc<[Arc<dyn Holder>]>;

/// What somebody agreed to in the midst of something else.
#[derive(Debug, Clone, Copy)]
pub struct Accepted<'a> {
    /// Their account; none for a guest.
    pub person_id: Option<Uuid>,
    /// The order it was said with: by it a guest is found.
    pub order_id: Option<Uuid>,
    /// The versions of policies.
    pub policies: &'a [Uuid],
    /// Where it was said.
    pub ip: Option<IpAddr>,
}

/// Keeps what people agree to. An area that asks for it does not know who keeps it: accounts do, and the
/// server puts it into the app's data as `web::Data<ConsentLog>`.
pub trait KeepConsent: Send + Sync {
    /// Notes it in the same transaction. `policy_outdated` for a version that is not in force.
    fn keep<'a>(&'a self, tx: &'a mut Tx<'_>, accepted: Accepted<'a>) -> LocalBoxFuture<'a, ApiResult<()>>;
}

/// Where consents are kept.
pub type ConsentLog = Arc<dyn KeepConsent>;

/// How long one kind of thing is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name: `session_places`.
    pub name: &'static str,
    /// Days it is kept unless somebody chose otherwise.
    pub days: i32,
}

/// Everything that is kept for a time only. Names are shown by the web app's words.
pub const RETENTION: &[Rule] = &[
    // Where and with what somebody signed in, after the session was last used.
    Rule { name: "session_places", days: 90 },
    // Failed tries to sign in, and the places people sign in from.
    Rule { name: "sign_in_attempts", days: 30 },
    // Network addresses in the audit log, and of consents.
    Rule { name: "audit_addresses", days: 365 },
    // Accounts whose address nobody has proved, after they were asked for.
    Rule { name: "unproven_accounts", days: 7 },
    // Letters, with all they say, after they were written.
    Rule { name: "letters", days: 30 },
    // Webhooks sent and received, with their attempts.
    Rule { name: "webhooks", days: 30 },
    // Copies of people's data, after they could be fetched no more.
    Rule { name: "data_exports", days: 1 },
    // Answers kept to be given again to a repeated request.
    Rule { name: "answers", days: 2 },
];

#[derive(QueryableByName)]
struct Chosen {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Integer)]
    days: i32,
}

/// Each rule and the days it counts now.
///
/// # Errors
/// The database.
pub async fn rules(conn: &mut Conn) -> ApiResult<Vec<(Rule, i32)>> {
    let chosen = sql("SELECT name, days FROM retention_rules").load::<Chosen>(conn).await?;
    let days = |rule: &Rule| {
        chosen.iter().find(|chosen| chosen.name == rule.name).map_or(rule.days, |chosen| chosen.days)
    };
    Ok(RETENTION.iter().map(|rule| (*rule, days(rule))).collect())
}

/// Chooses the days of a rule.
///
/// # Errors
/// The database; a rule that is not there is the caller's to refuse.
pub async fn choose_days(tx: &mut Tx<'_>, rule: &str, days: i32) -> ApiResult<()> {
    let now = tx.now();
    sql("INSERT INTO retention_rules (name, days, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET days = excluded.days, changed_at = excluded.changed_at")
    .bind::<Text, _>(rule)
    .bind::<Integer, _>(days)
    .bind::<Timestamptz, _>(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Does what every rule asks for, of all holders; gives rule and rows of what was not in vain.
///
/// # Errors
/// The database.
pub async fn retain_all(tx: &mut Tx<'_>, holders: &Holders) -> ApiResult<Vec<(&'static str, usize)>> {
    let now = tx.now();
    let mut done = Vec::new();
    for (rule, days) in rules(tx).await? {
        let before = now - TimeDelta::days(i64::from(days));
        for holder in holders.iter() {
            if let Some(rows @ 1..) = holder.retain(tx, rule.name, before).await? {
                done.push((rule.name, rows));
            }
        }
    }
    Ok(done)
}

/// What the platform itself holds: answers given before.
pub struct Answers;

#[derive(QueryableByName)]
struct Part {
    #[diesel(sql_type = Nullable<Jsonb>)]
    part: Option<Value>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// One value of JSON that a statement makes of a person's id and addresses (`$1` the account, `$2` the
/// addresses, `$3` related ids, `$4` the account's address) as `part`.
///
/// # Errors
/// The database.
pub async fn part_of(conn: &mut Conn, statement: &'static str, subject: &Subject) -> ApiResult<Value> {
    let row = sql(statement)
        .bind::<SqlUuid, _>(subject.person_id)
        .bind::<Array<Text>, _>(&subject.addresses)
        .bind::<Array<SqlUuid>, _>(&subject.related)
        .bind::<Text, _>(&subject.claimed)
        .get_result::<Part>(conn)
        .await?;
    Ok(row.part.unwrap_or(Value::Null))
}

/// Runs a statement about a person: `$1` to `$4` as for [`part_of`]; how many rows.
///
/// # Errors
/// The database.
pub async fn change_of(conn: &mut Conn, statement: &'static str, subject: &Subject) -> ApiResult<usize> {
    let changed = sql(statement)
        .bind::<SqlUuid, _>(subject.person_id)
        .bind::<Array<Text>, _>(&subject.addresses)
        .bind::<Array<SqlUuid>, _>(&subject.related)
        .bind::<Text, _>(&subject.claimed)
        .execute(conn)
        .await?;
    Ok(changed)
}

/// Runs a statement about what is older than `$1`; how many rows.
///
/// # Errors
/// The database.
pub async fn older_than(conn: &mut Conn, statement: &'static str, before: DateTime<Utc>) -> ApiResult<usize> {
    Ok(sql(statement).bind::<Timestamptz, _>(before).execute(conn).await?)
}

impl Holder for Answers {
    fn part(&self) -> &'static str {
        "answers"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        // They repeat what other parts say: their number is enough.
        async move {
            let row = sql(
                "SELECT count(*) AS count FROM idempotency_keys WHERE starts_with(actor_key, 'user:' || $1)",
            )
            .bind::<Text, _>(subject.person_id.to_string())
            .get_result::<Count>(conn)
            .await?;
            Ok(serde_json::json!({"kept": row.count}))
        }
        .boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            sql("DELETE FROM idempotency_keys WHERE starts_with(actor_key, 'user:' || $1)
                    OR about = ANY($2)")
            .bind::<Text, _>(subject.person_id.to_string())
            .bind::<Array<SqlUuid>, _>(&subject.related)
            .execute(tx)
            .await?;
            Ok(())
        }
        .boxed_local()
    }

    fn retain<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        rule: &'a str,
        before: DateTime<Utc>,
    ) -> LocalBoxFuture<'a, ApiResult<Option<usize>>> {
        async move {
            if rule != "answers" {
                return Ok(None);
            }
            older_than(tx, "DELETE FROM idempotency_keys WHERE created_at < $1", before).await.map(Some)
        }
        .boxed_local()
    }
}
