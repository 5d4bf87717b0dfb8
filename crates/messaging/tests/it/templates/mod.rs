//! Letters in an organisation's own words, over HTTP.

mod comparisons;
mod letters;
mod versions;

use chrono::{TimeZone as _, Utc};
use contract::deliveries::Delivery;
use contract::endpoints::{
    CREATE_TEMPLATE, GET_DELIVERY, GET_TEMPLATE, GET_TEMPLATE_VERSION, PUBLISH_TEMPLATE, SAVE_DRAFT,
};
use contract::templates::{Block, Content, LetterKind, LocaleContent, Template, TemplateVersion};
use domain::{Locale, Money, Role};
use messaging::deliveries::{Mail, Recipient, queue};
use messaging::letters::{Event, Letter, Order, Place, Ticket};
use serde_json::json;
use testkit::{Caller, Setup, TestApp};
use uuid::Uuid;

/// A server, an organisation, and somebody who writes its letters.
struct House {
    app: TestApp,
    org: Uuid,
    writer: Caller,
}

impl House {
    async fn new() -> Self {
        Self::with_mail(None).await
    }

    async fn with_mail(smtp: Option<String>) -> Self {
        let app = Setup::new()
            .routes(messaging::configure)
            .jobs(messaging::jobs)
            .config(|config| config.smtp_url = smtp.map(Into::into))
            .start()
            .await;
        let org = app.org("Demo Promotions").await;
        let writer = app.member(org, Role::Operator).await;
        Self { app, org, writer }
    }

    /// A template of paid orders, with the draft it begins with.
    async fn template(&self) -> Template {
        let body = json!({"kind": "order_paid", "name": "Tickets, our way"});
        self.app.to(CREATE_TEMPLATE, &[]).by(&self.writer).json(&body).created().await
    }

    async fn read(&self, template: Uuid) -> Template {
        self.app.to(GET_TEMPLATE, &[&template.to_string()]).by(&self.writer).ok().await
    }

    async fn version(&self, template: Uuid, number: i32) -> TemplateVersion {
        let path = [&template.to_string()[..], &number.to_string()];
        self.app.to(GET_TEMPLATE_VERSION, &path).by(&self.writer).ok().await
    }

    async fn save(&self, template: Uuid, revision: i32, content: &Content) -> TemplateVersion {
        let body = json!({"revision": revision, "content": content});
        self.app.to(SAVE_DRAFT, &[&template.to_string()]).by(&self.writer).json(&body).ok().await
    }

    async fn publish(&self, template: Uuid, revision: i32) -> Template {
        let body = json!({ "revision": revision });
        self.app.to(PUBLISH_TEMPLATE, &[&template.to_string()]).by(&self.writer).json(&body).ok().await
    }

    /// A template whose published version says `words` in English.
    async fn published(&self, words: &str) -> Template {
        let template = self.template().await;
        let saved = self.save(template.summary.id, 1, &saying(words)).await;
        self.publish(template.summary.id, saved.summary.revision).await
    }

    /// Writes the tickets' letter to a buyer and reads it.
    async fn letter(&self, buyer: &str, locale: Locale) -> Delivery {
        let id = self.post(&mail(self.org, buyer, locale)).await;
        self.app.to(GET_DELIVERY, &[&id.to_string()]).by(&self.writer).ok().await
    }

    async fn post(&self, mail: &Mail) -> Uuid {
        let queued = self.app.context().db.write(async |tx| queue(tx, mail).await).await;
        let id = queued.expect("the letter is written").expect("its cause is new");
        self.app.run_jobs().await;
        id
    }
}

/// English, with a button and these words.
fn saying(words: &str) -> Content {
    Content { locales: vec![in_locale(Locale::En, words)] }
}

fn in_locale(locale: Locale, words: &str) -> LocaleContent {
    LocaleContent {
        locale,
        subject: format!("{}: {{{{ event.title }}}} for {{{{ buyer.name }}}}", locale.code()),
        preheader: String::new(),
        blocks: vec![
            Block::Text { text: words.to_owned() },
            Block::Button { label: "Open".into(), address: "{{ order.url }}".into() },
        ],
    }
}

fn mail(org: Uuid, buyer: &str, locale: Locale) -> Mail {
    let place = |seat: &str| Place {
        zone: "Ringside North".into(),
        row: Some("C".into()),
        seat: Some(seat.into()),
        tier: "Ringside".into(),
        price: Money::thb(250_000),
    };
    let event = Event {
        title: "Thunder & Lightning".into(),
        main_bout: None,
        doors_at: Utc.with_ymd_and_hms(2026, 12, 12, 10, 30, 0).unwrap(),
        starts_at: Utc.with_ymd_and_hms(2026, 12, 12, 12, 0, 0).unwrap(),
        time_zone: "Asia/Bangkok".into(),
        venue: "Demo Boxing Stadium".into(),
        address: "1 Demo Road, Bangkok 10110".into(),
    };
    let order = Order {
        shop: "Demo Promotions".into(),
        reference: "7KQ2-MX4D".into(),
        buyer: buyer.into(),
        total: Money::thb(500_000),
        url: "https://ringside.example/orders/1#access=a&b".into(),
        event,
    };
    let tickets = ["17", "18"].map(|seat| Ticket { place: place(seat), qr: b"\x89PNG picture".to_vec() });
    Mail {
        org_id: Some(org),
        to: Recipient { name: "Demo Fan".into(), address: "fan@demo.ringside.example".into() },
        locale,
        letter: Letter::OrderPaid { order, tickets: tickets.into(), pdf: b"%PDF-1.7".into() },
        cause: format!("order_paid:{}", Uuid::now_v7()),
    }
}

#[tokio::test]
async fn a_new_template_says_what_ringside_says() {
    let house = House::new().await;
    let template = house.template().await;
    assert_eq!(
        (template.summary.kind, template.summary.published, template.summary.draft),
        (LetterKind::OrderPaid, None, Some(1))
    );
    let before = house.letter("Demo Fan", Locale::En).await;
    house.publish(template.summary.id, 1).await;
    let after = house.letter("Demo Fan", Locale::En).await;
    assert_eq!(after.summary.subject, before.summary.subject);
    for words in [
        "Hello Demo Fan,",
        "Each code admits one person, once.",
        "Ringside North, Row C, Seat 17",
        "https://ringside.example/orders/1#access=a&b",
    ] {
        assert!(after.text.contains(words), "{words} is missing from: {}", after.text);
    }
    let names =
        |delivery: &Delivery| delivery.attachments.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&after), names(&before), "tickets and codes go with it all the same");
    assert!(!after.html.contains("cid:") && after.html.contains("data:image/png;base64,"));
    assert!(after.html.contains("@media (prefers-color-scheme: dark)"), "{}", after.html);
    assert!(!after.html.contains("fonts.googleapis.com"), "opening a letter tells nobody");
}
