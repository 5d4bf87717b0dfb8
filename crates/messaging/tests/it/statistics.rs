//! What became of the messages of some days, in figures.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::channels::{Channel, Topic};
use contract::deliveries::{DeliveryFigures, DeliveryStatistics};
use contract::endpoints::DELIVERY_STATISTICS;
use domain::Role;

use crate::reader::{House, optional};

async fn figures(house: &House, days: &str) -> DeliveryStatistics {
    house.app.get(&format!("/deliveries/statistics{days}")).by(&house.staff).ok().await
}

#[tokio::test]
async fn known_messages_give_known_figures() {
    let house = House::new().await;
    let notice = |n: usize| optional(house.org, None, Topic::Announcements, &format!("notice:{n}"));
    for n in 0..8 {
        house.post(&notice(n)).await;
    }
    house.app.advance(TimeDelta::days(1));
    house.post(&notice(8)).await;
    // Of the eight: one arrived, two came back, one was unwanted, one was given up, one was held back; three were
    // counted, of which two were opened and one was followed.
    house
        .app
        .execute(
            "CREATE TEMPORARY TABLE n AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM deliveries;
             UPDATE deliveries d SET
                 state = (ARRAY['delivered', 'returned', 'returned', 'complained', 'failed', 'suppressed', 'sent', 'sent'])[n.n],
                 sent_at = CASE WHEN n.n IN (5, 6) THEN NULL ELSE sent_at END, tracked = n.n IN (1, 7, 8)
              FROM n WHERE n.id = d.id AND n.n <= 8;
             INSERT INTO delivery_events SELECT id, 'open', now() FROM n WHERE n IN (1, 2, 7);
             INSERT INTO delivery_events SELECT id, 'click', now() FROM n WHERE n = 7",
        )
        .await;
    let found = figures(&house, "?days=2").await;
    assert_eq!((found.from.to_string(), found.to.to_string()), ("2026-11-20".into(), "2026-11-21".into()));
    let first = DeliveryFigures {
        day: found.from,
        channel: Channel::Email,
        template: "notice".into(),
        written: 8,
        sent: 6,
        delivered: 1,
        returned: 2,
        complained: 1,
        failed: 1,
        suppressed: 1,
        counted: 3,
        opened: 2,
        clicked: 1,
    };
    assert_eq!(found.figures.len(), 2);
    assert_eq!(found.figures[0], first);
    assert_eq!((found.figures[1].day, found.figures[1].written), (found.to, 1));
    assert_eq!(figures(&house, "?days=1").await.figures.len(), 1, "yesterday is left out");
}

#[tokio::test]
async fn days_are_those_of_the_clock_on_the_wall() {
    let house = House::new().await;
    // 17:30 UTC is half past midnight in Bangkok.
    house.app.advance(TimeDelta::minutes(5 * 60 + 30));
    house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    let found = figures(&house, "?days=1").await;
    assert_eq!(found.figures[0].day.to_string(), "2026-11-21");
}

#[tokio::test]
async fn they_are_of_one_organisation_and_for_those_who_may_see() {
    let house = House::new().await;
    house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    let other = house.app.org("Other Promotions").await;
    let stranger = house.app.member(other, Role::Owner).await;
    let seen: DeliveryStatistics = house.app.to(DELIVERY_STATISTICS, &[]).by(&stranger).ok().await;
    assert!(seen.figures.is_empty());
    house.app.to(DELIVERY_STATISTICS, &[]).problem(ErrorCode::NotSignedIn).await;
    for wrong in ["?days=0", "?days=367"] {
        house
            .app
            .get(&format!("/deliveries/statistics{wrong}"))
            .by(&house.staff)
            .problem(ErrorCode::InvalidFields)
            .await;
    }
}
