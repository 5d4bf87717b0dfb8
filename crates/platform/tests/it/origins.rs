//! Pages of other origins.

use contract::ErrorCode;
use serde_json::json;
use testkit::{Call, TestApp};

use crate::desk::{Note, note, prepare, setup};

const COOKIE: (&str, &str) = ("Cookie", "ringside_refresh=something");

fn with_cookie(app: &TestApp) -> Call {
    app.post("/notes").header(COOKIE.0, COOKIE.1).json(&note("x"))
}

#[tokio::test]
async fn another_site_cannot_use_the_cookie() {
    let app =
        setup().config(|config| config.public_url = Some("https://Ringside.example/".into())).start().await;
    prepare(&app).await;
    for (name, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Sec-Fetch-Site", "nonsense"),
        ("Origin", "https://evil.example"),
        ("Origin", "https://ringside.example.evil.example"),
        ("Origin", "http://ringside.example"),
        ("Origin", "null"),
    ] {
        with_cookie(&app).header(name, value).problem(ErrorCode::CrossSite).await;
    }
    assert_eq!(app.count("SELECT count(*) FROM notes").await, 0);

    let here = app.url.clone();
    for (name, value) in
        [("Sec-Fetch-Site", "same-origin"), ("Origin", "https://ringside.example"), ("Origin", here.as_str())]
    {
        let _ = with_cookie(&app).header(name, value).await.expect(201);
    }
    // A program says nothing of a site; reading changes nothing; without a cookie nobody is robbed.
    let _ = with_cookie(&app).await.expect(201);
    let _ =
        app.get("/notes").header(COOKIE.0, COOKIE.1).header("Sec-Fetch-Site", "cross-site").await.expect(200);
    let bare = app.post("/notes").header("Sec-Fetch-Site", "cross-site").json(&note("x"));
    let _: Note = bare.created().await;
    app.forget_jobs().await;
}

#[tokio::test]
async fn no_other_origin_reads_unless_it_is_configured() {
    let app = setup().start().await;
    prepare(&app).await;
    let answer = app.get("/notes").header("Origin", "https://partner.example").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let asked = preflight(&app, "https://partner.example").await;
    assert_eq!(asked.header("access-control-allow-origin"), "");
    assert_eq!(asked.header("access-control-allow-methods"), "");
}

fn preflight(app: &TestApp, origin: &str) -> Call {
    app.call(reqwest::Method::OPTIONS, "/notes")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type")
}

#[tokio::test]
async fn a_configured_origin_calls_with_a_token_and_never_with_the_cookie() {
    let app =
        setup().config(|config| config.cors_origins = vec!["https://partner.example".into()]).start().await;
    prepare(&app).await;
    let asked = preflight(&app, "https://partner.example").await.expect(204);
    assert_eq!(asked.header("access-control-allow-origin"), "https://partner.example");
    assert!(asked.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(asked.header("access-control-allow-credentials"), "");
    assert_eq!(preflight(&app, "https://evil.example").await.header("access-control-allow-origin"), "");

    let answer = app.get("/notes").header("Origin", "https://partner.example").await.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), "https://partner.example");
    assert_eq!(answer.header("vary"), "origin");
    // A refusal can be read, too.
    let refused = app.post("/notes").header("Origin", "https://partner.example").json(&json!({})).await;
    refused.problem(ErrorCode::InvalidFields);
    assert_eq!(refused.header("access-control-allow-origin"), "https://partner.example");
    let cookie = with_cookie(&app).header("Origin", "https://partner.example");
    cookie.problem(ErrorCode::CrossSite).await;
}
