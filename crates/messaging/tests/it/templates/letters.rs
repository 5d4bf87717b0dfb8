//! What becomes of a letter: languages, values, what it must not do.

use contract::ErrorCode;
use contract::deliveries::DeliveryState;
use contract::endpoints::{CREATE_TEMPLATE, LIST_LETTER_KINDS, PREVIEW_TEMPLATE, SAVE_DRAFT, SEND_TEST};
use contract::templates::{
    Block, Content, LetterKind, LetterKindEntry, LocaleContent, Preview, Template, TestSent,
};
use domain::{Locale, Role};
use serde_json::json;
use testkit::Setup;
use testkit::smtp::SmtpSink;

use super::{House, in_locale, mail, saying};

#[tokio::test]
async fn the_next_letter_is_written_by_what_was_published() {
    let house = House::new().await;
    let template = house.published("Dear **{{ buyer.name }}**, [your night]({{ order.url }}).").await;
    let letter = house.letter("Demo Fan", Locale::En).await;
    assert_eq!(letter.summary.subject, "en: Thunder & Lightning for Demo Fan");
    assert!(letter.html.contains("Dear <strong>Demo Fan</strong>"), "{}", letter.html);
    assert!(
        letter
            .html
            .contains(r#"href="https:&#x2f;&#x2f;ringside.example&#x2f;orders&#x2f;1#access=a&amp;b""#),
        "{}",
        letter.html
    );
    assert!(
        letter.text.contains("Dear Demo Fan, your night (https://ringside.example/orders/1#access=a&b)."),
        "{}",
        letter.text
    );
    assert_eq!(letter.attachments.len(), 1, "the tickets; codes that are not shown are left out");
    let noted = format!(
        "SELECT count(*) FROM deliveries d JOIN template_versions v ON v.id = d.template_version_id WHERE v.template_id = '{}'",
        template.summary.id
    );
    assert_eq!(house.app.count(&noted).await, 1);

    let other = house.app.org("Other Promotions").await;
    let theirs = house.post(&mail(other, "Demo Fan", Locale::En)).await;
    let own =
        format!("SELECT count(*) FROM deliveries WHERE id = '{theirs}' AND template_version_id IS NULL");
    assert_eq!(house.app.count(&own).await, 1, "others are written to by Ringside's own letter");
}

#[tokio::test]
async fn a_missing_language_is_stood_in_for() {
    let house = House::new().await;
    let template = house.template().await;
    let id = template.summary.id.to_string();
    let half = LocaleContent { subject: String::new(), ..in_locale(Locale::Fr, "à moitié") };
    let content =
        Content { locales: vec![in_locale(Locale::En, "English"), in_locale(Locale::De, "Deutsch"), half] };
    let saved = house.save(template.summary.id, 1, &content).await;
    house.publish(template.summary.id, saved.summary.revision).await;
    for (asked, taken) in [(Locale::De, "de"), (Locale::Fr, "en"), (Locale::Ja, "en")] {
        let letter = house.letter("Demo Fan", asked).await;
        assert_eq!((letter.summary.locale.code(), &letter.summary.subject[..2]), (taken, taken));
    }
    let body = json!({"name": "Tickets", "default_locale": "de"});
    house.app.patch(&format!("/templates/{id}")).by(&house.writer).json(&body).await.expect(200);
    for (asked, taken) in [(Locale::Ja, "de"), (Locale::En, "en")] {
        assert_eq!(house.letter("Demo Fan", asked).await.summary.locale.code(), taken);
        let ask = json!({ "locale": asked });
        let preview: Preview = house.app.to(PREVIEW_TEMPLATE, &[&id]).by(&house.writer).json(&ask).ok().await;
        assert_eq!((preview.locale.code(), preview.order), (taken, None));
    }
}

#[tokio::test]
async fn what_people_type_stays_text() {
    let house = House::new().await;
    house.published("Hello {{ buyer.name }} <script>alert(1)</script>, {% if event.red %}red{% else %}none{% endif %}{% for p in places %} {{ p.seat }}{% endfor %}").await;
    let hostile = "<img src=x onerror=alert(1)>{{ order.url }}{% for a in places %}\"'";
    let letter = house.letter(hostile, Locale::En).await;
    for html in [&letter.html, &letter.html.to_lowercase()] {
        assert!(!html.contains("<script") && !html.contains("<img src=x"), "{html}");
    }
    assert!(
        letter.html.contains("{{ order.url }}") && letter.html.contains("{% for a in places %}"),
        "{}",
        letter.html
    );
    assert!(
        letter.text.contains(hostile) && letter.text.contains("<script>alert(1)</script>, none 17 18"),
        "{}",
        letter.text
    );
    assert!(letter.summary.subject.contains(hostile), "{}", letter.summary.subject);
}

#[tokio::test]
async fn every_fault_is_named_by_its_field() {
    let house = House::new().await;
    let template = house.template().await;
    let mut content = saying("{{ order.nunber }}");
    content.locales.push(LocaleContent {
        subject: "{{ buyer.name".into(),
        blocks: vec![
            Block::Button { label: "Go".into(), address: "javascript:alert(1)".into() },
            Block::PaymentCode {},
            Block::Text { text: "{% for p in places %}{% for q in places %}{% endfor %}{% endfor %}".into() },
        ],
        ..LocaleContent::empty(Locale::Th)
    });
    let body = json!({"revision": 1, "content": content});
    let call = house.app.to(SAVE_DRAFT, &[&template.summary.id.to_string()]).by(&house.writer).json(&body);
    let problem = call.problem(ErrorCode::InvalidFields).await;
    let found: Vec<String> =
        problem.fields.iter().map(|fault| format!("{} {}", fault.field, fault.code)).collect();
    assert_eq!(
        found,
        [
            "locales[0].blocks[0].text unknown_variable",
            "locales[1].subject unclosed",
            "locales[1].blocks[0].address not_an_address",
            "locales[1].blocks[1] wrong_place",
            "locales[1].blocks[2].text nested_loop",
        ]
    );
    assert_eq!(house.version(template.summary.id, 1).await.summary.revision, 1, "nothing was saved");
}

#[tokio::test]
async fn a_letter_may_not_take_for_ever() {
    let house = House::new().await;
    let template = house.template().await;
    let line = format!("{{% for p in places %}}{}{{% endfor %}}", "{{p.zone}}".repeat(390));
    let mut content = saying("Hello");
    content.locales[0].blocks.extend((0..55).map(|_| Block::Text { text: line.clone() }));
    let id = template.summary.id.to_string();
    let body = json!({"revision": 1, "content": content});
    let problem = house
        .app
        .to(SAVE_DRAFT, &[&id])
        .by(&house.writer)
        .json(&body)
        .problem(ErrorCode::InvalidFields)
        .await;
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
        ("locales.en", "too_much")
    );

    // One that got in all the same costs nobody their tickets: Ringside's own letter goes out.
    house.publish(template.summary.id, 1).await;
    house
        .app
        .execute("UPDATE template_versions SET compiled = jsonb_set(compiled, '{en,html}', to_jsonb(repeat('{% for p in places %}{{ p.zone }}{% endfor %}', 30000)))")
        .await;
    let letter = house.letter("Demo Fan", Locale::En).await;
    assert_eq!(letter.summary.subject, "Your tickets for Thunder & Lightning (7KQ2-MX4D)");
}

