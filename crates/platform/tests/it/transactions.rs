//! Transactions: tried again when PostgreSQL asks, closed when broken off.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use contract::ErrorCode;
use diesel_async::SimpleAsyncConnection as _;
use futures_util::join;
use platform::db::sql;

use crate::desk::start;

#[tokio::test]
async fn a_deadlock_is_tried_again() {
    let app = start().await;
    app.execute("INSERT INTO copies VALUES ('a'), ('b')").await;
    let db = &app.state().db;
    let runs = AtomicU32::new(0);
    let barrier = tokio::sync::Barrier::new(2);
    let take = async |first: &'static str, second: &'static str| {
        let first = format!("UPDATE copies SET text = text WHERE text = '{first}'");
        let second = format!("UPDATE copies SET text = text WHERE text = '{second}'");
        db.write(async |tx| {
            let run = runs.fetch_add(1, Ordering::SeqCst);
            tx.batch_execute(&first).await?;
            if run < 2 {
                barrier.wait().await;
            }
            tx.batch_execute(&second).await?;
            Ok(())
        })
        .await
    };
    let (one, two) = join!(take("a", "b"), take("b", "a"));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(runs.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_transaction_broken_off_holds_nothing() {
    let app = start().await;
    app.execute("INSERT INTO copies VALUES ('a')").await;
    let db = &app.state().db;
    let never = db.write(async |tx| {
        tx.batch_execute("UPDATE copies SET text = 'b'").await?;
        std::future::pending::<()>().await;
        Ok(())
    });
    assert!(tokio::time::timeout(Duration::from_millis(200), never).await.is_err());
    // Its lock is gone and so is its change.
    app.execute("SET lock_timeout = '5s'; UPDATE copies SET text = text || '!'").await;
    assert_eq!(app.count("SELECT count(*) FROM copies WHERE text = 'a!'").await, 1);
}

#[tokio::test]
async fn a_nested_transaction_is_a_savepoint() {
    use diesel_async::AsyncConnection as _;
    let app = start().await;
    let db = &app.state().db;
    let refused = db
        .write(async |tx| {
            tx.transaction::<_, diesel::result::Error, _>(async |conn| {
                conn.batch_execute("INSERT INTO copies VALUES ('inner')").await
            })
            .await?;
            Err::<(), _>(ErrorCode::WrongState.into())
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(app.count("SELECT count(*) FROM copies").await, 0);
}

#[tokio::test]
async fn connections_ended_by_postgresql_are_replaced() {
    let app = start().await;
    let _ = app.get("/notes").await.expect(200);
    app.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await;
    let mut status = 0;
    for _ in 0..20 {
        status = app.get("/notes").await.status.as_u16();
        if status == 200 {
            break;
        }
    }
    assert_eq!(status, 200);
}

#[tokio::test]
async fn hand_written_statements_are_prepared_once() {
    use diesel_async::RunQueryDsl as _;
    let app = start().await;
    let names = app
        .sql(async |conn| {
            for _ in 0..3 {
                sql("SELECT 1 FROM notes").execute(conn).await?;
            }
            #[derive(diesel::QueryableByName)]
            struct Count {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                count: i64,
            }
            let query = "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT 1 FROM notes'";
            Ok(diesel::sql_query(query).get_result::<Count>(conn).await?.count)
        })
        .await;
    assert_eq!(names, 1);
}
