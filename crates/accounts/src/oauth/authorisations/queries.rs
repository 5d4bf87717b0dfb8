//! Every statement about what people allowed, and the codes that came of it.

use chrono::{DateTime, Utc};
use contract::oauth::{Connection, OrganisationChoice};
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// What somebody allowed an application.
#[derive(QueryableByName)]
pub(super) struct Consent {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub org_id: Option<Uuid>,
    #[diesel(sql_type = Array<Text>)]
    pub scopes: Vec<String>,
}

/// What they allowed it, as long as they belong to the organisation it was for.
pub(super) async fn consent(conn: &mut Conn, user: Uuid, client: Uuid) -> ApiResult<Option<Consent>> {
    let found = sql("
        SELECT org_id, scopes FROM oauth_consents AS consent
         WHERE user_id = $1 AND client_id = $2 AND (org_id IS NULL OR EXISTS (
               SELECT FROM members WHERE org_id = consent.org_id AND user_id = $1))")
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(client)
    .get_result(conn)
    .await
    .optional()?;
    Ok(found)
}

/// Remembers what they allow; in the same organisation it adds to what they allowed before.
pub(super) async fn remember(
    conn: &mut Conn,
    id: Uuid,
    (user, client): (Uuid, Uuid),
    consent: &Consent,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    sql("
        INSERT INTO oauth_consents (id, user_id, client_id, org_id, scopes, given_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT ON CONSTRAINT oauth_consents_same_key DO UPDATE SET org_id = EXCLUDED.org_id, given_at = EXCLUDED.given_at,
            scopes = CASE WHEN oauth_consents.org_id IS NOT DISTINCT FROM EXCLUDED.org_id
                     THEN ARRAY(SELECT DISTINCT unnest(oauth_consents.scopes || EXCLUDED.scopes)) ELSE EXCLUDED.scopes END")
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(client)
    .bind::<Nullable<SqlUuid>, _>(consent.org_id)
    .bind::<Array<Text>, _>(&consent.scopes)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The organisations of a person, by name.
pub(super) async fn organisations(conn: &mut Conn, user: Uuid) -> ApiResult<Vec<OrganisationChoice>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = Text)]
        name: String,
    }
    let rows: Vec<Row> = sql("
        SELECT o.id, o.name FROM members AS m JOIN organisations AS o ON o.id = m.org_id
         WHERE m.user_id = $1 ORDER BY o.name, o.id LIMIT 200")
    .bind::<SqlUuid, _>(user)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| OrganisationChoice { id: row.id, name: row.name }).collect())
}

/// An authorisation with a code about to be given.
pub(super) struct NewAuthorisation<'a> {
    pub id: Uuid,
    pub client: Uuid,
    pub user: Uuid,
    pub org: Option<Uuid>,
    pub scopes: &'a [String],
    pub session: Uuid,
    pub auth_time: DateTime<Utc>,
    pub nonce: Option<&'a str>,
    pub redirect_uri: &'a str,
    pub challenge: &'a str,
    pub code_hash: &'a [u8],
    pub code_expires_at: DateTime<Utc>,
}

pub(super) async fn insert(conn: &mut Conn, new: &NewAuthorisation<'_>, now: DateTime<Utc>) -> ApiResult<()> {
    sql("
        INSERT INTO oauth_authorisations (id, client_id, user_id, org_id, scopes, session_id, auth_time, nonce,
                    redirect_uri, challenge, code_hash, code_expires_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
    .bind::<SqlUuid, _>(new.id)
    .bind::<SqlUuid, _>(new.client)
    .bind::<SqlUuid, _>(new.user)
    .bind::<Nullable<SqlUuid>, _>(new.org)
    .bind::<Array<Text>, _>(new.scopes)
    .bind::<SqlUuid, _>(new.session)
    .bind::<Timestamptz, _>(new.auth_time)
    .bind::<Nullable<Text>, _>(new.nonce)
    .bind::<Text, _>(new.redirect_uri)
    .bind::<Text, _>(new.challenge)
    .bind::<Binary, _>(new.code_hash)
    .bind::<Timestamptz, _>(new.code_expires_at)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct ConnectionRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    application: String,
    #[diesel(sql_type = Text)]
    made_by: String,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    scopes: Vec<String>,
    #[diesel(sql_type = Timestamptz)]
    given_at: DateTime<Utc>,
}

/// What a person lets act for them, newest first.
pub(super) async fn connections(conn: &mut Conn, user: Uuid) -> ApiResult<Vec<Connection>> {
    let rows: Vec<ConnectionRow> = sql("
        SELECT consent.id, client.name AS application, maker.name AS made_by, place.name AS organisation,
               consent.scopes, consent.given_at
          FROM oauth_consents AS consent
          JOIN oauth_clients AS client ON client.id = consent.client_id
          JOIN organisations AS maker ON maker.id = client.org_id
          LEFT JOIN organisations AS place ON place.id = consent.org_id
         WHERE consent.user_id = $1 ORDER BY consent.given_at DESC, consent.id LIMIT 200")
    .bind::<SqlUuid, _>(user)
    .load(conn)
    .await?;
    let connection = |row: ConnectionRow| Connection {
        id: row.id,
        application: row.application,
        made_by: row.made_by,
        organisation: row.organisation,
        scopes: row.scopes,
        given_at: row.given_at,
    };
    Ok(rows.into_iter().map(connection).collect())
}

/// Takes back what a person allowed, with all tokens that came of it; the application, if there was one.
pub(super) async fn take_back(
    conn: &mut Conn,
    user: Uuid,
    consent: Uuid,
    now: DateTime<Utc>,
) -> ApiResult<Option<Uuid>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        client_id: Uuid,
    }
    let row: Option<Row> =
        sql("DELETE FROM oauth_consents WHERE id = $1 AND user_id = $2 RETURNING client_id")
            .bind::<SqlUuid, _>(consent)
            .bind::<SqlUuid, _>(user)
            .get_result(conn)
            .await
            .optional()?;
    let Some(Row { client_id }) = row else { return Ok(None) };
    sql("
        UPDATE oauth_authorisations SET revoked_at = $3
         WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL")
    .bind::<SqlUuid, _>(user)
    .bind::<SqlUuid, _>(client_id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(Some(client_id))
}
