//! What a response has to say to let somebody in (SAML 2.0 profiles, section 4.1.4), and what it says of them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use contract::ErrorCode;
use contract::sign_on::SamlSettings;
use uppsala::{Document, NodeId};

use super::signature::Genuine;
use super::tree::{SAML, SAMLP, all, attribute, children, is, only, text};

type Why = &'static str;

/// How far the provider's clock may be from ours.
const SKEW: TimeDelta = TimeDelta::seconds(60);
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// Attributes that carry an address, if the settings name none.
const ADDRESSES: [&str; 4] = [
    "email",
    "mail",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
];
/// Attributes that carry a name, if the settings name none.
const NAMES: [&str; 5] = [
    "displayName",
    "name",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
    "urn:oid:2.16.840.1.113730.3.1.241",
];

/// What must be in it.
pub(super) struct Expected<'a> {
    pub(super) settings: &'a SamlSettings,
    /// Who we are to the provider.
    pub(super) entity_id: &'a str,
    /// Where it was to answer.
    pub(super) answer_url: &'a str,
    /// What it was asked.
    pub(super) request: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// What the provider says of somebody.
#[derive(Debug)]
pub(super) struct Said {
    /// The assertion's id.
    pub(super) id: String,
    /// When the assertion is worth nothing any more.
    pub(super) until: DateTime<Utc>,
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    pub(super) attributes: BTreeMap<String, Vec<String>>,
}

/// Whether the provider says that it let nobody in; such an answer is signed by few and trusted for nothing.
pub(super) fn refusal(doc: &Document<'_>) -> Option<ErrorCode> {
    let response = doc.document_element().filter(|it| is(doc, *it, SAMLP, "Response"))?;
    let status = only(doc, response, SAMLP, "Status")?;
    let code = only(doc, status, SAMLP, "StatusCode")?;
    (attribute(doc, code, "Value") != Some(SUCCESS)).then_some(ErrorCode::SignOnRefused)
}

/// Checks all that is in a genuine response.
pub(super) fn said(genuine: &Genuine<'_>, expected: &Expected<'_>) -> Result<Said, Why> {
    let (doc, assertion) = (&genuine.doc, genuine.assertion);
    envelope(doc, genuine.response, expected)?;
    let id = attribute(doc, assertion, "ID").filter(|id| id.len() <= 255).ok_or("its id is too long")?;
    if attribute(doc, assertion, "Version") != Some("2.0") {
        return Err("it is of another version");
    }
    let issuer = only(doc, assertion, SAML, "Issuer").and_then(|issuer| text(doc, issuer));
    if issuer.as_deref() != Some(expected.settings.entity_id.as_str()) {
        return Err("it is another issuer's");
    }
    let subject = only(doc, assertion, SAML, "Subject").ok_or("it is about nobody")?;
    let until = confirmed(doc, subject, expected)?;
    conditions(doc, assertion, expected)?;
    if all(doc, assertion, SAML, "AuthnStatement").is_empty() {
        return Err("it does not say that somebody signed in");
    }
    let name_id = only(doc, subject, SAML, "NameID").ok_or("it names nobody")?;
    if attribute(doc, name_id, "Format") == Some(TRANSIENT) {
        return Err("its name for the person does not last");
    }
    let subject = text(doc, name_id).filter(|name| (1..=255).contains(&name.chars().count()));
    let subject = subject.ok_or("its name for the person is none")?;
    let attributes = attributes(doc, assertion);
    let told = |chosen: Option<&String>, usual: &[&str]| match chosen {
        Some(chosen) => attributes.get(chosen).and_then(|values| values.first()).cloned(),
        None => usual.iter().find_map(|name| attributes.get(*name)?.first().cloned()),
    };
    let email = told(expected.settings.email_attribute.as_ref(), &ADDRESSES);
    let email = email.or_else(|| {
        (expected.settings.email_attribute.is_none() && subject.contains('@')).then(|| subject.clone())
    });
    let name = told(expected.settings.name_attribute.as_ref(), &NAMES);
    Ok(Said { id: id.to_owned(), until, subject, email, name, attributes })
}

