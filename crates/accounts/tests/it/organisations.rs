//! `/organisations`.

use contract::accounts::{Me, Organisation};
use contract::{ErrorCode, Page};
use domain::{Permission, Role};
use serde_json::json;

use crate::{found, sign_up, start};

#[tokio::test]
async fn whoever_founds_an_organisation_owns_it() {
    let app = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let organisation = found(&app, &owner, "demo").await;

    let me: Me = app.get("/me").token(&owner.access_token).ok().await;
    assert_eq!(me.memberships.len(), 1);
    assert_eq!(me.memberships[0].organisation, organisation);
    assert_eq!(me.memberships[0].role, Role::Owner);
    assert_eq!(me.memberships[0].permissions, Permission::ALL);

    let list: Page<Organisation> = app.get("/organisations").token(&owner.access_token).ok().await;
    assert_eq!(list.items, [organisation]);
}

#[tokio::test]
async fn a_short_name_is_taken_once() {
    let app = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    found(&app, &owner, "demo").await;
    let wish = json!({"name": "Another", "slug": "demo", "kind": "client"});
    let call = app.post("/organisations").token(&owner.access_token).json(&wish);
    assert_eq!(call.problem(ErrorCode::SlugTaken).await.fields[0].field, "slug");
}

#[tokio::test]
async fn nobody_founds_a_second_platform() {
    let app = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let wish = json!({"name": "Us", "slug": "us", "kind": "platform"});
    let call = app.post("/organisations").token(&owner.access_token).json(&wish);
    assert_eq!(call.problem(ErrorCode::InvalidFields).await.fields[0].field, "kind");
}

#[tokio::test]
async fn founding_twice_with_one_key_founds_once() {
    let app = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    let wish = json!({"name": "Demo", "slug": "demo", "kind": "promoter"});
    let send = || app.post("/organisations").token(&owner.access_token).key("found-1").json(&wish);
    let first: Organisation = send().created().await;
    let second: Organisation = send().created().await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_list_is_read_a_page_at_a_time() {
    let app = start().await;
    let owner = sign_up(&app, "owner@demo.ringside.example").await;
    for slug in ["demo-1", "demo-2", "demo-3"] {
        found(&app, &owner, slug).await;
    }
    let list = |query: &str| app.get(&format!("/organisations?{query}")).token(&owner.access_token);
    let first: Page<Organisation> = list("limit=2").ok().await;
    let after = first.next.as_deref().unwrap();
    let second: Page<Organisation> = list(&format!("limit=2&after={after}")).ok().await;
    let slugs: Vec<_> = first.items.iter().chain(&second.items).map(|item| item.slug.as_str()).collect();
    assert_eq!(slugs, ["demo-1", "demo-2", "demo-3"]);
    assert_eq!(second.next, None);

    list("limit=201").problem(ErrorCode::PageTooLarge).await;
    list("after=nothing").problem(ErrorCode::UnknownCursor).await;
}

#[tokio::test]
async fn a_stranger_is_not_even_told_what_is_wrong_with_their_wish() {
    let app = start().await;
    app.post("/organisations").json(&json!({"nonsense": true})).problem(ErrorCode::NotSignedIn).await;
    app.get("/organisations?limit=900").problem(ErrorCode::NotSignedIn).await;
}
