//! The chain that seals the audit log: what it proves, and who may touch the log.

use contract::audit::{AuditFaultKind, AuditVerification};
use contract::endpoints::{GET_AUDIT_VERIFICATION, PLACE_HOLD, PLACE_ORDER};
use contract::holds::Hold;
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::SimpleAsyncConnection as _;
use serde_json::json;
use testkit::TestApp;
use uuid::Uuid;

use crate::night::{self, Night};
use crate::setup;

/// Seals all there is. Another test's server may be stopped in the middle of a write: then it is tried anew.
async fn sealed(app: &TestApp) -> i64 {
    app.run_timer("seal_audit").await;
    let count = app.count("SELECT count(*) FROM audit_log").await;
    assert_eq!(app.count("SELECT count(*) FROM audit_seals").await, count);
    count
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The entry sealed at a place of the chain.
async fn entry(app: &TestApp, place: i64) -> Place {
    app.sql(async |conn| {
        use diesel_async::RunQueryDsl as _;
        let query = diesel::sql_query(
            "SELECT audit_position AS position, audit_id AS id FROM audit_seals WHERE position = $1",
        );
        Ok(query.bind::<BigInt, _>(place).get_result(conn).await?)
    })
    .await
}

/// As a superuser who means harm.
async fn tamper(app: &TestApp, statement: &str) {
    app.execute(&format!(
        "ALTER TABLE audit_log DISABLE TRIGGER ALL; {statement}; ALTER TABLE audit_log ENABLE TRIGGER ALL"
    ))
    .await;
}

async fn walk(app: &TestApp) -> accounts::audit::Walk {
    app.sql(async |conn| accounts::audit::verify(conn, &app.state().keys).await).await
}

#[tokio::test]
async fn a_whole_chain_holds_and_what_is_not_sealed_yet_is_counted() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-night", 20).await;
    let fresh = walk(&app).await;
    assert!(fresh.verified_to == 0 && fresh.waiting > 0 && fresh.fault.is_none(), "{fresh:?}");
    let count = sealed(&app).await;
    let whole = walk(&app).await;
    assert_eq!((whole.verified_to, whole.waiting, whole.fault), (count, 0, None));

    let _: Hold = app
        .to(PLACE_HOLD, &[&night.event.to_string()])
        .json(&json!({"seats": [night.seats[2]]}))
        .created()
        .await;
    assert_eq!(walk(&app).await.waiting, 1);
    app.run_timer("check_audit").await;
    let state: AuditVerification = app.to(GET_AUDIT_VERIFICATION, &[]).by(&night.owner).ok().await;
    assert_eq!((state.sealed, state.verified_to, state.waiting, state.fault), (count, count, 1, None));
    assert_eq!(state.head.map(|head| head.len()), Some(64));
    assert_eq!(sealed(&app).await, count + 1);
    app.run_jobs().await;
}

#[tokio::test]
async fn an_altered_a_missing_and_an_inserted_row_are_each_found() {
    let app = setup().start().await;
    let _ = Night::on_sale(&app, "demo-night", 20).await;
    assert!(sealed(&app).await >= 7);
    let found = async |kind, place: &Place| {
        let fault = walk(&app).await.fault.expect("it was touched");
        assert_eq!((fault.kind, fault.position, fault.id), (kind, place.position, place.id));
    };

    let third = entry(&app, 3).await;
    let put = |value: &str| format!("UPDATE audit_log SET after = {value} WHERE id = '{}'", third.id);
    app.execute("CREATE TABLE kept AS SELECT id, after FROM audit_log").await;
    tamper(&app, &put("'{\"role\": \"viewer\"}'")).await;
    found(AuditFaultKind::Altered, &third).await;
    app.run_timer("check_audit").await;
    assert_eq!(
        app.count("SELECT count(*) FROM audit_checks WHERE fault_kind = 'altered' AND verified_to = 2").await,
        1
    );
    tamper(&app, &put(&format!("(SELECT after FROM kept WHERE id = '{}')", third.id))).await;
    assert_eq!(walk(&app).await.fault, None, "put back it is whole again");

    tamper(&app, &format!("UPDATE audit_log SET ip = '10.9.8.7' WHERE id = '{}'", third.id)).await;
    found(AuditFaultKind::Altered, &third).await;
    tamper(&app, &format!("UPDATE audit_log SET ip = '127.0.0.1' WHERE id = '{}'", third.id)).await;

    app.execute("CREATE TABLE whole AS SELECT * FROM audit_log").await;
    let fourth = entry(&app, 4).await;
    tamper(&app, &format!("DELETE FROM audit_log WHERE id = '{}'", fourth.id)).await;
    found(AuditFaultKind::Missing, &fourth).await;
    let forged = Place { position: fourth.position, id: Uuid::now_v7() };
    let again = |id: Uuid| {
        format!(
            "INSERT INTO audit_log (id, org_id, actor_kind, actor_id, ip, request_id, action, subject_id, before, after, created_at, session_id, position)
             OVERRIDING SYSTEM VALUE
             SELECT '{id}', org_id, actor_kind, actor_id, ip, request_id, action, subject_id, before, after, created_at, session_id, position
             FROM whole WHERE id = '{}'",
            fourth.id
        )
    };
    tamper(&app, &again(forged.id)).await;
    // The forged row stands where the true one was: whichever is named, it is that place.
    let fault = walk(&app).await.fault.expect("it was touched");
    assert_eq!(fault.position, fourth.position);
    tamper(&app, &format!("DELETE FROM audit_log WHERE id = '{}'", forged.id)).await;
    tamper(&app, &again(fourth.id)).await;
    assert_eq!(walk(&app).await.fault, None, "put back it is whole again");

    // Between two sealed rows: a place that a transaction which was undone had been given.
    let slipped = Place { position: 0, id: Uuid::now_v7() };
    tamper(
        &app,
        &format!(
            "INSERT INTO audit_log (id, position, actor_kind, request_id, action, created_at) OVERRIDING SYSTEM VALUE
             VALUES ('{}', 0, 'system', '', 'member.added', now())",
            slipped.id
        ),
    )
    .await;
    found(AuditFaultKind::Inserted, &slipped).await;
    app.run_timer("seal_audit").await;
    found(AuditFaultKind::Inserted, &slipped).await;
}

