//! `/sign-in-policy`: an organisation that asks a second factor of all its members.

use contract::accounts::{Me, Member, Session};
use contract::factors::SignInPolicy;
use contract::{ErrorCode, Page};
use serde_json::json;
use testkit::{Call, TestApp};

use crate::factors::{EMAIL, with_totp};
use crate::{found, join, sign_up, start};

fn require(app: &TestApp, by: &Session, required: bool) -> Call {
    let wish = json!({"requires_second_factor": required});
    app.patch("/sign-in-policy").token(&by.access_token).json(&wish)
}

fn members(app: &TestApp, by: &Session) -> Call {
    app.get("/members").token(&by.access_token)
}

async fn me(app: &TestApp, by: &Session) -> Me {
    app.get("/me").token(&by.access_token).ok().await
}

#[tokio::test]
async fn a_member_without_a_factor_can_do_nothing_but_set_one_up() {
    let app = start().await;
    let owner = sign_up(&app, EMAIL).await;
    let org = found(&app, &owner, "demo").await.id;
    let admin = join(&app, &owner, org, "admin@demo.ringside.example", "admin").await;
    let own = found(&app, &admin, "elsewhere").await.id;
    let _: Page<Member> = members(&app, &admin).in_org(org).ok().await;

    with_totp(&app, &owner).await;
    let policy: SignInPolicy = require(&app, &owner, true).ok().await;
    assert!(policy.requires_second_factor);

    members(&app, &admin).in_org(org).problem(ErrorCode::SecondFactorRequired).await;
    require(&app, &admin, false).in_org(org).problem(ErrorCode::SecondFactorRequired).await;
    let _: Page<Member> = members(&app, &admin).in_org(own).ok().await; // other places are as they were
    let flags = me(&app, &admin).await.memberships.into_iter();
    let flags: Vec<_> = flags.map(|one| (one.organisation.id == org, one.needs_second_factor)).collect();
    assert!(flags.contains(&(true, true)) && flags.contains(&(false, false)), "{flags:?}");

    with_totp(&app, &admin).await;
    let _: Page<Member> = members(&app, &admin).in_org(org).ok().await;
    assert!(!me(&app, &admin).await.memberships.iter().any(|one| one.needs_second_factor));
}

#[tokio::test]
async fn whoever_asks_it_has_one_and_has_just_proved_who_they_are() {
    let app = start().await;
    let owner = sign_up(&app, EMAIL).await;
    let org = found(&app, &owner, "demo").await.id;
    require(&app, &owner, true).problem(ErrorCode::SecondFactorRequired).await;
    with_totp(&app, &owner).await;
    let viewer = join(&app, &owner, org, "viewer@demo.ringside.example", "viewer").await;
    require(&app, &viewer, true).problem(ErrorCode::NotPermitted).await;
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '1 hour'").await;
    require(&app, &owner, true).problem(ErrorCode::ConfirmationNeeded).await;
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at + interval '1 hour'").await;

    let _: SignInPolicy = require(&app, &owner, true).ok().await;
    let _: SignInPolicy = require(&app, &owner, true).ok().await;
    let noted = "SELECT count(*) FROM audit_log WHERE action = 'organisation.sign_in_policy_changed'
                 AND before = '{\"requires_second_factor\": false}'";
    assert_eq!(app.count(noted).await, 1);
    let seen: SignInPolicy = app.get("/sign-in-policy").token(&owner.access_token).ok().await;
    assert!(seen.requires_second_factor);
}

#[tokio::test]
async fn removing_the_last_factor_shuts_the_door_again() {
    let app = start().await;
    let owner = sign_up(&app, EMAIL).await;
    found(&app, &owner, "demo").await;
    with_totp(&app, &owner).await;
    let _: SignInPolicy = require(&app, &owner, true).ok().await;
    app.delete("/me/factors/totp").token(&owner.access_token).no_content().await;
    members(&app, &owner).problem(ErrorCode::SecondFactorRequired).await;
    with_totp(&app, &owner).await;
    let _: Page<Member> = members(&app, &owner).ok().await;
}
