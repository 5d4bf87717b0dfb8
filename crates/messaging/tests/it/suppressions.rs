//! The list of addresses that are written to no more.

use contract::channels::Topic;
use contract::deliveries::DeliveryState;
use contract::endpoints::{ADD_SUPPRESSION, EXPORT_SUPPRESSIONS, LIST_SUPPRESSIONS, REMOVE_SUPPRESSION};
use contract::mail::{Suppression, SuppressionReason};
use contract::{ErrorCode, Page};
use domain::{OrganisationKind, Role};
use messaging::deliveries::{Message, Way};
use messaging::privacy::MailWishes;
use platform::privacy::{Holder as _, Subject};
use serde_json::json;
use testkit::Caller;
use uuid::Uuid;

use crate::reader::{FAN, House, optional};

async fn list(house: &House, by: &Caller, query: &str) -> Page<Suppression> {
    house.app.get(&format!("/suppressions{query}")).by(by).ok().await
}

async fn add(house: &House, address: &str, note: &str) -> Suppression {
    let body = json!({"address": address, "note": note});
    house.app.to(ADD_SUPPRESSION, &[]).by(&house.staff).json(&body).created().await
}

async fn posted(house: &House, org: Uuid, cause: &str) -> DeliveryState {
    let message: Message = optional(org, None, Topic::Announcements, cause);
    let Way::Mail(to) = &message.way else { panic!("it goes by mail") };
    assert_eq!(to.address, FAN);
    let (id, _) = house.post(&message).await;
    let sql = format!("SELECT count(*) FROM deliveries WHERE id = '{id}' AND state = 'suppressed'");
    if house.app.count(&sql).await == 1 { DeliveryState::Suppressed } else { DeliveryState::Sent }
}

