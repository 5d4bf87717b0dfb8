//! `/suppressions` of the organisation acted in.

use actix_web::http::header;
use actix_web::{HttpResponse, delete, get, post, web};
use contract::mail::{AddSuppression, Suppression, SuppressionReason};
use contract::page::MAX_LIMIT;
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{Access, DeliveriesManage, DeliveriesRead, Guard};
use platform::http::{Body, Created, Paged, Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, Whose};
use super::{csv, service};

/// A file has no more rows.
const MOST_EXPORTED: usize = 100_000;

/// Which addresses a list shows.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// Only those whose address contains this.
    #[garde(inner(length(chars, min = 1, max = 100)))]
    pub q: Option<String>,
    /// Only those that are there for this reason.
    #[garde(skip)]
    pub reason: Option<SuppressionReason>,
}

impl Filter {
    fn of(&self) -> queries::Filter<'_> {
        queries::Filter { words: self.q.as_deref(), reason: self.reason, ..queries::Filter::default() }
    }
}

fn whose<P: Access>(guard: &Guard<P>) -> Whose {
    Whose { org: guard.org(), own: guard.runs_ringside().is_ok() }
}

/// Lists the addresses that are written to no more, newest first
#[utoipa::path(operation_id = "list_suppressions", tag = "deliveries", params(Filter, Paged), security(("bearer" = [])),
    responses((status = 200, description = "A page of addresses", body = Page<Suppression>),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json")))]
#[get("/suppressions")]
pub async fn list_suppressions(
    guard: Guard<DeliveriesRead>,
    filter: Query<Filter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<Suppression>>> {
    let whose = whose(&guard);
    guard.db.read(async |conn| service::list(conn, whose, filter.of(), &paged).await).await.map(web::Json)
}

/// The same addresses as a CSV file
///
/// At most 100,000 of them, newest first. Texts that a spreadsheet would run as formulas are made harmless.
#[utoipa::path(operation_id = "export_suppressions", tag = "deliveries", params(Filter), security(("bearer" = [])),
    responses((status = 200, description = "The file", body = String, content_type = "text/csv"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `malformed_request`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[get("/suppressions.csv")]
pub async fn export_suppressions(
    guard: Guard<DeliveriesManage>,
    filter: Query<Filter>,
) -> ApiResult<HttpResponse> {
    let whose = whose(&guard);
    let mut entries: Vec<Suppression> = Vec::new();
    let mut paged = Paged { limit: MAX_LIMIT, after: None };
    loop {
        let page = guard.db.read(async |conn| service::list(conn, whose, filter.of(), &paged).await).await?;
        entries.extend(page.items);
        match page.next {
            Some(next) if entries.len() < MOST_EXPORTED => paged.after = Some(next),
            _ => break,
        }
    }
    let rows = entries.len();
    guard
        .db
        .write(async |tx| {
            service::note_export(tx, whose.org, rows);
            Ok(())
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"suppressions.csv\""))
        .body(csv::write(&entries)?))
}

/// Enters an address by hand: it is written to no more
#[utoipa::path(operation_id = "add_suppression", tag = "deliveries", security(("bearer" = [])), request_body = AddSuppression,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The entry", body = Suppression),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/suppressions")]
pub async fn add_suppression(
    guard: Guard<DeliveriesManage>,
    body: Body<AddSuppression>,
) -> ApiResult<Created<Suppression>> {
    let whose = whose(&guard);
    guard.create(&body, async |tx| service::add(tx, whose, &body).await).await
}

/// Lets an address be written to again
#[utoipa::path(operation_id = "remove_suppression", tag = "deliveries", security(("bearer" = [])),
    params(("suppression_id" = Uuid, Path, description = "The entry")),
    responses((status = 204, description = "It is off the list"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/suppressions/{suppression_id}")]
pub async fn remove_suppression(guard: Guard<DeliveriesManage>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let whose = whose(&guard);
    guard.db.write(async |tx| service::remove(tx, whose, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}
