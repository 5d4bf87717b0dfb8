//! Tokens by which a reader's program or a mail server names the delivery it speaks of. Each carries the delivery's
//! id and a code that only we can make (HMAC-SHA256, RFC 2104, cut short), so that nobody can speak of another one.
//! They last as long as the master key is kept in the ring.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac as _;
use platform::keys::MasterKey;
use uuid::Uuid;

use crate::signature::hmac_of;

/// What a token in an address of ours is for; one for another purpose is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The link of that number in the letter.
    Link(u16),
    /// The picture that tells that a letter was opened.
    Opening,
    /// The page on which a reader says what they want.
    Choices,
}

impl Purpose {
    const fn key(self) -> &'static str {
        match self {
            Self::Link(_) => "links in mail",
            Self::Opening => "openings of mail",
            Self::Choices => "choices about mail",
        }
    }

    const fn number(self) -> u16 {
        match self {
            Self::Link(number) => number,
            Self::Opening | Self::Choices => 0,
        }
    }
}

const ID: usize = 16;
const NUMBER: usize = 2;
const CODE: usize = 16;

/// The token for a page of ours.
pub(crate) fn for_page(keys: &MasterKey, purpose: Purpose, delivery: Uuid) -> String {
    let number = purpose.number().to_be_bytes();
    let code = hmac_of(&keys.derive(purpose.key()), &[delivery.as_bytes(), &number]).finalize().into_bytes();
    URL_SAFE_NO_PAD.encode([delivery.as_bytes(), &number[..], &code[..CODE]].concat())
}

/// The delivery of a token for a page, and the link's number; none when it is not of ours.
fn read(keys: &MasterKey, key: &str, token: &str) -> Option<(Uuid, u16)> {
    let bytes: [u8; ID + NUMBER + CODE] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
    let (said, code) = bytes.split_at(ID + NUMBER);
    let holds = |key: [u8; 32]| hmac_of(&key, &[said]).verify_truncated_left(code).is_ok();
    if !keys.derive_all(key).into_iter().any(holds) {
        return None;
    }
    let (id, number) = said.split_at(ID);
    Some((Uuid::from_slice(id).ok()?, u16::from_be_bytes(number.try_into().ok()?)))
}

/// The delivery and the number of the link that a token leads to.
pub(crate) fn link(keys: &MasterKey, token: &str) -> Option<(Uuid, u16)> {
    read(keys, Purpose::Link(0).key(), token)
}

/// The delivery whose picture was asked for.
pub(crate) fn opening(keys: &MasterKey, token: &str) -> Option<Uuid> {
    read(keys, Purpose::Opening.key(), token).map(|(id, _)| id)
}

/// The delivery whose reader says what they want.
pub(crate) fn choices(keys: &MasterKey, token: &str) -> Option<Uuid> {
    read(keys, Purpose::Choices.key(), token).map(|(id, _)| id)
}

const RETURNS: &str = "returns of mail";
/// 80 bits: the least that RFC 2104 lets a code be cut to, so that the name of a mailbox has room for it.
const RETURN_CODE: usize = 10;
/// Hexadecimal digits, since servers on the way may change capitals.
const RETURN_DIGITS: usize = 2 * (ID + RETURN_CODE);

/// The token by which what comes back names the delivery: 52 hexadecimal digits.
pub(crate) fn for_returns(keys: &MasterKey, delivery: Uuid) -> String {
    let code = hmac_of(&keys.derive(RETURNS), &[delivery.as_bytes()]).finalize().into_bytes();
    hex::encode([&delivery.as_bytes()[..], &code[..RETURN_CODE]].concat())
}

/// The delivery of a token for returns; none when it is not of ours.
pub(crate) fn returned(keys: &MasterKey, token: &str) -> Option<Uuid> {
    let mut bytes = [0; ID + RETURN_CODE];
    hex::decode_to_slice(token.to_ascii_lowercase(), &mut bytes).ok()?;
    let (id, code) = bytes.split_at(ID);
    let holds = |key: [u8; 32]| hmac_of(&key, &[id]).verify_truncated_left(code).is_ok();
    keys.derive_all(RETURNS).into_iter().any(holds).then(|| Uuid::from_slice(id).ok()).flatten()
}

/// The first delivery that a text names by a token for returns, wherever it stands in it.
pub(crate) fn returned_in(keys: &MasterKey, text: &[u8]) -> Option<Uuid> {
    text.split(|byte| !byte.is_ascii_hexdigit())
        .filter(|run| run.len() == RETURN_DIGITS)
        .filter_map(|run| std::str::from_utf8(run).ok())
        .find_map(|token| returned(keys, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_delivery_and_only_for_its_purpose() {
        let (keys, id) = (MasterKey::new([1; 32]), Uuid::now_v7());
        let token = for_page(&keys, Purpose::Link(7), id);
        assert_eq!(link(&keys, &token), Some((id, 7)));
        assert_eq!((opening(&keys, &token), choices(&keys, &token)), (None, None));
        let rotated = MasterKey::ring([2; 32], &[[1; 32]]);
        assert_eq!(link(&rotated, &token), Some((id, 7)), "an older key is believed");
        assert_eq!(link(&MasterKey::new([2; 32]), &token), None);
        assert_eq!(choices(&keys, &for_page(&keys, Purpose::Choices, id)), Some(id));
        for place in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(link(&keys, &altered), None, "{altered}");
        }
        for bad in ["", "A", &token[1..], &format!("{token}A"), "ö"] {
            assert_eq!(link(&keys, bad), None, "{bad}");
        }
    }

    #[test]
    fn what_comes_back_is_found_wherever_it_stands() {
        let (keys, id) = (MasterKey::new([1; 32]), Uuid::now_v7());
        let token = for_returns(&keys, id);
        assert_eq!(token.len(), RETURN_DIGITS);
        let text = format!("To: <bounces+{}@mail.example>\r\n", token.to_uppercase());
        assert_eq!(returned_in(&keys, text.as_bytes()), Some(id));
        assert_eq!(returned_in(&keys, format!("a{token}").as_bytes()), None, "a longer run is another");
        let forged = for_returns(&MasterKey::new([2; 32]), id);
        assert_eq!(returned_in(&keys, forged.as_bytes()), None);
        assert_eq!(returned_in(&keys, format!("{forged} {token}").as_bytes()), Some(id));
    }
}
