//! The built web apps: `shop` at `/`, `console` at `/console/`, `account` at
//! `/account/`. Files were compressed ahead; a page
//! that is no file is the app's own affair and gets its `index.html`.

use std::path::{Component, Path, PathBuf};

use actix_files::NamedFile;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, ContentEncoding, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::ErrorCode;
use platform::error::ApiError;
use platform::request::came_in_the_clear;
use platform::state::App;
use sha2::{Digest as _, Sha256};

/// The folder of the built apps.
pub struct Site {
    folder: PathBuf,
}

/// The worker that shows notifications. It is looked for anew each time, and is for the account's pages only.
const WORKER: &str = "push-worker.js";
const WORKER_SCOPE: &str = "/account/";
/// It renews a browser's subscription, and nothing else is its to ask.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/// How far a worker may reach (Service Workers, W3C).
const SERVICE_WORKER_ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");

/// Files whose name carries the hash of their content never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";
const ENCODINGS: [(&str, &str, ContentEncoding); 2] =
    [("br", "br", ContentEncoding::Brotli), ("gzip", "gz", ContentEncoding::Gzip)];

impl Site {
    /// Apps in `folder/shop`, `folder/console` and `folder/account`.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The file or page asked for.
    pub async fn answer(&self, request: &HttpRequest, app: &App) -> actix_web::Result<HttpResponse> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(ApiError::new(ErrorCode::MethodNotAllowed).into());
        }
        if let Some(moved) = to_https(request, app) {
            return Ok(moved);
        }
        let path = request.path();
        let (app, rest) = match app_of(path) {
            Some((app, Some(rest))) => (app, rest),
            Some((app, None)) => {
                return Ok(HttpResponse::PermanentRedirect()
                    .insert_header((header::LOCATION, format!("/{app}/")))
                    .finish());
            }
            None => ("shop", path.trim_start_matches('/')),
        };
        let folder = self.folder.join(app);
        let Some(file) = inside(&folder, rest) else { return Err(ApiError::new(ErrorCode::NotFound).into()) };
        let is_page = Path::new(rest).extension().is_none();
        if !is_page {
            return file_of(request, &file);
        }
        page(request, &folder.join("index.html")).await
    }
}

/// Where people reach us by HTTPS, a page asked for without it is found at the public address.
fn to_https(request: &HttpRequest, app: &App) -> Option<HttpResponse> {
    if !app.config.is_https() || !came_in_the_clear(request, app) {
        return None;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let to = format!("{}/{}", app.config.public_origin(), path.trim_start_matches('/'));
    Some(HttpResponse::PermanentRedirect().insert_header((header::LOCATION, to)).finish())
}

/// The app below the first part of a path, and what follows; nothing follows without a slash. The shop
/// has all other paths.
fn app_of(path: &str) -> Option<(&'static str, Option<&str>)> {
    ["console", "account"].into_iter().find_map(|app| {
        let rest = path.strip_prefix('/')?.strip_prefix(app)?;
        if rest.is_empty() { Some((app, None)) } else { Some((app, Some(rest.strip_prefix('/')?))) }
    })
}

/// A file, as small as the caller can read it.
fn file_of(request: &HttpRequest, file: &Path) -> actix_web::Result<HttpResponse> {
    let kind = actix_files::file_extension_to_mime(
        file.extension().and_then(|extension| extension.to_str()).unwrap_or(""),
    );
    let cache = if is_hashed(file) { FOR_EVER } else { ASK_FIRST };
    for (name, extension, encoding) in ENCODINGS {
        if !accepts(request, name) {
            continue;
        }
        let mut packed = file.as_os_str().to_owned();
        packed.push(".");
        packed.push(extension);
        if let Ok(named) = NamedFile::open(PathBuf::from(packed)) {
            let named = named.set_content_type(kind).set_content_encoding(encoding);
            return Ok(answered(named, request, cache));
        }
    }
    match NamedFile::open(file) {
        Ok(named) => Ok(answered(named, request, cache)),
        Err(_) => Err(ApiError::new(ErrorCode::NotFound).into()),
    }
}

fn answered(file: NamedFile, request: &HttpRequest, cache: &'static str) -> HttpResponse {
    let mut response = file.disable_content_disposition().into_response(request);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if request.path().strip_prefix(WORKER_SCOPE) == Some(WORKER) {
        let policy = HeaderValue::from_static(WORKER_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        headers.insert(SERVICE_WORKER_ALLOWED, HeaderValue::from_static(WORKER_SCOPE));
    }
    response
}

/// The app's page, with a policy that names its inline scripts.
async fn page(request: &HttpRequest, index: &Path) -> actix_web::Result<HttpResponse> {
    let Ok(html) = tokio::fs::read_to_string(index).await else {
        return Err(ApiError::new(ErrorCode::NotFound)
            .detail("The web app has not been built; cargo xtask run builds it.")
            .into());
    };
    let tag = format!("\"{}\"", &STANDARD.encode(Sha256::digest(&html))[..22]);
    let known =
        request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, ASK_FIRST))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(&html)));
    if known {
        return Ok(response.finish());
    }
    Ok(response.content_type("text/html; charset=utf-8").body(html))
}

