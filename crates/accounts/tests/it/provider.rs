//! A real OpenID provider, the certified `oidc-provider` of npm, and the browser that signs in to it.

use std::process::Stdio;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, redirect};
use serde_json::Value;
use testkit::{Answer, TestApp};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/providers");

/// A running provider; it ends with its input, and so with the test.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    _input: ChildStdin,
    _child: Child,
}

impl Provider {
    /// Starts one for the app.
    pub(crate) async fn start(app: &TestApp) -> Self {
        let mut child = Command::new("node")
            .args(["oidc.mjs", &format!("{}/api/v1/sign-on/callback", app.url)])
            .current_dir(FOLDER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("node is there");
        let input = child.stdin.take().expect("it was asked for");
        let output = child.stdout.take().expect("it was asked for");
        let line = BufReader::new(output).lines().next_line().await.expect("it can be read");
        let line = line.expect("`npm ci` was run in tests/providers, so it starts");
        let told: Value = serde_json::from_str(&line).expect("it prints JSON");
        Self { issuer: format!("http://127.0.0.1:{}", told["port"]), _input: input, _child: child }
    }

    /// Says who somebody is that signs in with a name.
    pub(crate) async fn account(&self, login: &str, claims: Value) {
        let body = serde_json::json!({login: claims});
        self.control("accounts", &body).await;
    }

    /// Gives it other keys.
    pub(crate) async fn rotate(&self) {
        self.control("rotate", &Value::Null).await;
    }

    async fn control(&self, what: &str, body: &Value) {
        let url = format!("{}/control/{what}", self.issuer);
        let answer = Client::new().post(url).json(body).send().await.expect("the provider runs");
        assert_eq!(answer.status(), 204);
    }
}

/// A browser: it keeps the provider's cookies and follows no redirect unasked.
pub(crate) struct Browser {
    client: Client,
    cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        Self { client, cookies: Vec::new() }
    }

    /// Signs in at the provider with a name and gives the address it leads back to.
    pub(crate) async fn sign_in(&mut self, url: &str, login: &str) -> String {
        self.walk(url, Some(login)).await
    }

    /// Turns back at the provider's page.
    pub(crate) async fn turn_back(&mut self, url: &str) -> String {
        self.walk(url, None).await
    }

    async fn walk(&mut self, start: &str, login: Option<&str>) -> String {
        let mut url = start.to_owned();
        for _ in 0..10 {
            if url.contains("/sign-on/callback") {
                return url;
            }
            let mut answer = self.send(self.client.get(&url)).await;
            if answer.status() == 200 {
                let next = match login {
                    Some(login) => self.client.post(&url).form(&[
                        ("prompt", "login"),
                        ("login", login),
                        ("password", "any"),
                    ]),
                    None => self.client.get(format!("{url}/abort")),
                };
                answer = self.send(next).await;
            }
            let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let to = to.unwrap_or_else(|| panic!("{url} leads nowhere: {}", answer.status()));
            url = reqwest::Url::parse(&url).expect("an address").join(to).expect("an address").into();
        }
        panic!("the provider leads around in circles");
    }

    /// Comes back to the app with its cookie; gives the page it leads to.
    pub(crate) async fn come_back(&self, url: &str, cookie: &str) -> String {
        let answer = self.client.get(url).header(COOKIE, cookie).send().await.expect("the app runs");
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap_or_default());
        let to = answer.headers()[LOCATION].to_str().expect("an address").to_owned();
        to.split_once("/account/").expect("a page of the account").1.to_owned()
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let jar: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header(COOKIE, jar.join("; ")).send().await.expect("the provider runs");
        for cookie in answer.headers().get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()) {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }
}

/// The cookie of an attempt.
pub(crate) fn kept(answer: &Answer) -> String {
    crate::cookie(answer, "ringside_sign_on=")
}
