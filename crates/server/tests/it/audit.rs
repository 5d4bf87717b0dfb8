//! The audit log: nothing that is asked for goes unnoted, what is noted stays, and whoever touches it
//! is found out.

use std::path::{Path, PathBuf};

use contract::Page;
use contract::audit::AuditEntry;
use contract::deliveries::DeliverySummary;
use contract::endpoints::{CREATE_ORGANISATION, LIST_AUDIT, LIST_DELIVERIES, LIST_MY_AUDIT};
use contract::holds::Hold;
use contract::orders::Order;
use diesel::QueryableByName;
use diesel::sql_types::Text;
use domain::{OrganisationKind, Role};
use serde_json::{Value, json};
use testkit::{Answer, Caller, TestApp};

use crate::night::{self, Night};
use crate::operations;
use crate::setup;

/// The actions noted under the request of an answer, with the address and the kind of actor.
async fn noted(app: &TestApp, answer: &Answer) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Noted {
        #[diesel(sql_type = Text)]
        noted: String,
    }
    let id = answer.header("x-request-id").to_owned();
    assert_eq!(id.len(), 32, "{}: a request has its id", answer.name);
    app.sql(async |conn| {
        use diesel_async::RunQueryDsl as _;
        let rows = diesel::sql_query(
            "SELECT action || ' by ' || actor_kind || ' ' || coalesce(actor_id::text, '-') || ' from ' || coalesce(ip, 'nowhere') AS noted
             FROM audit_log WHERE request_id = $1 ORDER BY position",
        );
        Ok(rows.bind::<Text, _>(id).load::<Noted>(conn).await?)
    })
    .await
    .into_iter()
    .map(|row| row.noted)
    .collect()
}

/// Calls an operation of the document, which must succeed, and finds it noted: as `action`, by the caller,
/// from this machine.
async fn must_note(
    app: &TestApp,
    (operation, action): (&str, &str),
    ids: &[&str],
    by: Option<&Caller>,
    body: &Value,
    access: Option<&str>,
) -> Answer {
    let operation =
        operations::all().into_iter().find(|known| known.id == operation).expect("it is documented");
    let next = std::cell::Cell::new(0);
    let mut call = operation.call(app, |_| ids[next.replace(next.get() + 1)].to_owned());
    if !body.is_null() {
        call = call.json(body);
    }
    if let Some(by) = by {
        call = call.by(by);
    }
    if let Some(access) = access {
        call = call.access(access);
    }
    let answer = call.await;
    assert!(answer.status.is_success(), "{}: {}", answer.name, answer.text());
    let who = by.map_or("anonymous -".to_owned(), |by| format!("person {}", by.user_id));
    let expected = format!("{action} by {who} from 127.0.0.1");
    let found = noted(app, &answer).await;
    assert!(found.contains(&expected), "{}: {found:?} has no {expected:?}", answer.name);
    answer
}

