//! Two versions side by side, and the one that wins.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::endpoints::{GET_EXPERIMENT, PUBLISH_TEMPLATE, START_EXPERIMENT, STOP_EXPERIMENT};
use contract::templates::{Experiment, ExperimentState, Measure, VersionState};
use domain::Locale;
use messaging::templates::note_event;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{House, saying};

/// A published version and a draft, compared.
async fn compared(house: &House, measure: &str) -> (String, Experiment) {
    let id = house.published("First").await.summary.id;
    house.save(id, 0, &saying("Second")).await;
    let body = start(measure);
    let experiment =
        house.app.to(START_EXPERIMENT, &[&id.to_string()]).by(&house.writer).json(&body).created().await;
    (id.to_string(), experiment)
}

fn start(measure: &str) -> Value {
    json!({"revision": 1, "share": 50, "measure": measure, "enough": 100, "hours": 24})
}

/// `sent` letters by the version of that number, `hits` of which were opened or clicked.
async fn letters(house: &House, number: i32, sent: usize, hits: usize, what: Measure) {
    let rows = format!(
        "INSERT INTO deliveries (id, org_id, recipient, recipient_name, template, locale, subject, html, plain, state, sent_at, cause, created_at, template_version_id, channel, topic, tracked)
         SELECT gen_random_uuid(), '{}', 'fan@demo.ringside.example', 'Demo Fan', 'order_paid', 'en', 's', 'h', 'p', 'sent', now(), gen_random_uuid(),
                (SELECT started_at FROM template_experiments), v.id, 'email', 'orders', true
         FROM generate_series(1, {sent}), template_versions v WHERE v.number = {number}",
        house.org
    );
    house.app.execute(&rows).await;
    let ids: Vec<Uuid> = ids(house, number).await;
    let note = house.app.context().db.write(async |tx| {
        for id in ids.iter().take(hits) {
            note_event(tx, *id, what).await?;
            note_event(tx, *id, what).await?;
        }
        Ok(())
    });
    note.await.expect("events are noted");
}

/// Letters of a version that nobody has opened.
async fn ids(house: &House, number: i32) -> Vec<Uuid> {
    #[derive(diesel::QueryableByName)]
    struct Id {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        id: Uuid,
    }
    let query = format!(
        "SELECT d.id FROM deliveries d JOIN template_versions v ON v.id = d.template_version_id WHERE v.number = {number}
           AND NOT EXISTS (SELECT FROM delivery_events e WHERE e.delivery_id = d.id)"
    );
    let rows: Vec<Id> = house
        .app
        .sql(async |conn| {
            use diesel_async::RunQueryDsl as _;
            Ok(diesel::sql_query(query).load(conn).await?)
        })
        .await;
    rows.into_iter().map(|row| row.id).collect()
}

async fn read(house: &House, id: &str) -> Experiment {
    house.app.to(GET_EXPERIMENT, &[id]).by(&house.writer).ok().await
}

#[tokio::test]
async fn the_better_version_wins_by_known_numbers() {
    let house = House::new().await;
    let (id, begun) = compared(&house, "open").await;
    assert_eq!(
        (begun.state, begun.first.version, begun.second.version, begun.z),
        (ExperimentState::Running, 1, 2, None)
    );
    letters(&house, 1, 200, 60, Measure::Open).await;
    letters(&house, 2, 99, 60, Measure::Open).await;
    house.app.run_timer("decide_experiments").await;
    assert_eq!(read(&house, &id).await.state, ExperimentState::Running, "the second has not sent enough");

    letters(&house, 2, 101, 30, Measure::Open).await;
    house.app.run_timer("decide_experiments").await;
    let decided = read(&house, &id).await;
    assert_eq!((decided.state, decided.winner), (ExperimentState::Decided, Some(2)));
    assert_eq!((decided.first.sent, decided.first.opened, decided.second.sent), (200, 60, 200));
    let template = house.read(id.parse().expect("an id")).await;
    assert_eq!((template.summary.published, template.summary.experimenting), (Some(2), false));
    assert_eq!(template.versions[1].state, VersionState::Retired);
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("Second"));
}

