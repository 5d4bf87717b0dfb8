//! Metadata (SAML 2.0 metadata): what a provider says of itself, and what we say to it.

use contract::sign_on::SamlSettings;
use uppsala::{Document, NodeId};

use super::certificate::plain_certificate;
use super::tree::{self, DSIG, METADATA, all, attribute, is, only};

type Why = &'static str;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// Reads what an identity provider says of itself. Comments are left out first: nothing hangs on them here,
/// for whoever writes the settings sees what was read.
pub(super) fn read(xml: &str) -> Result<SamlSettings, Why> {
    let plain = without_comments(xml);
    let doc = tree::read(&plain)?;
    let root = doc.document_element().ok_or("it is empty")?;
    let entities = if is(&doc, root, METADATA, "EntitiesDescriptor") {
        all(&doc, root, METADATA, "EntityDescriptor")
    } else {
        vec![root]
    };
    let mut providers = entities
        .iter()
        .filter_map(|entity| Some((*entity, only(&doc, *entity, METADATA, "IDPSSODescriptor")?)));
    let (entity, provider) = providers.next().ok_or("it describes no identity provider")?;
    if providers.next().is_some() {
        return Err("it describes several identity providers");
    }
    let services = all(&doc, provider, METADATA, "SingleSignOnService");
    let service = services.into_iter().find(|it| attribute(&doc, *it, "Binding") == Some(REDIRECT));
    let sso_url = service.and_then(|it| attribute(&doc, it, "Location"));
    let certificates = certificates(&doc, provider);
    if certificates.is_empty() {
        return Err("it names no certificate that can be used");
    }
    Ok(SamlSettings {
        entity_id: attribute(&doc, entity, "entityID").ok_or("it has no entity id")?.to_owned(),
        sso_url: sso_url.ok_or("it offers no sign-in by redirect")?.to_owned(),
        certificates,
        email_attribute: None,
        name_attribute: None,
    })
}

/// The certificates for signing; those for encryption alone are none of them.
fn certificates(doc: &Document<'_>, provider: NodeId) -> Vec<String> {
    let mut found = Vec::new();
    for key in all(doc, provider, METADATA, "KeyDescriptor") {
        if attribute(doc, key, "use").is_some_and(|purpose| purpose != "signing") {
            continue;
        }
        for node in doc.descendants(key) {
            if is(doc, node, DSIG, "X509Certificate") {
                let text = tree::text(doc, node).unwrap_or_default();
                found.extend(plain_certificate(&text));
            }
        }
    }
    found.dedup();
    found.truncate(10);
    found
}

fn without_comments(xml: &str) -> String {
    let mut plain = String::with_capacity(xml.len().min(tree::MOST_BYTES));
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once("<!--") {
        plain.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// What we say to a provider. Both addresses are ours and need no escaping.
pub(super) fn ours(entity_id: &str, answer_url: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="{METADATA}" entityID="{entity_id}">
  <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="{}">
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{answer_url}"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
"#,
        tree::SAMLP
    )
}
