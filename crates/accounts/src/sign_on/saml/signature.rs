//! Which part of a response is the provider's word. A document is taken in one shape only, so that what was
//! signed and what is read are the same element: one response, one assertion in it, and signatures that
//! speak of the element they stand in. Verifying itself is done by `bergshamra-dsig`, on the same tree.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_dsig::verify::verify_all_document_with_source;
use bergshamra_dsig::{DsigContext, VerifyResult};
use bergshamra_keys::{Key, KeysManager, loader::load_x509_cert_der};
use uppsala::{Document, NodeId};

use super::tree::{self, DSIG, SAML, SAMLP, attribute, children, is};

type Why = &'static str;

const EXC_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const TRANSFORMS: [&str; 2] = ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXC_C14N];
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];
const METHODS: [&str; 6] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];

/// A response with an assertion that is the provider's word.
pub(super) struct Genuine<'a> {
    pub(super) doc: Document<'a>,
    pub(super) response: NodeId,
    pub(super) assertion: NodeId,
}

/// Reads a response and proves that its assertion was signed with one of the certificates.
pub(super) fn genuine<'a>(xml: &'a str, certificates: &[String]) -> Result<Genuine<'a>, Why> {
    let doc = tree::read(xml)?;
    let response = doc.document_element().ok_or("it is empty")?;
    if !is(&doc, response, SAMLP, "Response") {
        return Err("it is no response");
    }
    let assertion = only_assertion(&doc, response)?;
    let signed = signed_elements(&doc, response, assertion)?;
    let context = DsigContext::new(keys(certificates)?);
    let results = verify_all_document_with_source(&context, &doc, Some(xml))
        .map_err(|_| "its signature cannot be read")?;
    let mut covered = HashSet::new();
    for result in &results {
        let VerifyResult::Valid { references, .. } = result else {
            return Err("its signature does not hold");
        };
        if !result.all_reference_digests_verified() {
            return Err("its signature covers nothing");
        }
        covered.extend(references.iter().filter_map(|reference| reference.resolved_node));
    }
    if results.len() != signed.len() || covered != signed {
        return Err("its signature is about something else");
    }
    Ok(Genuine { doc, response, assertion })
}

/// Whether a certificate can be used.
pub(super) fn key_of(certificate: &str) -> Option<Key> {
    let der = STANDARD.decode(certificate).ok()?;
    load_x509_cert_der(&der).ok()
}

fn keys(certificates: &[String]) -> Result<KeysManager, Why> {
    let mut manager = KeysManager::new();
    manager.add_keys(certificates.iter().filter_map(|certificate| key_of(certificate)));
    if manager.is_empty() { Err("no certificate of the provider can be used") } else { Ok(manager) }
}

/// The one assertion, directly in the response; nothing that looks like another one is anywhere.
fn only_assertion(doc: &Document<'_>, response: NodeId) -> Result<NodeId, Why> {
    let mut found = None;
    for node in doc.descendants(doc.root()) {
        if is(doc, node, SAML, "EncryptedAssertion") || is(doc, node, SAML, "EncryptedID") {
            return Err("it is encrypted, which is not supported");
        }
        if is(doc, node, SAMLP, "Response") && node != response {
            return Err("there are two responses");
        }
        if is(doc, node, SAML, "Assertion") {
            if found.is_some() || doc.parent(node) != Some(response) {
                return Err("there are two assertions, or one in a wrong place");
            }
            found = Some(node);
        }
    }
    found.ok_or("there is no assertion")
}

/// The elements signatures speak of: each stands in what it signs.
fn signed_elements(doc: &Document<'_>, response: NodeId, assertion: NodeId) -> Result<HashSet<NodeId>, Why> {
    let mut signed = HashSet::new();
    for node in doc.descendants(doc.root()) {
        if !is(doc, node, DSIG, "Signature") {
            continue;
        }
        let parent = doc.parent(node).filter(|parent| [response, assertion].contains(parent));
        let parent = parent.ok_or("a signature stands in a wrong place")?;
        if !signed.insert(parent) {
            return Err("there are two signatures of one element");
        }
        plain(doc, node, parent)?;
    }
    if signed.is_empty() { Err("it is not signed") } else { Ok(signed) }
}

/// A signature of its parent as SAML wants it (core, section 5.4): one reference, two known transforms,
/// nothing beside, and no algorithm of yesterday.
fn plain(doc: &Document<'_>, signature: NodeId, parent: NodeId) -> Result<(), Why> {
    const SHAPE: Why = "its signature has a shape that is not taken";
    let parts = children(doc, signature);
    let known = ["SignedInfo", "SignatureValue", "KeyInfo"];
    if parts.len() > 3 || !parts.iter().all(|part| known.iter().any(|name| is(doc, *part, DSIG, name))) {
        return Err(SHAPE);
    }
    let info = tree::only(doc, signature, DSIG, "SignedInfo").ok_or(SHAPE)?;
    let within = children(doc, info);
    let [canonical, method, reference] = within.as_slice() else { return Err(SHAPE) };
    let named = is(doc, *canonical, DSIG, "CanonicalizationMethod")
        && is(doc, *method, DSIG, "SignatureMethod")
        && is(doc, *reference, DSIG, "Reference");
    let id = attribute(doc, parent, "ID").filter(|id| !id.is_empty()).ok_or(SHAPE)?;
    let about = attribute(doc, *reference, "URI").and_then(|uri| uri.strip_prefix('#'));
    if !named || about != Some(id) || attribute(doc, *canonical, "Algorithm") != Some(EXC_C14N) {
        return Err(SHAPE);
    }
    let digest = tree::only(doc, *reference, DSIG, "DigestMethod").ok_or(SHAPE)?;
    let transforms = tree::only(doc, *reference, DSIG, "Transforms").ok_or(SHAPE)?;
    let transforms = children(doc, transforms);
    let one_of = |node: NodeId, list: &[&str]| {
        attribute(doc, node, "Algorithm").is_some_and(|algorithm| list.contains(&algorithm))
    };
    if transforms.len() > 2 || !transforms.iter().all(|transform| one_of(*transform, &TRANSFORMS)) {
        return Err(SHAPE);
    }
    if !one_of(*method, &METHODS) || !one_of(digest, &DIGESTS) {
        return Err("its signature is made by an algorithm that is not trusted");
    }
    Ok(())
}