#[tokio::test]
async fn what_decided_stays_when_the_letters_go() {
    let house = House::new().await;
    let (id, _) = compared(&house, "open").await;
    letters(&house, 1, 200, 60, Measure::Open).await;
    letters(&house, 2, 200, 90, Measure::Open).await;
    // Of a reader who did not agree nothing is known: their letter counts for nothing.
    house.app.execute("UPDATE deliveries SET tracked = false WHERE id IN (SELECT delivery_id FROM delivery_events LIMIT 10)").await;
    house.app.run_timer("decide_experiments").await;
    let decided = read(&house, &id).await;
    let arms = [decided.first, decided.second];
    assert_eq!(arms.map(|arm| arm.sent), [200, 200]);
    assert_eq!(arms.map(|arm| arm.counted).iter().sum::<i64>(), 390);
    assert_eq!(arms.map(|arm| arm.opened).iter().sum::<i64>(), 140);

    let late: Vec<Uuid> = ids(&house, 1).await;
    house
        .app
        .context()
        .db
        .write(async |tx| note_event(tx, late[0], Measure::Open).await)
        .await
        .expect("noted");
    assert_eq!(read(&house, &id).await, decided, "who opens a letter later changes nothing");
    house.app.execute("DELETE FROM deliveries").await;
    assert_eq!(read(&house, &id).await, decided);
}

#[tokio::test]
async fn chance_alone_wins_nothing() {
    let house = House::new().await;
    let (id, _) = compared(&house, "click").await;
    letters(&house, 1, 200, 40, Measure::Click).await;
    // 20 % against 25 %: z = 1.198.
    letters(&house, 2, 200, 50, Measure::Click).await;
    house.app.run_timer("decide_experiments").await;
    let running = read(&house, &id).await;
    assert_eq!(running.state, ExperimentState::Running);
    assert_eq!((running.second.clicked, running.second.opened), (50, 50), "who clicks has opened");
    let z = running.z.expect("both have sent");
    assert!((z - 1.1972).abs() < 0.001, "{z}");

    house.app.advance(TimeDelta::hours(25));
    house.app.run_timer("decide_experiments").await;
    let over = read(&house, &id).await;
    assert_eq!((over.state, over.winner), (ExperimentState::Undecided, None));
    assert_eq!(house.read(id.parse().expect("an id")).await.summary.published, Some(1), "the first stays");
}

#[tokio::test]
async fn both_versions_write_until_somebody_ends_it() {
    let house = House::new().await;
    let (id, _) = compared(&house, "open").await;
    let mut seen = [0, 0];
    for _ in 0..40 {
        let text = house.letter("Demo Fan", Locale::En).await.text;
        seen[usize::from(text.contains("Second"))] += 1;
    }
    // One side of 40 fair draws is empty in one of 5 · 10^11 cases.
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    let by = |call: testkit::Call| call.by(&house.writer);
    by(house.app.to(START_EXPERIMENT, &[&id]))
        .json(&start("open"))
        .problem(ErrorCode::ChangedMeanwhile)
        .await;
    house.save(id.parse().expect("an id"), 0, &saying("Third")).await;
    by(house.app.to(START_EXPERIMENT, &[&id])).json(&start("open")).problem(ErrorCode::WrongState).await;
    by(house.app.to(PUBLISH_TEMPLATE, &[&id]))
        .json(&json!({"revision": 1}))
        .problem(ErrorCode::WrongState)
        .await;
    let stopped: Experiment = by(house.app.to(STOP_EXPERIMENT, &[&id])).ok().await;
    assert_eq!((stopped.state, stopped.winner), (ExperimentState::Stopped, None));
    by(house.app.to(STOP_EXPERIMENT, &[&id])).problem(ErrorCode::WrongState).await;
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("First"));
}

#[tokio::test]
async fn there_is_nothing_to_compare_with_at_first() {
    let house = House::new().await;
    let id = house.template().await.summary.id.to_string();
    house.app.to(GET_EXPERIMENT, &[&id]).by(&house.writer).problem(ErrorCode::NotFound).await;
    house
        .app
        .to(START_EXPERIMENT, &[&id])
        .by(&house.writer)
        .json(&start("open"))
        .problem(ErrorCode::WrongState)
        .await;
    let mut wide = start("open");
    wide["share"] = json!(100);
    house
        .app
        .to(START_EXPERIMENT, &[&id])
        .by(&house.writer)
        .json(&wide)
        .problem(ErrorCode::InvalidFields)
        .await;
}
