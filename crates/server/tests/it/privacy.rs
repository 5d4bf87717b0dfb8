//! What people may ask of their data, over all areas.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::endpoints::{
    CANCEL_ERASURE, CHOOSE_RETENTION, DOWNLOAD_EXPORT, GET_ERASURE, GET_EXPORT, GIVE_CONSENT, LIST_CONSENTS,
    LIST_POLICIES, LIST_RETENTION, PLACE_ORDER, PUBLISH_POLICY, REQUEST_ERASURE, REQUEST_EXPORT,
};
use contract::orders::Order;
use contract::privacy::{BreachReport, Consent, DataExport, Erasure, Policy, RetentionRule};
use diesel::QueryableByName;
use diesel::sql_types::Text;
use domain::{OrganisationKind, Permission, Role};
use platform::privacy::{RETENTION, Rule};
use serde_json::{Value, json};
use server::personal_data::{FREE, REGISTER};
use testkit::{Caller, TestApp};

use crate::night::{self, Night};
use crate::setup;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

#[tokio::test]
async fn every_column_is_in_the_register_or_known_to_be_free_of_personal_data() {
    let app = setup().start().await;
    let there: BTreeSet<String> = app
        .sql(async |conn| {
            use diesel_async::RunQueryDsl as _;
            let columns = diesel::sql_query(
                "SELECT c.table_name || '.' || c.column_name AS name
                   FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
                  WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                    AND c.table_name <> '__diesel_schema_migrations'",
            );
            Ok(columns.load::<Column>(conn).await?)
        })
        .await
        .into_iter()
        .map(|column| column.name)
        .collect();
    let free = FREE
        .iter()
        .flat_map(|(table, columns)| columns.split(' ').map(move |column| format!("{table}.{column}")));
    let personal = REGISTER.iter().map(|entry| format!("{}.{}", entry.table, entry.column));
    let all: Vec<String> = free.chain(personal).collect();
    let known: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(known.len(), all.len(), "a column stands in both lists, or twice");
    assert!(there.len() > 150, "{}", there.len());
    let unknown: Vec<_> = there.difference(&known).collect();
    let gone: Vec<_> = known.difference(&there).collect();
    assert!(unknown.is_empty() && gone.is_empty(), "not in the register: {unknown:#?}, not there: {gone:#?}");
    for entry in REGISTER {
        for rule in entry.erased.split("; ").filter_map(|part| part.strip_prefix("rule ")) {
            let is = |known: &Rule| known.name == rule;
            assert!(RETENTION.iter().any(is), "{}.{}: there is no rule {rule}", entry.table, entry.column);
        }
    }
}

/// A fan who bought a ticket signed in.
async fn fan(app: &TestApp, night: &Night) -> (Caller, Order) {
    let fan = app.person().await;
    app.execute(&format!("UPDATE people SET name = 'Somchai Demo' WHERE id = '{}'", fan.user_id)).await;
    let buyer =
        json!({"email": "somchai@demo.ringside.example", "name": "Somchai Demo", "phone": "+66812345678"});
    let wish = json!({"event_id": night.event, "seats": [night.seats[0]], "buyer": buyer});
    let order: Order = app.to(PLACE_ORDER, &[]).by(&fan).key("buy").json(&wish).created().await;
    let _ = night.pay(app, &order).await.expect(200);
    app.run_jobs().await;
    app.execute(&format!(
        "INSERT INTO contact_methods (id, user_id, channel, sealed, digest, shown, verified_at, gone_at, created_at)
         VALUES (gen_random_uuid(), '{0}', 'web_push', '\\x00', '\\x00', 'Somchai’s browser', now(), now(), now());
         INSERT INTO notification_preferences (user_id, topic, channel, wanted) VALUES ('{0}', 'news', 'email', true);
         INSERT INTO quiet_hours (user_id, time_zone, begins, ends) VALUES ('{0}', 'Asia/Bangkok', 1350, 405)",
        fan.user_id
    ))
    .await;
    (fan, order)
}

/// How many rows of the tables that hold people's data say `text` anywhere.
async fn rows_saying(app: &TestApp, text: &str) -> i64 {
    let mut rows = 0;
    let tables: BTreeSet<&str> = REGISTER.iter().map(|entry| entry.table).collect();
    for table in tables {
        rows += app.count(&format!("SELECT count(*) FROM {table} AS t WHERE t::text ILIKE '%{text}%'")).await;
    }
    rows
}

