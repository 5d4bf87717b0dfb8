//! Live updates over a WebSocket: a client names topics and hears when something about them changed. What it
//! may hear is asked again whenever rights change: no socket outlives its sign-in.
//!
//! A message is encoded once, put into the [`line`] of each client in its room ([`hub`]), and taken from
//! there by the connection ([`attend`]), which does the client's requests ([`client`]) in between.

mod again;
mod attend;
mod client;
mod counts;
mod desk;
mod frame;
pub(crate) mod gather;
mod hub;
mod line;
pub(crate) mod presence;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use attend::Attendance;
use client::Client;
use contract::ErrorCode;
use contract::live::Present;
use futures_util::future::LocalBoxFuture;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::db::Db;
use crate::error::ApiResult;
use crate::guard::{self, Actor, Authenticate};
use crate::network;
use crate::request::caller_ip;
use crate::state::App;

pub use hub::Hub;
pub use line::Kind;

/// Decides who may hear what; put into the app's data as `Arc<dyn Rooms>`.
pub trait Rooms: Send + Sync {
    /// What is behind the topic asked for, when the actor may hear it.
    fn enter<'a>(
        &'a self,
        db: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Entry>>>;
}

/// The way into a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The bus topic: `order:<id>` for `order:<id>:<access>`.
    pub room: String,
    /// What others see of who enters.
    pub shows: Shows,
}

/// What others see of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// Nothing.
    Nothing,
    /// That there is one more.
    Number,
    /// Who it is, to all in the room; they also hear how many show as a number in the room `audience`.
    People {
        /// Who enters.
        me: Present,
        /// The room beside: `event:<id>`.
        audience: String,
    },
}

impl Entry {
    /// The way into a room in which nobody is seen.
    #[must_use]
    pub fn unseen(room: impl Into<String>) -> Self {
        Self { room: room.into(), shows: Shows::Nothing }
    }
}

/// The routes, below `/api/v1`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(desk::get_live_statistics);
}

/// The handler of `GET /api/v1/live`.
pub async fn open(
    request: HttpRequest,
    body: web::Payload,
    app: web::Data<App>,
) -> Result<HttpResponse, actix_web::Error> {
    guard::limit_stranger(&request, &app).await?;
    let mut response = actix_http::ws::handshake(request.head())?;
    let ip = caller_ip(&request, &app);
    let hub = app.bus.hub();
    let address = ip.map(network::subscriber).unwrap_or_default();
    let place = hub.admit(address, app.limits.are_on()).ok_or(ErrorCode::TooManyRequests);
    let place = place.map_err(crate::error::ApiError::new)?;
    let client = Client {
        authenticate: request.app_data::<Arc<dyn Authenticate>>().cloned(),
        rooms: request.app_data::<Arc<dyn Rooms>>().cloned(),
        ip,
        line: hub.line(),
        app,
        actor: Actor::Anonymous,
        shown: None,
        topics: Vec::new(),
        place,
    };
    Ok(response.message_body(Attendance::new(client, body.into_inner()))?.map_into_boxed_body().into())
}
