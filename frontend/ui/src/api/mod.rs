//! Calls to the API. Pages use the one-liners of the nouns; those use [`to`] and the endpoint
//! constants of the contract.

mod failure;

pub mod events;
pub mod factors;
pub mod holds;
pub mod invitations;
pub mod notices;
pub mod oauth;
pub mod orders;
pub mod payments;
pub mod people;
pub mod privacy;
pub mod sign_on;
pub mod staff;

use contract::endpoint::{Endpoint, Method};
use contract::{ErrorCode, Problem};
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use failure::Failure;

use crate::{confirm, session};

/// One call on its way to be made.
#[must_use = "a call does nothing until it is sent"]
pub struct Call<In, Out> {
    endpoint: Endpoint<In, Out>,
    path: String,
    query: Vec<(&'static str, String)>,
    headers: Vec<(&'static str, String)>,
    body: Option<Result<String, Failure>>,
}

/// Begins a call of an operation without anything in its path.
pub fn to<In, Out>(endpoint: Endpoint<In, Out>) -> Call<In, Out> {
    Call { endpoint, path: endpoint.path.to_owned(), query: Vec::new(), headers: Vec::new(), body: None }
}

/// Calls an operation: `path` fills its `{names}` in order, `body` travels as JSON.
///
/// # Errors
/// [`Failure`], when the server refuses or cannot be reached.
pub async fn call<In, Out>(
    endpoint: Endpoint<In, Out>,
    path: &[&str],
    body: Option<&In>,
) -> Result<Out, Failure>
where
    In: Serialize,
    Out: DeserializeOwned,
{
    let call = to(endpoint).at(path);
    match body {
        Some(body) => call.body(body).send().await,
        None => call.send().await,
    }
}

/// A fresh Idempotency-Key: made when a form opens, kept over its retries.
#[must_use]
pub fn new_intent() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl<In, Out> Call<In, Out> {
    /// Fills the `{names}` of the path, in order.
    pub fn at(mut self, values: &[&str]) -> Self {
        self.path = self.endpoint.at(values);
        self
    }

    /// Adds a query parameter; an empty value is left out.
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.query.push((name, value));
        }
        self
    }

    /// The Idempotency-Key of what the person means to do.
    pub fn intent(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    /// The secret with which a guest reaches a hold or an order.
    pub fn access(self, secret: Option<&str>) -> Self {
        match secret {
            Some(secret) => self.header("Order-Access", secret),
            None => self,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A body that is not JSON, such as a file; its media type goes into the header `Content-Type`.
    pub fn text(mut self, media_type: &str, body: String) -> Self {
        self.headers.push(("Content-Type", media_type.to_owned()));
        self.body = Some(Ok(body));
        self
    }

    async fn answer(&self) -> Result<Response, Failure> {
        let response = self.refreshed().await?;
        // Refused for want of a recent proof: asks for it where the app can, then asks again.
        let mend = confirm::mending().filter(|_| response.status() == 403);
        match mend {
            None => Ok(response),
            Some(mend) => match mend(response).await {
                Some(refusal) => Ok(refusal),
                None => self.refreshed().await,
            },
        }
    }

    async fn refreshed(&self) -> Result<Response, Failure> {
        let response = self.once().await?;
        // An access token lives minutes: trade it in once, then ask again.
        let about_the_session = matches!(self.endpoint.id, "sign_in" | "refresh_session");
        if response.status() == 401 && !about_the_session && session::expected() && session::refresh().await {
            return self.once().await;
        }
        Ok(response)
    }

    async fn once(&self) -> Result<Response, Failure> {
        let mut request = self.builder();
        if !self.query.is_empty() {
            request = request.query(self.query.iter().map(|(name, value)| (*name, value.as_str())));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(token) = session::token() {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        if let Some(organisation) = session::organisation_untracked() {
            request = request.header("Ringside-Organisation", &organisation.to_string());
        }
        request = request.header("Accept-Language", crate::i18n::locale_untracked().code());
        let request = match &self.body {
            Some(Ok(body)) => request.body(body.as_str()),
            Some(Err(failure)) => return Err(failure.clone()),
            None => request.build(),
        };
        request.map_err(Failure::unreadable)?.send().await.map_err(|_| Failure::Offline)
    }

    fn builder(&self) -> RequestBuilder {
        match self.endpoint.method {
            Method::Get => Request::get(&self.path),
            Method::Post => Request::post(&self.path),
            Method::Put => Request::put(&self.path),
            Method::Patch => Request::patch(&self.path),
            Method::Delete => Request::delete(&self.path),
        }
    }

    /// Sends it and gives the answer's bytes, for files.
    ///
    /// # Errors
    /// [`Failure`], when the server refuses or cannot be reached.
    pub async fn bytes(self) -> Result<Vec<u8>, Failure> {
        let response = accepted(self.answer().await?).await?;
        response.binary().await.map_err(|_| Failure::Offline)
    }
}

impl<In: Serialize, Out> Call<In, Out> {
    /// What travels as JSON.
    pub fn body(mut self, body: &In) -> Self {
        self.headers.push(("Content-Type", "application/json".to_owned()));
        self.body = Some(serde_json::to_string(body).map_err(Failure::unreadable));
        self
    }
}

impl<In, Out: DeserializeOwned> Call<In, Out> {
    /// Sends it.
    ///
    /// # Errors
    /// [`Failure`], when the server refuses or cannot be reached.
    pub async fn send(self) -> Result<Out, Failure> {
        let response = accepted(self.answer().await?).await?;
        let text = response.text().await.map_err(|_| Failure::Offline)?;
        let json = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(json).map_err(Failure::unreadable)
    }
}

/// The answer, or the problem it tells of.
async fn accepted(response: Response) -> Result<Response, Failure> {
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let text = response.text().await.map_err(|_| Failure::Offline)?;
    Err(match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => Failure::Refused(Box::new(problem)),
        // A gateway in between answers for a server that is away.
        Err(_) if matches!(status, 502..=504) => Failure::Offline,
        Err(error) => Failure::unreadable(error),
    })
}

/// Whether the failure means that the person has to sign in.
#[must_use]
pub fn needs_sign_in(failure: &Failure) -> bool {
    matches!(failure.code(), Some(ErrorCode::NotSignedIn | ErrorCode::TokenExpired | ErrorCode::SessionEnded))
}