#[tokio::test]
async fn an_editor_sees_what_it_has_not_saved() {
    let house = House::new().await;
    let id = house.template().await.summary.id.to_string();
    let mut content = saying("Unsaved {{ order.number }}");
    content.locales[0].subject.clear();
    let ask = json!({"locale": "en", "content": content, "real": true});
    let preview: Preview = house.app.to(PREVIEW_TEMPLATE, &[&id]).by(&house.writer).json(&ask).ok().await;
    assert!(
        preview.html.contains("Unsaved 7KQ2-MX4D") && preview.text.contains("Unsaved 7KQ2-MX4D"),
        "{}",
        preview.text
    );
    let bad = json!({"locale": "en", "content": saying("{{ nonsense }}")});
    house
        .app
        .to(PREVIEW_TEMPLATE, &[&id])
        .by(&house.writer)
        .json(&bad)
        .problem(ErrorCode::InvalidFields)
        .await;
    let nothing = json!({"locale": "en", "content": {"locales": []}});
    house
        .app
        .to(PREVIEW_TEMPLATE, &[&id])
        .by(&house.writer)
        .json(&nothing)
        .problem(ErrorCode::InvalidFields)
        .await;
}

#[tokio::test]
async fn a_test_goes_to_whoever_asks_and_is_marked() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let house = House::with_mail(Some(sink.url())).await;
    let template = house.template().await;
    house.save(template.summary.id, 1, &saying("Only a try")).await;
    let id = template.summary.id.to_string();
    let ask = json!({"locale": "ja"});
    let call = || house.app.to(SEND_TEST, &[&id]).by(&house.writer).json(&ask).key("once");
    let sent: TestSent = call().created().await;
    assert_eq!((&sent.to, sent.locale), (&house.writer.email, Locale::En));
    assert_eq!(call().created::<TestSent>().await, sent, "asked twice, sent once");
    house.app.run_jobs().await;
    let received = sink.received();
    assert_eq!((received.len(), &received[0].to[..]), (1, &[house.writer.email.clone()][..]));
    assert!(
        received[0].data.contains("Subject: [Test] en: Thunder at the Stadium for Demo Fan"),
        "{}",
        received[0].data
    );
    assert!(received[0].data.contains("Only a try"), "{}", received[0].data);
    let state = format!(
        "SELECT count(*) FROM deliveries WHERE id = '{}' AND state = '{}'",
        sent.id,
        DeliveryState::Sent.name()
    );
    assert_eq!(house.app.count(&state).await, 1);
}

