//! A bare actix handler that serves given bytes: the most that the web server could do.

use std::path::PathBuf;

use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};

/// What to serve and where.
#[derive(clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1
    #[arg(long)]
    port: u16,
    /// The file whose bytes every answer has
    #[arg(long)]
    file: PathBuf,
    /// Their media type
    #[arg(long)]
    media_type: String,
}

struct Page {
    bytes: Bytes,
    media_type: String,
}

/// Serves until killed.
pub fn serve(options: &Options) -> Result<()> {
    let bytes =
        std::fs::read(&options.file).with_context(|| format!("cannot read {}", options.file.display()))?;
    let page = Data::new(Page { bytes: bytes.into(), media_type: options.media_type.clone() });
    let answer = async |page: Data<Page>| {
        HttpResponse::Ok().content_type(page.media_type.as_str()).body(page.bytes.clone())
    };
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || App::new().app_data(page.clone()).default_service(web::to(answer)))
            .bind(("127.0.0.1", options.port))?
            .run()
            .await
    })?;
    Ok(())
}
