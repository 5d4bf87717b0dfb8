//! Identifiers. Every row is named by a UUIDv7 (RFC 9562): unique without coordination, ordered by
//! time, so that indexes grow at one end.

use uuid::Uuid;

/// A new id, made from the clock and randomness.
#[must_use]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The letters of a reference: no vowels, no `0 O 1 I L`, so that nothing rude or ambiguous is
/// read out over the telephone.
const LETTERS: &[u8; 28] = b"23456789BCDFGHJKMNPQRSTVWXYZ";

/// The short reference a person quotes for an order: eight letters, such as `7KQ2-MX4D`.
///
/// It is drawn from the random half of the id, so it does not tell how many orders there are. The
/// database keeps it unique within an organisation.
#[must_use]
pub fn reference(id: Uuid) -> String {
    let mut rest = id.as_u128() & ((1 << 62) - 1);
    let mut letters = String::with_capacity(9);
    for place in 0..8 {
        if place == 4 {
            letters.push('-');
        }
        letters.push(LETTERS[(rest % LETTERS.len() as u128) as usize] as char);
        rest /= LETTERS.len() as u128;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_fixed_shape_and_differ() {
        let first = reference(new_id());
        let second = reference(new_id());
        assert_eq!(first.len(), 9);
        assert_eq!(first.as_bytes()[4], b'-');
        assert_ne!(first, second);
    }
}
