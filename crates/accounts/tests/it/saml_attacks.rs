//! Answers nobody should trust: each leads to the page that tells the refusal, and leaves nothing behind.

use chrono::TimeDelta;
use contract::ErrorCode;
use serde_json::json;

use crate::saml::{Form, Place};

const EVIL: &str = "owner-1";

/// The part of a text from one mark to the end of another.
fn part<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap_or_else(|| panic!("{from} in {text}"));
    let end = text[start..].find(to).expect("its end") + start + to.len();
    &text[start..end]
}

async fn genuine(place: &Place) -> Form {
    let (url, _) = place.begin().await;
    place.page(&url).await
}

#[tokio::test]
async fn what_the_provider_did_not_sign_as_it_is_is_refused() {
    let place = Place::new().await;
    let form = genuine(&place).await;
    let signature = part(&form.xml, "<Signature", "</Signature>");
    let changes = [
        ("unsigned", form.xml.replace(signature, "")),
        ("another subject", form.xml.replace(">fan-1<", ">owner-1<")),
        ("another address", form.xml.replace("fan@demo.example", "boss@demo.example")),
        ("another group", form.xml.replace("choir", "owner")),
        ("another time", form.xml.replace("NotOnOrAfter=\"20", "NotOnOrAfter=\"30")),
        ("a comment", form.xml.replace(">fan-1<", ">fan<!-- -->-1<")),
        ("a comment in the address", form.xml.replace("fan@demo.example", "fan@demo.example<!---->.evil")),
        ("an instruction", form.xml.replace(">fan-1<", ">fan<?x?>-1<")),
        ("marked text", form.xml.replace(">fan-1<", "><![CDATA[fan-1]]><")),
        (
            "a document type",
            format!("<!DOCTYPE a [<!ENTITY e \"fan-1\">]>{}", form.xml.replace(">fan-1<", ">&e;<")),
        ),
        ("an unknown entity", form.xml.replace(">fan-1<", ">&e;<")),
        ("no digest", form.xml.replace(part(&form.xml, "<DigestValue", "</DigestValue>"), "")),
        ("no reference", form.xml.replace(part(&form.xml, "<Reference", "</Reference>"), "")),
        (
            "no algorithm",
            form.xml.replace("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#hmac-sha256"),
        ),
        ("a reference to all", form.xml.replace(part(&form.xml, "URI=\"#", "\">"), "URI=\"\">")),
        ("nothing", String::new()),
        ("too much", form.xml.replace("choir", &"x".repeat(300_000))),
        (
            "too deep",
            form.xml.replace(
                "<samlp:Status>",
                &format!("{}{}<samlp:Status>", "<a>".repeat(40), "</a>".repeat(40)),
            ),
        ),
    ];
    for (what, xml) in changes {
        assert_ne!(xml, form.xml, "{what}");
        place.refused(what, &Form { xml, state: form.state.clone() }, ErrorCode::SignOnFailed).await;
    }
    // Untouched it would have been taken.
    assert!(place.post(&form).await.contains("/sign-on/callback?"));
}

#[tokio::test]
async fn a_signed_assertion_carries_no_other() {
    let place = Place::new().await;
    let form = genuine(&place).await;
    let good = part(&form.xml, "<saml:Assertion", "</saml:Assertion>").to_owned();
    let signature = part(&form.xml, "<Signature", "</Signature>");
    let id = part(&good, " ID=\"", "\" ").to_owned();
    let bare = good.replace(signature, "");
    let same = bare.replace(">fan-1<", &format!(">{EVIL}<"));
    let evil = same.replace(&id, " ID=\"_evil\" ");
    let inside =
        |outer: &str, inner: &str| outer.replace("<saml:Subject>", &format!("{inner}<saml:Subject>"));
    let with = |what: &str| form.xml.replace(&good, what);
    let object = |within: &str| {
        let wrapped = signature.replace("</Signature>", &format!("<Object>{within}</Object></Signature>"));
        inside(&evil, &wrapped)
    };
    let response = part(&form.xml, "<samlp:Response", ">").to_owned();
    let outer = |within: &str| form.xml.replace(&response, &format!("{response}{within}"));
    let wrappings = [
        (
            "1: an answer around the answer",
            format!("{}{}{}</samlp:Response>", response.replace(" ID=\"", " ID=\"_e"), evil, form.xml),
        ),
        ("2: evil first", with(&format!("{evil}{good}"))),
        ("3: evil last", with(&format!("{good}{evil}"))),
        ("4: good within evil", with(&inside(&evil, &good))),
        ("5: evil with the signature, good beside", with(&format!("{}{bare}", inside(&evil, signature)))),
        ("6: good in the signature of evil", with(&object(&bare))),
        (
            "7: good among extensions",
            outer(&format!("<samlp:Extensions>{good}</samlp:Extensions>"))
                .replacen(&good, "\u{0}", 1)
                .replace(&good, &evil)
                .replace('\u{0}', &good),
        ),
        (
            "8: good in the signature's object, same id",
            with(&inside(
                &same,
                &signature.replace("</Signature>", &format!("<Object>{bare}</Object></Signature>")),
            )),
        ),
        ("9: evil alone with the signature", with(&inside(&evil, signature))),
        ("10: evil of the same id alone with the signature", with(&inside(&same, signature))),
        (
            "11: good elsewhere, under the status",
            with(&evil).replace("<samlp:Status>", &format!("<samlp:Status>{good}")),
        ),
        ("12: two of the same id", with(&format!("{same}{good}"))),
        ("13: the signature beside", with(&format!("{signature}{evil}"))),
        ("14: two signatures", with(&good.replace(signature, &format!("{signature}{signature}")))),
    ];
    for (what, xml) in wrappings {
        assert_ne!(xml, form.xml, "{what}");
        place.refused(what, &Form { xml, state: form.state.clone() }, ErrorCode::SignOnFailed).await;
    }
    assert!(place.post(&form).await.contains("/sign-on/callback?"));
}

