//! The demo organisations and a person in each role.

use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::ids::new_id;
use domain::{OrganisationKind, Role};
use platform::db::{Tx, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

/// The password of all demo people.
pub const PASSWORD: &str = "southpaw-in-the-third-round";

/// What to sign in with: what the person is, their address.
pub const SIGN_INS: [(&str, &str); 10] = [
    ("Owner of Red Corner Promotions", "owner@demo.ringside.example"),
    ("Admin", "admin@demo.ringside.example"),
    ("Operator", "operator@demo.ringside.example"),
    ("Box office", "boxoffice@demo.ringside.example"),
    ("Scanner at the gates", "scanner@demo.ringside.example"),
    ("Viewer", "viewer@demo.ringside.example"),
    ("Owner of Blue Corner Promotions", "blue@demo.ringside.example"),
    ("Owner of the stadium", "stadium@demo.ringside.example"),
    ("Owner of the platform (demo): threats, policies", "platform@demo.ringside.example"),
    ("A fan", "fan@demo.ringside.example"),
];

/// Who plays in the demo.
pub(super) struct Cast {
    /// The promoter in the red corner.
    pub red: Uuid,
    /// The promoter in the blue corner.
    pub blue: Uuid,
    /// The company that owns the stadium.
    pub venue_operator: Uuid,
    /// Who stands at the gates of both promoters.
    pub scanner: Uuid,
    /// A fan with an account.
    pub fan: Uuid,
}

const ORGANISATIONS: [(&str, &str, OrganisationKind); 5] = [
    ("demo-platform", "Ringside Demo", OrganisationKind::Platform),
    ("demo-stadium", "Demo Stadium Company", OrganisationKind::VenueOperator),
    ("red-corner-demo", "Red Corner Promotions (demo)", OrganisationKind::Promoter),
    ("blue-corner-demo", "Blue Corner Promotions (demo)", OrganisationKind::Promoter),
    ("demo-client", "Demo Client", OrganisationKind::Client),
];

type Somebody = (&'static str, &'static str, &'static [(usize, Role)]);

/// Address, name, and the organisations (by their place above) with the role in each.
const PEOPLE: &[Somebody] = &[
    ("platform", "Demo Platform Owner", &[(0, Role::Owner)]),
    ("stadium", "Demo Stadium Owner", &[(1, Role::Owner)]),
    ("owner", "Demo Owner", &[(2, Role::Owner)]),
    ("admin", "Demo Admin", &[(2, Role::Admin)]),
    ("operator", "Demo Operator", &[(2, Role::Operator)]),
    ("boxoffice", "Demo Box Office", &[(2, Role::BoxOffice)]),
    ("scanner", "Demo Scanner", &[(2, Role::Scanner), (3, Role::Scanner)]),
    ("viewer", "Demo Viewer", &[(2, Role::Viewer)]),
    ("client", "Demo Client", &[(4, Role::Owner), (2, Role::Client)]),
    ("blue", "Demo Blue Owner", &[(3, Role::Owner)]),
    ("fan", "Demo Fan", &[]),
];

pub(super) async fn insert(tx: &mut Tx<'_>, password_hash: &str) -> ApiResult<Cast> {
    let organisations = ORGANISATIONS.map(|_| new_id());
    sql("INSERT INTO organisations (id, slug, name, kind)
         SELECT * FROM unnest($1, $2, $3, $4)")
    .bind::<Array<SqlUuid>, _>(&organisations[..])
    .bind::<Array<Text>, _>(ORGANISATIONS.map(|(slug, ..)| slug).to_vec())
    .bind::<Array<Text>, _>(ORGANISATIONS.map(|(_, name, _)| name).to_vec())
    .bind::<Array<Text>, _>(ORGANISATIONS.map(|(.., kind)| kind.name()).to_vec())
    .execute(tx)
    .await?;

    let people: Vec<Uuid> = PEOPLE.iter().map(|_| new_id()).collect();
    sql("INSERT INTO people (id, email, name, password_hash, verified_at)
         SELECT id, email, name, $4, now() FROM unnest($1, $2, $3) AS person (id, email, name)")
    .bind::<Array<SqlUuid>, _>(&people)
    .bind::<Array<Text>, _>(
        PEOPLE.iter().map(|(at, ..)| format!("{at}@demo.ringside.example")).collect::<Vec<_>>(),
    )
    .bind::<Array<Text>, _>(PEOPLE.iter().map(|(_, name, _)| *name).collect::<Vec<_>>())
    .bind::<Text, _>(password_hash)
    .execute(tx)
    .await?;
    insert_members(tx, &organisations, &people).await?;

    let person = |at: &str| {
        let place = PEOPLE.iter().position(|(name, ..)| *name == at);
        place.map(|place| people[place]).ok_or_else(|| ApiError::internal(anyhow::anyhow!("nobody is {at}")))
    };
    Ok(Cast {
        venue_operator: organisations[1],
        red: organisations[2],
        blue: organisations[3],
        scanner: person("scanner")?,
        fan: person("fan")?,
    })
}

async fn insert_members(tx: &mut Tx<'_>, organisations: &[Uuid], people: &[Uuid]) -> ApiResult<()> {
    let memberships = PEOPLE.iter().zip(people).flat_map(|((.., places), person)| {
        places.iter().map(|(organisation, role)| (organisations[*organisation], *person, role.name()))
    });
    let (orgs, (people, roles)): (Vec<_>, (Vec<_>, Vec<_>)) =
        memberships.map(|(org, person, role)| (org, (person, role))).unzip();
    sql("INSERT INTO members (org_id, user_id, role) SELECT * FROM unnest($1, $2, $3)")
        .bind::<Array<SqlUuid>, _>(orgs)
        .bind::<Array<SqlUuid>, _>(people)
        .bind::<Array<Text>, _>(roles)
        .execute(tx)
        .await?;
    Ok(())
}
