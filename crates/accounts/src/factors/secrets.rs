//! Short secrets that people type. They are kept as keyed hashes (HMAC-SHA256): few enough to try
//! all of them, they would not be safe as plain hashes once the table is stolen.

use hmac::{Hmac, KeyInit as _, Mac as _};
use platform::keys::MasterKey;
use sha2::Sha256;

/// The keyed hash of `code`, bound to a purpose and to whose or which it is.
pub(super) fn hash(keys: &MasterKey, purpose: &str, of: &[u8], code: &str) -> Vec<u8> {
    keyed(keys, purpose, of, code).finalize().into_bytes().to_vec()
}

/// Whether `code` is the one behind `kept`; takes the same time either way.
pub(super) fn matches(keys: &MasterKey, purpose: &str, of: &[u8], code: &str, kept: &[u8]) -> bool {
    keyed(keys, purpose, of, code).verify_slice(kept).is_ok()
}

fn keyed(keys: &MasterKey, purpose: &str, of: &[u8], code: &str) -> Hmac<Sha256> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(&keys.derive(purpose)).expect("HMAC takes keys of any length"); // safe: see there
    mac.update(of);
    mac.update(code.as_bytes());
    mac
}

/// What a person typed, with digits only.
pub(super) fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_matches_for_its_purpose_and_owner_only() {
        let keys = MasterKey::new([7; 32]);
        let kept = hash(&keys, "test", b"one", "492039");
        assert!(matches(&keys, "test", b"one", "492039", &kept));
        assert!(!matches(&keys, "test", b"one", "492038", &kept));
        assert!(!matches(&keys, "test", b"two", "492039", &kept));
        assert!(!matches(&keys, "other", b"one", "492039", &kept));
        assert!(!matches(&MasterKey::new([8; 32]), "test", b"one", "492039", &kept));
    }

    #[test]
    fn typed_spaces_do_not_matter() {
        assert_eq!(digits(" 492 039 "), "492039");
    }
}
