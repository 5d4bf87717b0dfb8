//! `/teams`, and what is granted to them.

use contract::accounts::Me;
use contract::teams::Team;
use contract::{ErrorCode, Page};
use domain::Permission;
use serde_json::json;
use uuid::Uuid;

use crate::{found, invited, join, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

#[tokio::test]
async fn what_a_team_is_granted_counts_for_its_members() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let crew = join(&app, &owner, org, "crew@demo.ringside.example", "client").await;
    let by = |call: testkit::Call| call.token(&owner.access_token);
    let team: Team = by(app.post("/teams")).json(&json!({"name": "Demo gate crew"})).created().await;
    by(app.post("/teams")).json(&json!({"name": "demo gate CREW"})).problem(ErrorCode::NameTaken).await;
    let seat = format!("/teams/{}/members/{}", team.id, crew.me.id);
    let joined: Team = by(app.put(&seat)).ok().await;
    assert_eq!(joined.members, [crew.me.id]);
    let twice: Team = by(app.put(&seat)).ok().await;
    assert_eq!(twice, joined);

    let held =
        async || app.get("/me").token(&crew.access_token).ok::<Me>().await.memberships[0].permissions.clone();
    assert_eq!(held().await, [Permission::OrganisationRead]);
    let grant =
        json!({"to": {"kind": "team", "id": team.id}, "role": "scanner", "scope": {"kind": "organisation"}});
    let _: contract::grants::Grant = by(app.post("/grants")).json(&grant).created().await;
    assert!(held().await.contains(&Permission::ScansRecord));
    by(app.post("/grants")).json(&grant).problem(ErrorCode::AlreadyGranted).await;

    let left: Team = by(app.delete(&seat)).ok().await;
    assert_eq!(left.members, Vec::<Uuid>::new());
    assert_eq!(held().await, [Permission::OrganisationRead]);
    by(app.delete(&seat)).problem(ErrorCode::NotFound).await;

    let _: Team = by(app.put(&seat)).ok().await;
    by(app.delete(&format!("/teams/{}", team.id))).no_content().await;
    assert_eq!(held().await, [Permission::OrganisationRead], "with the team goes what it was granted");
    assert_eq!(app.count("SELECT count(*) FROM grants").await, 0);
}

#[tokio::test]
async fn an_invitation_leads_into_teams() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let by = |call: testkit::Call| call.token(&owner.access_token);
    let team: Team = by(app.post("/teams")).json(&json!({"name": "Demo crew"})).created().await;
    let email = "crew@demo.ringside.example";
    let mut wish = json!({"email": email, "role": "client", "teams": [Uuid::now_v7()]});
    by(app.post("/invitations")).json(&wish).problem(ErrorCode::InvalidFields).await;
    wish["teams"] = json!([team.id, team.id]);
    let _: contract::invitations::Invitation = by(app.post("/invitations")).json(&wish).created().await;
    let token = invited(&app).await;
    let crew = sign_up(&app, email).await;
    let _: Me = app.post("/invitations/accept").token(&crew.access_token).json(&token).ok().await;
    let teams: Page<Team> = by(app.get("/teams")).ok().await;
    assert_eq!(teams.items[0].members, [crew.me.id]);
    // Whoever leaves the organisation leaves its teams.
    by(app.delete(&format!("/members/{}", crew.me.id))).no_content().await;
    let teams: Page<Team> = by(app.get("/teams")).ok().await;
    assert_eq!(teams.items[0].members, Vec::<Uuid>::new());
}

#[tokio::test]
async fn a_team_takes_in_members_of_its_organisation_only() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;
    let team: Team =
        app.post("/teams").token(&owner.access_token).json(&json!({"name": "Demo crew"})).created().await;
    let seat = format!("/teams/{}/members/{}", team.id, stranger.me.id);
    app.put(&seat).token(&owner.access_token).problem(ErrorCode::NotFound).await;
    app.put(&seat).token(&stranger.access_token).problem(ErrorCode::NotFound).await;
    let path = format!("/teams/{}", team.id);
    app.delete(&path).token(&stranger.access_token).problem(ErrorCode::NotFound).await;
    let name = json!({"name": "Theirs"});
    app.patch(&path).token(&stranger.access_token).json(&name).problem(ErrorCode::NotFound).await;
}
