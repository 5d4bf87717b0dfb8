//! The text of a key: `rsk_<id>_<secret>`. The prefix lets scanners of source code find lost keys.

use uuid::Uuid;

use crate::random_secret::{self, RandomSecret};

/// With what each key begins.
pub(crate) const PREFIX: &str = "rsk_";

/// A fresh secret of a key: what its holder keeps, and what the database keeps.
pub(crate) fn generate(id: Uuid) -> (String, Vec<u8>) {
    let secret = RandomSecret::generate();
    (format!("{PREFIX}{}_{}", id.simple(), secret.reveal()), secret.hash())
}

/// The key's id and the secret's hash; `None` for what is no key.
pub(crate) fn read(text: &str) -> Option<(Uuid, Vec<u8>)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let id = Uuid::try_parse(id).ok().filter(|parsed| parsed.simple().to_string() == id)?;
    (!secret.is_empty()).then(|| (id, random_secret::hash(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_made() {
        let id = Uuid::from_u128(7);
        let (text, hash) = generate(id);
        assert_eq!(read(&text), Some((id, hash.clone())));
        assert_ne!(generate(id).1, hash);
        for other in ["", "rsk_", "rsk_x_y", "rsk_00000000000000000000000000000007_", &text[4..]] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
