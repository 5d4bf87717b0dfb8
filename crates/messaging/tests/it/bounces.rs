//! Mail that comes back: by a real mailbox, by a mail service, and at once.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::Page;
use contract::channels::Topic;
use contract::deliveries::DeliveryState;
use contract::endpoints::{LIST_SUPPRESSIONS, REPORT_MAIL};
use contract::mail::{Suppression, SuppressionReason};
use serde_json::{Value, json};
use testkit::smtp::{Mood, ReceivedMail};
use testkit::{Answer, Mailbox};
use uuid::Uuid;

use crate::deliveries::{mail, write};
use crate::reader::{House, header, optional};

const SECRET: &str = "a secret of the demo's mail service";

struct Post {
    house: House,
    mailbox: Mailbox,
}

impl Post {
    async fn new() -> Self {
        let mailbox = Mailbox::start();
        let url = mailbox.url();
        let house = House::with(move |config| {
            config.bounce_address = Some("bounces@mail.ringside.example".into());
            config.bounce_mailbox = Some(url.into());
            config.mail_report_secret = Some(SECRET.into());
        })
        .await;
        Self { house, mailbox }
    }

    /// A letter that has left.
    async fn sent(&self, cause: &str) -> (Uuid, ReceivedMail) {
        let id = write(&self.house.app, &mail(self.house.org, cause)).await.expect("written");
        self.house.app.run_jobs().await;
        (id, self.house.arrived().expect("it has arrived"))
    }

    async fn look(&self) {
        self.house.app.run_timer("read_bounces").await;
    }

    async fn state(&self, id: Uuid) -> DeliveryState {
        self.house.read(id).await.summary.state
    }

    async fn held(&self) -> Vec<Suppression> {
        let page: Page<Suppression> =
            self.house.app.to(LIST_SUPPRESSIONS, &[]).by(&self.house.staff).ok().await;
        page.items
    }

    async fn report(&self, body: &Value, authorization: &str) -> Answer {
        self.house.app.to(REPORT_MAIL, &[]).header("authorization", authorization).json(body).await
    }
}

/// A notification as RFC 3464 (appendix E) shows them, about a letter: to the envelope's sender, with the head of the
/// letter.
fn notification(letter: &ReceivedMail, to: &str, action: &str, status: &str, said: &str) -> String {
    let (head, _) = letter.data.split_once("\r\n\r\n").expect("a mail has a head");
    format!(
        "Return-Path: <>\r\n\
         Date: Fri, 20 Nov 2026 12:00:05 +0000\r\n\
         From: Mail Delivery Subsystem <MAILER-DAEMON@mx.demo.example>\r\n\
         To: <{to}>\r\n\
         Subject: Returned mail\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\
         \tboundary=\"RAA14128.773615765/mx.demo.example\"\r\n\
         \r\n\
         --RAA14128.773615765/mx.demo.example\r\n\
         \r\n\
         The original message was received a moment ago. Something happened to it.\r\n\
         \r\n\
         --RAA14128.773615765/mx.demo.example\r\n\
         Content-Type: message/delivery-status\r\n\
         \r\n\
         Reporting-MTA: dns; mx.demo.example\r\n\
         Arrival-Date: Fri, 20 Nov 2026 12:00:01 +0000\r\n\
         \r\n\
         Original-Recipient: rfc822;fan@demo.ringside.example\r\n\
         Final-Recipient: rfc822;fan@demo.ringside.example\r\n\
         Action: {action}\r\n\
         Status: {status}\r\n\
         Diagnostic-Code: smtp;\r\n {said}\r\n\
         \r\n\
         --RAA14128.773615765/mx.demo.example\r\n\
         Content-Type: text/rfc822-headers\r\n\
         \r\n\
         {head}\r\n\
         \r\n\
         --RAA14128.773615765/mx.demo.example--\r\n"
    )
}

/// A complaint as RFC 5965 (appendix B.2) shows them. It goes to whoever asked the mail service for such reports, and
/// not to the sender in the envelope.
fn complaint(letter: &ReceivedMail, kind: &str) -> String {
    format!(
        "From: <abusedesk@mail.demo.example>\r\n\
         Date: Fri, 20 Nov 2026 12:30:00 +0000\r\n\
         Subject: FW: a letter\r\n\
         To: <reports@mail.ringside.example>\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"part1_13d.2e68ed54\"\r\n\
         \r\n\
         --part1_13d.2e68ed54\r\n\
         Content-Type: text/plain; charset=\"US-ASCII\"\r\n\
         Content-Transfer-Encoding: 7bit\r\n\
         \r\n\
         This is an email abuse report.\r\n\
         \r\n\
         --part1_13d.2e68ed54\r\n\
         Content-Type: message/feedback-report\r\n\
         \r\n\
         Feedback-Type: {kind}\r\n\
         User-Agent: SomeGenerator/1.0\r\n\
         Version: 1\r\n\
         \r\n\
         --part1_13d.2e68ed54\r\n\
         Content-Type: message/rfc822\r\n\
         Content-Disposition: inline\r\n\
         \r\n\
         {}\r\n\
         --part1_13d.2e68ed54--\r\n",
        letter.data
    )
}

