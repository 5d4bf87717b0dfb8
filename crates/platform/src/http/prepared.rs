//! Answers kept ready to send: JSON with its ETag, plain and compressed, for as long as they may be
//! a little old.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use contract::ErrorCode;
use domain::Locale;
use moka::future::Cache;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{ApiError, ApiResult};
use crate::request::spoken;

/// How well the answer is worth compressing.
#[derive(Debug, Clone, Copy)]
pub enum Effort {
    /// Made often, sent a few times.
    Quick,
    /// Made once, sent for ever.
    Thorough,
}

/// One answer in all the forms it is sent in.
#[derive(Debug)]
pub struct Prepared {
    plain: Bytes,
    gzip: Bytes,
    brotli: Bytes,
    etag: HeaderValue,
}

impl Prepared {
    /// Encodes `value`, off the worker's thread.
    pub async fn new(value: &impl Serialize, effort: Effort) -> ApiResult<Self> {
        let plain = serde_json::to_vec(value)?;
        tokio::task::spawn_blocking(move || Self::encode(plain, effort))
            .await
            .map_err(ApiError::internal)?
            .map_err(ApiError::internal)
    }

    fn encode(plain: Vec<u8>, effort: Effort) -> anyhow::Result<Self> {
        let (quality, level) = match effort {
            Effort::Quick => (3, flate2::Compression::fast()),
            Effort::Thorough => (9, flate2::Compression::best()),
        };
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
        gzip.write_all(&plain)?;
        let mut brotli = Vec::new();
        let params = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
        brotli::BrotliCompress(&mut plain.as_slice(), &mut brotli, &params)?;
        let digest = hex::encode(&Sha256::digest(&plain)[..12]);
        Ok(Self {
            etag: HeaderValue::from_str(&format!("W/\"{digest}\""))?,
            gzip: gzip.finish()?.into(),
            brotli: brotli.into(),
            plain: plain.into(),
        })
    }

    /// The answer to a request with these headers: 304 when it has this version, else the best form it
    /// accepts.
    fn answer(&self, asked: &HeaderMap, cache_control: &'static str) -> HttpResponse {
        let cache_control = HeaderValue::from_static(cache_control);
        let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let etag = self.etag.to_str().unwrap_or("*"); // safe: made of hexadecimal digits
        if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
            return HttpResponse::NotModified()
                .insert_header((header::ETAG, self.etag.clone()))
                .insert_header((header::CACHE_CONTROL, cache_control))
                .finish();
        }
        let accepts = |name: &str| {
            let accepted = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
            accepted.is_some_and(|accepted| {
                accepted.split(',').any(|one| {
                    let mut parts = one.split(';').map(str::trim);
                    parts.next() == Some(name) && parts.next() != Some("q=0")
                })
            })
        };
        let (encoding, bytes) = if accepts("br") {
            ("br", &self.brotli)
        } else if accepts("gzip") {
            ("gzip", &self.gzip)
        } else {
            ("identity", &self.plain)
        };
        let mut response = HttpResponse::Ok();
        for (name, value) in [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, cache_control),
            (header::VARY, HeaderValue::from_static("Accept-Encoding, Accept-Language")),
            (header::CONTENT_ENCODING, HeaderValue::from_static(encoding)),
        ] {
            response.insert_header((name, value));
        }
        response.body(bytes.clone())
    }
}

/// How a prepared answer may be kept.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// By us.
    pub age: Duration,
    /// By others, as `Cache-Control` says it.
    pub cache_control: &'static str,
}

/// Prepared answers by what was asked. Each thread that serves has its own.
pub struct Shelf {
    answers: Cache<String, (Instant, Arc<Prepared>)>,
    /// By address and language, as strangers ask.
    front: Mutex<HashMap<String, HashMap<Locale, Ready>>>,
}

/// An answer at the front of the shelf.
struct Ready {
    answer: Arc<Prepared>,
    until: Instant,
    cache_control: &'static str,
}

impl Shelf {
    /// Addresses asked for at about the same time; beyond them those that are old are forgotten, or all.
    const MOST_AT_FRONT: usize = 200;

    /// An empty shelf. It holds at most 16 MiB.
    pub(crate) fn new() -> Self {
        let answers = Cache::builder()
            .weigher(|_, (_, answer): &(Instant, Arc<Prepared>)| {
                let size = answer.plain.len() + answer.gzip.len() + answer.brotli.len();
                u32::try_from(size).unwrap_or(u32::MAX)
            })
            .max_capacity(16 << 20)
            .time_to_live(Duration::from_secs(3600))
            .build();
        Self { answers, front: Mutex::default() }
    }

    /// Answers a public page: by what is kept under `key` when that is young enough, otherwise by what
    /// `make` makes. Callers who come while it is being made wait for the same one.
    ///
    /// # Errors
    /// Those of `make`.
    pub async fn answer(
        &self,
        request: &HttpRequest,
        locale: Locale,
        key: String,
        keep: Keep,
        make: impl AsyncFnOnce() -> ApiResult<Prepared>,
    ) -> ApiResult<HttpResponse> {
        let (made, answer) = self.get(key, keep.age, make).await?;
        let response = answer.answer(request.headers(), keep.cache_control);
        if request.query_string().is_empty() {
            let ready = Ready { answer, until: made + keep.age, cache_control: keep.cache_control };
            self.bring_forward(request.path(), locale, ready);
        }
        Ok(response)
    }

