//! Letters about an account: `templates/<language>/account/<letter>.txt` says all, the page is made of
//! it. The first line is the subject; an empty line parts paragraphs; a paragraph `[words](address)` is
//! a button, a paragraph in backquotes a code in large type.

use anyhow::Context as _;
use domain::{AccountLetter, Locale};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::Written;
use super::render::{fill, leading};

/// Adds a line for each letter, in each language it is written in.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("account.html", include_str!("../../templates/account.html")),
    ("en/account/address_in_use.txt", include_str!("../../templates/en/account/address_in_use.txt")),
    ("en/account/invitation.txt", include_str!("../../templates/en/account/invitation.txt")),
    ("th/account/invitation.txt", include_str!("../../templates/th/account/invitation.txt")),
    ("th/account/address_in_use.txt", include_str!("../../templates/th/account/address_in_use.txt")),
    ("en/account/verify_address.txt", include_str!("../../templates/en/account/verify_address.txt")),
    ("th/account/verify_address.txt", include_str!("../../templates/th/account/verify_address.txt")),
    ("en/account/reset_password.txt", include_str!("../../templates/en/account/reset_password.txt")),
    ("th/account/reset_password.txt", include_str!("../../templates/th/account/reset_password.txt")),
    ("en/account/password_changed.txt", include_str!("../../templates/en/account/password_changed.txt")),
    ("th/account/password_changed.txt", include_str!("../../templates/th/account/password_changed.txt")),
    ("en/account/new_sign_in.txt", include_str!("../../templates/en/account/new_sign_in.txt")),
    ("th/account/new_sign_in.txt", include_str!("../../templates/th/account/new_sign_in.txt")),
    ("en/account/session_stolen.txt", include_str!("../../templates/en/account/session_stolen.txt")),
    ("th/account/session_stolen.txt", include_str!("../../templates/th/account/session_stolen.txt")),
    ("en/account/identity_added.txt", include_str!("../../templates/en/account/identity_added.txt")),
    ("th/account/identity_added.txt", include_str!("../../templates/th/account/identity_added.txt")),
    ("en/account/domain_missing.txt", include_str!("../../templates/en/account/domain_missing.txt")),
    ("th/account/domain_missing.txt", include_str!("../../templates/th/account/domain_missing.txt")),
    ("en/account/domain_lost.txt", include_str!("../../templates/en/account/domain_lost.txt")),
    ("th/account/domain_lost.txt", include_str!("../../templates/th/account/domain_lost.txt")),
    ("en/account/webhook_disabled.txt", include_str!("../../templates/en/account/webhook_disabled.txt")),
    ("th/account/webhook_disabled.txt", include_str!("../../templates/th/account/webhook_disabled.txt")),
    ("en/account/many_failures.txt", include_str!("../../templates/en/account/many_failures.txt")),
    ("th/account/many_failures.txt", include_str!("../../templates/th/account/many_failures.txt")),
    ("en/account/sign_in_code.txt", include_str!("../../templates/en/account/sign_in_code.txt")),
    ("th/account/sign_in_code.txt", include_str!("../../templates/th/account/sign_in_code.txt")),
    ("en/account/factor_changed.txt", include_str!("../../templates/en/account/factor_changed.txt")),
    ("th/account/factor_changed.txt", include_str!("../../templates/th/account/factor_changed.txt")),
    ("en/account/export_ready.txt", include_str!("../../templates/en/account/export_ready.txt")),
    ("th/account/export_ready.txt", include_str!("../../templates/th/account/export_ready.txt")),
    ("en/account/erasure_asked.txt", include_str!("../../templates/en/account/erasure_asked.txt")),
    ("th/account/erasure_asked.txt", include_str!("../../templates/th/account/erasure_asked.txt")),
    ("en/account/erasure_done.txt", include_str!("../../templates/en/account/erasure_done.txt")),
    ("th/account/erasure_done.txt", include_str!("../../templates/th/account/erasure_done.txt")),
];

/// Writes the letter to `name` out.
pub(super) fn render(name: &str, letter: &AccountLetter, locale: Locale) -> anyhow::Result<Written> {
    let values = context! { name, letter => Serde(letter) };
    let text = fill(&format!("{}/account/{}.txt", locale.code(), letter.name()), &values)?;
    let (subject, body) = text.trim().split_once('\n').context("a letter begins with its subject")?;
    let paragraphs: Vec<Value> = body.trim().split("\n\n").map(paragraph).collect();
    let leading = leading(locale);
    let order = context! { shop => "Ringside" };
    let page = context! { lang => locale.code(), leading, order, subject, paragraphs };
    Ok(Written {
        template: letter.name(),
        locale,
        version: None,
        subject: subject.trim().to_owned(),
        html: fill("account.html", &page)?,
        text: plain(body),
        attachments: Vec::new(),
    })
}

fn paragraph(text: &str) -> Value {
    let text = text.trim();
    if let Some((words, address)) = button(text) {
        return context! { words, address };
    }
    match text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(code) => context! { code },
        None => context! { text },
    }
}

fn button(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('[')?.strip_suffix(')')?.split_once("](")
}

