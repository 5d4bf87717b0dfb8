//! Who gets in.

use contract::ErrorCode;
use domain::{Permission, Role};

use crate::desk::start;

#[tokio::test]
async fn strangers_are_asked_to_sign_in_before_anything_else() {
    let app = start().await;
    for path in ["/mine", "/managed"] {
        let problem = app.get(path).await;
        problem.problem(ErrorCode::NotSignedIn);
        assert_eq!(problem.header("www-authenticate"), "Bearer");
    }
    app.get("/mine").token("nonsense").problem(ErrorCode::NotSignedIn).await;
    app.get("/mine").header("authorization", "Basic abc").problem(ErrorCode::NotSignedIn).await;
}

#[tokio::test]
async fn a_permission_opens_its_door_only() {
    let app = start().await;
    let org = app.org("Demo Promotions").await;
    let fan = app.person().await;
    let owner = app.member(org, Role::Owner).await;
    let scanner = app.member(org, Role::Scanner).await;
    assert_eq!(app.get("/mine").by(&fan).await.expect(200).text(), fan.user_id.to_string());
    app.get("/managed").by(&fan).problem(ErrorCode::NotPermitted).await;
    app.get("/managed").by(&scanner).problem(ErrorCode::NotPermitted).await;
    app.get("/managed").by(&owner.without(Permission::EventsManage)).problem(ErrorCode::NotPermitted).await;
    assert_eq!(app.get("/managed").by(&owner).await.expect(200).text(), org.to_string());
}

#[tokio::test]
async fn another_organisation_cannot_be_chosen() {
    let app = start().await;
    let (mine, other) = (app.org("Demo Promotions").await, app.org("Demo Rivals").await);
    let owner = app.member(mine, Role::Owner).await;
    let _ = app.get("/managed").by(&owner).in_org(mine).await.expect(200);
    app.get("/managed").by(&owner).in_org(other).problem(ErrorCode::NotPermitted).await;
    let call = app.get("/managed").by(&owner).header("Ringside-Organisation", "mine");
    call.problem(ErrorCode::MalformedRequest).await;
}
