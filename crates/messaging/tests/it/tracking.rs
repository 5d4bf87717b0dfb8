//! Openings and clicks, counted for readers who agreed and for nobody else.

use contract::ErrorCode;
use contract::channels::Topic;
use contract::endpoints::{GET_MAIL_TRACKING, SET_MAIL_TRACKING};
use contract::mail::MailTracking;
use contract::templates::Measure;
use domain::{AccountLetter, Locale};
use messaging::deliveries::{Mail, Recipient};
use messaging::letters::Letter;
use serde_json::json;
use testkit::smtp::ReceivedMail;
use uuid::Uuid;

use crate::deliveries::{mail, write};
use crate::reader::{FAN, House, SITE, optional, paths, unfolded};

const EVENTS: &str = "SELECT count(*) FROM delivery_events WHERE kind = ";

async fn agree(house: &House) {
    let sql = format!(
        "INSERT INTO mail_tracking (address, allowed, changed_at, said_at) VALUES (lower('{FAN}'), true, now(), 'account')
         ON CONFLICT (address) DO UPDATE SET allowed = true"
    );
    house.app.execute(&sql).await;
}

async fn counted(house: &House, what: Measure) -> i64 {
    house.app.count(&format!("{EVENTS}'{}'", what.name())).await
}

/// A letter about an order, as it arrived.
async fn order(house: &House, cause: &str) -> (Uuid, ReceivedMail) {
    let to = Recipient { name: "Demo Fan".into(), address: FAN.into() };
    let id = write(&house.app, &Mail { to, ..mail(house.org, cause) }).await.expect("written");
    house.app.run_jobs().await;
    (id, house.arrived().expect("it has arrived"))
}

#[tokio::test]
async fn without_a_word_from_the_reader_a_letter_is_plain() {
    let house = House::new().await;
    let (_, letter) = order(&house, "order_paid:1").await;
    assert!(paths(&letter).is_empty(), "{}", unfolded(&letter));
    assert!(unfolded(&letter).contains("https://ringside.example/orders/1#access=a"), "its link is plain");
    assert_eq!(house.app.count("SELECT count(*) FROM deliveries WHERE tracked").await, 0);
}

#[tokio::test]
async fn with_it_openings_and_clicks_are_counted_once() {
    let house = House::new().await;
    agree(&house).await;
    let (id, letter) = house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    let letter = letter.expect("it has arrived");
    let paths = paths(&letter);
    // The link of the text, two of the page, the picture, and where mail is stopped.
    let [stop_in_text, first, second, picture, stop] = &paths[..] else { panic!("{paths:?}") };
    assert!(stop.starts_with("/m/u/") && stop == stop_in_text && picture.starts_with("/m/o/"), "{paths:?}");
    assert!(unfolded(&letter).contains("https://demo.example/a?x=1&y=2"), "the text is as it was");
    assert!(!house.read(id).await.html.contains("/m/"), "and so is what is kept");

    let gif = house.app.fetch(picture).await.expect(200);
    assert_eq!((gif.header("content-type"), &gif.body[..6]), ("image/gif", &b"GIF89a"[..]));
    assert_eq!(gif.header("cache-control"), "no-store");
    house.app.fetch(picture).await.expect(200);
    assert_eq!((counted(&house, Measure::Open).await, counted(&house, Measure::Click).await), (1, 0));

    assert_eq!(house.led(first).await, "https://demo.example/a?x=1&y=2");
    assert_eq!(house.led(second).await, "https://demo.example/b#c");
    assert_eq!((counted(&house, Measure::Open).await, counted(&house, Measure::Click).await), (1, 1));
}

#[tokio::test]
async fn who_takes_it_back_is_counted_no_more_and_links_lead_on() {
    let house = House::new().await;
    agree(&house).await;
    let (_, letter) = order(&house, "order_paid:1").await;
    let path = paths(&letter).first().expect("a link").clone();
    house.app.execute("UPDATE mail_tracking SET allowed = false").await;
    assert_eq!(house.led(&path).await, "https://ringside.example/orders/1#access=a");
    assert_eq!(counted(&house, Measure::Open).await, 0);
    let (_, next) = order(&house, "order_paid:2").await;
    assert!(paths(&next).is_empty());
}

#[tokio::test]
async fn a_token_leads_to_its_own_letter_and_nowhere_else() {
    let house = House::new().await;
    agree(&house).await;
    let (_, letter) = house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    let paths = paths(&letter.expect("it has arrived"));
    let (link, picture) = (&paths[1], &paths[3]);
    let altered = |path: &str| {
        let last = if path.ends_with('A') { "B" } else { "A" };
        format!("{}{last}", &path[..path.len() - 1])
    };
    let token = link.trim_start_matches("/m/");
    let cases = [
        altered(link),
        altered(picture),
        format!("/m/o/{token}"),
        picture.replace("/m/o/", "/m/"),
        "/m/x".into(),
        "/m/o/x".into(),
        "/m/https:%2F%2Fdemo.example".into(),
    ];
    for path in cases {
        house.app.fetch(&path).problem(ErrorCode::NotFound).await;
    }
    assert_eq!(counted(&house, Measure::Open).await, 0);
    house.app.execute("DELETE FROM deliveries").await;
    house.app.fetch(link).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn letters_about_an_account_are_never_counted() {
    let house = House::new().await;
    agree(&house).await;
    let letter = AccountLetter::ResetPassword { link: format!("{SITE}/account/reset#secret") };
    let letter = Mail {
        org_id: None,
        to: Recipient { name: "Demo Fan".into(), address: FAN.into() },
        locale: Locale::En,
        letter: Letter::Account { name: "Demo Fan".into(), letter },
        cause: "account:1".into(),
    };
    write(&house.app, &letter).await;
    house.app.run_jobs().await;
    let letter = house.arrived().expect("it has arrived");
    assert!(paths(&letter).is_empty() && unfolded(&letter).contains("/account/reset#secret"));
}

#[tokio::test]
async fn a_person_says_it_in_their_account() {
    let house = House::new().await;
    let fan = house.app.person().await;
    let get = async || house.app.to(GET_MAIL_TRACKING, &[]).by(&fan).ok::<MailTracking>().await.allowed;
    assert!(!get().await, "nothing was said");
    for allowed in [true, true, false] {
        let said: MailTracking =
            house.app.to(SET_MAIL_TRACKING, &[]).by(&fan).json(&json!({ "allowed": allowed })).ok().await;
        assert_eq!((said.allowed, get().await), (allowed, allowed));
    }
    assert_eq!(house.app.count("SELECT count(*) FROM mail_tracking WHERE said_at = 'account'").await, 1);
    house.app.to(GET_MAIL_TRACKING, &[]).problem(ErrorCode::NotSignedIn).await;
}
