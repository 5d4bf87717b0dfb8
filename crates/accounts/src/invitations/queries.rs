//! Every statement about invitations.

use chrono::{DateTime, Utc};
use contract::invitations::{Invitation, InvitationView};
use contract::roles::RoleRef;
use diesel::OptionalExtension as _;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use crate::members::queries::role_named;

/// An invitation about to be written.
pub(crate) struct NewInvitation<'a> {
    pub(crate) invitation: &'a Invitation,
    pub(crate) token_hash: &'a [u8],
    pub(crate) invited_by: Option<Uuid>,
}

#[derive(QueryableByName)]
struct InvitationRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    custom_role_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    custom_role_name: Option<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    team_ids: Vec<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = ApiError;

    fn try_from(row: InvitationRow) -> ApiResult<Self> {
        let custom_role = row.custom_role_id.zip(row.custom_role_name);
        Ok(Self {
            id: row.id,
            email: row.email,
            role: role_named(&row.role)?,
            custom_role: custom_role.map(|(id, name)| RoleRef { id, name }),
            teams: row.team_ids,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}

pub(crate) async fn insert(conn: &mut Conn, org: Uuid, new: &NewInvitation<'_>) -> ApiResult<()> {
    let invitation = new.invitation;
    sql("
        INSERT INTO invitations
            (org_id, id, email, role, custom_role_id, team_ids, token_hash, invited_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(invitation.id)
    .bind::<Text, _>(&invitation.email)
    .bind::<Text, _>(invitation.role.name())
    .bind::<Nullable<SqlUuid>, _>(invitation.custom_role.as_ref().map(|role| role.id))
    .bind::<Array<SqlUuid>, _>(&invitation.teams)
    .bind::<Binary, _>(new.token_hash)
    .bind::<Nullable<SqlUuid>, _>(new.invited_by)
    .bind::<Timestamptz, _>(invitation.created_at)
    .bind::<Timestamptz, _>(invitation.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

const OPEN: &str = "
SELECT i.id, i.email, i.role, i.custom_role_id, role.name AS custom_role_name, i.team_ids, i.created_at, i.expires_at
  FROM invitations AS i LEFT JOIN roles AS role ON role.id = i.custom_role_id
 WHERE i.org_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
   AND ($2 IS NULL OR i.id = $2) AND ($3 IS NULL OR i.id > $3)
 ORDER BY i.id LIMIT $4";

/// At most `limit` open invitations, oldest first, those after `after`.
pub(crate) async fn list(
    conn: &mut Conn,
    org: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Invitation>> {
    load(conn, org, None, after, limit).await
}

/// One open invitation; `not_found` when the organisation has none of this id.
pub(crate) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Invitation> {
    let found = load(conn, org, Some(id), None, 1).await?.pop();
    found.ok_or_else(|| contract::ErrorCode::NotFound.into())
}

async fn load(
    conn: &mut Conn,
    org: Uuid,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> ApiResult<Vec<Invitation>> {
    let rows: Vec<InvitationRow> = sql(OPEN)
        .bind::<SqlUuid, _>(org)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// Gives an open invitation a new link; how many were open.
pub(crate) async fn renew(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    token_hash: &[u8],
    expires_at: DateTime<Utc>,
) -> ApiResult<usize> {
    let renewed = sql("
        UPDATE invitations SET token_hash = $3, expires_at = $4
        WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .bind::<Binary, _>(token_hash)
    .bind::<Timestamptz, _>(expires_at)
    .execute(conn)
    .await?;
    Ok(renewed)
}

/// Takes an open invitation back; how many were open. What is over holds no custom role.
pub(crate) async fn withdraw(conn: &mut Conn, org: Uuid, id: Uuid, now: DateTime<Utc>) -> ApiResult<usize> {
    let withdrawn = sql("
        UPDATE invitations SET withdrawn_at = $3, custom_role_id = NULL
        WHERE org_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL")
    .bind::<SqlUuid, _>(org)
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(withdrawn)
}

/// An invitation that has just been accepted.
#[derive(QueryableByName)]
pub(crate) struct Accepted {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) org_id: Uuid,
    #[diesel(sql_type = Text)]
    pub(crate) role: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) custom_role_id: Option<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub(crate) team_ids: Vec<Uuid>,
    /// The address invited.
    #[diesel(sql_type = Text)]
    pub(crate) email: String,
    /// Whether the address invited is the one given.
    #[diesel(sql_type = Bool)]
    pub(crate) own: bool,
}

/// Accepts an open invitation; of two at once, one does.
pub(crate) async fn accept(
    conn: &mut Conn,
    token_hash: &[u8],
    email: &str,
    now: DateTime<Utc>,
) -> ApiResult<Option<Accepted>> {
    let accepted = sql("
        WITH open AS (
            SELECT id, org_id, role, custom_role_id, team_ids, email, lower(email) = lower($2) AS own
              FROM invitations
             WHERE token_hash = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
               FOR UPDATE)
        UPDATE invitations SET accepted_at = $3, custom_role_id = NULL
          FROM open WHERE invitations.id = open.id
        RETURNING open.id, open.org_id, open.role, open.custom_role_id, open.team_ids, open.email, open.own")
    .bind::<Binary, _>(token_hash)
    .bind::<Text, _>(email)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    Ok(accepted)
}

#[derive(QueryableByName)]
struct ViewRow {
    #[diesel(sql_type = Text)]
    organisation: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Nullable<Text>)]
    custom_role: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    expires_at: DateTime<Utc>,
}

/// What the holder of an open invitation's link may know.
pub(crate) async fn public_view(
    conn: &mut Conn,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> ApiResult<Option<InvitationView>> {
    let found: Option<ViewRow> = sql("
        SELECT o.name AS organisation, i.email, i.role, role.name AS custom_role, i.expires_at
          FROM invitations AS i
          JOIN organisations AS o ON o.id = i.org_id
          LEFT JOIN roles AS role ON role.id = i.custom_role_id
         WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $2")
    .bind::<Binary, _>(token_hash)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)
    .await
    .optional()?;
    let Some(row) = found else { return Ok(None) };
    Ok(Some(InvitationView {
        organisation: row.organisation,
        email: row.email,
        role: role_named(&row.role)?,
        custom_role: row.custom_role,
        expires_at: row.expires_at,
    }))
}

/// The organisation's name.
pub(crate) async fn name_of(conn: &mut Conn, org: Uuid) -> ApiResult<String> {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let row: Name =
        sql("SELECT name FROM organisations WHERE id = $1").bind::<SqlUuid, _>(org).get_result(conn).await?;
    Ok(row.name)
}

/// Whether somebody with this address belongs to the organisation.
pub(crate) async fn is_member(conn: &mut Conn, org: Uuid, email: &str) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Answer {
        #[diesel(sql_type = Bool)]
        yes: bool,
    }
    let answer: Answer = sql("
        SELECT EXISTS (SELECT FROM members JOIN people ON people.id = members.user_id
                       WHERE members.org_id = $1 AND lower(people.email) = lower($2)) AS yes")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(email)
    .get_result(conn)
    .await?;
    Ok(answer.yes)
}

/// Forgets invitations that were over before `before`; how many.
pub(crate) async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> ApiResult<usize> {
    let gone = sql("
        DELETE FROM invitations WHERE accepted_at < $1 OR withdrawn_at < $1 OR expires_at < $1")
    .bind::<Timestamptz, _>(before)
    .execute(conn)
    .await?;
    Ok(gone)
}
