//! The private cluster: made, started, refused to a second server, recovered after a crash.

use std::path::{Path, PathBuf};

use platform::postgres::{self, Cluster, Options};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ringside-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

fn options(data_dir: &Path) -> Options {
    Options { data_dir: data_dir.to_owned(), durable: true, outlives: false }
}

async fn ask(url: &str, statement: &str) {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("the cluster takes connections");
    let driver = tokio::spawn(connection);
    client.batch_execute(statement).await.expect("the statement runs");
    drop(client);
    driver.await.expect("the driver does not panic").expect("the connection ends well");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_is_made_kept_locked_and_found_again_after_a_crash() {
    let data_dir = folder("cluster");
    let cluster = Cluster::start(&options(&data_dir)).expect("a cluster is made");
    postgres::ensure_database(|name| cluster.url(name), "ringside").await.expect("its database is made");
    postgres::ensure_database(|name| cluster.url(name), "ringside").await.expect("and is there");
    ask(&cluster.url("ringside"), "CREATE TABLE kept (x int); CHECKPOINT").await;

    let Err(refused) = Cluster::start(&options(&data_dir)) else { panic!("a second server was let in") };
    assert!(refused.to_string().contains("another Ringside server (process"), "{refused}");
    assert_eq!(postgres::running_url(&data_dir), Some(cluster.url("ringside")));

    // PostgreSQL itself is killed: its keeper starts it again.
    let old = cluster.pid().expect("it runs");
    std::process::Command::new("kill").args(["-KILL", &old.to_string()]).status().expect("kill runs");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while cluster.pid().map_or(true, |pid| pid == old)
        || tokio_postgres::connect(&cluster.url("ringside"), tokio_postgres::NoTls).await.is_err()
    {
        assert!(std::time::Instant::now() < until, "PostgreSQL did not come back");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    ask(&cluster.url("ringside"), "INSERT INTO kept VALUES (1)").await;

    drop(cluster);
    assert_eq!(postgres::running_url(&data_dir), None);
    let began = std::time::Instant::now();
    let again = Cluster::start(&options(&data_dir)).expect("the cluster starts again");
    assert!(began.elapsed() < std::time::Duration::from_secs(3), "{:?}", began.elapsed());
    ask(&again.url("ringside"), "SELECT x FROM kept").await;
    drop(again);
    std::fs::remove_dir_all(&data_dir).expect("the folder can be removed");
}