/// Without marks: a button's words and address, a code as it is.
fn plain(body: &str) -> String {
    let paragraphs = body.trim().split("\n\n").map(|text| match button(text.trim()) {
        Some((words, address)) => format!("{words}: {address}"),
        None => text.trim().trim_matches('`').to_owned(),
    });
    paragraphs.collect::<Vec<_>>().join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use domain::{FactorChange, SignInRisk};

    use super::*;

    #[test]
    fn a_mailed_code_stands_large_in_the_letter_and_never_in_its_subject() {
        let letter = AccountLetter::SignInCode { code: "492039".into() };
        for locale in [Locale::En, Locale::Th] {
            let written = render("Demo Fan", &letter, locale).unwrap();
            assert!(written.text.contains("\n\n492039\n\n"), "{}", written.text);
            assert!(written.html.contains(">492039<"), "{}", written.html);
            assert!(!written.subject.contains("492039"), "{}", written.subject);
        }
    }

    #[test]
    fn each_change_of_a_factor_has_words_of_its_own() {
        use FactorChange as F;
        let changes = [
            F::TotpAdded,
            F::TotpRemoved,
            F::PasskeyAdded,
            F::PasskeyRemoved,
            F::RecoveryCodesRenewed,
            F::RecoveryCodeUsed,
        ];
        for locale in [Locale::En, Locale::Th] {
            let link = "https://ringside.example/account/security";
            let write = |change| {
                let letter = AccountLetter::FactorChanged { change, link: link.into() };
                render("Demo Fan", &letter, locale).unwrap()
            };
            let written: Vec<_> = changes.into_iter().map(write).collect();
            let subjects: std::collections::BTreeSet<_> =
                written.iter().map(|written| &written.subject).collect();
            assert_eq!(subjects.len(), changes.len(), "{subjects:?}");
            assert!(written.iter().all(|written| written.text.contains(link)));
        }
    }

    #[test]
    fn a_strange_sign_in_is_told_with_its_place_and_why() {
        let letter = |why, place: &str| AccountLetter::NewSignIn {
            device: "Chrome on Windows".into(),
            ip: "203.0.113.7".into(),
            place: place.into(),
            why,
            at: "then".into(),
            link: "https://ringside.example/account/reset".into(),
        };
        for locale in [Locale::En, Locale::Th] {
            let text = |letter| render("Demo Fan", &letter, locale).unwrap().text;
            let far = text(letter(SignInRisk::FarAway, "Bangkok, TH"));
            assert!(far.contains("Chrome on Windows, 203.0.113.7 (Bangkok, TH), then"), "{far}");
            let new = text(letter(SignInRisk::NewPlace, ""));
            assert!(new.contains("Chrome on Windows, 203.0.113.7, then"), "{new}");
            assert_ne!(far.lines().nth(2), new.lines().nth(2));
        }
    }

    #[test]
    fn every_letter_is_written_in_both_languages_and_leads_somewhere() {
        let link = || "https://ringside.example/account/x".to_owned();
        let letters = [
            AccountLetter::AddressInUse { link: link() },
            AccountLetter::VerifyAddress { link: link() },
            AccountLetter::ResetPassword { link: link() },
            AccountLetter::PasswordChanged { link: link() },
            AccountLetter::NewSignIn {
                device: "Chrome on Windows".into(),
                ip: "203.0.113.7".into(),
                place: String::new(),
                why: SignInRisk::NewPlace,
                at: "then".into(),
                link: link(),
            },
            AccountLetter::NewSignIn {
                device: String::new(),
                ip: "203.0.113.7".into(),
                place: String::new(),
                why: SignInRisk::NewPlace,
                at: "then".into(),
                link: link(),
            },
            AccountLetter::SessionStolen { device: String::new(), link: link() },
            AccountLetter::IdentityAdded {
                provider: "Demo sign-in".into(),
                organisation: "Demo Promotions".into(),
                link: link(),
            },
            AccountLetter::DomainMissing {
                domain: "demo.example".into(),
                organisation: "Demo Promotions".into(),
                until: "2026-12-02".into(),
                link: link(),
            },
            AccountLetter::DomainLost {
                domain: "demo.example".into(),
                organisation: "Demo Promotions".into(),
                link: link(),
            },
            AccountLetter::WebhookDisabled {
                address: "https://hooks.demo.example/ringside".into(),
                organisation: "Demo Promotions".into(),
                gone: false,
                link: link(),
            },
            AccountLetter::WebhookDisabled {
                address: "https://hooks.demo.example/ringside".into(),
                organisation: "Demo Promotions".into(),
                gone: true,
                link: link(),
            },
            AccountLetter::ManyFailures { link: link() },
        ];
        for letter in letters {
            let [english, thai] =
                [Locale::En, Locale::Th].map(|locale| render("Demo Fan", &letter, locale).unwrap());
            for written in [&english, &thai] {
                assert_eq!(written.template, letter.name());
                assert!(written.text.contains(": https://ringside.example/account/x\n"), "{}", written.text);
                assert!(!written.text.contains("{{") && !written.text.contains("\n, "), "{}", written.text);
            }
            assert_ne!(english.subject, thai.subject);
        }
    }

    #[test]
    fn a_letter_reads_the_same_as_page_and_as_text() {
        let letter =
            AccountLetter::AddressInUse { link: "https://ringside.example/account/reset?a&b".into() };
        for locale in [Locale::En, Locale::Th] {
            let written = render("Demo <Fan>", &letter, locale).unwrap();
            assert!(
                written.text.contains(": https://ringside.example/account/reset?a&b\n"),
                "{}",
                written.text
            );
            assert!(written.html.contains("Demo &lt;Fan&gt;"), "{}", written.html);
            assert!(written.html.contains("href=\"https:&#x2f;&#x2f;ringside.example"), "{}", written.html);
        }
    }
}
