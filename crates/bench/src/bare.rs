//! A bare actix handler that answers with given bytes, head and body: the most that the web server could do.

use std::path::PathBuf;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context, Result};

/// What to serve and where.
#[derive(clap::Args)]
pub struct Options {
    /// The port on 127.0.0.1
    #[arg(long)]
    port: u16,
    /// The file whose bytes are every answer's body
    #[arg(long)]
    file: PathBuf,
    /// A header of every answer: `name: value`
    #[arg(long = "header", value_parser = header)]
    headers: Vec<Header>,
}

type Header = (HeaderName, HeaderValue);

fn header(text: &str) -> Result<Header> {
    let (name, value) = text.split_once(": ").context("write `name: value`")?;
    Ok((name.parse()?, value.parse()?))
}

struct Page {
    body: Bytes,
    headers: Vec<Header>,
}

/// Serves until killed.
pub fn serve(options: &Options) -> Result<()> {
    let body =
        std::fs::read(&options.file).with_context(|| format!("cannot read {}", options.file.display()))?;
    let page = Data::new(Page { body: body.into(), headers: options.headers.clone() });
    let answer = async |page: Data<Page>| {
        let mut response = HttpResponse::Ok();
        for header in &page.headers {
            response.insert_header(header.clone());
        }
        response.body(page.body.clone())
    };
    actix_web::rt::System::new().block_on(async move {
        HttpServer::new(move || App::new().app_data(page.clone()).default_service(web::to(answer)))
            .bind(("127.0.0.1", options.port))?
            .run()
            .await
    })?;
    Ok(())
}
