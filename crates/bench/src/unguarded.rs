//! The handler of `get_me` without its guard, on the same database and below the same middleware: what
//! guarded requests are compared with.

use std::sync::Arc;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use anyhow::Result;
use contract::endpoints;
use platform::clock::Clock;
use platform::config::Config;
use platform::error::ApiResult;
use platform::keys::MasterKey;
use platform::state::App;
use uuid::Uuid;

/// Whom to tell of, and where.
#[derive(clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1
    #[arg(long)]
    port: u16,
    /// The person
    #[arg(long)]
    person: Uuid,
    /// How to connect to the database
    #[arg(long)]
    database: String,
}

struct Subject(Uuid);

async fn get_me(app: Data<App>, subject: Data<Subject>) -> ApiResult<HttpResponse> {
    let me = app.db.read(async |conn| accounts::me(conn, subject.0).await).await?;
    Ok(HttpResponse::Ok().json(me))
}

/// Serves until killed, with as many threads and connections as a server has by default.
pub fn serve(options: &Options) -> Result<()> {
    let config = Config { rate_limits: false, ..Config::default() };
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let each = (config.database_connections / threads).max(2);
    // Seals nothing and signs nothing here.
    let app = Arc::new(App::new(config, &options.database, Clock::default(), MasterKey::new([0; 32]))?);
    let subject = Data::new(Subject(options.person));
    actix_web::rt::System::new().block_on(async move {
        let build = move || {
            let own = app.with_own_pool(each).unwrap_or_else(|error| panic!("{error:#}"));
            ActixApp::new()
                .wrap(Compress::default())
                .wrap(from_fn(platform::request::observe))
                .app_data(Data::new(own))
                .app_data(subject.clone())
                .route(endpoints::GET_ME.path, web::get().to(get_me))
        };
        HttpServer::new(build).workers(threads).bind(("127.0.0.1", options.port))?.run().await
    })?;
    Ok(())
}
