//! The certificates of a SAML provider, and how long they are good.

use chrono::{DateTime, TimeDelta, Utc};
use contract::sign_on::ProviderCertificate;
use leptos::prelude::*;
use ui::{
    browser,
    components::{Badge, Tone},
    format::{self, Style},
    t, tr,
};

/// From when on the end is near.
const NEAR: TimeDelta = TimeDelta::days(30);

/// How it is with a certificate that ends then.
fn state(ends: DateTime<Utc>) -> (Tone, String) {
    let (now, on) = (browser::now(), format::here(ends, Style::LongDate));
    if ends <= now {
        (Tone::Stop, t!("console.sign_on.certificate_over", on = on))
    } else if ends <= now + NEAR {
        let days = (ends - now).num_days();
        (Tone::Warn, t!("console.sign_on.certificate_near", on = on, days = format::number(days)))
    } else {
        (Tone::Ok, t!("console.sign_on.certificate_good", on = on))
    }
}

/// Each with its end, in a form.
#[component]
pub fn Certificates(
    #[prop(into)] of: Signal<Vec<ProviderCertificate>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let row = |certificate: ProviderCertificate| {
        let (tone, words) = state(certificate.expires_at);
        view! { <li><code>{certificate.subject}</code><Badge tone>{words}</Badge></li> }
    };
    view! {
        <div class="field">
            <span class="field-label">{tr!("console.sign_on.certificates")}</span>
            <ul class="certificates">{move || of.get().into_iter().map(row).collect_view()}</ul>
            <p class="field-error" role="alert">{move || error.get()}</p>
        </div>
    }
}

/// On a provider's card: the end of what lasts longest, which is the one that counts.
#[component]
pub fn LastingUntil(certificates: Vec<ProviderCertificate>) -> impl IntoView {
    let last = certificates.iter().map(|certificate| certificate.expires_at).max();
    last.map(|ends| {
        let (tone, words) = state(ends);
        view! { <Badge tone>{words}</Badge> }
    })
}