#[tokio::test]
async fn whoever_serves_adds_to_the_log_and_changes_nothing_in_it() {
    let app = setup().start().await;
    let _ = Night::on_sale(&app, "demo-night", 20).await;
    sealed(&app).await;
    let before = app.count("SELECT count(*) FROM audit_log").await;
    let serving = &app.state().db;
    for (statement, of_owner) in [
        ("UPDATE audit_log SET action = 'nothing'", "append-only"),
        ("DELETE FROM audit_log", "append-only"),
        ("TRUNCATE audit_log", "append-only"),
        ("UPDATE audit_seals SET sealed_at = now()", "append-only"),
        ("DELETE FROM audit_seals", "append-only"),
        ("TRUNCATE audit_seals", "append-only"),
    ] {
        let refused = serving.read(async |conn| Ok(conn.batch_execute(statement).await?)).await;
        let words = format!("{:#}", refused.expect_err(statement));
        assert!(words.contains("permission denied"), "{statement}: {words}");
        let refused = app.context().db.read(async |conn| Ok(conn.batch_execute(statement).await?)).await;
        assert!(refused.is_err(), "{statement}, by a job");
        let (client, connection) = tokio_postgres::connect(&app.database_url(), tokio_postgres::NoTls)
            .await
            .expect("the owner connects");
        let driver = tokio::spawn(connection);
        let refused = client.batch_execute(statement).await.expect_err("the owner is refused, too");
        let words =
            refused.as_db_error().map_or_else(|| refused.to_string(), |error| error.message().to_owned());
        assert!(words.contains(of_owner), "{statement}: {words}");
        drop(client);
        driver.await.expect("the connection ends").expect("in order");
    }
    for statement in
        ["ALTER TABLE audit_log DISABLE TRIGGER ALL", "DROP TABLE audit_seals", "CREATE TABLE mine ()"]
    {
        let refused = serving.read(async |conn| Ok(conn.batch_execute(statement).await?)).await;
        assert!(refused.is_err(), "{statement}");
    }
    assert_eq!(app.count("SELECT count(*) FROM audit_log").await, before);
}

#[tokio::test]
async fn a_sale_that_many_write_is_sealed_in_order_while_it_goes_on() {
    let app = setup().start().await;
    let night = Night::on_sale(&app, "demo-rush", 60).await;
    let event = night.event;
    let sale = futures_util::future::join_all(night.seats.iter().map(async |seat| {
        let wish = json!({"event_id": event, "seats": [seat], "buyer": night::buyer("fan")});
        let _ = app.to(PLACE_ORDER, &[]).json(&wish).await.expect(201);
    }));
    let sealing = async {
        for _ in 0..20 {
            app.run_timer("seal_audit").await;
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(sale, sealing);
    let count = sealed(&app).await;
    let whole = walk(&app).await;
    assert_eq!((whole.verified_to, whole.waiting, whole.fault), (count, 0, None));
    assert_eq!(app.count("SELECT count(*) FROM audit_log WHERE action = 'order.placed'").await, 60);
    app.run_jobs().await;
}