#[tokio::test]
async fn a_copy_holds_everything_and_is_for_the_person_only() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let (fan, order) = fan(&app, &night).await;
    app.to(GET_EXPORT, &[]).by(&fan).problem(ErrorCode::NotFound).await;
    let asked: DataExport = app.to(REQUEST_EXPORT, &[]).by(&fan).created().await;
    let again: DataExport = app.to(REQUEST_EXPORT, &[]).by(&fan).created().await;
    assert_eq!((again.id, again.ready_at), (asked.id, None), "a second click asks for the same copy");
    let id = asked.id.to_string();
    app.to(DOWNLOAD_EXPORT, &[&id]).by(&fan).problem(ErrorCode::NotFound).await;

    app.run_jobs().await;
    let ready: DataExport = app.to(GET_EXPORT, &[]).by(&fan).ok().await;
    assert!(ready.ready_at.is_some());
    let path = format!("/me/export/{id}");
    let file = app.get(&format!("{path}?format=json")).by(&fan).await.expect(200);
    let copy: Value = file.json();
    assert_eq!(copy["account"]["person"]["name"], "Somchai Demo");
    assert_eq!(copy["orders"][0]["reference"], order.reference);
    assert_eq!(copy["orders"][0]["buyer_phone"], "+66812345678");
    assert_eq!(copy["orders"][0]["tickets"].as_array().map(Vec::len), Some(1));
    assert!(copy["letters"].as_array().is_some_and(|letters| !letters.is_empty()), "{copy:#}");
    let notifications = &copy["notifications"];
    assert_eq!(notifications["methods"][0]["shown"], "Somchai’s browser", "{notifications:#}");
    assert_eq!(notifications["preferences"], json!([{"topic": "news", "channel": "email", "wanted": true}]));
    let quiet = json!({"time_zone": "Asia/Bangkok", "begins": "22:30", "ends": "06:45"});
    assert_eq!(notifications["quiet_hours"], quiet);
    let activity = copy["account"]["activity"].as_array().expect("it lists what was done");
    assert!(activity.iter().any(|entry| entry["action"] == "order.placed"), "{activity:#?}");
    assert!(!file.text().contains("password_hash"));
    let pdf = app.get(&path).by(&fan).await.expect(200);
    assert!(pdf.header("content-type") == "application/pdf" && pdf.body.starts_with(b"%PDF-"));

    // What is kept is sealed, and a letter told of it.
    assert_eq!(
        app.count("SELECT count(*) FROM data_exports WHERE position('Somchai'::bytea IN json) > 0").await,
        0
    );
    assert_eq!(
        app.count("SELECT count(*) FROM deliveries WHERE org_id IS NULL AND template = 'export_ready'").await,
        1
    );
    let stranger = app.person().await;
    app.get(&path).by(&stranger).problem(ErrorCode::NotFound).await;
    app.get(&path).by(&night.owner).problem(ErrorCode::NotFound).await;
    app.get(&path).problem(ErrorCode::NotSignedIn).await;
    app.advance(TimeDelta::days(7));
    app.get(&path).by(&fan).problem(ErrorCode::NotFound).await;
    app.advance(TimeDelta::days(2));
    app.run_timer("let_go").await;
    assert_eq!(app.count("SELECT count(*) FROM data_exports").await, 0);
    app.run_jobs().await;
}

