//! The public keys: whoever has an access token finds there by which key to check it.

use accounts::{AccessClaims, Accounts};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;

use crate::setup;

#[tokio::test]
async fn the_key_of_a_token_is_published() {
    let app = setup().root(|_, config| server::app::well_known(config)).start().await;
    let answer = app.fetch("/.well-known/jwks.json").await.expect(200);
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    let keys = answer.value();

    let claims = AccessClaims { user_id: Uuid::nil(), session_id: Uuid::nil() };
    let signer = Accounts::new(app.state()).expect("the settings of a test hold").keys;
    let token = signer.sign(claims, app.clock.now()).expect("signed");
    let head = token.split('.').next().expect("a token has a head");
    let head: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).expect("base64")).expect("JSON");
    assert_eq!(keys["keys"][0]["kid"], head["kid"]);
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
    assert!(keys["keys"][0].get("d").is_none(), "only the public half");
}
