//! What goes into a handler and what comes out of it.

mod body;
mod page;
mod prepared;
mod scan;

use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, web};
use contract::ErrorCode;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use garde::Validate;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use body::{Body, BodyLimit, BodyPatience, Fingerprint, Raw, check};
pub use page::{Paged, next_page};
pub use prepared::{Effort, Keep, Prepared, Shelf};

use crate::error::{ApiError, ApiResult};
use crate::guard::admitted;

/// The query string, read and validated.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> FromRequest for Query<T>
where
    T: DeserializeOwned + Validate<Context = ()> + 'static,
{
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = web::Query::<T>::from_query(request.query_string())
            .map_err(|error| ApiError::new(ErrorCode::MalformedRequest).detail(error.to_string()))
            .and_then(|query| check(query.into_inner()))
            .map(Self);
        admitted(request).map(|()| read).boxed_local()
    }
}

/// The variable parts of the path. One that cannot be read names nothing: 404.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<T> Path<T> {
    /// What was read.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Path<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, ApiResult<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Path::<T>::from_request(request, payload).into_inner();
        let read = read.map(|path| Self(path.into_inner())).map_err(|_| ErrorCode::NotFound.into());
        admitted(request).map(|()| read).boxed_local()
    }
}

/// An answer `201 Created` with its JSON.
#[derive(Debug, Clone)]
pub struct Created<T>(pub T);

impl<T: Serialize> Responder for Created<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Created().json(self.0)
    }
}