/// Somebody could open an account with another's address to get their orders.
#[tokio::test]
async fn an_address_that_is_not_proved_leads_to_nobodys_orders() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let _ = night.sell(&app, "victim", &[&night.seats[0]]).await;
    app.run_jobs().await;
    let thief = json!({"email": "victim@demo.ringside.example", "password": "southpaw-in-the-third-round", "name": "Thief"});
    let _ = app.post("/people").json(&thief).await.expect(202);
    app.run_jobs().await;
    let id = app.count("SELECT count(*) FROM people WHERE email = 'victim@demo.ringside.example' AND (to_jsonb(people) ->> 'verified_at') IS NULL").await;
    assert_eq!(id, 1, "the address is claimed, not proved");
    app.execute("INSERT INTO data_exports (id, user_id, requested_at) SELECT id, id, now() FROM people WHERE email = 'victim@demo.ringside.example'").await;
    let related = app
        .sql(async |conn| {
            use diesel_async::RunQueryDsl as _;
            #[derive(QueryableByName)]
            struct Person {
                #[diesel(sql_type = diesel::sql_types::Uuid)]
                id: uuid::Uuid,
            }
            let person =
                diesel::sql_query("SELECT id FROM people WHERE email = 'victim@demo.ringside.example'");
            let person = person.get_result::<Person>(conn).await?.id;
            Ok(accounts::privacy::subject(conn, &server::wiring::holders(), person).await?.related)
        })
        .await;
    assert!(related.is_empty(), "{related:?}");
    app.forget_jobs().await;
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_name_and_the_books_stay_whole() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let (fan, order) = fan(&app, &night).await;
    let other = night.sell(&app, "other", &[&night.seats[1]]).await;
    app.run_jobs().await;
    // The account, the order and the mail; stored answers are sealed.
    assert!(rows_saying(&app, "Somchai").await >= 3);

    app.to(REQUEST_ERASURE, &[])
        .by(&fan)
        .json(&json!({"word": "erase"}))
        .problem(ErrorCode::InvalidFields)
        .await;
    let asked: Erasure =
        app.to(REQUEST_ERASURE, &[]).by(&fan).json(&json!({"word": "ERASE"})).created().await;
    assert!(asked.due_at.is_some());
    // Taken back, and asked for anew: it waits a whole week again.
    app.to(CANCEL_ERASURE, &[]).by(&fan).no_content().await;
    app.to(CANCEL_ERASURE, &[]).by(&fan).problem(ErrorCode::WrongState).await;
    app.advance(TimeDelta::days(8));
    app.run_timer("erase_people").await;
    assert!(rows_saying(&app, "Somchai").await >= 3, "it was taken back");
    let _: Erasure = app.to(REQUEST_ERASURE, &[]).by(&fan).json(&json!({"word": "ERASE"})).created().await;
    app.run_jobs().await;
    app.advance(TimeDelta::days(6));
    app.run_timer("erase_people").await;
    assert!(rows_saying(&app, "Somchai").await >= 3, "a week is not over");

    app.advance(TimeDelta::days(1));
    app.run_timer("erase_people").await;
    assert_eq!(rows_saying(&app, "Somchai").await, 0, "before the last letter is written");
    assert_eq!(rows_saying(&app, "66812345678").await, 0);
    assert_eq!(rows_saying(&app, &fan.email).await, 0);
    app.run_timer("erase_people").await;
    let kept = format!(
        "SELECT count(*) FROM orders WHERE reference = '{}' AND total = 250000 AND paid_at IS NOT NULL AND state = 'paid'
         AND user_id IS NULL AND buyer_email = 'erased@erased.invalid'",
        order.reference
    );
    assert_eq!(app.count(&kept).await, 1, "amount, date and reference stay");
    assert_eq!(
        app.count(&format!(
            "SELECT count(*) FROM tickets WHERE order_id = '{}' AND state = 'valid'",
            order.id
        ))
        .await,
        1
    );
    assert_eq!(
        app.count(&format!(
            "SELECT count(*) FROM orders WHERE id = '{}' AND buyer_name = 'Demo Fan'",
            other.id
        ))
        .await,
        1
    );
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'person.erased'").await, 1);
    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM deliveries WHERE template = 'erasure_done'").await, 1);
    night::assert_invariants(&app).await;
}

#[tokio::test]
async fn the_last_owner_of_an_organisation_is_told_what_to_do_first() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let word = json!({"word": "ERASE"});
    let refused = app.to(REQUEST_ERASURE, &[]).by(&owner).json(&word).problem(ErrorCode::LastOwner).await;
    assert_eq!(refused.more["owned_alone"][0]["name"], "Demo Promotions");
    let state: Erasure = app.to(GET_ERASURE, &[]).by(&owner).ok().await;
    assert!(state.due_at.is_none() && state.owned_alone.len() == 1);

    let second = app.member(org, Role::Owner).await;
    for owner in [&owner, &second] {
        let _: Erasure = app.to(REQUEST_ERASURE, &[]).by(owner).json(&word).created().await;
    }
    app.run_jobs().await;
    app.advance(TimeDelta::days(7));
    app.run_timer("erase_people").await;
    assert_eq!(
        app.count("SELECT count(*) FROM members WHERE role = 'owner'").await,
        1,
        "one of the two stays"
    );
    assert_eq!(app.count("SELECT count(*) FROM erasures WHERE done_at IS NULL").await, 1);
    app.run_jobs().await;
}

