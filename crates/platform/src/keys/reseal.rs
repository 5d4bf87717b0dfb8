//! Sealing anew what older keys sealed, while the system runs.

use std::collections::BTreeMap;

use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use diesel_async::RunQueryDsl;

use super::{KeyId, MasterKey, sealed_by};
use crate::db::{Conn, Db};
use crate::error::ApiResult;

/// A `bytea` column that holds what [`MasterKey::seal`] made: table, its id column, the column, and
/// the purpose it is sealed for, in which `{id}` stands for the row's id. Empty (`NULL`) is allowed.
pub type SealedColumn = (&'static str, &'static str, &'static str, &'static str);

/// Every sealed column there is. Whoever adds one adds it here, or a rotation leaves it behind.
pub const SEALED: &[SealedColumn] = &[
    ("orders", "id", "buyer_phone_sealed", "buyer phone"),
    ("identity_providers", "id", "secret_sealed", "identity provider {id}"),
    ("webhook_secrets", "id", "sealed", "webhook secret {id}"),
    ("inbound_sources", "id", "secret_sealed", "inbound source {id}"),
    ("totp_secrets", "user_id", "sealed", "totp {id}"),
    // Its key is two texts; where a row lies names it as well, and what moves meanwhile is found by the next look.
    ("idempotency_keys", "ctid", "answer", "idempotent answer"),
    ("channel_accounts", "id", "sealed", "channel account {id}"),
    ("destinations", "id", "sealed", "destination {id}"),
    ("contact_methods", "id", "sealed", "contact method {id}"),
    ("deliveries", "id", "typed_address", "typed address {id}"),
    ("vapid_keys", "id", "sealed", "vapid key"),
    ("dkim_keys", "id", "sealed", "key that signs mail"),
    ("oauth_signing_keys", "id", "sealed", "signing key of id tokens"),
    ("data_exports", "id", "json", "copy of a person's data"),
    ("data_exports", "id", "pdf", "copy of a person's data"),
];

/// What came of sealing anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many values were sealed anew.
    pub resealed: u64,
    /// What no key of the ring opens: it stays as it is.
    pub unopened: Vec<Unopened>,
}

/// A value that no key of the ring opens.
#[derive(Debug, PartialEq, Eq)]
pub struct Unopened {
    /// `orders.buyer_phone_sealed`.
    pub column: String,
    /// Of which row.
    pub id: String,
    /// The key that sealed it, when the value says so.
    pub key: Option<KeyId>,
}

/// How many values of a column a key sealed.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage {
    /// `orders.buyer_phone_sealed`.
    pub column: String,
    /// The key; none for what was sealed before keys had names.
    pub key: Option<KeyId>,
    /// How many values.
    pub count: i64,
}

/// Rows read and written in one go.
const BATCH: i64 = 200;
/// How often a column is walked through at most.
const LOOKS: usize = 5;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// Seals anew, by the newest key, what another one sealed. Short statements only, and a value somebody
/// else wrote meanwhile is left to them: readers and writers go on. Whatever it is interrupted by, it
/// can be run again and goes on with what is left.
///
/// # Errors
/// When the database does not answer.
pub async fn reseal(db: &Db, keys: &MasterKey, columns: &[SealedColumn]) -> ApiResult<Report> {
    let mut report = Report::default();
    for column in columns {
        // What a server wrote that had not noticed the new key yet is found by another look.
        for _ in 0..LOOKS {
            report.unopened.retain(|place| place.column != name(column));
            if !reseal_column(db, keys, column, &mut report).await? {
                break;
            }
        }
    }
    Ok(report)
}

fn name((table, _, column, _): &SealedColumn) -> String {
    format!("{table}.{column}")
}

