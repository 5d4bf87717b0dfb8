//! `/members`.

use contract::accounts::{Member, Session};
use contract::{ErrorCode, Page};
use domain::Role;
use serde_json::json;
use testkit::{Call, TestApp};
use uuid::Uuid;

use crate::{found, join, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

fn list(app: &TestApp, by: &Session) -> Call {
    app.get("/members").token(&by.access_token)
}

fn change(app: &TestApp, by: &Session, member: Uuid, role: &str) -> Call {
    app.patch(&format!("/members/{member}")).token(&by.access_token).json(&json!({"role": role}))
}

fn remove(app: &TestApp, by: &Session, member: Uuid) -> Call {
    app.delete(&format!("/members/{member}")).token(&by.access_token)
}

#[tokio::test]
async fn a_changed_role_counts_at_once() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let viewer = join(&app, &owner, org, "viewer@demo.ringside.example", "viewer").await;
    let _: Page<Member> = list(&app, &viewer).ok().await;

    let changed: Member = change(&app, &owner, viewer.me.id, "client").ok().await;
    assert_eq!(changed.role, Role::Client);
    list(&app, &viewer).problem(ErrorCode::NotPermitted).await;

    remove(&app, &owner, viewer.me.id).no_content().await;
    list(&app, &viewer).problem(ErrorCode::NotPermitted).await;
    remove(&app, &owner, viewer.me.id).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn only_an_owner_makes_and_unmakes_owners() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let admin = join(&app, &owner, org, "admin@demo.ringside.example", "admin").await;

    let wish = json!({"email": "fan@demo.ringside.example", "role": "owner"});
    let invite = app.post("/invitations").token(&admin.access_token).json(&wish);
    invite.problem(ErrorCode::NotPermitted).await;
    change(&app, &admin, admin.me.id, "owner").problem(ErrorCode::NotPermitted).await;
    change(&app, &admin, owner.me.id, "viewer").problem(ErrorCode::NotPermitted).await;
    remove(&app, &admin, owner.me.id).problem(ErrorCode::NotPermitted).await;

    let _: Member = change(&app, &owner, admin.me.id, "owner").ok().await;
    remove(&app, &admin, owner.me.id).no_content().await;
}

#[tokio::test]
async fn an_organisation_keeps_an_owner() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    change(&app, &owner, owner.me.id, "admin").problem(ErrorCode::LastOwner).await;
    remove(&app, &owner, owner.me.id).problem(ErrorCode::LastOwner).await;
    let _: Member = change(&app, &owner, owner.me.id, "owner").ok().await;
}

#[tokio::test]
async fn two_owners_who_leave_at_once_do_not_both_leave() {
    let app = start().await;
    for round in 0..5 {
        let first = sign_up(&app, &format!("first{round}@demo.ringside.example")).await;
        let org = found(&app, &first, &format!("demo-{round}")).await.id;
        let second = join(&app, &first, org, &format!("second{round}@demo.ringside.example"), "owner").await;

        let (one, other) = tokio::join!(
            remove(&app, &first, first.me.id).send(),
            remove(&app, &second, second.me.id).send(),
        );

        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }
}

#[tokio::test]
async fn somebody_in_two_organisations_chooses_by_header() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let first = found(&app, &owner, "demo-1").await.id;
    app.advance(chrono::TimeDelta::seconds(1));
    let second = found(&app, &owner, "demo-2").await.id;
    join(&app, &owner, first, "viewer@demo.ringside.example", "viewer").await;

    let members = async |call: Call| call.ok::<Page<Member>>().await.items.len();
    assert_eq!(members(list(&app, &owner)).await, 2, "people act in the organisation they joined first");
    assert_eq!(members(list(&app, &owner).in_org(first)).await, 2);
    assert_eq!(members(list(&app, &owner).in_org(second)).await, 1);
}

#[tokio::test]
async fn another_organisation_stays_closed() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;

    // Claiming to act in it does not help,
    list(&app, &stranger).in_org(org).problem(ErrorCode::NotPermitted).await;
    // and from one's own its members cannot be found.
    change(&app, &stranger, owner.me.id, "viewer").problem(ErrorCode::NotFound).await;
    remove(&app, &stranger, owner.me.id).problem(ErrorCode::NotFound).await;
    app.delete("/members/not-an-id").token(&stranger.access_token).problem(ErrorCode::NotFound).await;
    list(&app, &owner)
        .header("Ringside-Organisation", "not-an-id")
        .problem(ErrorCode::MalformedRequest)
        .await;
}
