//! An authorisation request (RFC 6749, 4.1.1; `OpenID` Connect Core, 3.1.2.1) as it came in a query string.
//! Until application and address are known to belong together, nobody is sent anywhere.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::oauth::{ClientGrant, OauthClient};
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use crate::oauth::clients::{queries, redirect};
use crate::oauth::scopes;

/// How recent a proof must be that `prompt=login` asks for: it is given on the same page.
const JUST_NOW: TimeDelta = TimeDelta::seconds(60);

/// A request whose application and address are good.
pub(super) struct Request {
    pub client: OauthClient,
    /// The organisation that registered it.
    pub made_by: String,
    pub redirect_uri: String,
    state: Option<String>,
    fields: BTreeMap<String, String>,
}

/// What a request asks for, once nothing is wrong with it.
pub(super) struct Wish {
    pub scopes: Vec<String>,
    pub challenge: String,
    pub nonce: Option<String>,
    pub prompt: Prompt,
    max_age: Option<TimeDelta>,
}

/// How the person is to be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Not at all.
    pub none: bool,
    /// They prove who they are once more.
    pub login: bool,
    /// They are asked again what they allowed before.
    pub consent: bool,
}

/// An error that goes back to the application (RFC 6749, 4.1.2.1).
pub(super) type Fault = (&'static str, &'static str);

impl Request {
    /// Finds application and address; a problem with a field when they are not good.
    pub(super) async fn find(conn: &mut Conn, query: &str, now: DateTime<Utc>) -> ApiResult<Self> {
        let refuse = |field: &str, fault: &str, text: &str| {
            ApiError::new(ErrorCode::InvalidFields).field_fault(field, fault, text)
        };
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if fields.insert(name.to_string(), value.to_string()).is_some() {
                return Err(refuse(&name, "repeated", "Each parameter comes once."));
            }
        }
        let id = fields.get("client_id").and_then(|id| Uuid::try_parse(id).ok());
        let found = match id {
            Some(id) => queries::sent_by(conn, id, now).await?,
            None => None,
        };
        let (client, made_by) =
            found.ok_or_else(|| refuse("client_id", "unknown", "There is no such application."))?;
        let asked = fields.remove("redirect_uri").unwrap_or_default();
        if !client.redirect_uris.iter().any(|known| redirect::matches(known, &asked)) {
            return Err(refuse("redirect_uri", "unknown", "The application did not register this address."));
        }
        let state = fields.remove("state");
        Ok(Self { client, made_by, redirect_uri: asked, state, fields })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// What it asks for, or what is wrong with it.
    pub(super) fn wish(&self) -> Result<Wish, Fault> {
        if self.field("request").is_some() {
            return Err(("request_not_supported", "Send plain parameters."));
        }
        if self.field("request_uri").is_some() {
            return Err(("request_uri_not_supported", "Send plain parameters."));
        }
        if !self.client.grants.contains(&ClientGrant::AuthorizationCode) {
            return Err(("unauthorized_client", "The application is not registered for this."));
        }
        match self.field("response_type") {
            Some("code") => {}
            Some(_) => return Err(("unsupported_response_type", "Only code is answered.")),
            None => return Err(("invalid_request", "response_type is missing.")),
        }
        if self.field("response_mode").is_some_and(|mode| mode != "query") {
            return Err(("invalid_request", "Only the response mode query is answered."));
        }
        let nonce = self.field("nonce").map(str::to_owned);
        if nonce.as_ref().is_some_and(|nonce| nonce.len() > 500) {
            return Err(("invalid_request", "The nonce is too long."));
        }
        Ok(Wish {
            scopes: self.scopes()?,
            challenge: self.challenge()?,
            nonce,
            prompt: self.prompt()?,
            max_age: self.max_age()?,
        })
    }

    fn scopes(&self) -> Result<Vec<String>, Fault> {
        let scopes = scopes::read(self.field("scope").unwrap_or_default());
        if scopes.is_empty() || !scopes::cover(&self.client.scopes, &scopes) {
            return Err(("invalid_scope", "Nothing, or more than the application registered, is asked for."));
        }
        Ok(scopes)
    }

    /// Everybody proves with S256 that they asked for the code (RFC 7636).
    fn challenge(&self) -> Result<String, Fault> {
        let fit = |text: &&str| {
            text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if self.field("code_challenge_method") != Some("S256") {
            return Err(("invalid_request", "code_challenge_method must be S256."));
        }
        let challenge = self.field("code_challenge").filter(fit);
        challenge.map(str::to_owned).ok_or(("invalid_request", "code_challenge is missing or no SHA-256."))
    }

    fn prompt(&self) -> Result<Prompt, Fault> {
        let mut prompt = Prompt::default();
        for word in scopes::read(self.field("prompt").unwrap_or_default()) {
            match word.as_str() {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "consent" | "select_account" => prompt.consent = true,
                _ => return Err(("invalid_request", "An unknown prompt.")),
            }
        }
        if prompt.none && (prompt.login || prompt.consent) {
            return Err(("invalid_request", "The prompt none stands alone."));
        }
        Ok(prompt)
    }

    fn max_age(&self) -> Result<Option<TimeDelta>, Fault> {
        let fault = ("invalid_request", "max_age must be seconds.");
        let Some(text) = self.field("max_age") else { return Ok(None) };
        let seconds: u32 = text.parse().map_err(|_| fault)?;
        Ok(Some(TimeDelta::seconds(seconds.into())))
    }

    /// The way back with these parameters; the answer says who gives it (RFC 9207).
    pub(super) fn back(&self, issuer: &str, answer: &[(&str, &str)]) -> ApiResult<String> {
        let mut url = Url::parse(&self.redirect_uri).map_err(ApiError::internal)?;
        {
            let mut pairs = url.query_pairs_mut();
            pairs.extend_pairs(answer);
            if let Some(state) = &self.state {
                pairs.append_pair("state", state);
            }
            pairs.append_pair("iss", issuer);
        }
        Ok(url.into())
    }

    /// Where the person goes back to, as they recognise it.
    pub(super) fn returns_to(&self) -> String {
        Url::parse(&self.redirect_uri).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }
}

impl Wish {
    /// Whether the person proved who they are too long ago for this.
    pub(super) fn is_stale(&self, confirmed_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let age = now - confirmed_at;
        self.max_age.is_some_and(|most| age > most.max(JUST_NOW)) || (self.prompt.login && age > JUST_NOW)
    }

    /// Whether the application acts in an organisation, and does not only learn who somebody is.
    pub(super) fn needs_organisation(&self) -> bool {
        !scopes::permissions(&self.scopes).is_empty()
    }
}
