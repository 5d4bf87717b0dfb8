use chrono::{TimeDelta, TimeZone as _, Utc};
use contract::deliveries::{Delivery, DeliveryState, DeliverySummary};
use contract::endpoints::{GET_ATTACHMENT, GET_DELIVERY, LIST_DELIVERIES, RETRY_DELIVERY};
use contract::{ErrorCode, Page};
use domain::{AccountLetter, Locale, Money, Role};
use messaging::deliveries::{Mail, Recipient, kept_letters, queue};
use messaging::letters::{Event, Letter, Order, Place, Ticket};
use testkit::smtp::{Mood, SmtpSink};
use testkit::{Caller, Setup, TestApp};
use uuid::Uuid;

/// What the tests attach: any bytes will do, and those of a PDF are not text.
const PDF: &[u8] = b"%PDF-1.7\n\xff\xfe\x00 not really";

async fn app(smtp: Option<String>) -> TestApp {
    Setup::new()
        .routes(messaging::configure)
        .jobs(messaging::jobs)
        .config(|config| config.smtp_url = smtp.map(Into::into))
        .start()
        .await
}

pub(crate) fn mail(org_id: Uuid, cause: &str) -> Mail {
    let org_id = Some(org_id);
    let place = Place {
        zone: "Ringside North".into(),
        row: Some("C".into()),
        seat: Some("17".into()),
        tier: "Ringside".into(),
        price: Money::thb(250_000),
    };
    let event = Event {
        title: "Thunder at the Stadium".into(),
        main_bout: Some(("Fighter Red".into(), "Fighter Blue".into())),
        doors_at: Utc.with_ymd_and_hms(2026, 12, 12, 10, 30, 0).unwrap(),
        starts_at: Utc.with_ymd_and_hms(2026, 12, 12, 12, 0, 0).unwrap(),
        time_zone: "Asia/Bangkok".into(),
        venue: "Demo Boxing Stadium".into(),
        address: "1 Demo Road, Bangkok 10110".into(),
    };
    let order = Order {
        shop: "Demo Promotions".into(),
        reference: "7KQ2-MX4D".into(),
        buyer: "Demo Fan".into(),
        total: Money::thb(250_000),
        url: "https://ringside.example/orders/1#access=a".into(),
        event,
    };
    Mail {
        org_id,
        to: Recipient { name: "Demo Fan, the First".into(), address: "fan@demo.ringside.example".into() },
        locale: Locale::En,
        letter: Letter::OrderPaid {
            order,
            tickets: vec![Ticket { place, qr: b"\x89PNG picture".to_vec() }],
            pdf: PDF.into(),
        },
        cause: cause.into(),
    }
}

pub(crate) async fn write(app: &TestApp, mail: &Mail) -> Option<Uuid> {
    app.context().db.write(async |tx| queue(tx, mail).await).await.expect("the mail is written")
}

async fn read(app: &TestApp, by: &Caller, id: Uuid) -> Delivery {
    app.to(GET_DELIVERY, &[&id.to_string()]).by(by).ok().await
}

async fn list(app: &TestApp, by: &Caller, query: &str) -> Page<DeliverySummary> {
    app.get(&format!("/deliveries{query}")).by(by).ok().await
}

#[tokio::test]
async fn without_a_mail_server_mail_is_kept_and_readable() {
    let app = app(None).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written");
    assert_eq!(read(&app, &viewer, id).await.summary.state, DeliveryState::Queued);
    app.run_jobs().await;

    let delivery = read(&app, &viewer, id).await;
    assert_eq!(delivery.summary.state, DeliveryState::Kept);
    assert_eq!(delivery.summary.subject, "Your tickets for Thunder at the Stadium (7KQ2-MX4D)");
    assert_eq!(delivery.summary.to, "fan@demo.ringside.example");
    assert!(delivery.text.contains("Ringside North, Row C, Seat 17"), "{}", delivery.text);
    assert!(delivery.html.contains("data:image/png;base64,"), "pictures are in the page");
    assert!(!delivery.html.contains("cid:"), "and none is left out");
    let names: Vec<&str> = delivery.attachments.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["tickets-7KQ2-MX4D.pdf", "ticket-1.png"]);

    let pdf = &delivery.attachments[0];
    let file = app.to(GET_ATTACHMENT, &[&id.to_string(), &pdf.id.to_string()]).by(&viewer).await.expect(200);
    assert_eq!((file.body.as_slice(), usize::try_from(pdf.size)), (PDF, Ok(PDF.len())));
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"tickets-7KQ2-MX4D.pdf\"");
}

