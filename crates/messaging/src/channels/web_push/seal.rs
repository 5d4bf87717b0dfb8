//! Encryption for one browser (RFC 8291), as one record of `aes128gcm` (RFC 8188).

use aes_gcm::aead::Aead as _;
use aes_gcm::{Aes128Gcm, KeyInit as _};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

/// As much a push service has to take (RFC 8030, 7.2), and so the length of the record.
const RECORD: u32 = 4096;
/// Salt, length of the record, length of the key, key: what stands before the record.
const HEADER: usize = 16 + 4 + 1 + 65;
/// What the cipher adds.
const TAG: usize = 16;
/// The most that can be said, less one octet that ends it.
pub(super) const MOST: usize = RECORD as usize - HEADER - TAG - 1;

/// The browser's side: its key and its secret.
pub(super) struct Browser<'a> {
    pub key: &'a PublicKey,
    pub auth: &'a [u8],
}

/// Encrypts `plain`, made `length` octets long where it is shorter; `own` and `salt` are made for this one message. None when it is
/// longer than [`MOST`].
pub(super) fn seal(
    plain: &[u8],
    length: usize,
    browser: &Browser<'_>,
    own: &SecretKey,
    salt: &[u8; 16],
) -> Option<Vec<u8>> {
    if plain.len() > MOST {
        return None;
    }
    let (theirs, ours) = (browser.key.to_sec1_bytes(), own.public_key().to_sec1_bytes());
    let shared = own.diffie_hellman(browser.key);
    let said: [&[u8]; 3] = [b"WebPush: info\0", &theirs, &ours];
    let secret: [u8; 32] = derive(browser.auth, shared.raw_secret_bytes(), &said);
    let key: [u8; 16] = derive(salt, &secret, &[b"Content-Encoding: aes128gcm\0"]);
    let nonce: [u8; 12] = derive(salt, &secret, &[b"Content-Encoding: nonce\0"]);

    let mut record = plain.to_vec();
    // 2 ends the text of the last record; what follows is padding.
    record.push(2);
    record.resize(record.len().max(length.min(MOST) + 1), 0);
    let sealed = Aes128Gcm::new(&key.into()).encrypt(&nonce.into(), record.as_slice()).ok()?;
    let mut body = Vec::with_capacity(HEADER + sealed.len());
    body.extend_from_slice(salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.push(u8::try_from(ours.len()).ok()?);
    body.extend_from_slice(&ours);
    body.extend_from_slice(&sealed);
    Some(body)
}

/// HKDF (RFC 5869) with SHA-256.
fn derive<const LENGTH: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> [u8; LENGTH] {
    let mut made = [0; LENGTH];
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand_multi_info(info, &mut made)
        .expect("32 octets are fewer than 255 blocks"); // safe: RFC 5869 allows 8160 octets
    made
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard() {
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        let key = PublicKey::from_sec1_bytes(&bytes(key)).unwrap();
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt: [u8; 16] = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let browser = Browser { key: &key, auth: &auth };
        let body = seal(b"When I grow up, I want to be a watermelon", 0, &browser, &own, &salt).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn the_length_tells_little_and_stays_within_what_is_taken() {
        let own = SecretKey::from_slice(&[7; 32]).unwrap();
        let key = SecretKey::from_slice(&[8; 32]).unwrap().public_key();
        let browser = Browser { key: &key, auth: &[9; 16] };
        let length = |text: &[u8], to| seal(text, to, &browser, &own, &[0; 16]).map(|body| body.len());
        assert_eq!(length(b"yes", 512), length(b"perhaps", 512));
        assert_eq!(length(&[b'x'; MOST], 512), Some(4096));
        assert_eq!(length(b"x", 9000), Some(4096));
        assert_eq!(length(&[b'x'; MOST + 1], 512), None);
    }
}