#[tokio::test]
async fn whatever_is_asked_for_is_noted_with_who_and_from_where() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let owner = Some(&night.owner);
    let (venue, event) = (night.venue.to_string(), night.event.to_string());
    let nothing = Value::Null;

    // People
    let account = json!({"email": "fan@demo.ringside.example", "password": "southpaw-in-the-third-round", "name": "Fan"});
    must_note(&app, ("sign_up", "post.sign_up"), &[], None, &account, None).await;
    app.run_jobs().await;
    app.execute("UPDATE people SET verified_at = now() WHERE email = 'fan@demo.ringside.example'").await;
    let credentials = json!({"email": "fan@demo.ringside.example", "password": "southpaw-in-the-third-round", "token_in_body": true});
    let answer = must_note(&app, ("sign_in", "person.signed_in"), &[], None, &credentials, None).await;
    let fan = answer.value()["me"]["id"].as_str().expect("an account has an id").to_owned();
    let refresh = json!({"refresh_token": answer.value()["refresh_token"]});
    must_note(&app, ("refresh_session", "session.prolonged"), &[], None, &refresh, None).await;
    must_note(&app, ("sign_out", "delete.sign_out"), &[], owner, &nothing, None).await;
    let firm = json!({"name": "Demo Firm", "slug": "demo-firm", "kind": "promoter"});
    must_note(&app, ("create_organisation", "organisation.founded"), &[], owner, &firm, None).await;
    let wish = json!({"email": "guest@demo.ringside.example", "role": "viewer"});
    must_note(&app, ("invite", "invitation.sent"), &[], owner, &wish, None).await;
    let join = format!(
        "INSERT INTO members (org_id, user_id, role) VALUES ('{}', '{fan}', 'viewer')",
        night.owner.org_id.expect("a member")
    );
    app.execute(&join).await;
    let role = json!({"role": "scanner"});
    must_note(&app, ("change_role", "member.role_changed"), &[&fan], owner, &role, None).await;
    must_note(&app, ("remove_member", "member.removed"), &[&fan], owner, &nothing, None).await;

    // Venues and events
    let hall = json!({"name": "Second Hall", "address": "2 Demo Road", "time_zone": "Asia/Bangkok"});
    must_note(&app, ("create_venue", "venue.created"), &[], owner, &hall, None).await;
    let gate = json!({"name": "Gate C", "zones": []});
    must_note(&app, ("create_gate", "gate.created"), &[&venue], owner, &gate, None).await;
    let second = must_note(
        &app,
        ("create_event", "event.created"),
        &[],
        owner,
        &night::wish(night.venue, "second"),
        None,
    )
    .await;
    let second = second.value();
    let (id, version) = (second["id"].as_str().expect("an id"), &second["version"]);
    let change = json!({"version": version, "slug": "renamed"});
    must_note(&app, ("update_event", "event.edited"), &[id], owner, &change, None).await;
    for (operation, action) in [
        ("publish_event", "event.published"),
        ("unpublish_event", "event.unpublished"),
        ("publish_event", "event.published"),
        ("open_sale", "event.sale_opened"),
        ("close_sale", "event.sale_closed"),
        ("cancel_event", "event.cancelled"),
    ] {
        must_note(&app, (operation, action), &[id], owner, &nothing, None).await;
    }

    // The sale, by somebody nobody knows
    let wish = json!({"seats": [night.seats[0]]});
    let hold: Hold =
        must_note(&app, ("place_hold", "hold.placed"), &[&event], None, &wish, None).await.json();
    must_note(
        &app,
        ("release_hold", "hold.released"),
        &[&hold.id.to_string()],
        None,
        &nothing,
        Some(&hold.secret),
    )
    .await;
    let best = json!({"quantity": 2});
    must_note(&app, ("hold_best", "hold.placed"), &[&event], None, &best, None).await;
    let wish = json!({"event_id": night.event, "seats": [night.seats[5]], "buyer": night::buyer("guest")});
    let order: Order = must_note(&app, ("place_order", "order.placed"), &[], None, &wish, None).await.json();
    let (id, access) = (order.id.to_string(), order.access.as_deref());
    let method = json!({"method": "promptpay"});
    must_note(&app, ("start_payment", "payment.started"), &[&id], None, &method, access).await;
    must_note(&app, ("cancel_order", "order.cancelled"), &[&id], owner, &nothing, None).await;
    let paid = night.sell(&app, "buyer", &[&night.seats[6]]).await;
    app.run_jobs().await;
    let reading = json!({"event_id": night.event, "gate_id": night.gates[0], "code": paid.tickets[0].code});
    app.advance(chrono::TimeDelta::hours(8));
    must_note(&app, ("record_scan", "ticket.admitted"), &[], owner, &reading, None).await;
    let reason = json!({"reason": "Sent home"});
    must_note(
        &app,
        ("revoke_ticket", "ticket.revoked"),
        &[&paid.tickets[0].id.to_string()],
        owner,
        &reason,
        None,
    )
    .await;

    // Messages
    app.run_jobs().await;
    let mails: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&night.owner).ok().await;
    let mail = mails.items[0].id.to_string();
    must_note(&app, ("retry_delivery", "delivery.retried"), &[&mail], owner, &nothing, None).await;
    app.run_jobs().await;
    night::assert_invariants(&app).await;
}

#[tokio::test]
async fn what_changed_stands_beside_what_it_was_and_no_name_or_address_is_in_it() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let _ = night.sell(&app, "fan", &[&night.seats[0]]).await;
    let path = format!("/audit?action=event.&subject={}", night.event);
    let entries: Page<AuditEntry> = app.get(&path).by(&night.owner).ok().await;
    let actions: Vec<_> = entries.items.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["event.sale_opened", "event.published", "event.created"]);
    let opened = &entries.items[0];
    assert_eq!(opened.before, Some(json!({"state": "published"})));
    assert_eq!(opened.after, Some(json!({"state": "on_sale"})));
    assert_eq!(
        (opened.actor_id, opened.actor_name.as_deref()),
        (Some(night.owner.user_id), Some("Demo Person"))
    );

    for personal in ["Demo Fan", "fan@demo", "@test.ringside", "Demo Person", "Demo Red", "Demo Road"] {
        let query = format!("SELECT count(*) FROM audit_log AS entry WHERE entry::text ILIKE '%{personal}%'");
        assert_eq!(app.count(&query).await, 0, "{personal} is in the log");
    }
    app.run_jobs().await;
}