#[tokio::test]
async fn a_message_whose_job_was_discarded_leaves_all_the_same() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    write(&app, &mail(org, "order_paid:1")).await.expect("written");
    app.execute("DELETE FROM jobs").await;
    app.run_timer("resume_deliveries").await;
    app.run_jobs().await;
    assert!(sink.received().is_empty(), "its time is not over yet");
    app.advance(TimeDelta::minutes(16));
    app.run_timer("resume_deliveries").await;
    app.run_timer("resume_deliveries").await;
    app.run_jobs().await;
    assert_eq!(sink.received().len(), 1);
}

#[tokio::test]
async fn the_mail_server_gets_text_page_pictures_and_files() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written");
    app.run_jobs().await;

    let summary = read(&app, &viewer, id).await.summary;
    assert_eq!(
        (summary.state, summary.attempts, summary.sent_at),
        (DeliveryState::Sent, 1, Some(app.clock.now()))
    );
    let received = sink.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].from, "tickets@ringside.example");
    assert_eq!(received[0].to, ["fan@demo.ringside.example"]);
    let data = &received[0].data;
    for part in [
        // `Demo Fan, the First`: encoded, so that the comma does not part it.
        "To: =?utf-8?b?RGVtbyBGYW4sIHRoZSBGaXJzdA==?= <fan@demo.ringside.example>\r\n",
        "Subject: Your tickets for Thunder at the Stadium (7KQ2-MX4D)\r\n",
        &format!("Message-ID: <{id}@ringside.example>\r\n"),
        "Auto-Submitted: auto-generated\r\n",
        "Date: Fri, 20 Nov 2026 12:00:00 +0000\r\n",
        "Content-Type: multipart/mixed",
        "Content-Type: multipart/alternative",
        "Content-Type: multipart/related",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        "Content-ID: <ticket-1>\r\n",
        "Content-Disposition: attachment; filename=\"tickets-7KQ2-MX4D.pdf\"\r\n",
        // `%PDF-1.7\n\xff\xfe\x00` in base64.
        "JVBERi0xLjcK//4A",
    ] {
        assert!(data.contains(part), "{part:?} is missing from:\n{data}");
    }
}

#[tokio::test]
async fn thai_mail_has_a_subject_every_mail_program_reads() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    let thai = Mail { locale: Locale::Th, ..mail(org, "order_paid:1") };
    write(&app, &thai).await;
    app.run_jobs().await;
    let data = &sink.received()[0].data;
    assert!(data.contains("Subject: =?utf-8?b?"), "{data}");
    let headers = data.split("\r\n\r\n").next().expect("headers");
    assert!(headers.is_ascii(), "{headers}");
}

fn account_mail(cause: &str) -> Mail {
    let letter =
        AccountLetter::ResetPassword { link: "https://ringside.example/account/reset#secret".into() };
    Mail {
        org_id: None,
        to: Recipient { name: "Demo Fan".into(), address: "Fan@demo.ringside.example".into() },
        locale: Locale::En,
        letter: Letter::Account { name: "Demo Fan".into(), letter },
        cause: cause.into(),
    }
}

#[tokio::test]
async fn a_letter_about_an_account_is_emptied_once_it_was_sent_and_no_other() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    sink.set_mood(Mood::Busy);
    write(&app, &account_mail("account:1")).await;
    write(&app, &mail(org, "order_paid:1")).await;
    assert_eq!(app.run_jobs_and_see().await.failed.len(), 2);
    let secrets = "SELECT count(*) FROM deliveries WHERE plain LIKE '%#secret%' AND html LIKE '%#secret%'";
    assert_eq!(app.count(secrets).await, 1, "it waits to be sent");

    sink.set_mood(Mood::Takes);
    app.advance(TimeDelta::minutes(1));
    app.run_jobs().await;
    assert!(sink.received().iter().any(|mail| mail.data.contains("secret")));
    let empty = "SELECT count(*) FROM deliveries WHERE plain = '' AND html = ''";
    assert_eq!((app.count(empty).await, app.count("SELECT count(*) FROM deliveries").await), (1, 2));
}

