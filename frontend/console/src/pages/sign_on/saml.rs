//! What a SAML provider says of itself: read from its metadata, and put right by hand.

use contract::ErrorCode;
use contract::sign_on::ReadSamlMetadata;
use leptos::{html, prelude::*, task::spawn_local};
use ui::{
    Failure,
    api::staff,
    components::{Button, Field},
    t, tr,
};

use super::{certificates::Certificates, draft::Draft};
use crate::parts::file::text_of;

/// Reading the metadata, and what was read.
#[component]
pub fn SamlFields(draft: Draft) -> impl IntoView {
    let saml = draft.saml;
    let is_read = move || saml.certificates.with(|all| !all.is_empty());
    view! {
        <Metadata draft/>
        <Show when=is_read>
            <Field label=Signal::derive(tr!("console.sign_on.entity")) name="entity-id" value=saml.entity_id required=true
                error=draft.fault("saml.entity_id")/>
            <Field label=Signal::derive(tr!("console.sign_on.sso_url")) name="sso-url" kind="url" value=saml.sso_url required=true
                error=draft.fault("saml.sso_url")/>
            <Certificates of=saml.described error=draft.fault("saml.certificates")/>
        </Show>
        <details class="more-fields">
            <summary>{tr!("console.sign_on.attributes")}</summary>
            <div class="stack">
                <Field label=Signal::derive(tr!("console.sign_on.email_attribute")) name="email-attribute" value=saml.email_attribute
                    hint=Signal::derive(tr!("console.sign_on.attribute_hint")) error=draft.fault("saml.email_attribute")/>
                <Field label=Signal::derive(tr!("console.sign_on.name_attribute")) name="name-attribute" value=saml.name_attribute
                    error=draft.fault("saml.name_attribute")/>
            </div>
        </details>
    }
}

/// The metadata: by their address, or as a document that is pasted or chosen.
#[component]
fn Metadata(draft: Draft) -> impl IntoView {
    let (url, xml) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (busy, wrong) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let read = Callback::new(move |wish: ReadSamlMetadata| {
        busy.set(true);
        spawn_local(async move {
            let answer = staff::sign_on::read_metadata(&wish).await;
            busy.try_set(false);
            match answer {
                Ok(read) => {
                    draft.saml.take(read);
                    wrong.try_set(None);
                }
                Err(failure) => {
                    wrong.try_set(Some(why(&failure)));
                }
            }
        });
    });
    let send = move |_| {
        let some = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let url = some(url.get_untracked());
        let xml = some(xml.get_untracked()).filter(|_| url.is_none());
        if url.is_some() || xml.is_some() {
            read.run(ReadSamlMetadata { url, xml });
        } else {
            wrong.set(Some(t!("console.sign_on.metadata_none")));
        }
    };
    // Nothing was read yet: that is what is missing, whatever else the server says.
    let unread = draft.fault("saml");
    let error = Signal::derive(move || {
        let missing = unread.get().filter(|_| draft.saml.certificates.with(Vec::is_empty));
        wrong.get().or(missing.map(|_| t!("console.sign_on.metadata_none")))
    });
    view! {
        <Field label=Signal::derive(tr!("console.sign_on.metadata_url")) name="metadata-url" kind="url" value=url
            hint=Signal::derive(tr!("console.sign_on.metadata_url_hint"))/>
        <Field label=Signal::derive(tr!("console.sign_on.metadata_xml")) name="metadata" kind="area" value=xml error
            hint=Signal::derive(tr!("console.sign_on.metadata_xml_hint"))/>
        <p class="deeds">
            <Button busy on_press=send>{tr!("console.sign_on.metadata_read")}</Button>
            <FromFile read wrong/>
        </p>
    }
}

/// A document of the person's machine.
#[component]
fn FromFile(read: Callback<ReadSamlMetadata>, wrong: RwSignal<Option<String>>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let change = move |_| {
        let files = input.get().and_then(|input| input.files());
        let Some(file) = files.and_then(|files| files.get(0)) else { return };
        spawn_local(async move {
            match text_of(&file).await {
                Ok(text) => read.run(ReadSamlMetadata { url: None, xml: Some(text) }),
                Err(_) => {
                    wrong.try_set(Some(t!("console.sign_on.metadata_bad")));
                }
            }
        });
    };
    view! {
        <label class="button button-quiet">
            {tr!("console.sign_on.metadata_file")}
            <input class="unseen" type="file" accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
                node_ref=input on:change=change/>
        </label>
    }
}

/// Why the metadata cannot be used, in the server's words where it has some.
fn why(failure: &Failure) -> String {
    match failure {
        Failure::Refused(problem) if problem.code == ErrorCode::SignOnFailed => {
            let told = problem.detail.as_deref().unwrap_or_default();
            format!("{} {told}", t!("console.sign_on.metadata_bad"))
        }
        other => other.text(),
    }
}