/// One walk through a column; whether anything was sealed anew.
async fn reseal_column(
    db: &Db,
    keys: &MasterKey,
    column: &SealedColumn,
    report: &mut Report,
) -> ApiResult<bool> {
    let kind = db.read(async |conn| type_of_id(conn, column).await).await?;
    let mut last: Option<String> = None;
    let before = report.resealed;
    loop {
        let prefix = [&[super::SEALED_V2][..], &keys.current().0].concat();
        let rows = db.read(async |conn| stale(conn, column, &kind, &prefix, last.as_deref()).await).await?;
        let Some(end) = rows.last().map(|row| row.id.clone()) else { break };
        for row in rows {
            let purpose = column.3.replace("{id}", &row.id);
            match keys.open(&purpose, &row.sealed) {
                Ok(plain) => {
                    let anew = keys.seal(&purpose, &plain);
                    let changed = async |conn: &mut Conn| replace(conn, column, &kind, &row, &anew).await;
                    report.resealed += db.read(changed).await?;
                }
                Err(error) => {
                    tracing::warn!(column = name(column), id = row.id, %error, "not sealed anew");
                    let key = sealed_by(&row.sealed);
                    report.unopened.push(Unopened { column: name(column), id: row.id, key });
                }
            }
        }
        last = Some(end);
    }
    Ok(report.resealed > before)
}

/// The type of the id, so that rows are found by their index.
async fn type_of_id(conn: &mut Conn, (table, id, ..): &SealedColumn) -> ApiResult<String> {
    #[derive(QueryableByName)]
    struct Kind {
        #[diesel(sql_type = Text)]
        kind: String,
    }
    let query = "SELECT format_type(atttypid, NULL) AS kind FROM pg_attribute
                  WHERE attrelid = $1::regclass AND attname = $2";
    let kind: Kind =
        diesel::sql_query(query).bind::<Text, _>(*table).bind::<Text, _>(*id).get_result(conn).await?;
    Ok(kind.kind)
}

/// Values that the newest key did not seal, after a row. The names are ours, from [`SEALED`].
async fn stale(
    conn: &mut Conn,
    (table, id, column, _): &SealedColumn,
    kind: &str,
    prefix: &[u8],
    last: Option<&str>,
) -> ApiResult<Vec<Row>> {
    let query = format!(
        "SELECT {id}::text AS id, {column} AS sealed FROM {table}
          WHERE {column} IS NOT NULL AND substring({column} FROM 1 FOR 5) <> $1
            AND ($2 IS NULL OR {id} > $2::{kind})
          ORDER BY {table}.{id} LIMIT {BATCH}"
    );
    let rows = diesel::sql_query(query).bind::<Binary, _>(prefix).bind::<Nullable<Text>, _>(last);
    Ok(rows.load(conn).await?)
}

/// Unless somebody else wrote it meanwhile.
async fn replace(
    conn: &mut Conn,
    (table, id, column, _): &SealedColumn,
    kind: &str,
    row: &Row,
    anew: &[u8],
) -> ApiResult<u64> {
    let query = format!("UPDATE {table} SET {column} = $1 WHERE {id} = $2::{kind} AND {column} = $3");
    let changed = diesel::sql_query(query)
        .bind::<Binary, _>(anew)
        .bind::<Text, _>(&row.id)
        .bind::<Binary, _>(&row.sealed)
        .execute(conn)
        .await?;
    Ok(changed as u64)
}

/// How many values each key sealed, column by column.
///
/// # Errors
/// When the database does not answer.
pub async fn usage(db: &Db, columns: &[SealedColumn]) -> ApiResult<Vec<Usage>> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = Binary)]
        prefix: Vec<u8>,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut found = Vec::new();
    for column in columns {
        let (table, _, field, _) = column;
        let query = format!(
            "SELECT substring({field} FROM 1 FOR 5) AS prefix, count(*) AS count
               FROM {table} WHERE {field} IS NOT NULL GROUP BY 1 ORDER BY 1"
        );
        let counts: Vec<Count> = db.read(async |conn| Ok(diesel::sql_query(query).load(conn).await?)).await?;
        let mut keys: BTreeMap<Option<KeyId>, i64> = BTreeMap::new();
        for row in counts {
            *keys.entry(sealed_by(&row.prefix)).or_default() += row.count;
        }
        found.extend(keys.into_iter().map(|(key, count)| Usage { column: name(column), key, count }));
    }
    Ok(found)
}
