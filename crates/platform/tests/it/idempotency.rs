//! The same POST twice.

use contract::ErrorCode;
use diesel::QueryableByName;
use diesel::sql_types::Binary;
use futures_util::future::join_all;
use platform::keys::{MasterKey, SEALED, SealedColumn, reseal};
use testkit::TestApp;

use crate::desk::{Note, note, start};

#[tokio::test]
async fn a_repeated_post_is_done_once_and_answered_alike() {
    let app = start().await;
    let first: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    let second: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    assert_eq!(first, second);
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 1);
    assert_eq!(app.run_jobs().await, 1);
}

#[tokio::test]
async fn a_key_belongs_to_one_request_and_one_person() {
    let app = start().await;
    let _: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    app.post("/notes").key("k1").json(&note("b")).problem(ErrorCode::IdempotencyKeyReused).await;
    let fan = app.person().await;
    let _: Note = app.post("/notes").by(&fan).key("k1").json(&note("c")).created().await;
    app.run_jobs().await;
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() {
    let app = start().await;
    app.post("/notes").key("k1").json(&note("refused")).problem(ErrorCode::WrongState).await;
    let _: Note = app.post("/notes").key("k1").json(&note("a")).created().await;
    assert_eq!(app.count("SELECT count(*) FROM idempotency_keys").await, 1);
    app.run_jobs().await;
}

#[tokio::test]
async fn twins_at_the_same_moment_are_one() {
    let app = start().await;
    let calls = (0..20).map(|_| app.post("/notes").key("twin").json(&note("a")).created::<Note>());
    let answers = join_all(calls).await;
    assert_eq!(answers.len(), 20);
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 1);
    assert_eq!(app.run_jobs().await, 1);
}

#[tokio::test]
async fn unreadable_keys_are_refused() {
    let app = start().await;
    for bad in ["", "with space", &"x".repeat(201)] {
        app.post("/notes").key(bad).json(&note("a")).problem(ErrorCode::MalformedRequest).await;
    }
}

#[tokio::test]
async fn a_stored_answer_is_sealed_and_given_again_after_a_rotation() {
    let (old, new) = (MasterKey::new([7; 32]), MasterKey::ring([8; 32], &[[7; 32]]));
    let app = start().await;
    let first: Note = app.post("/notes").key("k1").json(&note("not in clear")).created().await;
    let clear = "SELECT count(*) FROM idempotency_keys WHERE position('not in clear'::bytea IN answer) > 0";
    assert_eq!(app.count(clear).await, 0);
    assert_eq!(app.count("SELECT count(*) FROM idempotency_keys WHERE length(answer) > 20").await, 1);
    let second: Note = app.post("/notes").key("k1").json(&note("not in clear")).created().await;
    assert_eq!(first, second);

    // A rotation goes through it, though its key is no id.
    let db = &app.state().db;
    let answers = |of: &'static SealedColumn| of.0 == "idempotency_keys";
    let column = *SEALED.iter().find(|of| answers(of)).expect("it is a sealed column");
    let plain = app.state().keys.open(column.3, &stored(&app).await).expect("its own key opens it");
    let by_old = hex::encode(old.seal(column.3, &plain));
    app.execute(&format!("UPDATE idempotency_keys SET answer = decode('{by_old}', 'hex')")).await;
    let report = reseal(db, &new, &[column]).await.expect("the database answers");
    assert_eq!((report.resealed, report.unopened), (1, Vec::new()));
    assert_eq!(new.open(column.3, &stored(&app).await).expect("the new key opens it"), plain);
    app.run_jobs().await;
}

async fn stored(app: &TestApp) -> Vec<u8> {
    #[derive(QueryableByName)]
    struct Stored {
        #[diesel(sql_type = Binary)]
        answer: Vec<u8>,
    }
    app.sql(async |conn| {
        use diesel_async::RunQueryDsl as _;
        Ok(diesel::sql_query("SELECT answer FROM idempotency_keys").get_result::<Stored>(conn).await?.answer)
    })
    .await
}