#[tokio::test]
async fn an_address_entered_by_hand_is_written_to_no_more_until_it_is_taken_off() {
    let house = House::new().await;
    let entry = add(&house, "FAN@demo.ringside.example", " Asked for it ").await;
    assert_eq!(
        (entry.address.as_str(), entry.reason, entry.detail.as_str(), entry.delivery_id),
        ("fan@demo.ringside.example", SuppressionReason::ByHand, "Asked for it", None)
    );
    assert_eq!(add(&house, FAN, "once more").await, entry, "one that is there stays as it is");
    assert_eq!(posted(&house, house.org, "notice:1").await, DeliveryState::Suppressed);
    let other = house.app.org("Other Promotions").await;
    assert_eq!(
        posted(&house, other, "notice:1").await,
        DeliveryState::Sent,
        "the list is one organisation's"
    );

    let id = entry.id.to_string();
    let stranger = house.app.member(other, Role::Owner).await;
    house.app.to(REMOVE_SUPPRESSION, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    house.app.to(REMOVE_SUPPRESSION, &[&id]).by(&house.staff).no_content().await;
    house.app.to(REMOVE_SUPPRESSION, &[&id]).by(&house.staff).problem(ErrorCode::NotFound).await;
    assert_eq!(posted(&house, house.org, "notice:2").await, DeliveryState::Sent);
    let told = "SELECT count(*) FROM audit_log WHERE action IN ('suppression.added', 'suppression.removed')
                 AND coalesce(before::text, '') || coalesce(after::text, '') NOT LIKE '%@%'";
    assert_eq!(house.app.count(told).await, 2, "noted, and without the address");
}

#[tokio::test]
async fn pages_and_filters_find_what_is_looked_for() {
    let house = House::new().await;
    for n in 0..5 {
        add(&house, &format!("fan_{n}@demo.example"), "").await;
    }
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = list(&house, &house.staff, &query).await;
        seen.extend(page.items.into_iter().map(|entry| entry.address));
        let Some(next) = page.next else { break };
        query = format!("?limit=2&after={next}");
    }
    assert_eq!(seen.len(), 5);
    assert_eq!(seen[0], "fan_4@demo.example", "newest first");
    for (query, found) in
        [("?q=FAN_3", 1), ("?q=fan-3", 0), ("?q=%25", 0), ("?reason=by_hand", 5), ("?reason=bounced", 0)]
    {
        assert_eq!(list(&house, &house.staff, query).await.items.len(), found, "{query}");
    }
    let file = house.app.to(EXPORT_SUPPRESSIONS, &[]).by(&house.staff).await.expect(200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let text = file.text();
    assert!(text.starts_with("\u{feff}address,reason,detail,since,delivery_id,id\n"), "{text}");
    assert_eq!(text.lines().count(), 6);
    assert_eq!(
        house.app.count("SELECT count(*) FROM audit_log WHERE action = 'suppressions.exported'").await,
        1
    );
}

#[tokio::test]
async fn only_those_who_may_see_and_change() {
    let house = House::new().await;
    let body = json!({"address": FAN});
    let (viewer, scanner) =
        (house.app.member(house.org, Role::Viewer).await, house.app.member(house.org, Role::Scanner).await);
    house.app.to(LIST_SUPPRESSIONS, &[]).problem(ErrorCode::NotSignedIn).await;
    house.app.to(LIST_SUPPRESSIONS, &[]).by(&scanner).problem(ErrorCode::NotPermitted).await;
    assert!(list(&house, &viewer, "").await.items.is_empty());
    house.app.to(ADD_SUPPRESSION, &[]).by(&viewer).json(&body).problem(ErrorCode::NotPermitted).await;
    house.app.to(EXPORT_SUPPRESSIONS, &[]).by(&viewer).problem(ErrorCode::NotPermitted).await;
    let wrong = json!({"address": "no address"});
    house.app.to(ADD_SUPPRESSION, &[]).by(&house.staff).json(&wrong).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn what_concerns_accounts_stands_in_the_list_of_who_runs_ringside() {
    let house = House::new().await;
    let platform = house.app.org_of("Demo Platform", OrganisationKind::Platform).await;
    let runs = house.app.member(platform, Role::Owner).await.acting_for(OrganisationKind::Platform);
    house
        .app
        .execute("INSERT INTO suppressions (id, address, reason, detail, created_at) VALUES (gen_random_uuid(), 'x@demo.example', 'bounced', '', now())")
        .await;
    let seen = list(&house, &runs, "").await.items;
    assert_eq!(seen.len(), 1);
    assert!(list(&house, &house.staff, "").await.items.is_empty());
    let id = seen[0].id.to_string();
    house.app.to(REMOVE_SUPPRESSION, &[&id]).by(&house.staff).problem(ErrorCode::NotFound).await;
    house.app.to(REMOVE_SUPPRESSION, &[&id]).by(&runs).no_content().await;
}

#[tokio::test]
async fn what_was_said_of_mail_is_the_persons_to_read_and_to_have_forgotten() {
    let house = House::new().await;
    let fan = house.app.person().await;
    let address = fan.email.to_lowercase();
    house
        .app
        .execute(&format!(
            "INSERT INTO mail_tracking (address, allowed, changed_at, said_at) VALUES ('{address}', true, now(), 'account');
             INSERT INTO mail_refusals (address, topic, refused_at) VALUES ('{address}', 'news', now());
             INSERT INTO suppressions (id, org_id, address, reason, detail, created_at) VALUES
                 (gen_random_uuid(), '{0}', '{address}', 'bounced', 'no such user', now()),
                 (gen_random_uuid(), NULL, '{address}', 'complained', 'abuse: {address}', now());
             INSERT INTO mail_tracking (address, allowed, changed_at, said_at) VALUES ('x@demo.example', true, now(), 'account')",
            house.org
        ))
        .await;
    let subject = Subject {
        person_id: fan.user_id,
        addresses: vec![address.clone()],
        claimed: address.clone(),
        related: Vec::new(),
    };
    let keys = &house.app.state().keys;
    let part = house.app.sql(async |conn| MailWishes.export(conn, keys, &subject).await).await;
    assert_eq!(part["counting"][0]["allowed"], true, "{part:#}");
    assert_eq!(part["counting"].as_array().map(Vec::len), Some(1));
    assert_eq!(part["refused"][0]["topic"], "news");
    assert_eq!(part["not_written_to"].as_array().map(Vec::len), Some(2));

    house
        .app
        .context()
        .db
        .write(async |tx| MailWishes.erase(tx, &subject).await)
        .await
        .expect("it is forgotten");
    let left = "SELECT count(*) FROM suppressions WHERE reason = 'complained' AND detail = ''";
    assert_eq!(house.app.count(left).await, 1, "that they wanted no mail stays, and nothing beside it");
    assert_eq!(house.app.count("SELECT count(*) FROM suppressions").await, 1);
    assert_eq!(house.app.count("SELECT count(*) FROM mail_refusals").await, 1);
    assert_eq!(house.app.count("SELECT count(*) FROM mail_tracking").await, 1, "of somebody else");
}