/// The response around the assertion; signed or not, it must not contradict.
fn envelope(doc: &Document<'_>, response: NodeId, expected: &Expected<'_>) -> Result<(), Why> {
    if attribute(doc, response, "Version") != Some("2.0") {
        return Err("it is of another version");
    }
    if attribute(doc, response, "Destination").is_some_and(|to| to != expected.answer_url) {
        return Err("it was sent elsewhere");
    }
    if attribute(doc, response, "InResponseTo").is_some_and(|request| request != expected.request) {
        return Err("it answers something else");
    }
    let issuer = only(doc, response, SAML, "Issuer").and_then(|issuer| text(doc, issuer));
    if issuer.is_some_and(|issuer| issuer != expected.settings.entity_id) {
        return Err("it is another issuer's");
    }
    Ok(())
}

/// Whoever carries it is the person, here and now, for what was asked (profiles, section 4.1.4.2).
fn confirmed(doc: &Document<'_>, subject: NodeId, expected: &Expected<'_>) -> Result<DateTime<Utc>, Why> {
    let mut why = "nobody may carry it";
    for confirmation in all(doc, subject, SAML, "SubjectConfirmation") {
        if attribute(doc, confirmation, "Method") != Some(BEARER) {
            continue;
        }
        let Some(data) = only(doc, confirmation, SAML, "SubjectConfirmationData") else { continue };
        match carried(doc, data, expected) {
            Ok(until) => return Ok(until),
            Err(reason) => why = reason,
        }
    }
    Err(why)
}

fn carried(doc: &Document<'_>, data: NodeId, expected: &Expected<'_>) -> Result<DateTime<Utc>, Why> {
    if attribute(doc, data, "Recipient") != Some(expected.answer_url) {
        return Err("it is for another recipient");
    }
    if attribute(doc, data, "InResponseTo") != Some(expected.request) {
        return Err("it answers something else");
    }
    if attribute(doc, data, "NotOnOrAfter").is_none() {
        return Err("it has no end");
    }
    in_time(doc, data, expected.now)
}

/// Whether it is time; gives when it is over, our patience included.
fn in_time(doc: &Document<'_>, node: NodeId, now: DateTime<Utc>) -> Result<DateTime<Utc>, Why> {
    if let Some(from) = attribute(doc, node, "NotBefore")
        && time(from)? > now + SKEW
    {
        return Err("it is not valid yet");
    }
    let Some(until) = attribute(doc, node, "NotOnOrAfter") else { return Ok(DateTime::<Utc>::MAX_UTC) };
    let until = time(until)?.checked_add_signed(SKEW).ok_or("its time is none")?;
    if until <= now { Err("it is over") } else { Ok(until) }
}

fn time(text: &str) -> Result<DateTime<Utc>, Why> {
    DateTime::parse_from_rfc3339(text).map(Into::into).map_err(|_| "its time is none")
}

/// The conditions: it is time, and it is for us. One we do not know is none we could keep.
fn conditions(doc: &Document<'_>, assertion: NodeId, expected: &Expected<'_>) -> Result<(), Why> {
    let conditions = only(doc, assertion, SAML, "Conditions").ok_or("it has no conditions")?;
    in_time(doc, conditions, expected.now)?;
    let mut for_us = false;
    for condition in children(doc, conditions) {
        if is(doc, condition, SAML, "AudienceRestriction") {
            let audiences = all(doc, condition, SAML, "Audience");
            if !audiences.iter().any(|it| text(doc, *it).as_deref() == Some(expected.entity_id)) {
                return Err("it is for another audience");
            }
            for_us = true;
        } else if !["OneTimeUse", "ProxyRestriction"].iter().any(|name| is(doc, condition, SAML, name)) {
            return Err("it has a condition that is not known");
        }
    }
    if for_us { Ok(()) } else { Err("it is for another audience") }
}

fn attributes(doc: &Document<'_>, assertion: NodeId) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in all(doc, assertion, SAML, "AttributeStatement") {
        for one in all(doc, statement, SAML, "Attribute") {
            let Some(name) = attribute(doc, one, "Name") else { continue };
            let values =
                all(doc, one, SAML, "AttributeValue").into_iter().filter_map(|value| text(doc, value));
            found.entry(name.to_owned()).or_default().extend(values);
        }
    }
    found
}
