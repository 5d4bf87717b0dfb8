//! Every statement about exports, erasures, policies and consents.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use contract::privacy::{Consent, DataExport, OwnedAlone, Policy, PolicyKind};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Binary, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

use crate::post::Addressee;

#[derive(QueryableByName)]
struct AddresseeRow {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    locale: String,
    #[diesel(sql_type = Bool)]
    proved: bool,
}

/// To whom letters about an account go, and whether they have proved that the address is theirs.
pub(super) async fn addressee(conn: &mut Conn, person: Uuid) -> ApiResult<(Addressee, bool)> {
    let row = sql("SELECT name, email, locale, to_jsonb(people) ->> 'verified_at' IS NOT NULL AS proved
                   FROM people WHERE id = $1")
    .bind::<SqlUuid, _>(person)
    .get_result::<AddresseeRow>(conn)
    .await?;
    let locale = Locale::from_tag(&row.locale).unwrap_or_default();
    Ok((Addressee { name: row.name, address: row.email, locale }, row.proved))
}

#[derive(QueryableByName)]
struct ExportRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    requested_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ready_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<ExportRow> for DataExport {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.id,
            requested_at: row.requested_at,
            ready_at: row.ready_at,
            expires_at: row.expires_at,
        }
    }
}

/// Notes that a copy is wanted; nothing when one is being made.
pub(super) async fn insert_export(
    conn: &mut Conn,
    id: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let rows = sql("INSERT INTO data_exports (id, user_id, requested_at) VALUES ($1, $2, $3)
                    ON CONFLICT (user_id) WHERE ready_at IS NULL DO NOTHING")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(person)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(rows == 1)
}

/// The latest copy of a person that has not expired.
pub(super) async fn latest_export(
    conn: &mut Conn,
    person: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<DataExport>> {
    let rows = sql("SELECT id, requested_at, ready_at, expires_at FROM data_exports
                    WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > $2)
                    ORDER BY requested_at DESC LIMIT 1")
    .bind::<SqlUuid, _>(person)
    .bind::<Timestamptz, _>(now)
    .load::<ExportRow>(conn)
    .await?;
    Ok(rows.into_iter().next().map(DataExport::from))
}

/// Whose copy waits to be made; none when it was made.
pub(super) async fn waiting_export(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Uuid>> {
    #[derive(QueryableByName)]
    struct Whose {
        #[diesel(sql_type = SqlUuid)]
        user_id: Uuid,
    }
    let rows = sql("SELECT user_id FROM data_exports WHERE id = $1 AND ready_at IS NULL")
        .bind::<SqlUuid, _>(id)
        .load::<Whose>(conn)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.user_id))
}

/// Keeps the sealed files of a copy; of two workers one does.
pub(super) async fn keep_export(
    conn: &mut Conn,
    id: Uuid,
    json: &[u8],
    pdf: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> ApiResult<bool> {
    let rows = sql("UPDATE data_exports SET json = $2, pdf = $3, ready_at = $4, expires_at = $5
                    WHERE id = $1 AND ready_at IS NULL")
    .bind::<SqlUuid, _>(id)
    .bind::<Binary, _>(json)
    .bind::<Binary, _>(pdf)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(until)
    .execute(conn)
    .await?;
    Ok(rows == 1)
}

/// A sealed file of a person's own copy that has not expired.
pub(super) async fn export_file(
    conn: &mut Conn,
    person: Uuid,
    id: Uuid,
    pdf: bool,
    now: DateTime<Utc>,
) -> ApiResult<Option<Vec<u8>>> {
    #[derive(QueryableByName)]
    struct File {
        #[diesel(sql_type = Nullable<Binary>)]
        file: Option<Vec<u8>>,
    }
    let rows = sql("SELECT CASE WHEN $4 THEN pdf ELSE json END AS file FROM data_exports
                    WHERE id = $1 AND user_id = $2 AND expires_at > $3")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(person)
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(pdf)
    .load::<File>(conn)
    .await?;
    Ok(rows.into_iter().next().and_then(|row| row.file))
}

/// An erasure that is neither done nor taken back.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct OpenErasure {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub user_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    pub requested_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub due_at: DateTime<Utc>,
}

/// Notes the wish; nothing when there is one.
pub(super) async fn insert_erasure(
    conn: &mut Conn,
    id: Uuid,
    person: Uuid,
    now: DateTime<Utc>,
    due: DateTime<Utc>,
) -> ApiResult<bool> {
    let rows = sql("INSERT INTO erasures (id, user_id, requested_at, due_at) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (user_id) WHERE cancelled_at IS NULL AND done_at IS NULL DO NOTHING")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(person)
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(due)
    .execute(conn)
    .await?;
    Ok(rows == 1)
}

pub(super) async fn open_erasure(conn: &mut Conn, person: Uuid) -> ApiResult<Option<OpenErasure>> {
    let rows = sql("SELECT id, user_id, requested_at, due_at FROM erasures
                    WHERE user_id = $1 AND cancelled_at IS NULL AND done_at IS NULL")
    .bind::<SqlUuid, _>(person)
    .load(conn)
    .await?;
    Ok(rows.into_iter().next())
}

/// Takes the wish back; whether there was one.
pub(super) async fn cancel_erasure(conn: &mut Conn, person: Uuid, now: DateTime<Utc>) -> ApiResult<bool> {
    let rows = sql("UPDATE erasures SET cancelled_at = $2
                    WHERE user_id = $1 AND cancelled_at IS NULL AND done_at IS NULL")
    .bind::<SqlUuid, _>(person)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(rows == 1)
}

/// People whose wait is over.
pub(super) async fn due_erasures(conn: &mut Conn, now: DateTime<Utc>) -> ApiResult<Vec<OpenErasure>> {
    let rows = sql("SELECT id, user_id, requested_at, due_at FROM erasures
                    WHERE cancelled_at IS NULL AND done_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT 100")
    .bind::<Timestamptz, _>(now)
    .load(conn)
    .await?;
    Ok(rows)
}

/// Marks it done: from here to the commit nobody takes it back. False when somebody did.
pub(super) async fn finish_erasure(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<bool> {
    let rows =
        sql("UPDATE erasures SET done_at = $2 WHERE id = $1 AND cancelled_at IS NULL AND done_at IS NULL")
            .bind::<SqlUuid, _>(id)
            .bind::<Timestamptz, _>(now)
            .execute(conn)
            .await?;
    Ok(rows == 1)
}

/// Locks the owners of all organisations the person owns to the end of the transaction, so that two who
/// leave at once are not both let go.
pub(super) async fn lock_owners(conn: &mut Conn, person: Uuid) -> ApiResult<()> {
    sql("SELECT user_id FROM members WHERE role = 'owner' AND org_id IN (
             SELECT org_id FROM members WHERE user_id = $1 AND role = 'owner')
         ORDER BY org_id, user_id FOR UPDATE")
    .bind::<SqlUuid, _>(person)
    .execute(conn)
    .await?;
    Ok(())
}

/// Organisations of which the person is the only owner.
pub(super) async fn owned_alone(conn: &mut Conn, person: Uuid) -> ApiResult<Vec<OwnedAlone>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows = sql("SELECT o.id, o.name FROM members AS m JOIN organisations AS o ON o.id = m.org_id
                    WHERE m.user_id = $1 AND m.role = 'owner' AND NOT EXISTS (
                        SELECT FROM members AS other
                        WHERE other.org_id = m.org_id AND other.role = 'owner' AND other.user_id <> $1)
                    ORDER BY o.name, o.id")
    .bind::<SqlUuid, _>(person)
    .load::<Row>(conn)
    .await?;
    Ok(rows.into_iter().map(|row| OwnedAlone { id: row.id, name: row.name }).collect())
}

#[derive(QueryableByName)]
struct PolicyRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Jsonb)]
    texts: Value,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Bool)]
    required: bool,
}

impl TryFrom<PolicyRow> for Policy {
    type Error = ApiError;

    fn try_from(row: PolicyRow) -> ApiResult<Self> {
        let kind = PolicyKind::from_name(&row.kind)
            .ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown kind of policy {:?}", row.kind)))?;
        let texts = serde_json::from_value(row.texts)?;
        let (published_at, required) = (row.published_at, row.required);
        Ok(Self { id: row.id, kind, version: row.version, texts, published_at, required })
    }
}

/// All versions of all policies, the latest of each kind first.
pub(super) async fn public_policies(conn: &mut Conn) -> ApiResult<Vec<Policy>> {
    let rows = sql(
        "SELECT id, kind, version, texts, published_at, required FROM policies ORDER BY kind, version DESC",
    )
    .load::<PolicyRow>(conn)
    .await?;
    rows.into_iter().map(Policy::try_from).collect()
}

/// The next version of a policy. Two at once: the key refuses one, and it is tried again.
pub(super) async fn insert_policy(
    conn: &mut Conn,
    id: Uuid,
    kind: PolicyKind,
    texts: &Value,
    required: bool,
    now: DateTime<Utc>,
) -> ApiResult<Policy> {
    sql("INSERT INTO policies (id, kind, version, texts, published_at, required)
         SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5 FROM policies WHERE kind = $2
         RETURNING id, kind, version, texts, published_at, required")
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(kind.name())
    .bind::<Jsonb, _>(texts)
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(required)
    .get_result::<PolicyRow>(conn)
    .await?
    .try_into()
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Bool)]
    given: bool,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// What the person last said of each kind of policy that there is.
pub(super) async fn consents(conn: &mut Conn, person: Uuid) -> ApiResult<Vec<Consent>> {
    let mut policies = public_policies(conn).await?;
    policies.dedup_by_key(|policy| policy.kind);
    let said = sql("SELECT DISTINCT ON (p.kind) p.kind, p.version, c.given, c.at
                    FROM consents AS c JOIN policies AS p ON p.id = c.policy_id
                    WHERE c.user_id = $1 ORDER BY p.kind, c.at DESC, c.id DESC")
    .bind::<SqlUuid, _>(person)
    .load::<Said>(conn)
    .await?;
    let consents = policies.into_iter().map(|policy| {
        let last = said.iter().find(|said| said.kind == policy.kind.name());
        Consent {
            given: last.is_some_and(|said| said.given && said.version == policy.version),
            at: last.map(|said| said.at),
            about_version: last.map(|said| said.version),
            policy,
        }
    });
    Ok(consents.collect())
}

/// Adds what somebody said; false when there is no such version.
pub(super) async fn insert_consent(
    conn: &mut Conn,
    id: Uuid,
    person: Uuid,
    policy: Uuid,
    given: bool,
    ip: Option<IpAddr>,
    now: DateTime<Utc>,
) -> ApiResult<bool> {
    let rows = sql("INSERT INTO consents (id, user_id, policy_id, given, at, ip, how)
                    SELECT $1, $2, id, $4, $5, $6, 'account' FROM policies WHERE id = $3")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(person)
    .bind::<SqlUuid, _>(policy)
    .bind::<Bool, _>(given)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(ip.map(|ip| ip.to_string()))
    .execute(conn)
    .await?;
    Ok(rows == 1)
}
