//! `/roles`, and members who carry a custom one.

use contract::accounts::{Me, Member, Session};
use contract::invitations::Invitation;
use contract::roles::RoleEntry;
use contract::{ErrorCode, Page};
use domain::{Permission, Role};
use serde_json::{Value, json};
use testkit::{Call, TestApp};
use uuid::Uuid;

use crate::{found, invited, join, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";

pub fn create(app: &TestApp, by: &Session, name: &str, permissions: &[&str]) -> Call {
    app.post("/roles").token(&by.access_token).json(&json!({"name": name, "permissions": permissions}))
}

fn carry(app: &TestApp, by: &Session, member: Uuid, role: &RoleEntry) -> Call {
    let wish = json!({"role": "client", "custom_role": id(role)});
    app.patch(&format!("/members/{member}")).token(&by.access_token).json(&wish)
}

pub fn id(role: &RoleEntry) -> Uuid {
    role.custom.as_ref().expect("a custom role").id
}

fn write(app: &TestApp, by: &Session, role: &RoleEntry, wish: &Value) -> Call {
    app.patch(&format!("/roles/{}", id(role))).token(&by.access_token).json(wish)
}

#[tokio::test]
async fn a_custom_role_says_what_its_member_may_do() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let member = join(&app, &owner, org, "press@demo.ringside.example", "operator").await;
    let role: RoleEntry = create(&app, &owner, "Demo press", &["members.read"]).created().await;
    let changed: Member = carry(&app, &owner, member.me.id, &role).ok().await;
    assert_eq!((changed.role, changed.custom_role), (Role::Client, role.custom.clone()));

    let me: Me = app.get("/me").token(&member.access_token).ok().await;
    assert_eq!(me.memberships[0].permissions, [Permission::MembersRead], "and nothing of the base");
    let list = || app.get("/members").token(&member.access_token);
    let _: Page<Member> = list().ok().await;

    // Changed, it counts at once for all who carry it.
    let wish = json!({"name": "Demo press", "permissions": ["events.read"]});
    let changed: RoleEntry = write(&app, &owner, &role, &wish).ok().await;
    assert_eq!((changed.used, changed.permissions), (1, vec![Permission::EventsRead]));
    list().problem(ErrorCode::NotPermitted).await;

    let delete = || app.delete(&format!("/roles/{}", id(&role))).token(&owner.access_token);
    delete().problem(ErrorCode::RoleInUse).await;
    let back = json!({"role": "viewer"});
    let path = format!("/members/{}", member.me.id);
    let _: Member = app.patch(&path).token(&owner.access_token).json(&back).ok().await;
    delete().no_content().await;
    delete().problem(ErrorCode::NotFound).await;
    let noted =
        "SELECT count(*) FROM audit_log WHERE action IN ('role.created', 'role.changed', 'role.deleted')";
    assert_eq!(app.count(noted).await, 3);
}

#[tokio::test]
async fn nobody_gives_what_they_do_not_hold() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let clerk = join(&app, &owner, org, "clerk@demo.ringside.example", "viewer").await;
    let fan = join(&app, &owner, org, "fan@demo.ringside.example", "client").await;
    let admin = join(&app, &owner, org, "admin@demo.ringside.example", "admin").await;
    let hiring: RoleEntry = create(
        &app,
        &owner,
        "Hiring",
        &["organisation.read", "members.read", "members.manage", "events.read"],
    )
    .created()
    .await;
    let _: Member = carry(&app, &owner, clerk.me.id, &hiring).ok().await;

    create(&app, &clerk, "Mine", &["orders.read"]).problem(ErrorCode::NotPermitted).await;
    let mine: RoleEntry = create(&app, &clerk, "Mine", &["events.read"]).created().await;
    let more = json!({"name": "Mine", "permissions": ["events.read", "events.manage"]});
    write(&app, &clerk, &mine, &more).problem(ErrorCode::NotPermitted).await;
    let _: Member = carry(&app, &clerk, fan.me.id, &mine).ok().await;

    let change = |member: Uuid, role: &str| {
        app.patch(&format!("/members/{member}")).token(&clerk.access_token).json(&json!({"role": role}))
    };
    change(clerk.me.id, "admin").problem(ErrorCode::NotPermitted).await;
    change(fan.me.id, "viewer").problem(ErrorCode::NotPermitted).await;
    change(admin.me.id, "client").problem(ErrorCode::NotPermitted).await;
    let remove = app.delete(&format!("/members/{}", admin.me.id)).token(&clerk.access_token);
    remove.problem(ErrorCode::NotPermitted).await;
    let wish = json!({"email": "new@demo.ringside.example", "role": "viewer"});
    app.post("/invitations").token(&clerk.access_token).json(&wish).problem(ErrorCode::NotPermitted).await;
}

#[tokio::test]
async fn an_invitation_may_carry_a_custom_role() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let role: RoleEntry = create(&app, &owner, "Demo press", &["events.read"]).created().await;
    let email = "press@demo.ringside.example";
    let mut wish = json!({"email": email, "role": "client", "custom_role": id(&role)});
    let _: Invitation = app.post("/invitations").token(&owner.access_token).json(&wish).created().await;
    let token = invited(&app).await;
    let delete = app.delete(&format!("/roles/{}", id(&role))).token(&owner.access_token);
    delete.problem(ErrorCode::RoleInUse).await;
    let press = sign_up(&app, email).await;
    let me: Me = app.post("/invitations/accept").token(&press.access_token).json(&token).ok().await;
    assert_eq!(me.memberships[0].custom_role, role.custom);

    wish["role"] = json!("viewer");
    wish["email"] = json!("other@demo.ringside.example");
    let problem = app
        .post("/invitations")
        .token(&owner.access_token)
        .json(&wish)
        .problem(ErrorCode::InvalidFields)
        .await;
    assert_eq!(problem.fields[0].code, "not_with_custom_role");
}

#[tokio::test]
async fn names_are_taken_once_and_roles_stay_at_home() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let role: RoleEntry = create(&app, &owner, "Demo press", &["events.read"]).created().await;
    create(&app, &owner, "demo PRESS", &["events.read"]).problem(ErrorCode::NameTaken).await;
    create(&app, &owner, "Empty", &[]).problem(ErrorCode::InvalidFields).await;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;
    let _: RoleEntry = create(&app, &stranger, "Demo press", &["events.read"]).created().await;
    carry(&app, &stranger, stranger.me.id, &role).problem(ErrorCode::LastOwner).await;
    let wish = json!({"name": "Theirs", "permissions": ["events.read"]});
    write(&app, &stranger, &role, &wish).problem(ErrorCode::NotFound).await;
    let roles: Page<RoleEntry> = app.get("/roles").token(&owner.access_token).ok().await;
    assert_eq!(roles.items.len(), Role::ALL.len() + 1);
    assert_eq!((roles.items[0].role, roles.items[0].used), (Role::Owner, 1));
}
