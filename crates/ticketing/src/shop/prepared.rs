//! Answers kept ready to send: JSON with its ETag, plain and compressed, for as long as they may be
//! a little old.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding, HeaderValue},
    web::Bytes,
};
use contract::ErrorCode;
use moka::future::Cache;
use platform::error::{ApiError, ApiResult};
use serde::Serialize;
use sha2::{Digest, Sha256};

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

    /// The answer to `request`: 304 when it has this version, else the best form it accepts.
    pub fn answer(&self, request: &HttpRequest, cache_control: &'static str) -> HttpResponse {
        let headers = request.headers();
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let etag = self.etag.to_str().unwrap_or("*"); // safe: made of hexadecimal digits
        if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
            return HttpResponse::NotModified()
                .insert_header((header::ETAG, self.etag.clone()))
                .insert_header((header::CACHE_CONTROL, cache_control))
                .finish();
        }
        let accepts = |name: &str| {
            let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
            accepted.is_some_and(|accepted| {
                accepted.split(',').any(|one| {
                    let mut parts = one.split(';').map(str::trim);
                    parts.next() == Some(name) && parts.next() != Some("q=0")
                })
            })
        };
        let (encoding, bytes) = if accepts("br") {
            (ContentEncoding::Brotli, &self.brotli)
        } else if accepts("gzip") {
            (ContentEncoding::Gzip, &self.gzip)
        } else {
            (ContentEncoding::Identity, &self.plain)
        };
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "application/json"))
            .insert_header((header::ETAG, self.etag.clone()))
            .insert_header((header::CACHE_CONTROL, cache_control))
            .insert_header((header::VARY, "Accept-Encoding, Accept-Language"))
            .insert_header(encoding)
            .body(bytes.clone())
    }
}

/// Prepared answers by what was asked.
pub struct Shelf {
    answers: Cache<String, (Instant, std::sync::Arc<Prepared>)>,
}

impl Shelf {
    /// An empty shelf. It holds at most 16 MiB.
    pub fn new() -> Self {
        let answers = Cache::builder()
            .weigher(|_, (_, answer): &(Instant, std::sync::Arc<Prepared>)| {
                let size = answer.plain.len() + answer.gzip.len() + answer.brotli.len();
                u32::try_from(size).unwrap_or(u32::MAX)
            })
            .max_capacity(16 << 20)
            .time_to_live(Duration::from_secs(3600))
            .build();
        Self { answers }
    }

    /// The answer kept under `key` when it is younger than `age`; otherwise the one `make` makes.
    /// Callers who come while it is being made wait for the same one.
    pub async fn get(
        &self,
        key: String,
        age: Duration,
        make: impl AsyncFnOnce() -> ApiResult<Prepared>,
    ) -> ApiResult<std::sync::Arc<Prepared>> {
        if let Some((made, answer)) = self.answers.get(&key).await {
            if made.elapsed() < age {
                return Ok(answer);
            }
            self.answers.invalidate(&key).await;
        }
        let made = self.answers.try_get_with(key, async move {
            let began = Instant::now();
            make().await.map(|answer| (began, std::sync::Arc::new(answer)))
        });
        // Boxed, since it is large, and the answer is on the shelf most of the time.
        match Box::pin(made).await {
            Ok((_, answer)) => Ok(answer),
            Err(error) => Err(again(&error)),
        }
    }
}

/// The error of the one who made the answer, for all who waited for it.
fn again(error: &ApiError) -> ApiError {
    match error.code() {
        ErrorCode::Internal => ApiError::internal(anyhow::anyhow!("{error:?}")),
        code => code.into(),
    }
}
