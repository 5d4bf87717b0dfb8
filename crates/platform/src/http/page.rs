//! Lists, a page at a time: `limit` and `after`.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use contract::page::{DEFAULT_LIMIT, MAX_LIMIT};
use contract::{ErrorCode, Page};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult};
use crate::guard::admitted;

/// Which page of a list. Use it as an argument beside `Query`, and in `params(Paged)`.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paged {
    /// Rows of the page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50, required = false)]
    #[serde(default = "usual")]
    pub limit: u32,
    /// The `next` of the page before.
    #[serde(default)]
    pub after: Option<String>,
}

const fn usual() -> u32 {
    DEFAULT_LIMIT
}

impl Paged {
    /// The position after which this page begins, as given to [`next_page`].
    pub fn position<T: DeserializeOwned>(&self) -> ApiResult<Option<T>> {
        let Some(after) = &self.after else { return Ok(None) };
        let json = URL_SAFE_NO_PAD.decode(after).ok();
        match json.and_then(|json| serde_json::from_slice(&json).ok()) {
            Some(position) => Ok(Some(position)),
            None => Err(ErrorCode::UnknownCursor.into()),
        }
    }

    /// How many rows to ask the database for: one more than the page, to know whether another follows.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

impl FromRequest for Paged {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = read(request.query_string());
        admitted(request).map(|()| read).boxed_local()
    }
}

fn read(query: &str) -> ApiResult<Paged> {
    let paged = web::Query::<Paged>::from_query(query)
        .map_err(|error| ApiError::new(ErrorCode::MalformedRequest).detail(error.to_string()))?
        .into_inner();
    match paged.limit {
        0 => Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
            "limit",
            "too_small",
            "must be at least 1",
        )),
        limit if limit > MAX_LIMIT => {
            Err(ApiError::new(ErrorCode::PageTooLarge).field("limit", "must be at most 200"))
        }
        _ => Ok(paged),
    }
}

/// Makes a page of the rows fetched (see [`Paged::fetch`]); `position` tells where a row stands.
pub fn next_page<T, P: Serialize>(
    paged: &Paged,
    mut rows: Vec<T>,
    position: impl FnOnce(&T) -> P,
) -> ApiResult<Page<T>> {
    let limit = paged.limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = match rows.last() {
        Some(last) if more => Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&position(last))?)),
        _ => None,
    };
    Ok(Page { items: rows, next })
}
