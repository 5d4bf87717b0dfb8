//! Certificates of providers: which can be used, and what they say of themselves.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use contract::sign_on::ProviderCertificate;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::signature::key_of;

/// A certificate as base64 without lines or PEM frame, if it is one with a key that can be used.
pub(crate) fn plain_certificate(text: &str) -> Option<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
    let plain: String = lines.collect::<String>().split_whitespace().collect();
    key_of(&plain).map(|_| plain)
}

/// What certificates say of themselves, those that can be read.
pub(crate) fn described(certificates: &[String]) -> Vec<ProviderCertificate> {
    certificates.iter().filter_map(|plain| describe(plain)).collect()
}

fn describe(plain: &str) -> Option<ProviderCertificate> {
    let certificate = Certificate::from_der(&STANDARD.decode(plain).ok()?).ok()?.tbs_certificate;
    let seconds = certificate.validity.not_after.to_unix_duration().as_secs();
    Some(ProviderCertificate {
        subject: certificate.subject.to_string(),
        expires_at: DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?,
    })
}
