//! What every kind of answer says to the browser that gets it. The whole server with its web apps,
//! over files that stand for built ones.

use std::path::Path;

use actix_web::body::MessageBody;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web;
use platform::clock::Clock;
use platform::config::Config;
use platform::keys::MasterKey;
use platform::state::App;
use server::app::{Shared, build};
use testkit::TestApp;

use crate::setup;

const INDEX: &str = "<!doctype html><html><head><script type=\"module\">start()</script></head></html>";

/// Method, path and headers.
type Request<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);
/// Its name, the request, the status, and the policy of the answer.
type Kind = (&'static str, Request<'static>, u16, &'static str);

/// Files as Trunk leaves them.
fn web_dir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for a while");
    for app in ["shop", "console", "account"] {
        std::fs::create_dir(folder.path().join(app)).expect("a folder");
        std::fs::write(folder.path().join(app).join("index.html"), INDEX).expect("a page");
    }
    std::fs::write(folder.path().join("shop/shop-0a1b2c3d4e5f6789.js"), "export {}").expect("an asset");
    std::fs::write(folder.path().join("account/push-worker.js"), "self").expect("the worker");
    folder
}

/// The answers to `requests` (method, path, header) of a server with these settings.
async fn answers(
    app: &TestApp,
    folder: &Path,
    change: impl Fn(&mut Config),
    requests: &[Request<'_>],
) -> Vec<(u16, HeaderMap, usize)> {
    let mut config = Config {
        web_dir: folder.to_owned(),
        database_connections: 4,
        password_memory_kib: 8,
        password_iterations: 1,
        ..Config::default()
    };
    change(&mut config);
    let state = |config: Config| {
        App::new(config, &app.database_url(), Clock::System, MasterKey::new([7; 32])).expect("settings hold")
    };
    let shared = Shared::new(state(config.clone())).expect("settings hold");
    let service = Box::pin(init_service(build(web::Data::new(state(config)), &shared))).await;
    let mut seen = Vec::new();
    for (method, path, headers) in requests {
        let mut request = TestRequest::with_uri(path)
            .method(method.parse().expect("a method"))
            .peer_addr("127.0.0.1:4711".parse().expect("an address"));
        for (name, value) in *headers {
            request = request.insert_header((*name, *value));
        }
        let response = Box::pin(call_service(&service, request.to_request())).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let size = response.into_body().try_into_bytes().map_or(0, |body| body.len());
        seen.push((status, headers, size));
    }
    seen
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
}

const UPGRADE: &[(&str, &str)] = &[
    ("connection", "upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// Kinds of answers: name, request, status, and which policy it has.
const KINDS: &[Kind] = &[
    ("page", ("GET", "/", &[]), 200, "page"),
    ("page within", ("GET", "/console/events", &[]), 200, "page"),
    ("page of the account", ("GET", "/account/", &[]), 200, "page"),
    ("way to the console", ("GET", "/console", &[]), 308, "nothing"),
    ("asset", ("GET", "/shop-0a1b2c3d4e5f6789.js", &[]), 200, "nothing"),
    ("worker of notifications", ("GET", "/account/push-worker.js", &[]), 200, "worker"),
    ("asset that is not there", ("GET", "/gone.js", &[]), 404, "nothing"),
    ("api", ("GET", "/api/v1/shop/events", &[]), 200, "nothing"),
    ("refusal 401", ("GET", "/api/v1/me", &[]), 401, "nothing"),
    ("refusal 404", ("GET", "/api/v1/nowhere", &[]), 404, "nothing"),
    ("refusal 405", ("DELETE", "/api/v1/people", &[]), 405, "nothing"),
    ("refusal 400", ("POST", "/api/v1/sessions", &[("content-type", "application/json")]), 400, "nothing"),
    ("document", ("GET", "/api/v1/openapi.json", &[]), 200, "nothing"),
    ("docs", ("GET", "/docs/", &[]), 200, "docs"),
    ("script of the docs", ("GET", "/docs/swagger-ui-bundle.js", &[]), 200, "docs"),
    ("live upgrade", ("GET", "/api/v1/live", UPGRADE), 101, "nothing"),
    ("live without an upgrade", ("GET", "/api/v1/live", &[]), 400, "nothing"),
    ("health", ("GET", "/healthz", &[]), 200, "nothing"),
];

#[actix_web::test]
async fn the_worker_of_notifications_is_looked_for_anew_and_keeps_to_the_account() {
    let (app, folder) = (setup().start().await, web_dir());
    let requests =
        [("GET", "/account/push-worker.js", &[][..]), ("GET", "/shop-0a1b2c3d4e5f6789.js", &[][..])];
    let seen = answers(&app, folder.path(), |_| {}, &requests).await;
    let of = |at: usize, name| header(&seen[at].1, name);
    assert_eq!((of(0, "cache-control"), of(0, "service-worker-allowed")), ("no-cache", "/account/"));
    assert!(of(0, "content-type").contains("javascript"), "{}", of(0, "content-type"));
    assert_eq!(of(1, "service-worker-allowed"), "");
}

#[actix_web::test]
async fn every_kind_of_answer_carries_its_headers() {
    let (app, folder) = (setup().start().await, web_dir());
    let requests: Vec<_> = KINDS.iter().map(|(_, request, ..)| *request).collect();
    let https = |config: &mut Config| config.public_url = Some("https://ringside.example".into());
    let seen = answers(&app, folder.path(), https, &requests).await;
    for ((name, _, expected, policy), (status, headers, _)) in KINDS.iter().zip(&seen) {
        assert_eq!(status, expected, "{name}");
        // What is for pages only is not sent with JSON.
        let json = header(headers, "content-type").contains("json");
        for (header_name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", if json { "" } else { "same-origin" }),
            ("cross-origin-opener-policy", if json { "" } else { "same-origin" }),
            ("cross-origin-embedder-policy", if json { "" } else { "require-corp" }),
            ("cross-origin-resource-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(header(headers, header_name), value, "{name}: {header_name}");
        }
        assert_eq!(header(headers, "permissions-policy").contains("geolocation=()"), !json, "{name}");
        assert_eq!(header(headers, "x-request-id").len(), 32, "{name}");
        let csp = header(headers, "content-security-policy");
        assert!(!csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'"), "{name}: {csp}");
        assert!(
            csp.starts_with("default-src 'none'") && csp.contains("frame-ancestors 'none'"),
            "{name}: {csp}"
        );
        let own = match *policy {
            "page" => "script-src 'self' 'wasm-unsafe-eval' 'sha256-",
            "docs" => "script-src 'self'; style-src 'self';",
            "worker" => "default-src 'none'; connect-src 'self';",
            _ => "default-src 'none'; frame-ancestors 'none'",
        };
        assert!(csp.contains(own), "{name}: {csp}");
        let limited =
            KINDS.iter().find(|kind| kind.0 == *name).is_some_and(|kind| kind.1.1.starts_with("/api/"));
        assert_eq!(header(headers, "ratelimit").is_empty(), !limited, "{name}");
        assert_eq!(header(headers, "ratelimit-policy").is_empty(), !limited, "{name}");
    }
}

#[actix_web::test]
async fn plain_http_promises_no_https() {
    let (app, folder) = (setup().start().await, web_dir());
    let seen = answers(&app, folder.path(), |_| {}, &[("GET", "/", &[])]).await;
    assert_eq!(header(&seen[0].1, "strict-transport-security"), "");
}

#[actix_web::test]
async fn a_page_asked_for_in_the_clear_is_found_by_https() {
    let (app, folder) = (setup().start().await, web_dir());
    let clear: &[(&str, &str)] = &[("x-forwarded-proto", "http"), ("x-forwarded-for", "192.0.2.1")];
    let tls: &[(&str, &str)] = &[("x-forwarded-proto", "https"), ("x-forwarded-for", "192.0.2.1")];
    let requests = [("GET", "/events/one?tier=1", clear), ("GET", "/events/one", tls)];
    let https = |config: &mut Config| config.public_url = Some("https://ringside.example".into());
    let trusting = |config: &mut Config| {
        https(config);
        config.trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    };
    let seen = answers(&app, folder.path(), trusting, &requests).await;
    assert_eq!(seen[0].0, 308);
    assert_eq!(header(&seen[0].1, "location"), "https://ringside.example/events/one?tier=1");
    assert_eq!(seen[1].0, 200);
    // Anybody else may say what they like.
    let seen = answers(&app, folder.path(), https, &requests).await;
    assert_eq!((seen[0].0, seen[1].0), (200, 200));
}

/// No style is written into a page's HTML, where the policy would ignore it: neither in the pages nor by
/// the components, whose `style=` takes a property and its value.
#[test]
fn no_screen_writes_a_style_attribute() {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "html") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                let fault = text.lines().find(|line| {
                    line.split("style=").skip(1).any(|value| !value.starts_with('('))
                        && !line.contains("let ")
                        || line.contains("<style")
                        || line.contains("set_attribute(\"style\"")
                });
                found.extend(fault.map(|line| format!("{}: {}", path.display(), line.trim())));
            }
        }
    }
    let mut found = Vec::new();
    let frontend = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend");
    for part in ["shop", "console", "account", "ui"] {
        walk(&frontend.join(part), &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Texts of people are text everywhere: HTML is set from constants of ours and from QR codes the server
/// draws, nowhere else.
#[test]
fn no_screen_sets_html_that_somebody_wrote() {
    const DRAWINGS: &[&str] = &["fills", "FILLS", "drawing", "picture", "qr"];
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).expect("UTF-8");
                for name in ["inner_html=", "set_inner_html(", "insert_adjacent_html(", "document_write("] {
                    found.extend(text.split(name).skip(1).filter_map(|after| {
                        let value: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
                        (!DRAWINGS.contains(&value.as_str())).then(|| format!("{}: {value}", path.display()))
                    }));
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
}