#[tokio::test]
async fn letters_about_an_account_are_kept_for_those_with_a_shell_only() {
    let app = app(None).await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    write(&app, &account_mail("account:1")).await;
    app.run_jobs().await;
    assert!(list(&app, &owner, "").await.items.is_empty());
    let kept = async |address: &str| app.sql(async |conn| kept_letters(conn, address, 5).await).await;
    let letters = kept("fan@DEMO.ringside.example").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].plain.contains("account/reset#secret"), "{}", letters[0].plain);
    assert!(kept("other@demo.ringside.example").await.is_empty());
}

#[tokio::test]
async fn a_busy_mail_server_is_asked_again_later() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written");
    for (attempts, mood, said) in [(1, Mood::Busy, "451"), (2, Mood::HangsUp, "")] {
        sink.set_mood(mood);
        assert_eq!(app.run_jobs_and_see().await.failed.len(), 1);
        let summary = read(&app, &viewer, id).await.summary;
        assert_eq!((summary.state, summary.attempts), (DeliveryState::Queued, attempts));
        let error = summary.last_error.expect("why");
        assert!(error.contains(said), "{error}");
        app.advance(TimeDelta::minutes(1));
    }
    sink.set_mood(Mood::Takes);
    app.run_jobs().await;
    let summary = read(&app, &viewer, id).await.summary;
    assert_eq!((summary.state, summary.attempts, summary.last_error), (DeliveryState::Sent, 3, None));
    assert_eq!(sink.received().len(), 1);
}

#[tokio::test]
async fn a_mail_server_that_never_comes_back_is_given_up_in_the_end() {
    // Nobody listens on the discard port.
    let app = app(Some("smtp://127.0.0.1:9".into())).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written");
    let mut tries = 0;
    while read(&app, &viewer, id).await.summary.state == DeliveryState::Queued {
        app.run_jobs_and_see().await;
        app.advance(TimeDelta::hours(2));
        tries += 1;
    }
    let summary = read(&app, &viewer, id).await.summary;
    assert_eq!((tries, summary.attempts, summary.state), (20, 20, DeliveryState::Failed));
    assert_eq!(app.count("SELECT count(*) FROM jobs").await, 0, "no dead job: the delivery itself says it");
}

#[tokio::test]
async fn a_refused_mail_fails_at_once_and_goes_out_on_retry() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    let box_office = app.member(org, Role::BoxOffice).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written").to_string();
    sink.set_mood(Mood::Refuses);
    app.run_jobs().await;
    let failed: Delivery = app.to(GET_DELIVERY, &[&id]).by(&box_office).ok().await;
    assert_eq!((failed.summary.state, failed.summary.attempts), (DeliveryState::Failed, 1));
    assert!(failed.summary.last_error.expect("why").contains("550"));

    sink.set_mood(Mood::Takes);
    let again: Delivery = app.to(RETRY_DELIVERY, &[&id]).by(&box_office).ok().await;
    assert_eq!((again.summary.state, again.summary.last_error), (DeliveryState::Queued, None));
    app.to(RETRY_DELIVERY, &[&id]).by(&box_office).problem(ErrorCode::WrongState).await;
    app.run_jobs().await;
    assert_eq!(sink.received().len(), 1);
    let problem = app.to(RETRY_DELIVERY, &[&id]).by(&box_office).problem(ErrorCode::WrongState).await;
    assert_eq!(
        problem.detail.as_deref(),
        Some("This message is sent; only failed or kept ones are sent again.")
    );
}

#[tokio::test]
async fn an_address_nobody_can_send_to_fails_for_good() {
    let sink = SmtpSink::start().await.expect("a port is free");
    let app = app(Some(sink.url())).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let nobody = Recipient { name: "Demo Fan".into(), address: "no address\r\nBcc: all@example.com".into() };
    let id = write(&app, &Mail { to: nobody, ..mail(org, "order_paid:1") }).await.expect("written");
    app.run_jobs().await;
    assert_eq!(read(&app, &viewer, id).await.summary.state, DeliveryState::Failed);
    assert!(sink.received().is_empty());
}

