//! How the process is, for those who watch it: `/healthz`, `/readyz`, `/metrics`.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::{App as ActixApp, HttpResponse, HttpServer, web};
use platform::error::ApiResult;
use platform::jobs;
use platform::state::App;

/// The three routes.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(healthy))
        .route("/readyz", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// Answers them, and nothing else, at an address of their own.
pub fn serve(listener: TcpListener, app: &App) -> anyhow::Result<actix_web::dev::Server> {
    let app = Arc::new(app.with_own_pool(1)?);
    let server = HttpServer::new(move || {
        ActixApp::new().app_data(web::Data::from(Arc::clone(&app))).configure(configure)
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}

async fn healthy() -> &'static str {
    "ok\n"
}

/// Whether the database answers; Redis may be away.
async fn ready(app: web::Data<App>) -> ApiResult<String> {
    use diesel_async::RunQueryDsl as _;
    app.db
        .read(async |conn| {
            diesel::sql_query("SELECT 1").execute(conn).await?;
            Ok(())
        })
        .await?;
    let redis = match &app.redis {
        None => "in process",
        Some(redis) if redis.ping().await.is_ok() => "ok",
        Some(_) => "away",
    };
    Ok(format!("database ok\nredis {redis}\n"))
}

async fn metrics(app: web::Data<App>) -> HttpResponse {
    let text = app.metrics.render() + &app.bus.hub().render() + &jobs::gauges(&app).await;
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}
