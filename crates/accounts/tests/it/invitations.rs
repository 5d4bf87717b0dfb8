//! `/invitations`.

use chrono::TimeDelta;
use contract::accounts::{Me, Member, Session};
use contract::invitations::{Invitation, InvitationView};
use contract::{ErrorCode, Page};
use domain::{AccountLetter, Role};
use serde_json::{Value, json};
use testkit::{Call, TestApp};

use crate::{found, invited, join, letters, sign_up, start};

const OWNER: &str = "owner@demo.ringside.example";
const GUEST: &str = "guest@demo.ringside.example";

fn invite(app: &TestApp, by: &Session, wish: &Value) -> Call {
    app.post("/invitations").token(&by.access_token).json(wish)
}

fn accept(app: &TestApp, by: &Session, token: &Value) -> Call {
    app.post("/invitations/accept").token(&by.access_token).json(token)
}

async fn pending(app: &TestApp, by: &Session) -> Vec<Invitation> {
    app.get("/invitations").token(&by.access_token).ok::<Page<Invitation>>().await.items
}

#[tokio::test]
async fn somebody_without_an_account_comes_by_mail() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await;
    let wish = json!({"email": GUEST, "role": "scanner"});
    let sent: Invitation = invite(&app, &owner, &wish).key("once").created().await;
    let again: Invitation = invite(&app, &owner, &wish).key("once").created().await;
    assert_eq!(sent, again);
    assert_eq!(pending(&app, &owner).await, [sent]);

    let (to, letter) = letters(&app).await.pop().expect("one letter is on its way");
    assert_eq!(to.address, GUEST);
    let AccountLetter::Invitation { organisation, role, link, .. } = letter else { panic!("{letter:?}") };
    assert_eq!((organisation.as_str(), role), ("Demo Promotions", Role::Scanner));
    let token = json!({"token": link.split_once('#').unwrap().1});

    // The link tells what it is about, without an account.
    let view: InvitationView = app.post("/invitations/view").json(&token).ok().await;
    assert_eq!((view.organisation.as_str(), view.email.as_str()), ("Demo Promotions", GUEST));
    accept(&app, &owner, &token).problem(ErrorCode::OtherAddress).await;

    let guest = sign_up(&app, "Guest@demo.ringside.example").await;
    let me: Me = accept(&app, &guest, &token).key("accept").ok().await;
    assert_eq!((me.memberships[0].organisation.id, me.memberships[0].role), (org.id, Role::Scanner));
    assert_eq!(pending(&app, &owner).await, []);
    let members: Page<Member> = app.get("/members").token(&owner.access_token).ok().await;
    assert_eq!(
        members.items.iter().map(|member| member.role).collect::<Vec<_>>(),
        [Role::Owner, Role::Scanner]
    );

    // A second click gets the same answer; a second use does not.
    let _: Me = accept(&app, &guest, &token).key("accept").ok().await;
    accept(&app, &guest, &token).problem(ErrorCode::InvitationOver).await;
    app.post("/invitations/view").json(&token).problem(ErrorCode::InvitationOver).await;
    let noted = "SELECT count(*) FROM audit_log WHERE action IN ('invitation.sent', 'invitation.accepted', 'member.joined')";
    assert_eq!(app.count(noted).await, 3);
    let personal = "SELECT count(*) FROM audit_log WHERE after::text LIKE '%demo.ringside.example%'";
    assert_eq!(app.count(personal).await, 0, "no address in the log");
}

#[tokio::test]
async fn inviting_tells_nothing_about_accounts() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    sign_up(&app, GUEST).await;
    for email in [GUEST, "nobody@demo.ringside.example"] {
        let sent: Invitation =
            invite(&app, &owner, &json!({"email": email, "role": "viewer"})).created().await;
        assert_eq!(sent.email, email);
        letters(&app).await;
    }
    let twice = json!({"email": "GUEST@demo.ringside.example", "role": "viewer"});
    invite(&app, &owner, &twice).problem(ErrorCode::AlreadyInvited).await;
    invite(&app, &owner, &json!({"email": OWNER, "role": "viewer"})).problem(ErrorCode::AlreadyMember).await;
}

#[tokio::test]
async fn a_link_ends_after_seven_days_and_when_another_is_sent_or_it_is_withdrawn() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let wish = json!({"email": GUEST, "role": "viewer"});
    let sent: Invitation = invite(&app, &owner, &wish).created().await;
    let first = invited(&app).await;
    app.advance(TimeDelta::days(7));
    let guest = sign_up(&app, GUEST).await;
    accept(&app, &guest, &first).problem(ErrorCode::InvitationOver).await;

    let session = json!({"email": OWNER, "password": crate::PASSWORD, "token_in_body": true});
    let owner: Session = app.post("/sessions").json(&session).created().await;
    let path = format!("/invitations/{}", sent.id);
    let again: Invitation = app.post(&format!("{path}/resend")).token(&owner.access_token).ok().await;
    assert_eq!(again.expires_at, app.clock.now() + TimeDelta::days(7));
    let second = invited(&app).await;
    app.post("/invitations/view").json(&first).problem(ErrorCode::InvitationOver).await;
    let _: InvitationView = app.post("/invitations/view").json(&second).ok().await;

    app.delete(&path).token(&owner.access_token).no_content().await;
    accept(&app, &guest, &second).problem(ErrorCode::InvitationOver).await;
    app.delete(&path).token(&owner.access_token).problem(ErrorCode::NotFound).await;
    app.post(&format!("{path}/resend")).token(&owner.access_token).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn of_two_who_accept_at_once_one_does() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let guest = sign_up(&app, GUEST).await;
    let _: Invitation = invite(&app, &owner, &json!({"email": GUEST, "role": "viewer"})).created().await;
    let token = invited(&app).await;
    let (one, other) = tokio::join!(accept(&app, &guest, &token).send(), accept(&app, &guest, &token).send());
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
}