#[tokio::test]
async fn filters_narrow_pages_follow_and_files_hold_the_same() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let other = app.org("Demo Rivals").await;
    let rival = app.member(other, Role::Owner).await;
    let count = async |path: &str| app.get(path).by(&night.owner).ok::<Page<AuditEntry>>().await.items.len();

    let all = count("/audit").await;
    assert!(all >= 7, "{all}");
    assert_eq!(count(&format!("/audit?actor={}", night.owner.user_id)).await, all);
    assert_eq!(count(&format!("/audit?actor={}", rival.user_id)).await, 0);
    assert_eq!(count("/audit?action=gate.").await, 2);
    assert_eq!(count("/audit?ip=127.0.0.1").await, all);
    assert_eq!(count("/audit?ip=10.0.0.1").await, 0);
    assert_eq!(count("/audit?from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:01Z").await, all);
    assert_eq!(count("/audit?to=2026-11-20T12:00:00Z").await, 0);
    let none: Page<AuditEntry> = app.to(LIST_AUDIT, &[]).by(&rival).ok().await;
    assert_eq!(none.items.len(), 0, "another organisation's entries");
    assert_eq!(app.get("/audit?ip=nowhere").by(&night.owner).await.status, 400);

    let first: Page<AuditEntry> = app.get("/audit?limit=3").by(&night.owner).ok().await;
    let path = format!("/audit?limit=200&after={}", first.next.expect("there are more"));
    let rest: Page<AuditEntry> = app.get(&path).by(&night.owner).ok().await;
    assert_eq!(first.items.len() + rest.items.len(), all);
    assert!(first.items[2].position > rest.items[0].position);

    let csv = app.get("/audit/export").by(&night.owner).await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.text().lines().count(), all + 1);
    let lines = app.get("/audit/export?format=jsonl&action=gate.").by(&night.owner).await.expect(200).text();
    let entries: Vec<AuditEntry> =
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert!(entries.len() == 2 && entries.iter().all(|entry| entry.action == "gate.created"));
    assert_eq!(app.get("/audit/export?format=pdf").by(&night.owner).await.status, 422);
}

#[tokio::test]
async fn people_see_their_own_entries_and_the_platform_those_of_no_organisation() {
    let app = setup().start().await;
    let fan = app.person().await;
    let other = app.person().await;
    let firm = json!({"name": "Demo Firm", "slug": "demo-firm", "kind": "promoter"});
    let _ = app.to(CREATE_ORGANISATION, &[]).by(&fan).json(&firm).await.expect(201);
    let own: Page<AuditEntry> = app.to(LIST_MY_AUDIT, &[]).by(&fan).ok().await;
    assert_eq!(own.items.len(), 1);
    assert_eq!(own.items[0].action, "organisation.founded");
    let none: Page<AuditEntry> = app.to(LIST_MY_AUDIT, &[]).by(&other).ok().await;
    assert_eq!(none.items.len(), 0);

    let platform = app.org_of("Ringside", OrganisationKind::Platform).await;
    assert_eq!(app.count(&format!("SELECT count(*) FROM audit_log WHERE org_id = '{platform}'")).await, 0);
}

/// All files of Rust below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of ours") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

/// A handler that wrote by another way than its guard's database would write in nobody's name.
#[test]
fn no_route_writes_past_its_guard() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for area in ["accounts", "ticketing", "messaging"] {
        sources(&crates.join(area).join("src"), &mut files);
    }
    let routes: Vec<_> = files.iter().filter(|path| path.to_string_lossy().contains("routes")).collect();
    assert!(routes.len() >= 12, "{routes:?}");
    for path in routes {
        let text = std::fs::read_to_string(path).expect("a file of ours");
        for (number, line) in text.lines().enumerate() {
            let past =
                line.contains("app.db.") || line.contains(".statement(") || line.contains("with_own_pool");
            assert!(!past, "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

/// Whoever takes the data of many people out of the house is noted, with how many.
#[tokio::test]
async fn files_with_many_peoples_data_are_noted() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let _ = night.sell(&app, "buyer", &[&night.seats[0]]).await;
    let platform = app.org_of("Ringside", OrganisationKind::Platform).await;
    let chief = app.member(platform, Role::Owner).await.acting_for(OrganisationKind::Platform);
    let report = "/privacy/breach-report?from=2020-01-01T00:00:00Z&to=2020-06-01T00:00:00Z";
    for (path, by, action) in [
        ("/orders.csv", &night.owner, "orders.exported"),
        ("/audit/export", &night.owner, "audit.exported"),
        (report, &chief, "breach_report.read"),
    ] {
        let answer = app.get(path).by(by).await.expect(200);
        let expected = format!("{action} by person {} from 127.0.0.1", by.user_id);
        assert_eq!(noted(&app, &answer).await, [expected]);
    }
    let rows = "SELECT count(*) FROM audit_log WHERE action = 'orders.exported' AND after = '{\"rows\": 1}'";
    assert_eq!(app.count(rows).await, 1);
    app.run_jobs().await;
}
