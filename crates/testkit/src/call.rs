//! One HTTP call of a test, and what came back.

use std::fmt::Debug;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use contract::{ErrorCode, Problem};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::Caller;

/// A call being put together; `.await` sends it.
#[must_use]
pub struct Call {
    request: reqwest::RequestBuilder,
    name: String,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `GET /api/v1/…`, for messages.
    pub name: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(client: &reqwest::Client, base: &str, method: Method, path: &str) -> Self {
        let path = if path.starts_with("/api/") || path == "/" || path.starts_with("//") {
            path.to_owned()
        } else {
            format!("/api/v1{path}")
        };
        Self::raw(client, base, method, &path)
    }

    pub(crate) fn raw(client: &reqwest::Client, base: &str, method: Method, path: &str) -> Self {
        let name = format!("{method} {path}");
        Self { request: client.request(method, format!("{base}{path}")), name }
    }

    /// Signs the call.
    pub fn by(self, caller: &Caller) -> Self {
        self.token(&caller.token)
    }

    /// Sends a token.
    pub fn token(mut self, token: &str) -> Self {
        self.request = self.request.bearer_auth(token);
        self
    }

    /// Chooses the organisation acted in.
    pub fn in_org(self, org: Uuid) -> Self {
        self.header("Ringside-Organisation", &org.to_string())
    }

    /// Sends an Idempotency-Key.
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// Sends the secret of a guest's hold or order.
    pub fn access(self, secret: &str) -> Self {
        self.header("Order-Access", secret)
    }

    /// Sends a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Sends JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// Sends bytes of a media type.
    pub fn bytes(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.header("content-type", media_type).body(body.into());
        self
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        let response = self.request.send().await.unwrap_or_else(|error| panic!("{}: {error:?}", self.name));
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{}: {error:?}", self.name)).to_vec();
        Answer { name: self.name, status, headers, body }
    }

    /// Sends it and expects 200 with JSON.
    pub async fn ok<T: DeserializeOwned>(self) -> T {
        self.send().await.expect(200).json()
    }

    /// Sends it and expects 201 with JSON.
    pub async fn created<T: DeserializeOwned>(self) -> T {
        self.send().await.expect(201).json()
    }

    /// Sends it and expects 204.
    pub async fn no_content(self) {
        let _ = self.send().await.expect(204);
    }

    /// Sends it and expects a refusal of that code.
    pub async fn problem(self, code: ErrorCode) -> Problem {
        self.send().await.problem(code)
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("tests name headers rightly");
        self.headers.get(name).map_or("", |value: &HeaderValue| value.to_str().unwrap_or(""))
    }

    /// Expects a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.name, self.text());
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.name, self.text()))
    }

    /// The body as any JSON.
    #[must_use]
    #[track_caller]
    pub fn value(&self) -> Value {
        self.json()
    }

    /// Expects a refusal of that code, in its right form.
    #[track_caller]
    pub fn problem(&self, code: ErrorCode) -> Problem {
        assert_eq!(
            (self.header("content-type"), self.status.as_u16()),
            ("application/problem+json", code.status()),
            "{}: {}",
            self.name,
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!(problem.code, code, "{}: {}", self.name, self.text());
        assert_eq!(problem.request_id, self.header("x-request-id"), "{}", self.name);
        problem
    }
}
