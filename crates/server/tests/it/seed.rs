//! The demo data: filled once, sound in every respect, and good to look at.

use contract::{
    Page,
    endpoints::{LIST_PUBLIC_EVENTS, SIGN_IN},
    events::PublicEvent,
};
use domain::{Role, state::EventState};
use server::{seed, verify};

#[actix_web::test]
async fn the_demo_is_filled_once_and_keeps_every_promise() {
    let app = crate::setup().start().await;
    let passwords = accounts::Accounts::new(app.state()).unwrap().passwords;
    assert!(seed::fill(app.state(), &passwords).await.unwrap());
    assert!(!seed::fill(app.state(), &passwords).await.unwrap(), "the second time everything is there");

    let now = app.clock.now();
    let violations = app.sql(async |conn| verify::violations(conn, &app.state().keys, now).await).await;
    assert!(violations.is_empty(), "{violations:?}");
    assert_eq!(app.count("SELECT count(*) FROM organisations WHERE kind = 'promoter'").await, 2);
    assert_eq!(app.count("SELECT count(DISTINCT role) FROM members").await, Role::ALL.len() as i64);
    assert!(app.count("SELECT count(*) FROM tickets WHERE state = 'admitted'").await > 1_000);
    let granted = "SELECT count(*) FROM grants JOIN events ON events.id = grants.scope_id AND events.org_id = grants.org_id";
    assert_eq!(app.count(granted).await, 1);
    assert_eq!(app.count("SELECT count(*) FROM roles").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM team_members").await, 1);
    app.run_jobs().await;

    let shown: Page<PublicEvent> = app.to(LIST_PUBLIC_EVENTS, &[]).ok().await;
    assert!(shown.items.iter().any(|event| event.state == EventState::OnSale && event.from_price.is_some()));
    assert!(shown.items.iter().all(|event| event.state != EventState::Draft));
    let signed_in = app
        .to(SIGN_IN, &[])
        .json(&serde_json::json!({"email": seed::SIGN_INS[0].1, "password": seed::PASSWORD}))
        .send()
        .await;
    assert!(signed_in.status.is_success(), "{}", signed_in.text());
}
