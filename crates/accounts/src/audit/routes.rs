//! `/audit` of the organisation acted in, and `/me/audit`.

use std::net::IpAddr;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Utc};
use contract::audit::{AuditEntry, AuditVerification};
use contract::{Page, Problem};
use garde::Validate;
use platform::error::ApiResult;
use platform::guard::{AuditRead, Guard, SignedIn};
use platform::http::{Paged, Query, next_page};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::queries::{self, Filter, Whose};
use super::{csv, service};

/// Which entries.
#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditFilter {
    /// Only this entry.
    #[garde(skip)]
    id: Option<Uuid>,
    /// Only what this person, key or client did.
    #[garde(skip)]
    actor: Option<Uuid>,
    /// Only actions that begin so: `member.` or `event.published`.
    #[garde(inner(length(min = 1, max = 80)))]
    action: Option<String>,
    /// Only what was done to this.
    #[garde(skip)]
    subject: Option<Uuid>,
    /// Only from then on.
    #[garde(skip)]
    from: Option<DateTime<Utc>>,
    /// Only before then.
    #[garde(skip)]
    to: Option<DateTime<Utc>>,
    /// Only from this network address.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    ip: Option<IpAddr>,
}

impl AuditFilter {
    fn wanted(&self) -> Filter {
        Filter {
            id: self.id,
            actor: self.actor,
            action: self.action.clone(),
            subject: self.subject,
            from: self.from,
            to: self.to,
            ip: self.ip.map(|ip| ip.to_string()),
        }
    }
}

/// In which form a file is wanted.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Form {
    /// `csv` for a spreadsheet, `jsonl` for one JSON object a line.
    #[garde(pattern(r"^(csv|jsonl)$"))]
    #[serde(default = "spreadsheet")]
    #[param(required = false, default = "csv", pattern = "^(csv|jsonl)$")]
    format: String,
}

fn spreadsheet() -> String {
    "csv".into()
}

/// Who did what in the organisation, newest first
#[utoipa::path(
    operation_id = "list_audit",
    tag = "audit",
    security(("bearer" = [])),
    params(AuditFilter, Paged),
    responses(
        (status = 200, description = "A page of entries", body = Page<AuditEntry>),
        (status = "default", description = "`not_signed_in`, `not_permitted`, `malformed_request`, `invalid_fields`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/audit")]
pub(super) async fn list_audit(
    guard: Guard<AuditRead>,
    filter: Query<AuditFilter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<AuditEntry>>> {
    let (whose, wanted, before) = (service::whose(&guard.actor), filter.wanted(), paged.position()?);
    let list = async |conn: &mut _| queries::list(conn, whose, &wanted, before, paged.fetch()).await;
    let rows = guard.db.read(list).await?;
    next_page(&paged, rows, |entry| entry.position).map(web::Json)
}

/// The same entries as a file, the newest 50,000
#[utoipa::path(
    operation_id = "export_audit",
    tag = "audit",
    security(("bearer" = [])),
    params(AuditFilter, Form),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "text/csv"),
        (status = "default", description = "`not_signed_in`, `not_permitted`, `malformed_request`, `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/audit/export")]
pub(super) async fn export_audit(
    guard: Guard<AuditRead>,
    filter: Query<AuditFilter>,
    form: Query<Form>,
) -> ApiResult<HttpResponse> {
    let (whose, wanted) = (service::whose(&guard.actor), filter.wanted());
    let entries = guard.db.read(async |conn| service::all(conn, whose, &wanted).await).await?;
    let (org, rows) = (guard.org(), entries.len());
    guard
        .db
        .write(async |tx| {
            service::note_export(tx, org, rows);
            Ok(())
        })
        .await?;
    let (kind, bytes) = match form.format.as_str() {
        "jsonl" => ("application/x-ndjson", csv::json_lines(&entries)?),
        _ => ("text/csv; charset=utf-8", csv::csv(&entries)?),
    };
    let name = format!("attachment; filename=\"audit.{}\"", form.format);
    let mut answer = HttpResponse::Ok();
    Ok(answer.insert_header((CONTENT_TYPE, kind)).insert_header((CONTENT_DISPOSITION, name)).body(bytes))
}

/// Where the chain of hashes stands, and what the last walk along it found
#[utoipa::path(
    operation_id = "get_audit_verification",
    tag = "audit",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The chain", body = AuditVerification),
        (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/audit/verification")]
pub(super) async fn get_audit_verification(
    guard: Guard<AuditRead>,
) -> ApiResult<web::Json<AuditVerification>> {
    guard.db.read(async |conn| service::state(conn).await).await.map(web::Json)
}

/// What the person signed in did, and what was done to their account, newest first
#[utoipa::path(
    operation_id = "list_my_audit",
    tag = "audit",
    security(("bearer" = [])),
    params(AuditFilter, Paged),
    responses(
        (status = 200, description = "A page of entries", body = Page<AuditEntry>),
        (status = "default", description = "`not_signed_in`, `malformed_request`, `invalid_fields`, `page_too_large`, `unknown_cursor`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/me/audit")]
pub(super) async fn list_my_audit(
    guard: Guard<SignedIn>,
    filter: Query<AuditFilter>,
    paged: Paged,
) -> ApiResult<web::Json<Page<AuditEntry>>> {
    let (whose, wanted) = (Whose::Person(guard.person()?.user_id), filter.wanted());
    let before = paged.position()?;
    let list = async |conn: &mut _| queries::list(conn, whose, &wanted, before, paged.fetch()).await;
    let rows = guard.db.read(list).await?;
    next_page(&paged, rows, |entry| entry.position).map(web::Json)
}
