//! What the demo's red corner has set up beyond the built-in roles: a role of its own, a team, and a
//! grant for a single night.

use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Permission;
use domain::ids::new_id;
use platform::db::{Tx, sql};
use platform::error::ApiResult;

use super::people::Cast;

/// What the demo's own role may do.
const PRESS: [Permission; 4] =
    [Permission::OrganisationRead, Permission::VenuesRead, Permission::EventsRead, Permission::FiguresRead];

pub(super) async fn insert(tx: &mut Tx<'_>, cast: &Cast) -> ApiResult<()> {
    sql("INSERT INTO roles (id, org_id, name, permissions) VALUES ($1, $2, 'Press office (demo)', $3)")
        .bind::<SqlUuid, _>(new_id())
        .bind::<SqlUuid, _>(cast.red)
        .bind::<Array<Text>, _>(PRESS.map(Permission::name).to_vec())
        .execute(tx)
        .await?;
    let team = new_id();
    sql("INSERT INTO teams (id, org_id, name) VALUES ($1, $2, 'Gate crew (demo)')")
        .bind::<SqlUuid, _>(team)
        .bind::<SqlUuid, _>(cast.red)
        .execute(tx)
        .await?;
    sql("INSERT INTO team_members (org_id, team_id, user_id) VALUES ($1, $2, $3)")
        .bind::<SqlUuid, _>(cast.red)
        .bind::<SqlUuid, _>(team)
        .bind::<SqlUuid, _>(cast.scanner)
        .execute(tx)
        .await?;
    // The crew sees the figures of the soonest night, and of no other.
    sql("
        INSERT INTO grants (id, org_id, team_id, role, scope_kind, scope_id)
        SELECT $1, $2, $3, 'viewer', 'event', id FROM events WHERE org_id = $2 ORDER BY starts_at, id LIMIT 1")
    .bind::<SqlUuid, _>(new_id())
    .bind::<SqlUuid, _>(cast.red)
    .bind::<SqlUuid, _>(team)
    .execute(tx)
    .await?;
    Ok(())
}
