//! Guessing the secrets of orders is noticed.

use contract::ErrorCode;
use uuid::Uuid;

use crate::setup;

#[tokio::test]
async fn secrets_of_orders_are_not_guessed_for_long() {
    let app = setup()
        .config(|config| {
            config.threat_code_guessing = 3;
            config.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        })
        .start()
        .await;
    let order = Uuid::now_v7();
    for guess in ["one", "two", "three"] {
        let call =
            app.get(&format!("/orders/{order}")).header("X-Forwarded-For", "198.51.100.7").access(guess);
        call.problem(ErrorCode::NotFound).await;
    }
    let found = "SELECT count(*) FROM threats WHERE kind = 'code_guessing' AND network = '198.51.100.7' AND count = 3";
    assert_eq!(app.count(found).await, 1);
    app.run_jobs().await;
}
