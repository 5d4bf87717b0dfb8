//! An application written with a certified library (npm's `openid-client`) gets along with us.

use std::path::Path;
use std::process::Stdio;

use chrono::Utc;
use serde_json::Value;

use super::{House, well_known};
use crate::setup;

#[tokio::test]
async fn a_certified_relying_party_gets_along_with_us() {
    let app = setup().root(|_, config| well_known(config)).start().await;
    // The library looks at the real clock.
    app.advance(Utc::now() - app.clock.now());
    let house = House::build(&app).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers");
    assert!(
        folder.join("node_modules").exists(),
        "type: cargo xtask test (or npm ci in {})",
        folder.display()
    );
    let output = tokio::process::Command::new("node")
        .arg("relying-party.mjs")
        .current_dir(&folder)
        .env("ISSUER", &app.url)
        .env("API", format!("{}/api/v1", app.url))
        .env("CLIENT_ID", house.id())
        .env("CLIENT_SECRET", house.secret())
        .env("SESSION_TOKEN", &house.owner.access_token)
        .env("ORGANISATION", house.org.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("node is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let saw: Value = serde_json::from_slice(&output.stdout).expect("it tells what it saw");
    let expected = serde_json::json!({
        "endpoint": format!("{}/account/authorise", app.url), "asked": "ask", "iss": app.url,
        "sub": house.owner.me.id, "email": super::OWNER, "name": "Demo Person", "members": 200, "rotated": true,
        "before": true, "after": false, "own": "members.read",
    });
    assert_eq!(saw, expected);
}