#[tokio::test]
async fn a_letter_that_comes_back_for_good_holds_its_address_back() {
    let post = Post::new().await;
    let (id, letter) = post.sent("order_paid:1").await;
    assert!(
        letter.from.starts_with("bounces+") && letter.from.ends_with("@mail.ringside.example"),
        "{}",
        letter.from
    );
    assert_eq!(
        letter.from.split_once('+').map(|(_, rest)| rest.split_once('@').map(|(token, _)| token.len())),
        Some(Some(52))
    );
    assert!(letter.data.contains("From: Ringside <tickets@ringside.example>\r\n"), "{}", letter.data);

    let said = "550 5.1.1 <fan@demo.ringside.example>: no such user";
    let notice = notification(&letter, &letter.from, "failed", "5.1.1", said);
    post.mailbox.deliver(&notice);
    post.look().await;
    let summary = post.house.read(id).await.summary;
    assert_eq!(summary.state, DeliveryState::Returned);
    assert!(summary.last_error.expect("why").contains("no such user"));
    let held = post.held().await;
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].address.as_str(), held[0].reason, held[0].delivery_id, held[0].delivery_kept),
        ("fan@demo.ringside.example", SuppressionReason::Bounced, Some(id), true)
    );
    assert!(post.mailbox.messages().is_empty(), "what was taken in is deleted");
    let next = write(&post.house.app, &mail(post.house.org, "order_paid:2")).await.expect("written");
    post.house.app.run_jobs().await;
    let summary = post.house.read(next).await.summary;
    assert_eq!(
        (summary.state, summary.last_error.as_deref()),
        (DeliveryState::Suppressed, Some("mail to this address came back"))
    );

    // Somebody let it be written to again; the same notice once more does not change their mind.
    post.house.app.execute("DELETE FROM suppressions").await;
    post.mailbox.deliver(&notice);
    post.look().await;
    assert!(post.held().await.is_empty() && post.mailbox.messages().is_empty());
}

#[tokio::test]
async fn a_full_mailbox_comes_back_and_holds_nothing_back() {
    let post = Post::new().await;
    for (cause, action, status, said, state) in [
        ("order_paid:1", "failed", "5.2.2", "552 5.2.2 Over quota", DeliveryState::Returned),
        ("order_paid:2", "failed", "4.4.7", "delivery time expired", DeliveryState::Returned),
        ("order_paid:3", "failed", "5.0.0", "550 5.7.1 This looks like spam", DeliveryState::Returned),
        ("order_paid:4", "delayed", "4.4.1", "no answer from host", DeliveryState::Sent),
        ("order_paid:5", "delivered", "2.1.5", "250 2.1.5 Ok", DeliveryState::Delivered),
    ] {
        let (id, letter) = post.sent(cause).await;
        post.mailbox.deliver(&notification(&letter, &letter.from, action, status, said));
        post.look().await;
        assert_eq!(post.state(id).await, state, "{status}");
    }
    assert!(post.held().await.is_empty() && post.mailbox.messages().is_empty());
}

#[tokio::test]
async fn a_complaint_holds_back_and_other_feedback_does_not() {
    let post = Post::new().await;
    let (id, letter) = post.sent("order_paid:1").await;
    post.mailbox.deliver(&complaint(&letter, "not-spam"));
    post.look().await;
    assert_eq!(post.state(id).await, DeliveryState::Sent);
    post.mailbox.deliver(&complaint(&letter, "abuse"));
    post.look().await;
    assert_eq!(post.state(id).await, DeliveryState::Complained);
    assert_eq!(post.held().await[0].reason, SuppressionReason::Complained);
    assert!(post.mailbox.messages().is_empty());
}

#[tokio::test]
async fn a_notice_that_names_its_letter_only_inside_is_understood() {
    let post = Post::new().await;
    let (id, letter) = post.sent("order_paid:1").await;
    let notice =
        notification(&letter, "bounces@mail.ringside.example", "failed", "5.1.1", "550 5.1.1 Unknown");
    assert!(header(&letter, "X-Ringside-Delivery").is_some_and(|token| notice.contains(token)));
    post.mailbox.deliver(&notice);
    post.look().await;
    assert_eq!(post.state(id).await, DeliveryState::Returned);
}

#[tokio::test]
async fn what_comes_before_a_letter_is_noted_as_sent_is_read_once_more() {
    let post = Post::new().await;
    let (id, letter) = post.sent("order_paid:1").await;
    let sent = "state = 'sent', sent_at = now()";
    let note = async |what: &str| post.house.app.execute(&format!("UPDATE deliveries SET {what}")).await;
    note("state = 'queued', sent_at = NULL").await;
    post.mailbox.deliver(&notification(&letter, &letter.from, "failed", "5.1.1", "550 5.1.1 Unknown"));
    post.look().await;
    let lying = post.mailbox.messages();
    assert!(lying.len() == 1 && !lying[0].flagged, "{lying:?}");
    note(sent).await;
    post.look().await;
    assert_eq!(post.state(id).await, DeliveryState::Returned);
    assert!(post.mailbox.messages().is_empty());
}