    async fn get(
        &self,
        key: String,
        age: Duration,
        make: impl AsyncFnOnce() -> ApiResult<Prepared>,
    ) -> ApiResult<(Instant, Arc<Prepared>)> {
        if let Some((made, answer)) = self.answers.get(&key).await {
            if made.elapsed() < age {
                return Ok((made, answer));
            }
            self.answers.invalidate(&key).await;
        }
        let made = self.answers.try_get_with(key, async move {
            let began = Instant::now();
            make().await.map(|answer| (began, Arc::new(answer)))
        });
        // Boxed, since it is large, and the answer is on the shelf most of the time.
        Box::pin(made).await.map_err(|error| again(&error))
    }

    fn bring_forward(&self, path: &str, locale: Locale, ready: Ready) {
        // An address may be written in many ways: one is enough.
        if path.contains('%') {
            return;
        }
        let mut front = self.front.lock().unwrap_or_else(PoisonError::into_inner);
        if front.len() >= Self::MOST_AT_FRONT {
            let now = Instant::now();
            front.retain(|_, kept| kept.values().any(|ready| now < ready.until));
        }
        if front.len() >= Self::MOST_AT_FRONT {
            front.clear();
        }
        front.entry(path.to_owned()).or_default().insert(locale, ready);
    }

    /// The answer that stands at the front for a stranger who asks for an address: nothing needs to be
    /// found out about who calls and what for. `None` when there is none that is young enough.
    pub(crate) fn ready(&self, request: &ServiceRequest, now: Instant) -> Option<HttpResponse> {
        let headers = request.headers();
        let stranger = request.method() == Method::GET
            && request.query_string().is_empty()
            && !headers.contains_key(header::AUTHORIZATION);
        if !stranger {
            return None;
        }
        let front = self.front.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = front.get(request.path())?.get(&spoken(headers)).filter(|ready| now < ready.until)?;
        Some(ready.answer.answer(headers, ready.cache_control))
    }
}

/// The error of the one who made the answer, for all who waited for it.
fn again(error: &ApiError) -> ApiError {
    match error.code() {
        ErrorCode::Internal => ApiError::internal(anyhow::anyhow!("{error:?}")),
        code => code.into(),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const KEEP: Keep = Keep { age: Duration::from_secs(5), cache_control: "public, max-age=5" };

    async fn shown(shelf: &Shelf, uri: &str) {
        let request = TestRequest::with_uri(uri).to_http_request();
        let make = async || Prepared::new(&"a page", Effort::Quick).await;
        let answer = shelf.answer(&request, Locale::Th, "page".to_owned(), KEEP, make).await;
        assert_eq!(answer.expect("an answer").status(), 200);
    }

    fn thai(uri: &str) -> TestRequest {
        TestRequest::with_uri(uri).insert_header((header::ACCEPT_LANGUAGE, "th"))
    }

    #[actix_web::test]
    async fn a_page_stands_at_the_front_for_strangers_who_ask_alike() {
        let (shelf, now) = (Shelf::new(), Instant::now());
        let ready = |request: TestRequest, at: Instant| shelf.ready(&request.to_srv_request(), at);
        assert!(ready(thai("/page"), now).is_none(), "nobody has asked");
        shown(&shelf, "/page").await;
        let answer = ready(thai("/page"), now).expect("ready");
        assert_eq!(answer.headers().get(header::CACHE_CONTROL).expect("a header"), "public, max-age=5");
        let etag = answer.headers().get(header::ETAG).expect("an ETag").clone();
        let known = ready(thai("/page").insert_header((header::IF_NONE_MATCH, etag)), now).expect("ready");
        assert_eq!(known.status(), 304);

        assert!(ready(thai("/page"), now + KEEP.age * 2).is_none(), "too old");
        assert!(ready(thai("/page?much=1"), now).is_none(), "another question");
        assert!(ready(TestRequest::with_uri("/page"), now).is_none(), "another language");
        assert!(ready(thai("/page").method(Method::HEAD), now).is_none(), "another method");
        let signed = thai("/page").insert_header((header::AUTHORIZATION, "Bearer x"));
        assert!(ready(signed, now).is_none(), "who that is must be found out");
    }

    #[actix_web::test]
    async fn the_front_has_an_end() {
        let shelf = Shelf::new();
        for page in 0..=Shelf::MOST_AT_FRONT {
            shown(&shelf, &format!("/page/{page}")).await;
        }
        let last = format!("/page/{}", Shelf::MOST_AT_FRONT);
        assert!(shelf.ready(&thai("/page/0").to_srv_request(), Instant::now()).is_none());
        assert!(shelf.ready(&thai(&last).to_srv_request(), Instant::now()).is_some());
    }
}
