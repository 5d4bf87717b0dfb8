//! A passkey in software: what a browser and its authenticator do together (WebAuthn, level 3), with
//! the faults a test wants.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// User present, user verified, a key is attached.
const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTACHED: u8 = 0x40;

/// One key on one device. `Clone` copies it, counter and all: what a thief would do.
#[derive(Clone)]
pub struct Authenticator {
    key: SigningKey,
    id: Vec<u8>,
    counter: u32,
    user: Vec<u8>,
    origin: String,
}

impl Authenticator {
    /// A device on pages of this origin.
    pub fn on(origin: &str) -> Self {
        let key = SigningKey::from_slice(&rand::random::<[u8; 32]>()).expect("most numbers are keys");
        let id = rand::random::<[u8; 16]>().to_vec();
        Self { key, id, counter: 0, user: Vec::new(), origin: origin.to_owned() }
    }

    /// The same device, shown a page of another origin.
    pub fn lured_to(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..self.clone() }
    }

    /// Makes the key asked for.
    pub fn register(&mut self, options: &Value) -> Value {
        self.user = bytes(&options["user"]["id"]);
        let name = options["rp"]["id"].as_str().expect("who asks");
        let client = self.client_data("webauthn.create", options);
        let mut data = self.head(name, PRESENT | VERIFIED | ATTACHED);
        data.extend([0; 16]); // no model
        data.extend(u16::try_from(self.id.len()).expect("short").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).expect("short").to_be_bytes());
        object.extend(data);
        let response = json!({"clientDataJSON": text(&client), "attestationObject": text(&object)});
        self.credential(response)
    }

    /// Signs what is asked.
    pub fn sign(&mut self, options: &Value) -> Value {
        self.sign_with(options, PRESENT | VERIFIED)
    }

    /// Signs without having checked who holds the device.
    pub fn sign_unverified(&mut self, options: &Value) -> Value {
        self.sign_with(options, PRESENT)
    }

    fn sign_with(&mut self, options: &Value, flags: u8) -> Value {
        self.counter += 1;
        let client = self.client_data("webauthn.get", options);
        let data = self.head(options["rpId"].as_str().expect("who asks"), flags);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "clientDataJSON": text(&client),
            "authenticatorData": text(&data),
            "signature": text(signature.to_der().as_bytes()),
            "userHandle": text(&self.user),
        });
        self.credential(response)
    }

    fn credential(&self, response: Value) -> Value {
        let id = text(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": response})
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn head(&self, name: &str, flags: u8) -> Vec<u8> {
        let mut head = Sha256::digest(name.as_bytes()).to_vec();
        head.push(flags);
        head.extend(self.counter.to_be_bytes());
        head
    }

    /// As COSE writes it (RFC 9053): an elliptic curve key for ES256.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes(); // 4, x, y
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn bytes(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().expect("a text")).expect("Base64url")
}