#[tokio::test]
async fn what_is_made_up_or_not_understood_stays_flagged_and_changes_nothing() {
    let post = Post::new().await;
    let (id, letter) = post.sent("order_paid:1").await;
    let token = header(&letter, "X-Ringside-Delivery").expect("a token").to_owned();
    let forged = format!("{}{}", &token[..51], if token.ends_with('0') { '1' } else { '0' });
    let notice = notification(&letter, &letter.from, "failed", "5.1.1", "550 5.1.1 Unknown");
    for text in [
        notice.replace(&token, &forged),
        format!(
            "From: <fan@demo.ringside.example>\r\nTo: <{}>\r\nSubject: Hello\r\n\r\nI am away.\r\n",
            letter.from
        ),
        "\r\n".to_owned(),
    ] {
        post.mailbox.deliver(&text);
    }
    post.look().await;
    assert_eq!(post.state(id).await, DeliveryState::Sent);
    assert!(post.held().await.is_empty());
    let lying = post.mailbox.messages();
    assert_eq!(lying.len(), 3);
    assert!(lying.iter().all(|message| message.flagged), "{lying:?}");
    // They are not read again, and those that come after them are.
    post.mailbox.deliver(&notice);
    post.look().await;
    assert_eq!((post.state(id).await, post.mailbox.messages().len()), (DeliveryState::Returned, 3));
}

#[tokio::test]
async fn an_address_that_the_server_does_not_know_is_held_back_at_once() {
    let house = House::new().await;
    house.sink.set_mood(Mood::KnowsNobody);
    let (id, _) = house.post(&optional(house.org, None, Topic::Announcements, "notice:1")).await;
    assert_eq!(house.read(id).await.summary.state, DeliveryState::Failed);
    house.sink.set_mood(Mood::Takes);
    house.app.advance(TimeDelta::hours(1));
    let (id, mail) = house.post(&optional(house.org, None, Topic::Announcements, "notice:2")).await;
    assert_eq!((house.read(id).await.summary.state, mail), (DeliveryState::Suppressed, None));
    assert_eq!(house.app.count("SELECT count(*) FROM suppressions WHERE reason = 'bounced'").await, 1);
}

#[tokio::test]
async fn a_mail_service_reports_what_became_of_mail() {
    let post = Post::new().await;
    let bearer = format!("Bearer {SECRET}");
    // Postmark's own example, with our metadata.
    let bounce = |kind: &str, letter: &ReceivedMail| {
        json!({
            "RecordType": "Bounce", "MessageStream": "outbound", "ID": 4_323_372_036_854_775_807_i64, "Type": kind, "TypeCode": 1,
            "Name": "Hard bounce", "Tag": "Test", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
            "Metadata": {"delivery": header(letter, "X-PM-Metadata-delivery").expect("it takes it along")},
            "ServerID": 23, "Description": "The server was unable to deliver your message",
            "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
            "Email": "fan@demo.ringside.example", "From": "tickets@ringside.example", "BouncedAt": "2026-11-20T12:01:00Z",
            "DumpAvailable": true, "Inactive": true, "CanActivate": true, "Subject": "Your tickets"
        })
    };
    let (id, letter) = post.sent("order_paid:1").await;
    let mut delivery = bounce("", &letter);
    delivery["RecordType"] = json!("Delivery");
    post.report(&delivery, &bearer).await.expect(204);
    assert_eq!(post.state(id).await, DeliveryState::Delivered);
    post.report(&bounce("SoftBounce", &letter), &bearer).await.expect(204);
    assert_eq!(post.state(id).await, DeliveryState::Returned);
    assert!(post.held().await.is_empty());
    post.report(&bounce("HardBounce", &letter), &bearer).await.expect(204);
    assert!(post.held().await.is_empty(), "nothing leads on from what has come back");

    let (second, letter) = post.sent("order_paid:2").await;
    for wrong in ["", "Bearer wrong", "Basic cG9zdG1hcms6d3Jvbmc=", "Basic !", &SECRET[..3]] {
        post.report(&bounce("HardBounce", &letter), wrong).await.problem(ErrorCode::BadSignature);
    }
    // The same by Basic: `postmark` and the secret.
    let basic = "Basic cG9zdG1hcms6YSBzZWNyZXQgb2YgdGhlIGRlbW8ncyBtYWlsIHNlcnZpY2U=";
    post.report(&bounce("HardBounce", &letter), basic).await.expect(204);
    assert_eq!(post.state(second).await, DeliveryState::Returned);
    assert_eq!(post.held().await.len(), 1);

    let mut foreign = bounce("HardBounce", &letter);
    foreign["Metadata"] = json!({"delivery": "0".repeat(52)});
    post.report(&foreign, &bearer).await.expect(204);
    post.report(&json!({"RecordType": ""}), &bearer).await.problem(ErrorCode::InvalidFields);
}

#[tokio::test]
async fn without_a_secret_nobody_reports() {
    let house = House::new().await;
    let body = json!({"RecordType": "Bounce", "Metadata": {}});
    house.app.to(REPORT_MAIL, &[]).json(&body).problem(ErrorCode::NotFound).await;
}
