//! `/grants`. What a narrowed one reaches is tested in the server's `reach.rs`, with real events.

use contract::accounts::Member;
use contract::grants::Grant;
use contract::roles::RoleEntry;
use contract::{ErrorCode, Page};
use serde_json::json;
use uuid::Uuid;

use crate::{found, join, roles, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

#[tokio::test]
async fn a_grant_adds_to_the_role_until_it_ends() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let client = join(&app, &owner, org, "client@demo.ringside.example", "client").await;
    let list = || app.get("/members").token(&client.access_token);
    list().problem(ErrorCode::NotPermitted).await;
    let to = json!({"kind": "member", "id": client.me.id});
    let wish = json!({"to": to, "role": "viewer", "scope": {"kind": "organisation"}});
    let grant: Grant = app.post("/grants").token(&owner.access_token).json(&wish).created().await;
    let _: Page<Member> = list().ok().await;
    let grants: Page<Grant> = app.get("/grants").token(&owner.access_token).ok().await;
    assert_eq!(grants.items, std::slice::from_ref(&grant));

    let path = format!("/grants/{}", grant.id);
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;
    app.delete(&path).token(&stranger.access_token).problem(ErrorCode::NotFound).await;
    app.delete(&path).token(&owner.access_token).no_content().await;
    list().problem(ErrorCode::NotPermitted).await;
    app.delete(&path).token(&owner.access_token).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn a_grant_makes_no_owner_and_gives_no_more_than_is_held() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let clerk = join(&app, &owner, org, "clerk@demo.ringside.example", "client").await;
    let hiring: RoleEntry =
        roles::create(&app, &owner, "Hiring", &["members.read", "members.manage"]).created().await;
    let wish = json!({"role": "client", "custom_role": roles::id(&hiring)});
    let path = format!("/members/{}", clerk.me.id);
    let _: Member = app.patch(&path).token(&owner.access_token).json(&wish).ok().await;

    let to = json!({"kind": "member", "id": clerk.me.id});
    let grant = |role: &str| json!({"to": to, "role": role, "scope": {"kind": "organisation"}});
    let create = |wish| app.post("/grants").token(&clerk.access_token).json(&wish);
    create(grant("viewer")).problem(ErrorCode::NotPermitted).await;
    create(grant("owner")).problem(ErrorCode::InvalidFields).await;
    let given: Grant = app.post("/grants").token(&owner.access_token).json(&grant("scanner")).created().await;
    // What a clerk was granted they hold, and so may take; more they may not.
    let other: Grant = app.post("/grants").token(&owner.access_token).json(&grant("admin")).created().await;
    app.delete(&format!("/grants/{}", other.id)).token(&owner.access_token).no_content().await;
    app.delete(&format!("/grants/{}", given.id)).token(&clerk.access_token).no_content().await;
}

#[tokio::test]
async fn a_grant_names_somebody_and_something_that_is_there() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let create = |wish| app.post("/grants").token(&owner.access_token).json(&wish);
    let nobody = json!({"kind": "member", "id": Uuid::now_v7()});
    let all = json!({"kind": "organisation"});
    create(json!({"to": nobody, "role": "viewer", "scope": all})).problem(ErrorCode::NotFound).await;
    let me = json!({"kind": "member", "id": owner.me.id});
    let no_event = json!({"kind": "event", "id": Uuid::now_v7()});
    let problem = create(json!({"to": me, "role": "viewer", "scope": no_event}))
        .problem(ErrorCode::InvalidFields)
        .await;
    assert_eq!(problem.fields[0].code, "unknown_scope");
}
