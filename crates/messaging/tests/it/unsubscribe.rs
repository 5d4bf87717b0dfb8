//! Mail that its reader does not want: one click stops it, and the page says what holds.

use contract::ErrorCode;
use contract::channels::Topic;
use contract::deliveries::DeliveryState;
use domain::Locale;
use messaging::deliveries::Message;
use testkit::smtp::ReceivedMail;
use uuid::Uuid;

use crate::deliveries::{mail, write};
use crate::reader::{FAN, House, SITE, header, optional, paths, unfolded};

/// Where a mail is stopped, as a path.
fn stop(mail: &ReceivedMail) -> String {
    let address = header(mail, "List-Unsubscribe").expect("it can be stopped");
    let address = address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).expect("RFC 2369");
    address.strip_prefix(SITE).expect("by HTTPS, at ours").to_owned()
}

async fn post(house: &House, path: &str, body: &str) -> testkit::Answer {
    house.app.submit(path).bytes("application/x-www-form-urlencoded", body).await
}

async fn state(house: &House, message: &Message) -> (DeliveryState, Option<String>) {
    let (id, _) = house.post(message).await;
    let summary = house.read(id).await.summary;
    (summary.state, summary.last_error)
}

#[tokio::test]
async fn one_click_stops_mail_of_a_topic_for_somebody_without_an_account() {
    let house = House::new().await;
    let notice = |cause: &str| optional(house.org, None, Topic::Announcements, cause);
    let (_, first) = house.post(&notice("notice:1")).await;
    let first = first.expect("it has arrived");
    assert_eq!(header(&first, "List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let path = stop(&first);
    assert!(paths(&first).contains(&path), "the letter itself leads there, too");
    assert!(unfolded(&first).contains("Stop it, or choose what you get"));

    // Programs that look at links stop nothing.
    house.app.fetch(&path).await.expect(200);
    assert_eq!(state(&house, &notice("notice:2")).await.0, DeliveryState::Sent);
    for _ in 0..2 {
        let page = post(&house, &path, "List-Unsubscribe=One-Click").await.expect(200);
        assert!(page.text().contains("You get no more mail of this kind."), "{}", page.text());
    }
    let held = (DeliveryState::Suppressed, Some("its reader wants no such mail".to_owned()));
    assert_eq!(state(&house, &notice("notice:3")).await, held);
    let other = optional(house.org, None, Topic::News, "news:1");
    assert_eq!(state(&house, &other).await.0, DeliveryState::Sent, "of another topic it comes");

    post(&house, &path, "do=start").await.expect(200);
    assert_eq!(state(&house, &notice("notice:4")).await.0, DeliveryState::Sent);
    assert_eq!(house.app.count("SELECT count(*) FROM mail_refusals").await, 0);
}

#[tokio::test]
async fn with_an_account_it_is_the_preference() {
    let house = House::new().await;
    let fan = house.app.person().await;
    let notice = |cause: &str| optional(house.org, Some(fan.user_id), Topic::Announcements, cause);
    let (_, first) = house.post(&notice("notice:1")).await;
    let path = stop(&first.expect("it has arrived"));
    let multipart =
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    house.app.submit(&path).bytes("multipart/form-data; boundary=x", multipart).await.expect(200);
    let preferences = |wanted: bool| {
        format!(
            "SELECT count(*) FROM notification_preferences
              WHERE user_id = '{}' AND topic = 'announcements' AND channel = 'email' AND wanted = {wanted}",
            fan.user_id
        )
    };
    assert_eq!(house.app.count(&preferences(false)).await, 1);
    assert_eq!(state(&house, &notice("notice:2")).await.0, DeliveryState::Suppressed);
    post(&house, &path, "do=start").await.expect(200);
    assert_eq!(house.app.count(&preferences(true)).await, 1);
    assert_eq!(state(&house, &notice("notice:3")).await.0, DeliveryState::Sent);

    // News come to those who asked for them.
    let news = |cause: &str| optional(house.org, Some(fan.user_id), Topic::News, cause);
    assert_eq!(state(&house, &news("news:1")).await.0, DeliveryState::Suppressed);
}

#[tokio::test]
async fn what_the_address_refused_the_account_hears_and_the_account_has_the_last_word() {
    let house = House::new().await;
    let fan = house.app.person().await;
    house.app.execute(&format!("UPDATE people SET email = '{FAN}' WHERE id = '{}'", fan.user_id)).await;
    let (_, first) = house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    post(&house, &stop(&first.expect("it has arrived")), "List-Unsubscribe=One-Click").await.expect(200);
    let own = |cause: &str| optional(house.org, Some(fan.user_id), Topic::Announcements, cause);
    assert_eq!(state(&house, &own("notice:2")).await.0, DeliveryState::Suppressed);
    house.app.execute("UPDATE notification_preferences SET wanted = true").await;
    assert_eq!(state(&house, &own("notice:3")).await.0, DeliveryState::Sent);
}

#[tokio::test]
async fn what_is_always_told_cannot_be_stopped() {
    let house = House::new().await;
    let id = write(&house.app, &mail(house.org, "order_paid:1")).await.expect("written");
    house.app.run_jobs().await;
    let letter = house.arrived().expect("it has arrived");
    assert_eq!((header(&letter, "List-Unsubscribe"), header(&letter, "List-Unsubscribe-Post")), (None, None));
    assert!(!unfolded(&letter).contains("/m/u/"));
    assert_eq!(house.read(id).await.summary.state, DeliveryState::Sent);
}

#[tokio::test]
async fn the_page_works_without_scripts_in_both_languages() {
    let house = House::new().await;
    let mut thai = optional(house.org, None, Topic::Announcements, "notice:1");
    thai.written.locale = Locale::Th;
    let (_, first) = house.post(&thai).await;
    let path = stop(&first.expect("it has arrived"));
    let page = house.app.fetch(&path).await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
    );
    let text = page.text();
    assert!(text.contains("lang=\"th\"") && text.contains("หยุดส่ง") && !text.contains("<script"), "{text}");
    assert!(text.contains(FAN), "{text}");
    for (choice, allowed) in [("count", 1), ("do-not-count", 0)] {
        let page = post(&house, &path, &format!("do={choice}")).await.expect(200).text();
        assert!(page.contains("บันทึกแล้ว"), "{page}");
        let sql = "SELECT count(*) FROM mail_tracking WHERE allowed AND said_at = 'mail_page'";
        assert_eq!(house.app.count(sql).await, allowed);
    }
    let english = optional(house.org, None, Topic::Announcements, "notice:2");
    let (_, second) = house.post(&english).await;
    let page = house.app.fetch(&stop(&second.expect("it has arrived"))).await.expect(200).text();
    assert!(page.contains("<h1>The mail you get</h1>") && page.contains("Stop this mail"), "{page}");
}

#[tokio::test]
async fn nobody_speaks_for_another() {
    let house = House::new().await;
    let (_, first) = house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    let path = stop(&first.expect("it has arrived"));
    let altered = format!("{}{}", &path[..path.len() - 1], if path.ends_with('A') { "B" } else { "A" });
    for wrong in [altered.as_str(), "/m/u/x", &format!("/m/u/{}", Uuid::now_v7())] {
        house.app.fetch(wrong).problem(ErrorCode::NotFound).await;
        post(&house, wrong, "do=stop").await.problem(ErrorCode::NotFound);
    }
    post(&house, &path, "do=everything").await.problem(ErrorCode::MalformedRequest);
    post(&house, &path, &"x".repeat(5_000)).await.problem(ErrorCode::BodyTooLarge);
    assert_eq!(house.app.count("SELECT count(*) FROM mail_refusals").await, 0);
}