#[tokio::test]
async fn an_invitation_is_its_organisations() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let viewer = join(&app, &owner, org, "viewer@demo.ringside.example", "viewer").await;
    invite(&app, &viewer, &json!({"email": GUEST, "role": "client"})).problem(ErrorCode::NotPermitted).await;
    let sent: Invitation = invite(&app, &owner, &json!({"email": GUEST, "role": "client"})).created().await;
    letters(&app).await;
    let stranger = sign_up(&app, "stranger@demo.ringside.example").await;
    found(&app, &stranger, "strangers").await;
    assert_eq!(pending(&app, &stranger).await, []);
    let path = format!("/invitations/{}", sent.id);
    app.delete(&path).token(&stranger.access_token).problem(ErrorCode::NotFound).await;
    app.post(&format!("{path}/resend")).token(&stranger.access_token).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn addresses_are_forgotten_a_month_after_the_end() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let _: Invitation = invite(&app, &owner, &json!({"email": GUEST, "role": "viewer"})).created().await;
    letters(&app).await;
    app.advance(TimeDelta::days(37));
    app.run_timer("forget_invitations").await;
    assert_eq!(app.count("SELECT count(*) FROM invitations").await, 1);
    app.advance(TimeDelta::seconds(1));
    app.run_timer("forget_invitations").await;
    assert_eq!(app.count("SELECT count(*) FROM invitations").await, 0);
}

fn sign_up_invited(app: &TestApp, token: &Value, password: &str) -> Call {
    let wish =
        json!({"token": token["token"], "password": password, "name": " Demo Guest ", "token_in_body": true});
    app.post("/invitations/sign-up").json(&wish)
}

#[tokio::test]
async fn the_invitation_itself_proves_the_address_and_opens_an_account_that_has_joined() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await;
    let _: Invitation = invite(&app, &owner, &json!({"email": GUEST, "role": "scanner"})).created().await;
    let token = invited(&app).await;
    sign_up_invited(&app, &token, "password").problem(ErrorCode::WeakPassword).await;
    let session: Session = sign_up_invited(&app, &token, crate::PASSWORD).created().await;
    assert_eq!((session.me.email.as_str(), session.me.name.as_str()), (GUEST, "Demo Guest"));
    let joined = &session.me.memberships[0];
    assert_eq!((joined.organisation.id, joined.role), (org.id, Role::Scanner));
    let sign_in = json!({"email": GUEST, "password": crate::PASSWORD, "token_in_body": true});
    let _: Session = app.post("/sessions").json(&sign_in).created().await;

    // Good once, and no letter asks for what is proved.
    sign_up_invited(&app, &token, crate::PASSWORD).problem(ErrorCode::InvitationOver).await;
    sign_up_invited(&app, &json!({"token": "made-up"}), crate::PASSWORD)
        .problem(ErrorCode::InvitationOver)
        .await;
    assert!(letters(&app).await.iter().all(|(_, letter)| letter.name() != "verify_address"));
}

#[tokio::test]
async fn an_invitation_opens_nobodys_account_but_takes_over_one_that_was_never_proved() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    // Somebody typed the address of another and chose a password.
    let claim = json!({"email": "late@demo.ringside.example", "password": "another-southpaw-password", "name": "Thief"});
    let _ = app.post("/people").json(&claim).await.expect(202);
    let proof = crate::token(&crate::only_letter(&app, "late@demo.ringside.example", "verify_address").await);
    let wish = json!({"email": "late@demo.ringside.example", "role": "viewer"});
    let _: Invitation = invite(&app, &owner, &wish).created().await;
    let token = invited(&app).await;
    let session: Session = sign_up_invited(&app, &token, crate::PASSWORD).created().await;
    assert_eq!(session.me.name, "Demo Guest");
    let theirs = json!({"email": "late@demo.ringside.example", "password": "another-southpaw-password"});
    app.post("/sessions").json(&theirs).problem(ErrorCode::WrongCredentials).await;
    app.post("/people/verify").json(&json!({"token": proof})).problem(ErrorCode::LinkSpent).await;

    sign_up(&app, GUEST).await;
    let _: Invitation = invite(&app, &owner, &json!({"email": GUEST, "role": "viewer"})).created().await;
    let token = invited(&app).await;
    sign_up_invited(&app, &token, "yet-another-southpaw-password").problem(ErrorCode::AddressInUse).await;
    let sign_in = json!({"email": GUEST, "password": crate::PASSWORD, "token_in_body": true});
    let guest: Session = app.post("/sessions").json(&sign_in).created().await;
    let _: Me = accept(&app, &guest, &token).ok().await;
}
