//! A reader of mail, as their program sees it.

use std::sync::Mutex;

use contract::channels::Topic;
use contract::deliveries::Delivery;
use contract::endpoints::GET_DELIVERY;
use domain::{Locale, Role};
use messaging::deliveries::{Message, Recipient, Way, send};
use messaging::letters::Written;
use platform::config::Config;
use testkit::smtp::{ReceivedMail, SmtpSink};
use testkit::{Caller, Setup, TestApp};
use uuid::Uuid;

pub(crate) const FAN: &str = "Fan@demo.ringside.example";
pub(crate) const SITE: &str = "https://ringside.example";

/// A server with a mail server, an organisation, and somebody of it.
pub(crate) struct House {
    pub app: TestApp,
    pub sink: SmtpSink,
    pub org: Uuid,
    pub staff: Caller,
    seen: Mutex<usize>,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config) + 'static) -> Self {
        let sink = SmtpSink::start().await.expect("a port is free");
        let url = sink.url();
        let app = Setup::new()
            .routes(messaging::configure)
            .root(|_, config| messaging::pages(config))
            .jobs(messaging::jobs)
            .config(move |config| {
                config.smtp_url = Some(url.into());
                config.public_url = Some(SITE.into());
                change(config);
            })
            .start()
            .await;
        let org = app.org("Demo Promotions").await;
        let staff = app.member(org, Role::Operator).await;
        Self { app, sink, org, staff, seen: Mutex::new(0) }
    }

    /// Writes a message and lets it go; the mail as it arrived, if it did.
    pub(crate) async fn post(&self, message: &Message) -> (Uuid, Option<ReceivedMail>) {
        let id = domain::ids::new_id();
        let sent = self.app.context().db.write(async |tx| send(tx, id, message).await).await;
        assert_eq!(sent.expect("it is written"), Some(id));
        self.app.run_jobs().await;
        (id, self.arrived())
    }

    /// Where a path leads, as a browser is told.
    pub(crate) async fn led(&self, path: &str) -> String {
        let client =
            testkit::client().redirect(reqwest::redirect::Policy::none()).build().expect("plain HTTP");
        let answer = client.get(format!("{}{path}", self.app.url)).send().await.expect("the server answers");
        assert_eq!(answer.status(), 302, "{path}");
        answer.headers()["location"].to_str().expect("an address").to_owned()
    }

    /// The mail that has arrived since this was asked last.
    pub(crate) fn arrived(&self) -> Option<ReceivedMail> {
        let all = self.sink.received();
        let mut seen = self.seen.lock().expect("no test panics in here");
        let new = all.get(*seen).cloned();
        *seen = all.len();
        new
    }

    pub(crate) async fn read(&self, id: Uuid) -> Delivery {
        self.app.to(GET_DELIVERY, &[&id.to_string()]).by(&self.staff).ok().await
    }
}

/// Optional mail of the organisation to an address, with two links.
pub(crate) fn optional(org: Uuid, user: Option<Uuid>, topic: Topic, cause: &str) -> Message {
    let html = "<!doctype html><html><body><p>Hello, <a href=\"https://demo.example/a?x=1&amp;y=2\">first</a> \
        <a href=\"https:&#x2f;&#x2f;demo.example&#x2f;b#c\">second</a> <a href=\"mailto:x@demo.example\">write</a></p></body></html>";
    Message {
        org_id: Some(org),
        way: Way::Mail(Recipient { name: "Demo Fan".into(), address: FAN.into() }),
        topic,
        user_id: user,
        link: None,
        cause: cause.into(),
        written: Written {
            template: "notice",
            locale: Locale::En,
            version: None,
            subject: "What is coming up".into(),
            html: html.into(),
            text: "Hello, https://demo.example/a?x=1&y=2\n".into(),
            attachments: Vec::new(),
        },
    }
}

/// The mail without the line breaks and signs that quoted-printable puts in (RFC 2045, 6.7).
pub(crate) fn unfolded(mail: &ReceivedMail) -> String {
    mail.data.replace("=\r\n", "").replace("=3D", "=")
}

/// The addresses of ours in a mail, as paths.
pub(crate) fn paths(mail: &ReceivedMail) -> Vec<String> {
    let text = unfolded(mail);
    let (_, body) = text.split_once("\r\n\r\n").expect("a mail has a body");
    let ends = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '-' | '_');
    body.split(&format!("{SITE}/m/"))
        .skip(1)
        .map(|rest| format!("/m/{}", rest.split(ends).next().unwrap_or_default()))
        .collect()
}

/// A header's value, unfolded; none: it is not there.
pub(crate) fn header<'a>(mail: &'a ReceivedMail, name: &str) -> Option<&'a str> {
    let (head, _) = mail.data.split_once("\r\n\r\n").expect("a mail has a head");
    head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}