/// Scripts of our own only, WebAssembly, and the inline scripts that Trunk writes, by their hash.
fn policy(html: &str) -> String {
    let mut scripts = String::from("'self' 'wasm-unsafe-eval'");
    for script in inline_scripts(html) {
        scripts.push_str(&format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))));
    }
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; media-src 'self' blob: data:; worker-src 'self'; frame-src 'self'; object-src 'none'; \
         base-uri 'self'; form-action 'self'; manifest-src 'self'; frame-ancestors 'none'"
    )
}

/// What stands between `<script …>` and `</script>` where there is no `src`.
fn inline_scripts(html: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, tail)) = rest.split_once("<script") {
        let Some((attributes, tail)) = tail.split_once('>') else { break };
        let Some((script, tail)) = tail.split_once("</script>") else { break };
        if !attributes.contains("src=") && !script.is_empty() {
            found.push(script);
        }
        rest = tail;
    }
    found
}

/// The path below the folder; `None` for one that leads out of it.
fn inside(folder: &Path, rest: &str) -> Option<PathBuf> {
    let below = Path::new(rest);
    let plain = below
        .components()
        .all(|part| matches!(part, Component::Normal(name) if !name.to_string_lossy().starts_with('.')));
    (plain && !rest.contains('%')).then(|| folder.join(below))
}

/// Trunk names files `shop-0123456789abcdef_bg.wasm`.
fn is_hashed(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_hexdigit()).any(|part| part.len() >= 12)
}

fn accepts(request: &HttpRequest, encoding: &str) -> bool {
    let header = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    header.is_some_and(|header| {
        header.split(',').any(|range| {
            let mut parts = range.split(';');
            parts.next().is_some_and(|name| name.trim() == encoding)
                && !parts.any(|weight| matches!(weight.trim(), "q=0" | "q=0.0"))
        })
    })
}

/// Swagger UI brings its scripts and styles as files; its icons are data.
pub async fn let_documentation_show(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        let folder = Path::new("dist/shop");
        for bad in ["../secret", "a/../../b", ".env", "a/.git/config", "%2e%2e/x", "/etc/passwd"] {
            assert_eq!(inside(folder, bad), None, "{bad}");
        }
        assert_eq!(inside(folder, "fonts/a.woff2"), Some(folder.join("fonts/a.woff2")));
    }

    #[test]
    fn paths_lead_to_their_app() {
        assert_eq!(app_of("/console/events"), Some(("console", Some("events"))));
        assert_eq!(app_of("/account"), Some(("account", None)));
        assert_eq!(app_of("/accounting"), None);
        assert_eq!(app_of("/events/1"), None);
    }

    #[test]
    fn inline_scripts_are_found_and_named() {
        let html = "<script type=\"module\">go()</script><script src=\"a.js\"></script>";
        assert_eq!(inline_scripts(html), ["go()"]);
        assert!(policy(html).contains("'sha256-"));
    }

    #[test]
    fn hashed_names_are_told_from_others() {
        assert!(is_hashed(Path::new("shop-0a1b2c3d4e5f6789_bg.wasm")));
        assert!(!is_hashed(Path::new("icon.svg")));
    }
}
