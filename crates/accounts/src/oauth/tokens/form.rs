//! What an application sends: a form, and who it is (RFC 6749, 2.3 and 3.2).

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::http::Raw;
use url::form_urlencoded;
use uuid::Uuid;

use crate::oauth::refusal::{Answer, BAD_FORM, NO_CLIENT};
use crate::random_secret;

/// A form, each field once.
pub(super) struct Form {
    fields: BTreeMap<String, String>,
    basic: Option<String>,
}

/// Who says they ask: the application's id and the hash of its secret.
pub(super) struct Claimed {
    pub id: Uuid,
    pub secret: Option<Vec<u8>>,
}

impl Form {
    /// Reads a request.
    pub(super) fn read(request: &HttpRequest, body: &Raw) -> Answer<Self> {
        if body.media_type != "application/x-www-form-urlencoded" {
            return Err(BAD_FORM);
        }
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(&body.bytes) {
            if fields.insert(name.to_string(), value.to_string()).is_some() {
                return Err(BAD_FORM);
            }
        }
        let basic = request.headers().get(header::AUTHORIZATION);
        let basic =
            basic.map(|value| value.to_str().map(str::to_owned).map_err(|_| NO_CLIENT)).transpose()?;
        Ok(Self { fields, basic })
    }

    /// A field that is not empty.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A field that must be there.
    pub(super) fn needed(&self, name: &str) -> Answer<&str> {
        self.field(name).ok_or(BAD_FORM)
    }

    /// Who asks: by `Authorization: Basic` or by fields, and not by both.
    pub(super) fn client(&self) -> Answer<Claimed> {
        let Some(basic) = &self.basic else {
            let id = self.field("client_id").and_then(|id| Uuid::try_parse(id).ok()).ok_or(NO_CLIENT)?;
            return Ok(Claimed { id, secret: self.field("client_secret").map(random_secret::hash) });
        };
        let (id, secret) = credentials(basic).ok_or(NO_CLIENT)?;
        let other = self.field("client_id").is_some_and(|named| named != id);
        if other || self.field("client_secret").is_some() {
            return Err(BAD_FORM);
        }
        let id = Uuid::try_parse(&id).map_err(|_| NO_CLIENT)?;
        Ok(Claimed { id, secret: Some(random_secret::hash(&secret)) })
    }
}

/// Id and secret of `Authorization: Basic`, each written as in a form.
fn credentials(header: &str) -> Option<(String, String)> {
    let (scheme, text) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decode(id)?, decode(secret)?))
}

fn decode(text: &str) -> Option<String> {
    if text.contains(['&', '=']) {
        return None;
    }
    form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned())
}
