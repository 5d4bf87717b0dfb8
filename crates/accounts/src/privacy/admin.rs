//! `/policies` and `/privacy`: what those who run Ringside look after.

use std::net::IpAddr;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::{HttpResponse, get, post, put, web};
use chrono::{DateTime, Utc};
use contract::privacy::{BreachReport, ChooseRetention, Policy, PublishPolicy, RetentionRule};
use contract::{ErrorCode, Problem};
use garde::Validate;
use platform::error::{ApiError, ApiResult};
use platform::guard::{Guard, PrivacyManage, Public};
use platform::http::{Body, Created, Path, Query};
use platform::privacy::Holders;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::breach::{self, Window};
use super::{queries, service};

/// All versions of all policies, the latest of each kind first
#[utoipa::path(
    operation_id = "list_policies",
    tag = "privacy",
    responses((status = 200, description = "The policies", body = Vec<Policy>)),
)]
#[get("/policies")]
pub(super) async fn list_policies(guard: Guard<Public>) -> ApiResult<web::Json<Vec<Policy>>> {
    guard.db.read(async |conn| queries::public_policies(conn).await).await.map(web::Json)
}

/// Publishes the next version of a policy
#[utoipa::path(
    operation_id = "publish_policy",
    tag = "privacy",
    security(("bearer" = [])),
    request_body = PublishPolicy,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses(
        (status = 201, description = "The version", body = Policy),
        (status = "default", description = "`not_signed_in`, `not_permitted`, `platform_only`, `invalid_fields`, `changed_meanwhile`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[post("/policies")]
pub(super) async fn publish_policy(
    guard: Guard<PrivacyManage>,
    body: Body<PublishPolicy>,
) -> ApiResult<Created<Policy>> {
    service::for_the_platform(&guard.actor)?;
    let org = guard.org();
    guard.create(&body, async |tx| service::publish(tx, org, &body).await).await
}

/// How long things are kept
#[utoipa::path(
    operation_id = "list_retention",
    tag = "privacy",
    security(("bearer" = [])),
    responses(
        (status = 200, description = "The rules", body = Vec<RetentionRule>),
        (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/privacy/retention")]
pub(super) async fn list_retention(guard: Guard<PrivacyManage>) -> ApiResult<web::Json<Vec<RetentionRule>>> {
    guard.db.read(async |conn| service::retention(conn).await).await.map(web::Json)
}

/// Chooses how long something is kept
#[utoipa::path(
    operation_id = "choose_retention",
    tag = "privacy",
    security(("bearer" = [])),
    params(("rule" = String, Path, description = "The rule's name")),
    request_body = ChooseRetention,
    responses(
        (status = 200, description = "The rules", body = Vec<RetentionRule>),
        (status = "default", description = "`not_signed_in`, `not_permitted`, `platform_only`, `confirmation_needed`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[put("/privacy/retention/{rule}")]
pub(super) async fn choose_retention(
    guard: Guard<PrivacyManage>,
    rule: Path<String>,
    body: Body<ChooseRetention>,
) -> ApiResult<web::Json<Vec<RetentionRule>>> {
    service::for_the_platform(&guard.actor)?;
    guard.confirmed()?;
    let org = guard.org();
    let rules = guard.db.write(async |tx| service::choose_retention(tx, org, &rule, body.days).await);
    rules.await.map(web::Json)
}

/// Which window, and whose doings.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// From then on.
    #[garde(skip)]
    from: DateTime<Utc>,
    /// Before then; at most 366 days later.
    #[garde(skip)]
    to: DateTime<Utc>,
    /// Only what this person, key or client did.
    #[garde(skip)]
    actor: Option<Uuid>,
    /// Only what was done in this session.
    #[garde(skip)]
    session: Option<Uuid>,
    /// Only what was done from this network address.
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    ip: Option<IpAddr>,
    /// `json` or `csv`.
    #[garde(pattern(r"^(json|csv)$"))]
    #[serde(default = "json")]
    #[param(required = false, default = "json", pattern = "^(json|csv)$")]
    format: String,
}

fn json() -> String {
    "json".into()
}

impl Asked {
    fn window(&self) -> ApiResult<Window> {
        let days = (self.to - self.from).num_days();
        if self.from >= self.to || days > 366 {
            return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
                "to",
                "out_of_order",
                "must come after from, at most 366 days later",
            ));
        }
        let ip = self.ip.map(|ip| ip.to_string());
        Ok(Window { from: self.from, to: self.to, actor: self.actor, session: self.session, ip })
    }
}

/// Whose data were touched in a window of time, as the audit log tells
#[utoipa::path(
    operation_id = "get_breach_report",
    tag = "privacy",
    security(("bearer" = [])),
    params(Asked),
    responses(
        (status = 200, description = "The report", body = BreachReport),
        (status = "default", description = "`not_signed_in`, `not_permitted`, `platform_only`, `malformed_request`, `invalid_fields`", body = Problem, content_type = "application/problem+json"),
    ),
)]
#[get("/privacy/breach-report")]
pub(super) async fn get_breach_report(
    guard: Guard<PrivacyManage>,
    asked: Query<Asked>,
    holders: web::Data<Holders>,
) -> ApiResult<HttpResponse> {
    service::for_the_platform(&guard.actor)?;
    let window = asked.window()?;
    let report = guard.db.read(async |conn| breach::report(conn, &holders, &window).await).await?;
    let (org, people) = (guard.org(), report.people.len());
    guard
        .db
        .write(async |tx| {
            breach::note(tx, org, people);
            Ok(())
        })
        .await?;
    if asked.format == "json" {
        return Ok(HttpResponse::Ok().json(report));
    }
    let name = "attachment; filename=\"breach-report.csv\"";
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, name));
    Ok(answer.body(breach::csv(&report)?))
}
