//! Bodies: read whole, within a limit, with their digest.

use std::ops::Deref;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use contract::{ErrorCode, FieldError};
use futures_util::future::LocalBoxFuture;
use futures_util::{FutureExt as _, StreamExt as _};
use garde::Validate;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;

use crate::error::{ApiError, ApiResult};
use crate::guard::admitted;
use crate::http::scan;

/// How many bytes a body may have, as app data of a route or scope; 1 MiB when there is none.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit(pub usize);

/// How long the whole body may take to arrive, and no longer than a third of that without a byte, as
/// app data of a route or scope; 30 seconds for each started MiB of the limit when there is none.
#[derive(Debug, Clone, Copy)]
pub struct BodyPatience(pub Duration);

/// The usual limit.
const MIB: usize = 1 << 20;
/// The limit of a file in the body.
const FILE: usize = 8 << 20;

/// What makes two requests the same: the digest of their body.
pub trait Fingerprint {
    /// SHA-256 of the body's bytes.
    fn digest(&self) -> &[u8; 32];
}

/// A JSON body, read strictly and validated.
#[derive(Debug, Clone)]
pub struct Body<T> {
    value: T,
    digest: [u8; 32],
}

/// A file as the body, up to 8 MiB.
#[derive(Debug, Clone)]
pub struct Raw {
    /// The bytes.
    pub bytes: Bytes,
    /// The media type without parameters, in lower case; empty when none was sent.
    pub media_type: String,
    digest: [u8; 32],
}

impl<T> Body<T> {
    /// What was sent.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Body<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Fingerprint for Body<T> {
    fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

impl Raw {
    /// Reads the bytes as [`Body`] does, for what must be seen before it is read (a signature).
    pub fn json<T: DeserializeOwned + Validate<Context = ()>>(&self) -> ApiResult<T> {
        check(parse(&self.bytes)?)
    }
}

impl Fingerprint for Raw {
    fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// For a POST without a body.
impl Fingerprint for () {
    fn digest(&self) -> &[u8; 32] {
        &[0; 32]
    }
}

impl<T> FromRequest for Body<T>
where
    T: DeserializeOwned + Validate<Context = ()> + 'static,
{
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = request.content_type().to_ascii_lowercase();
        let bytes = read(request, payload, MIB);
        async move {
            let bytes = bytes.await?;
            if !bytes.is_empty() && media_type != "application/json" {
                return Err(ApiError::new(ErrorCode::UnsupportedMediaType)
                    .detail("Send JSON, with Content-Type: application/json."));
            }
            let value = check(parse(&bytes)?)?;
            Ok(Self { value, digest: Sha256::digest(&bytes).into() })
        }
        .boxed_local()
    }
}

impl FromRequest for Raw {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = request.content_type().to_ascii_lowercase();
        let bytes = read(request, payload, FILE);
        async move {
            let bytes = bytes.await?;
            let digest = Sha256::digest(&bytes).into();
            Ok(Self { bytes, media_type, digest })
        }
        .boxed_local()
    }
}

/// Reads the whole body unless it is larger than the limit.
fn read(
    request: &HttpRequest,
    payload: &mut Payload,
    usual: usize,
) -> impl Future<Output = ApiResult<Bytes>> + 'static {
    let limit = request.app_data::<BodyLimit>().map_or(usual, |limit| limit.0);
    let patience = request.app_data::<BodyPatience>().map_or_else(
        || Duration::from_secs(30) * u32::try_from(limit.div_ceil(MIB).clamp(1, 8)).unwrap_or(1),
        |patience| patience.0,
    );
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let mut payload = payload.take();
    let admitted = admitted(request);
    async move {
        admitted.await;
        let too_large = || {
            ApiError::new(ErrorCode::BodyTooLarge).detail(format!("At most {limit} bytes are accepted here."))
        };
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::with_capacity(announced.unwrap_or(512).min(limit));
        let until = Instant::now() + patience;
        loop {
            let wait = (patience / 3).min(until.saturating_duration_since(Instant::now()));
            let chunk = timeout(wait, payload.next()).await.map_err(|_| ErrorCode::BodyTooSlow)?;
            let Some(chunk) = chunk else { break };
            let chunk = chunk
                .map_err(|error| ApiError::new(ErrorCode::MalformedRequest).detail(error.to_string()))?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

/// Reads JSON; what is not JSON is told by line and column, what does not fit by its field.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    scan::look(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        refusal(field, &error.into_inner())
    })?;
    reader.end().map_err(|error| refusal(String::new(), &error))?;
    Ok(value)
}

fn refusal(field: String, error: &serde_json::Error) -> ApiError {
    match error.classify() {
        Category::Data => {
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
            let fault = match message.split(' ').next() {
                Some("missing") => "missing",
                Some("unknown") => "unknown",
                _ => "invalid",
            };
            let field = named(field, &message);
            ApiError::new(ErrorCode::InvalidFields).field_fault(field, fault, message)
        }
        Category::Io | Category::Syntax | Category::Eof => ApiError::new(ErrorCode::MalformedJson)
            .detail(error.to_string())
            .with("line", error.line())
            .with("column", error.column()),
    }
}

/// Serde names a missing or unknown field in its message only: `missing field `email``.
fn named(path: String, message: &str) -> String {
    let name = message.starts_with("missing field").then(|| message.split('`').nth(1)).flatten();
    match (path.as_str(), name) {
        ("." | "", Some(name)) => name.to_owned(),
        (_, Some(name)) => format!("{path}.{name}"),
        _ => path,
    }
}

/// Validates; what does not hold is told field by field.
pub fn check<T: Validate<Context = ()>>(value: T) -> ApiResult<T> {
    match value.validate() {
        Ok(()) => Ok(value),
        Err(report) => {
            let faults = report.iter().map(|(path, error)| FieldError {
                field: path.to_string(),
                code: fault_name(error.message()).to_owned(),
                message: error.message().to_owned(),
            });
            Err(ApiError::new(ErrorCode::InvalidFields).fields(faults.collect::<Vec<_>>()))
        }
    }
}

/// A stable name for garde's message.
fn fault_name(message: &str) -> &'static str {
    if message.contains("lower than") {
        "too_short"
    } else if message.contains("greater than") {
        "too_long"
    } else if message.contains("email") {
        "not_an_address"
    } else if message.contains("pattern") {
        "wrong_form"
    } else {
        "invalid"
    }
}