#[tokio::test]
async fn the_same_cause_sends_one_mail() {
    let app = app(None).await;
    let (org, other) = (app.org("Demo Promotions").await, app.org("Other Promotions").await);
    let viewer = app.member(org, Role::Viewer).await;
    assert!(write(&app, &mail(org, "order_paid:1")).await.is_some());
    assert!(write(&app, &mail(org, "order_paid:1")).await.is_none());
    assert!(write(&app, &mail(org, "order_placed:1")).await.is_some());
    assert!(write(&app, &mail(other, "order_paid:1")).await.is_some());
    app.run_jobs().await;
    assert_eq!(list(&app, &viewer, "").await.items.len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_when_the_cause_does_not_happen() {
    let app = app(None).await;
    let org = app.org("Demo Promotions").await;
    let letter = mail(org, "order_paid:1");
    let undone = app.context().db.write(async |tx| {
        queue(tx, &letter).await?;
        Err::<(), _>(ErrorCode::SeatTaken.into())
    });
    assert!(undone.await.is_err());
    assert_eq!(app.run_jobs().await, 0);
    assert_eq!(app.count("SELECT count(*) FROM deliveries").await, 0);
}

#[tokio::test]
async fn pages_and_filters_find_what_is_looked_for() {
    let app = app(None).await;
    let org = app.org("Demo Promotions").await;
    let viewer = app.member(org, Role::Viewer).await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let to = Recipient { name: "Demo Fan".into(), address: format!("fan_{n}@demo.ringside.example") };
        ids.extend(write(&app, &Mail { to, ..mail(org, &format!("order_paid:{n}")) }).await);
    }
    app.run_jobs().await;
    ids.reverse();

    let mut seen = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = list(&app, &viewer, &query).await;
        seen.extend(page.items.iter().map(|item| item.id));
        let Some(next) = page.next else { break };
        query = format!("?limit=2&after={next}");
    }
    assert_eq!(seen, ids, "newest first, each once");

    assert_eq!(list(&app, &viewer, "?q=FAN_3@").await.items.len(), 1, "whatever the case");
    assert_eq!(list(&app, &viewer, "?q=7KQ2").await.items.len(), 5, "in the subject, too");
    assert_eq!(list(&app, &viewer, "?q=%25").await.items.len(), 0, "a percent sign is itself");
    assert_eq!(list(&app, &viewer, "?state=kept").await.items.len(), 5);
    assert_eq!(list(&app, &viewer, "?state=failed").await.items.len(), 0);

    app.get("/deliveries?limit=201").by(&viewer).problem(ErrorCode::PageTooLarge).await;
    app.get("/deliveries?after=x").by(&viewer).problem(ErrorCode::UnknownCursor).await;
    app.get("/deliveries?state=lost").by(&viewer).problem(ErrorCode::MalformedRequest).await;
    app.get("/deliveries?q=").by(&viewer).problem(ErrorCode::InvalidFields).await;
}

#[tokio::test]
async fn only_those_who_may_see_and_send() {
    let app = app(None).await;
    let (org, other) = (app.org("Demo Promotions").await, app.org("Other Promotions").await);
    let (viewer, scanner) = (app.member(org, Role::Viewer).await, app.member(org, Role::Scanner).await);
    let stranger = app.member(other, Role::Owner).await;
    let id = write(&app, &mail(org, "order_paid:1")).await.expect("written");
    app.run_jobs().await;
    let file = read(&app, &viewer, id).await.attachments[0].id.to_string();
    let id = id.to_string();

    app.to(LIST_DELIVERIES, &[]).problem(ErrorCode::NotSignedIn).await;
    app.to(LIST_DELIVERIES, &[]).by(&scanner).problem(ErrorCode::NotPermitted).await;
    app.to(RETRY_DELIVERY, &[&id]).by(&viewer).problem(ErrorCode::NotPermitted).await;
    assert!(list(&app, &stranger, "").await.items.is_empty());
    app.to(GET_DELIVERY, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(GET_ATTACHMENT, &[&id, &file]).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(RETRY_DELIVERY, &[&id]).by(&stranger).problem(ErrorCode::NotFound).await;
    app.to(GET_ATTACHMENT, &[&file, &file]).by(&viewer).problem(ErrorCode::NotFound).await;
    app.to(GET_DELIVERY, &["none"]).by(&viewer).problem(ErrorCode::NotFound).await;
}