/// The owner of the platform.
pub(crate) async fn platform_owner(app: &TestApp) -> Caller {
    let org = app.org_of("Ringside", OrganisationKind::Platform).await;
    app.member(org, Role::Owner).await.acting_for(OrganisationKind::Platform)
}

#[tokio::test]
async fn consent_is_about_a_version_and_can_be_taken_back() {
    let app = setup().start().await;
    let platform = platform_owner(&app).await;
    let promoter = app.member(app.org("Demo Promotions").await, Role::Owner).await;
    let text = json!({"kind": "marketing", "texts": {"en": "News by mail.", "th": "ข่าวสารทางอีเมล"}});
    app.to(PUBLISH_POLICY, &[]).by(&promoter).json(&text).problem(ErrorCode::PlatformOnly).await;
    let lesser = platform.without(Permission::PrivacyManage);
    app.to(PUBLISH_POLICY, &[]).by(&lesser).json(&text).problem(ErrorCode::NotPermitted).await;
    let thai = json!({"kind": "marketing", "texts": {"th": "ข่าวสาร"}});
    app.to(PUBLISH_POLICY, &[]).by(&platform).json(&thai).problem(ErrorCode::InvalidFields).await;
    let first: Policy = app.to(PUBLISH_POLICY, &[]).by(&platform).json(&text).created().await;
    assert_eq!(first.version, 1);

    let fan = app.person().await;
    let yes = json!({"policy_id": first.id, "given": true});
    let said: Vec<Consent> = app.to(GIVE_CONSENT, &[]).by(&fan).json(&yes).created().await;
    assert!(said.len() == 1 && said[0].given);
    let second: Policy = app.to(PUBLISH_POLICY, &[]).by(&platform).json(&text).created().await;
    assert_eq!(second.version, 2);
    let now: Vec<Consent> = app.to(LIST_CONSENTS, &[]).by(&fan).ok().await;
    assert_eq!(
        (now[0].given, now[0].about_version, now[0].policy.version),
        (false, Some(1), 2),
        "it was another text"
    );
    let _: Vec<Consent> = app
        .to(GIVE_CONSENT, &[])
        .by(&fan)
        .json(&json!({"policy_id": second.id, "given": true}))
        .created()
        .await;
    app.advance(TimeDelta::seconds(1));
    let taken: Vec<Consent> = app
        .to(GIVE_CONSENT, &[])
        .by(&fan)
        .json(&json!({"policy_id": second.id, "given": false}))
        .created()
        .await;
    assert!(!taken[0].given);
    assert_eq!(
        app.count("SELECT count(*) FROM consents WHERE ip = '127.0.0.1'").await,
        3,
        "nothing is overwritten"
    );
    let unknown = json!({"policy_id": fan.user_id, "given": true});
    app.to(GIVE_CONSENT, &[]).by(&fan).json(&unknown).problem(ErrorCode::NotFound).await;
    let public: Vec<Policy> = app.to(LIST_POLICIES, &[]).ok().await;
    assert_eq!(public.iter().map(|policy| policy.version).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn things_are_kept_for_their_time_and_not_longer() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let (fan, _) = fan(&app, &night).await;
    let session = format!(
        "INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at, user_agent)
         SELECT gen_random_uuid(), '{}', '2026-11-20 12:00Z', '2026-11-20 12:00Z', '2027-11-20 12:00Z', 'Demo Browser'",
        fan.user_id
    );
    app.execute(&session).await;
    let counts = async || {
        [
            app.count("SELECT count(*) FROM idempotency_keys").await > 0,
            app.count("SELECT count(*) FROM deliveries").await > 0,
            app.count("SELECT count(*) FROM sessions WHERE user_agent <> ''").await > 0,
            app.count("SELECT count(*) FROM audit_log WHERE ip IS NOT NULL").await > 0,
        ]
    };
    app.run_timer("seal_audit").await;
    assert_eq!(counts().await, [true; 4]);
    for (days, kept) in [
        (1, [true, true, true, true]),
        (2, [false, true, true, true]),
        (28, [false, false, true, true]),
        (60, [false, false, false, true]),
        (275, [false, false, false, false]),
    ] {
        app.advance(TimeDelta::days(days) + TimeDelta::minutes(1));
        app.run_timer("let_go").await;
        assert_eq!(counts().await, kept, "{days} days more");
    }
    // Forgetting addresses breaks no chain.
    let walk = app.sql(async |conn| accounts::audit::verify(conn, &app.state().keys).await).await;
    assert!(walk.fault.is_none() && walk.verified_to > 5, "{walk:?}");
    app.forget_jobs().await;
}

#[tokio::test]
async fn those_who_run_ringside_choose_how_long() {
    let app = setup().start().await;
    let platform = platform_owner(&app).await;
    let promoter = app.member(app.org("Demo Promotions").await, Role::Owner).await;
    let rules: Vec<RetentionRule> = app.to(LIST_RETENTION, &[]).by(&platform).ok().await;
    assert_eq!(rules.len(), RETENTION.len());
    let seven = json!({"days": 7});
    app.to(CHOOSE_RETENTION, &["letters"]).by(&promoter).json(&seven).problem(ErrorCode::PlatformOnly).await;
    app.to(CHOOSE_RETENTION, &["nothing"]).by(&platform).json(&seven).problem(ErrorCode::NotFound).await;
    app.to(CHOOSE_RETENTION, &["letters"])
        .by(&platform)
        .json(&json!({"days": 0}))
        .problem(ErrorCode::InvalidFields)
        .await;
    let rules: Vec<RetentionRule> =
        app.to(CHOOSE_RETENTION, &["letters"]).by(&platform).json(&seven).ok().await;
    let letters = rules.iter().find(|rule| rule.name == "letters").expect("the rule is there");
    assert_eq!((letters.days, letters.usual_days), (7, 30));

    let night = Night::on_sale(&app, "demo-night", 20).await;
    let _ = night.sell(&app, "fan", &[&night.seats[0]]).await;
    app.run_jobs().await;
    app.advance(TimeDelta::days(8));
    app.run_timer("let_go").await;
    assert_eq!(app.count("SELECT count(*) FROM deliveries").await, 0);
    app.forget_jobs().await;
}

#[tokio::test]
async fn a_breach_report_names_who_was_touched_and_nobody_else() {
    let app = setup().start().await;
    let platform = platform_owner(&app).await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let (fan, order) = fan(&app, &night).await;
    let guest = night.sell(&app, "guest", &[&night.seats[1]]).await;
    app.run_jobs().await;
    app.advance(TimeDelta::hours(1));
    let thief = app.member(night.owner.org_id.expect("an owner has an organisation"), Role::Admin).await;
    for order in [&order, &guest] {
        let _ = app.post(&format!("/orders/{}/cancel", order.id)).by(&thief).await.expect(200);
    }
    app.run_jobs().await;
    let window = "from=2026-11-20T12:30:00Z&to=2026-11-20T14:00:00Z";
    let path = format!("/privacy/breach-report?{window}&actor={}", thief.user_id);
    let report: BreachReport = app.get(&path).by(&platform).ok().await;
    assert_eq!(report.people.len(), 2, "{report:#?}");
    let known =
        report.people.iter().find(|person| person.person_id == Some(fan.user_id)).expect("the fan is named");
    assert!(known.kinds.contains(&"phone".to_owned()) && known.entries >= 1);
    let unknown =
        report.people.iter().find(|person| person.person_id.is_none()).expect("the guest's order is named");
    assert!(unknown.subject_ids.contains(&guest.id), "{unknown:?}");
    let csv = app.get(&format!("{path}&format=csv")).by(&platform).await.expect(200);
    assert!(
        csv.header("content-type").starts_with("text/csv") && csv.text().contains(&fan.user_id.to_string())
    );
    let elsewhere = format!("/privacy/breach-report?{window}&ip=10.0.0.1");
    let none: BreachReport = app.get(&elsewhere).by(&platform).ok().await;
    assert_eq!((none.entries, none.people.len()), (0, 0));
    app.get(&path).by(&night.owner).problem(ErrorCode::PlatformOnly).await;
    let backwards = "/privacy/breach-report?from=2026-11-20T14:00:00Z&to=2026-11-20T12:00:00Z";
    app.get(backwards).by(&platform).problem(ErrorCode::InvalidFields).await;
}
