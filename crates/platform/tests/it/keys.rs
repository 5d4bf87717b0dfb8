//! Rotating the master key while the system runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Binary};
use platform::db::{Db, sql};
use platform::keys::{MasterKey, SealedColumn, reseal, usage};
use testkit::TestApp;

use crate::desk::setup;

const SECRETS: &[SealedColumn] = &[("secrets", "id", "sealed", "test")];
const ROWS: i64 = 500;

async fn start(keys: &MasterKey) -> TestApp {
    let app = setup().start().await;
    app.execute("CREATE TABLE secrets (id bigint PRIMARY KEY, sealed bytea)").await;
    for id in 0..ROWS {
        write(&app.state().db, keys, id).await;
    }
    app
}

fn plain(id: i64) -> Vec<u8> {
    format!("what {id} hides").into_bytes()
}

async fn write(db: &Db, keys: &MasterKey, id: i64) {
    use diesel_async::RunQueryDsl as _;
    let sealed = keys.seal("test", &plain(id));
    let query = "INSERT INTO secrets VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET sealed = $2";
    let done = db
        .statement(async |conn| {
            Ok(sql(query).bind::<BigInt, _>(id).bind::<Binary, _>(&sealed).execute(conn).await?)
        })
        .await;
    assert!(done.is_ok());
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

async fn read(db: &Db, keys: &MasterKey, id: i64) {
    use diesel_async::RunQueryDsl as _;
    let query = "SELECT sealed FROM secrets WHERE id = $1";
    let row: Row = db
        .read(async |conn| Ok(sql(query).bind::<BigInt, _>(id).get_result(conn).await?))
        .await
        .expect("the row is there");
    assert_eq!(keys.open("test", &row.sealed).expect("it opens at any time"), plain(id));
}

/// The keys that sealed what is there, with how much.
async fn sealed_by(app: &TestApp) -> Vec<(Option<platform::keys::KeyId>, i64)> {
    let found = usage(&app.state().db, SECRETS).await.expect("it can be counted");
    found.into_iter().map(|used| (used.key, used.count)).collect()
}

#[tokio::test]
async fn a_rotation_under_load_loses_nothing_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let server = MasterKey::load(None, &[], folder.path()).expect("a ring");
    let command = MasterKey::load(None, &[], folder.path()).expect("the same ring");
    let app = start(&server).await;
    let (db, going, uses) =
        (app.state().db.clone(), Arc::new(AtomicBool::new(true)), Arc::new(AtomicU32::new(0)));
    let load = async {
        let mut at = 0_i64;
        while going.load(Relaxed) {
            at = (at + 7) % ROWS;
            write(&db, &server, at).await;
            read(&db, &server, (at * 31) % ROWS).await;
            uses.fetch_add(1, Relaxed);
        }
    };
    let rotate = async {
        let mut keys = vec![server.current()];
        for _ in 0..2 {
            keys.push(command.rotate().expect("the ring is a file"));
            let report = reseal(&db, &command, SECRETS).await.expect("the database answers");
            assert!(report.unopened.is_empty() && report.resealed > 0, "{report:?}");
        }
        going.store(false, Relaxed);
        keys
    };
    let ((), keys) = tokio::join!(load, rotate);
    assert!(uses.load(Relaxed) > 20, "there was no load: {uses:?}");

    // What a server wrote before it noticed is taken by the next look.
    let _ = reseal(&db, &command, SECRETS).await.expect("the database answers");
    assert_eq!(sealed_by(&app).await, [(Some(keys[2]), ROWS)]);
    for id in 0..ROWS {
        read(&db, &server, id).await;
    }
    assert_eq!(server.ids().len(), 3);
}

#[tokio::test]
async fn a_rotation_that_was_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let server = MasterKey::load(None, &[], folder.path()).expect("a ring");
    let app = start(&server).await;
    let old = server.current();
    let killed = MasterKey::load(None, &[], folder.path()).expect("the same ring");
    let new = killed.rotate().expect("the ring is a file");
    let db = app.state().db.clone();
    {
        let work = reseal(&db, &killed, SECRETS);
        tokio::pin!(work);
        // Broken off as soon as something, and not all, is sealed anew.
        loop {
            tokio::select! {
                biased;
                _ = &mut work => panic!("it was to be killed before its end"),
                left = left(&app) => if left < ROWS { break },
            }
        }
    }
    let between = sealed_by(&app).await;
    assert_eq!(between.len(), 2, "{between:?}");
    for id in 0..ROWS {
        read(&db, &server, id).await;
    }
    let again = MasterKey::load(None, &[], folder.path()).expect("the same ring");
    assert_eq!(again.ids(), [new, old]);
    let report = reseal(&db, &again, SECRETS).await.expect("the database answers");
    assert!(report.resealed > 0 && report.unopened.is_empty());
    assert_eq!(sealed_by(&app).await, [(Some(new), ROWS)]);
}

/// How many values the first key still seals.
async fn left(app: &TestApp) -> i64 {
    app.count(
        "SELECT count(*) FROM secrets WHERE substring(sealed FROM 1 FOR 5) =
            (SELECT substring(sealed FROM 1 FOR 5) FROM secrets ORDER BY id DESC LIMIT 1)",
    )
    .await
}

#[tokio::test]
async fn what_a_removed_key_sealed_is_named() {
    let (old, new) = (MasterKey::new([7; 32]), MasterKey::new([8; 32]));
    let app = start(&new).await;
    let db = &app.state().db;
    write(db, &old, 3).await;
    write(db, &old, 400).await;
    app.execute(
        "UPDATE secrets SET sealed = '\\x00' WHERE id = 5; UPDATE secrets SET sealed = NULL WHERE id = 6",
    )
    .await;
    let report = reseal(db, &new, SECRETS).await.expect("it goes on");
    let named: Vec<_> = report.unopened.iter().map(|place| (place.id.as_str(), place.key)).collect();
    assert_eq!(named, [("3", Some(old.current())), ("5", None), ("400", Some(old.current()))]);
    assert_eq!(report.unopened[0].column, "secrets.sealed");
    assert_eq!(report.resealed, 0);
    // With the key back, nothing is lost.
    let both = MasterKey::ring([8; 32], &[[7; 32]]);
    let report = reseal(db, &both, SECRETS).await.expect("it goes on");
    assert_eq!((report.resealed, report.unopened.len()), (2, 1));
}