#[tokio::test]
async fn a_signed_response_is_taken_whole_or_not() {
    let place = Place::new().await;
    place.options(json!({"signAssertion": false, "signResponse": true})).await;
    let form = genuine(&place).await;
    let good = part(&form.xml, "<saml:Assertion", "</saml:Assertion>");
    let evil = good.replace(">fan-1<", ">owner-1<");
    let signature = part(&form.xml, "<Signature", "</Signature>");
    let response = part(&form.xml, "<samlp:Response", ">");
    let object = signature.replace(
        "</Signature>",
        &format!("<Object>{}</Object></Signature>", form.xml.replace(signature, "")),
    );
    for (what, xml) in [
        ("another assertion", form.xml.replace(good, &evil)),
        ("one more", form.xml.replace(good, &format!("{good}{evil}"))),
        (
            "the signature moved into the assertion",
            form.xml.replace(signature, "").replace("<saml:Subject>", &format!("{signature}<saml:Subject>")),
        ),
        (
            "the whole within its signature",
            format!("{}{object}{evil}</samlp:Response>", response.replace(" ID=\"", " ID=\"_e")),
        ),
    ] {
        place.refused(what, &Form { xml, state: form.state.clone() }, ErrorCode::SignOnFailed).await;
    }
    assert!(place.post(&form).await.contains("/sign-on/callback?"));
}

#[tokio::test]
async fn what_the_provider_signs_must_be_meant_for_us_here_and_now() {
    let place = Place::new().await;
    let user = |id: &str, format: &str| json!({"id": id, "format": format, "attributes": {"email": "fan@demo.example"}});
    let fan = user("fan-1", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
    let passing = user("fan-1", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient");
    for (what, options) in [
        ("another key", json!({"otherKey": true})),
        ("SHA-1", json!({"signatureAlgorithm": "rsa-sha1", "digestAlgorithm": "sha1"})),
        ("a digest of SHA-1", json!({"digestAlgorithm": "sha1"})),
        ("another audience", json!({"audience": "https://elsewhere.example"})),
        ("another recipient", json!({"recipient": "https://elsewhere.example/acs"})),
        ("another destination", json!({"destination": "https://elsewhere.example/acs"})),
        ("another issuer", json!({"issuer": "https://elsewhere.example"})),
        ("another request", json!({"inResponseTo": "_another"})),
        ("not signed", json!({"signAssertion": false})),
        ("a name that passes", json!({"user": passing})),
        ("nobody's name", json!({"user": user(" ", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")})),
    ] {
        place.options(options).await;
        place.refused(what, &genuine(&place).await, ErrorCode::SignOnFailed).await;
    }
    place.options(json!({"user": fan, "lifetimeInSeconds": 120})).await;
    let late = genuine(&place).await;
    place.app.advance(TimeDelta::seconds(185));
    place.refused("over", &late, ErrorCode::SignOnFailed).await;
    place.app.advance(TimeDelta::seconds(-300));
    place.refused("not yet", &genuine(&place).await, ErrorCode::SignOnFailed).await;
}

#[tokio::test]
async fn nobody_comes_unasked_or_by_another_attempt() {
    let place = Place::new().await;
    let (one, other) = (genuine(&place).await, genuine(&place).await);
    let mixed = Form { xml: one.xml.clone(), state: other.state.clone() };
    place.refused("the state of another attempt", &mixed, ErrorCode::SignOnFailed).await;
    let unasked = Form { xml: one.xml.clone(), state: String::new() };
    place.refused("unasked", &unasked, ErrorCode::SignOnOver).await;
    place.options(json!({"samlStatusCode": "urn:oasis:names:tc:SAML:2.0:status:Responder"})).await;
    place.refused("turned away", &genuine(&place).await, ErrorCode::SignOnRefused).await;
}
