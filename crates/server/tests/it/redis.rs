//! Redis carries live updates, the cache and the limits. A sale does not need it.

use contract::orders::Order;
use domain::state::OrderState;

use crate::night::{Night, assert_invariants};
use crate::setup;

#[tokio::test]
async fn a_sale_goes_on_while_redis_is_gone_and_after_it_came_back() {
    let mut app = setup().redis().config(|config| config.rate_limits = true).start().await;
    let night = Night::on_sale(&app, "demo-redis", 30).await;
    let sell = async |app: &testkit::TestApp, seats: &[String]| {
        let sales = seats.iter().map(|seat| async { night.sell(app, "fan", &[seat.as_str()]).await });
        let orders: Vec<Order> = futures_util::future::join_all(sales).await;
        assert!(orders.iter().all(|order| order.state == OrderState::Paid && order.tickets.len() == 1));
    };

    sell(&app, &night.seats[..10]).await;
    app.redis.as_mut().expect("it was asked for").stop();
    sell(&app, &night.seats[10..20]).await;
    app.redis.as_mut().expect("it was asked for").resume();
    sell(&app, &night.seats[20..]).await;

    app.run_jobs().await;
    assert_eq!(app.count("SELECT count(*) FROM tickets").await, 30);
    assert_invariants(&app).await;
}
