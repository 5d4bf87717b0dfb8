//! The HTTP app: what is mounted where.

use std::sync::Arc;

use accounts::Accounts;
use actix_web::dev::{ResourceDef, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, web};
use contract::{ErrorCode, endpoints};
use platform::error::{ApiError, ApiResult};
use platform::guard::Authenticate;
use platform::live::Rooms;
use platform::state::App;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{health, web_apps};

/// What all threads share.
#[derive(Clone)]
pub struct Shared {
    /// The state the threads' own are made from.
    pub app: Arc<App>,
    /// What the routes of accounts need.
    pub accounts: web::Data<Accounts>,
    /// Who calls.
    pub authenticate: Arc<dyn Authenticate>,
    /// Who hears what.
    pub rooms: Arc<dyn Rooms>,
    /// The API's document, as JSON.
    pub openapi: web::Bytes,
}

/// The routes of all areas, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    // Buyers first: the router tries the routes in this order.
    ticketing::configure(config);
    accounts::configure(config);
    messaging::configure(config);
    platform::jobs::configure(config);
    platform::live::configure(config);
}

/// The app of one thread.
pub fn build(
    app: web::Data<App>,
    shared: &Shared,
) -> ActixApp<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<actix_web::body::BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    > + use<>,
> {
    let shared = shared.clone();
    let site = web::Data::new(web_apps::Site::new(&app.config.web_dir));
    ActixApp::new()
        .wrap(Compress::default())
        .wrap(from_fn(platform::request::observe))
        .app_data(app)
        .configure(move |config| mount(config, shared))
        .into_utoipa_app()
        .service(utoipa_actix_web::scope("/api/v1").configure(routes))
        .into_app()
        .app_data(site)
        .default_service(web::route().to(otherwise))
}

/// Everything but the areas.
fn mount(config: &mut web::ServiceConfig, shared: Shared) {
    config
        .app_data(shared.accounts)
        .app_data(shared.authenticate)
        .app_data(shared.rooms)
        .app_data(web::Data::new(crate::wiring::holders()))
        .app_data(web::Data::new(crate::wiring::consents()))
        .configure(health::configure)
        .app_data(web::Data::new(crate::wiring::real_letters()))
        .configure(well_known)
        .configure(messaging::pages)
        .route(contract::live::LIVE_PATH, web::get().to(platform::live::open))
        .route("/docs", web::get().to(to_docs))
        .service(
            web::resource(DOCUMENT).app_data(web::Data::new(shared.openapi)).route(web::get().to(document)),
        )
        .service(
            web::scope("/docs")
                .wrap(from_fn(web_apps::let_documentation_show))
                .service(SwaggerUi::new("/{_:.*}").config(Config::from(DOCUMENT).validator_url("none"))),
        );
}

/// Where the API's document is.
pub const DOCUMENT: &str = "/api/v1/openapi.json";

/// What others find out by themselves, below `/.well-known`.
pub fn well_known(config: &mut web::ServiceConfig) {
    config
        .route("/.well-known/jwks.json", web::get().to(public_keys))
        .route("/.well-known/openid-configuration", web::get().to(discovery))
        .route("/.well-known/oauth-authorization-server", web::get().to(discovery));
}

/// The keys by which others check our tokens (RFC 7517), at `/.well-known/jwks.json`. Read again
/// within an hour of a change.
async fn public_keys(app: web::Data<App>, accounts: web::Data<Accounts>) -> ApiResult<HttpResponse> {
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::CONTENT_TYPE, "application/jwk-set+json"))
        .json(accounts::public_keys(&app, &accounts).await?))
}

/// The authorisation server's metadata (RFC 8414, `OpenID` Connect Discovery).
async fn discovery(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .json(accounts::discovery(&app))
}

async fn document(text: web::Data<web::Bytes>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text.get_ref().clone())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// What nothing else answers: the web apps, and the refusals of the API.
async fn otherwise(
    request: HttpRequest,
    site: web::Data<web_apps::Site>,
    app: web::Data<App>,
) -> actix_web::Result<HttpResponse> {
    let path = request.path();
    if !path.starts_with("/api/") && path != "/api" {
        return site.answer(&request, &app).await;
    }
    let allowed: Vec<&str> = endpoints::all()
        .filter(|(_, _, pattern)| ResourceDef::new(*pattern).is_match(path))
        .map(|(_, method, _)| method.name())
        .collect();
    if allowed.is_empty() {
        return Err(ApiError::new(ErrorCode::UnknownRoute).into());
    }
    let mut response = actix_web::ResponseError::error_response(&ApiError::new(ErrorCode::MethodNotAllowed));
    let allow = header::HeaderValue::from_str(&allowed.join(", ").to_uppercase());
    if let Ok(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    Ok(response)
}