#[tokio::test]
async fn tests_are_few() {
    let app = Setup::new()
        .routes(messaging::configure)
        .jobs(messaging::jobs)
        .config(|config| config.rate_limits = true)
        .start()
        .await;
    let org = app.org("Demo Promotions").await;
    let writer = app.member(org, Role::Operator).await;
    let house = House { app, org, writer };
    let id = house.template().await.summary.id.to_string();
    let mut refused = false;
    for _ in 0..40 {
        let answer = house.app.to(SEND_TEST, &[&id]).by(&house.writer).json(&json!({"locale": "en"})).await;
        if answer.status == 429 {
            answer.problem(ErrorCode::TooManyRequests);
            refused = true;
            break;
        }
        answer.expect(201);
    }
    assert!(refused);
    house.app.run_jobs().await;
}

#[tokio::test]
async fn kinds_tell_what_can_be_said() {
    let house = House::new().await;
    let template = house.template().await;
    let kinds: Vec<LetterKindEntry> = house.app.to(LIST_LETTER_KINDS, &[]).by(&house.writer).ok().await;
    assert_eq!(kinds.len(), LetterKind::ALL.len());
    let paid = kinds.iter().find(|kind| kind.kind == LetterKind::OrderPaid).expect("it is there");
    assert_eq!(paid.template_id, Some(template.summary.id));
    assert!(
        paid.blocks.iter().any(|block| block == "tickets")
            && !paid.blocks.iter().any(|block| block == "payment_code")
    );
    // Every variable that is told can be said, and says what the catalogue's example is a picture of.
    let words: Vec<String> = paid
        .variables
        .iter()
        .map(|variable| match &variable.items[..] {
            [] => format!("{{{{ {} }}}}", variable.name),
            items => {
                let inside: Vec<String> =
                    items.iter().map(|item| format!("{{{{ it.{} }}}}", item.name)).collect();
                format!("{{% for it in {} %}}{}{{% endfor %}}", variable.name, inside.join(" "))
            }
        })
        .collect();
    let saved = house.save(template.summary.id, 1, &saying(&words.join("\n"))).await;
    let ask = json!({"locale": "en", "version": saved.summary.number});
    let preview: Preview = house
        .app
        .to(PREVIEW_TEMPLATE, &[&template.summary.id.to_string()])
        .by(&house.writer)
        .json(&ask)
        .ok()
        .await;
    for variable in paid.variables.iter().filter(|variable| variable.items.is_empty()) {
        assert!(preview.text.contains(&variable.example), "{} is not in: {}", variable.example, preview.text);
    }
}

#[tokio::test]
async fn every_kind_begins_with_a_letter_that_can_be_published() {
    let house = House::new().await;
    for kind in LetterKind::ALL {
        let body = json!({"kind": kind, "name": kind.name()});
        let template: Template =
            house.app.to(CREATE_TEMPLATE, &[]).by(&house.writer).json(&body).created().await;
        let id = template.summary.id.to_string();
        for locale in [Locale::En, Locale::Th] {
            let ask = json!({ "locale": locale });
            let preview: Preview =
                house.app.to(PREVIEW_TEMPLATE, &[&id]).by(&house.writer).json(&ask).ok().await;
            assert_eq!(preview.locale, locale);
            assert!(
                preview.html.contains("src=\"data:image/png;base64,"),
                "codes are shown, though they are none"
            );
            assert!(
                preview.text.contains("฿2,500.00") && preview.text.contains("7KQ2-MX4D"),
                "{}",
                preview.text
            );
        }
        house.publish(template.summary.id, 1).await;
    }
}
