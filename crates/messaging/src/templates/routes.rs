//! Templates over HTTP.

use actix_web::{HttpResponse, delete, get, patch, post, put, web};
use contract::templates::{
    AskPreview, CreateTemplate, Experiment, LetterKindEntry, OfDraft, Preview, SaveDraft, SendTest,
    StartExperiment, Template, TemplateSummary, TemplateVersion, TestSent, UpdateTemplate,
};
use contract::{Page, Problem};
use domain::Permission;
use platform::db::Tx;
use platform::error::ApiResult;
use platform::guard::{Guard, Reach, TemplatesManage, TemplatesRead};
use platform::http::{Body, Created, Path};
use platform::limits::Tier;
use uuid::Uuid;

use super::{RealLetters, experiments, preview, service};

/// Lists the letters an organisation may put into its own words, with their variables
#[utoipa::path(operation_id = "list_letter_kinds", tag = "templates", security(("bearer" = [])),
    responses((status = 200, description = "The kinds of letters", body = Vec<LetterKindEntry>),
              (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json")))]
#[get("/letter-kinds")]
pub async fn list_letter_kinds(guard: Guard<TemplatesRead>) -> ApiResult<web::Json<Vec<LetterKindEntry>>> {
    let org = guard.org();
    guard.db.read(async |conn| service::kinds(conn, org).await).await.map(web::Json)
}

/// Lists the organisation's templates
#[utoipa::path(operation_id = "list_templates", tag = "templates", security(("bearer" = [])),
    responses((status = 200, description = "The templates, one of each kind at most", body = Page<TemplateSummary>),
              (status = "default", description = "`not_signed_in`, `not_permitted`", body = Problem, content_type = "application/problem+json")))]
#[get("/templates")]
pub async fn list_templates(guard: Guard<TemplatesRead>) -> ApiResult<web::Json<Page<TemplateSummary>>> {
    let org = guard.org();
    guard.db.read(async |conn| service::list(conn, org).await).await.map(web::Json)
}

/// Sets a template up; its first draft says what Ringside's own letter says
#[utoipa::path(operation_id = "create_template", tag = "templates", security(("bearer" = [])), request_body = CreateTemplate, params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The template", body = Template),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `invalid_fields`, `name_taken`: there is one of this kind", body = Problem, content_type = "application/problem+json")))]
#[post("/templates")]
pub async fn create_template(
    guard: Guard<TemplatesManage>,
    body: Body<CreateTemplate>,
) -> ApiResult<Created<Template>> {
    let (org, author) = (guard.org(), guard.user_id());
    guard.create(&body, async |tx| service::create(tx, org, author, &body).await).await
}

/// Reads a template with its versions
#[utoipa::path(operation_id = "get_template", tag = "templates", security(("bearer" = [])), params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/templates/{template_id}")]
pub async fn get_template(guard: Guard<TemplatesRead>, id: Path<Uuid>) -> ApiResult<web::Json<Template>> {
    let org = guard.org();
    guard.db.read(async |conn| service::get(conn, org, *id).await).await.map(web::Json)
}

/// Renames a template and chooses the language that stands in for those it lacks
#[utoipa::path(operation_id = "update_template", tag = "templates", security(("bearer" = [])), request_body = UpdateTemplate, params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[patch("/templates/{template_id}")]
pub async fn update_template(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
    body: Body<UpdateTemplate>,
) -> ApiResult<web::Json<Template>> {
    let org = guard.org();
    guard.db.write(async |tx| service::update(tx, org, *id, &body).await).await.map(web::Json)
}

/// Deletes a template: Ringside's own letter is sent again
#[utoipa::path(operation_id = "delete_template", tag = "templates", security(("bearer" = [])), params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 204, description = "It is gone"),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[delete("/templates/{template_id}")]
pub async fn delete_template(guard: Guard<TemplatesManage>, id: Path<Uuid>) -> ApiResult<HttpResponse> {
    let org = guard.org();
    guard.db.write(async |tx| service::delete(tx, org, *id).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Reads what a version says
#[utoipa::path(operation_id = "get_template_version", tag = "templates", security(("bearer" = [])), params(("template_id" = Uuid, Path, description = "The template"), ("number" = i32, Path, description = "The version's number")),
    responses((status = 200, description = "The version", body = TemplateVersion),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`", body = Problem, content_type = "application/problem+json")))]
#[get("/templates/{template_id}/versions/{number}")]
pub async fn get_template_version(
    guard: Guard<TemplatesRead>,
    of: Path<(Uuid, i32)>,
) -> ApiResult<web::Json<TemplateVersion>> {
    let (org, (id, number)) = (guard.org(), *of);
    guard.db.read(async |conn| service::get_version(conn, org, id, number).await).await.map(web::Json)
}

/// Saves the draft; the first save after a version was published begins the next one
#[utoipa::path(operation_id = "save_draft", tag = "templates", security(("bearer" = [])), request_body = SaveDraft, params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The draft", body = TemplateVersion),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields` (each by its field: `locales[0].blocks[2].text` `unknown_variable`), `changed_meanwhile`", body = Problem, content_type = "application/problem+json")))]
#[put("/templates/{template_id}/draft")]
pub async fn save_draft(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
    body: Body<SaveDraft>,
) -> ApiResult<web::Json<TemplateVersion>> {
    let (org, author, revision) = (guard.org(), guard.user_id(), body.revision);
    let kind = guard.db.read(async |conn| service::kind(conn, org, *id).await).await?;
    let made = service::make(kind, body.into_inner().content).await?;
    let save = async |tx: &mut Tx<'_>| service::save(tx, org, *id, author, revision, &made).await;
    guard.db.write(save).await.map(web::Json)
}

/// Makes what an older version says the draft
#[utoipa::path(operation_id = "revert_template", tag = "templates", security(("bearer" = [])), request_body = OfDraft, params(("template_id" = Uuid, Path, description = "The template"), ("number" = i32, Path, description = "The version's number")),
    responses((status = 200, description = "The draft", body = TemplateVersion),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`, `changed_meanwhile`", body = Problem, content_type = "application/problem+json")))]
#[post("/templates/{template_id}/versions/{number}/revert")]
pub async fn revert_template(
    guard: Guard<TemplatesManage>,
    of: Path<(Uuid, i32)>,
    body: Body<OfDraft>,
) -> ApiResult<web::Json<TemplateVersion>> {
    let (org, author, (id, number)) = (guard.org(), guard.user_id(), *of);
    let revert = async |tx: &mut Tx<'_>| service::revert(tx, org, id, author, (number, body.revision)).await;
    guard.db.write(revert).await.map(web::Json)
}

/// Publishes the draft: letters are written by it from now on
#[utoipa::path(operation_id = "publish_template", tag = "templates", security(("bearer" = [])), request_body = OfDraft, params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The template", body = Template),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields` (`locale_incomplete`, `order_missing`), `changed_meanwhile`, `wrong_state`", body = Problem, content_type = "application/problem+json")))]
#[post("/templates/{template_id}/publish")]
pub async fn publish_template(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
    body: Body<OfDraft>,
) -> ApiResult<web::Json<Template>> {
    let org = guard.org();
    guard.db.write(async |tx| service::publish(tx, org, *id, body.revision).await).await.map(web::Json)
}

/// Shows how a letter looks, as it stands in an editor or as it was saved
#[utoipa::path(operation_id = "preview_template", tag = "templates", security(("bearer" = [])), request_body = AskPreview, params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The letter", body = Preview),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`", body = Problem, content_type = "application/problem+json")))]
#[post("/templates/{template_id}/preview")]
pub async fn preview_template(
    guard: Guard<TemplatesRead>,
    id: Path<Uuid>,
    body: Body<AskPreview>,
    letters: Option<web::Data<RealLetters>>,
) -> ApiResult<web::Json<Preview>> {
    let org = guard.org();
    let subject = guard.db.read(async |conn| preview::subject(conn, org, *id, &body).await).await?;
    let sees_orders = guard.actor.reach(Permission::OrdersRead, org) == Some(Reach::All);
    let real = match letters.filter(|_| body.real && sees_orders) {
        Some(letters) => letters.latest(&guard.app, org, subject.template.kind, body.locale).await?,
        None => None,
    };
    subject.show(&body, real).await.map(web::Json)
}

/// Sends a version, about an example order, to the address of whoever asks
#[utoipa::path(operation_id = "send_test", tag = "templates", security(("bearer" = [])), request_body = SendTest, params(("template_id" = Uuid, Path, description = "The template"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The message on its way", body = TestSent),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields` (`locale_incomplete`), `too_many_requests`: ten a minute", body = Problem, content_type = "application/problem+json")))]
#[post("/templates/{template_id}/test")]
pub async fn send_test(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
    body: Body<SendTest>,
) -> ApiResult<Created<TestSent>> {
    // Nobody has a session without having proved their address.
    let (org, person) = (guard.org(), &guard.member()?.person);
    guard.limit(Tier::SignIn, &format!("test letters of {}", person.user_id)).await?;
    let test = guard.db.read(async |conn| preview::test(conn, org, *id, &body).await).await?;
    guard.create(&body, async |tx| preview::send(tx, org, &person.email, &test).await).await
}

/// Compares the draft with the published version: some letters are written by it
///
/// Openings and clicks are not counted yet: until they are, a comparison ends without a winner.
#[utoipa::path(operation_id = "start_experiment", tag = "templates", security(("bearer" = [])), request_body = StartExperiment, params(("template_id" = Uuid, Path, description = "The template"), ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless")),
    responses((status = 201, description = "The comparison", body = Experiment),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `invalid_fields`, `changed_meanwhile`, `wrong_state`", body = Problem, content_type = "application/problem+json")))]
#[post("/templates/{template_id}/experiment")]
pub async fn start_experiment(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
    body: Body<StartExperiment>,
) -> ApiResult<Created<Experiment>> {
    let org = guard.org();
    guard.create(&body, async |tx| experiments::start(tx, org, *id, &body).await).await
}

/// Reads how the latest comparison stands
#[utoipa::path(operation_id = "get_experiment", tag = "templates", security(("bearer" = [])), params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The comparison", body = Experiment),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`: there was none", body = Problem, content_type = "application/problem+json")))]
#[get("/templates/{template_id}/experiment")]
pub async fn get_experiment(guard: Guard<TemplatesRead>, id: Path<Uuid>) -> ApiResult<web::Json<Experiment>> {
    let org = guard.org();
    guard.db.read(async |conn| experiments::get(conn, org, *id).await).await.map(web::Json)
}

/// Ends the comparison; the first version stays
#[utoipa::path(operation_id = "stop_experiment", tag = "templates", security(("bearer" = [])), params(("template_id" = Uuid, Path, description = "The template")),
    responses((status = 200, description = "The comparison", body = Experiment),
              (status = "default", description = "`not_signed_in`, `not_permitted`, `not_found`, `wrong_state`", body = Problem, content_type = "application/problem+json")))]
#[delete("/templates/{template_id}/experiment")]
pub async fn stop_experiment(
    guard: Guard<TemplatesManage>,
    id: Path<Uuid>,
) -> ApiResult<web::Json<Experiment>> {
    let org = guard.org();
    guard.db.write(async |tx| experiments::stop(tx, org, *id).await).await.map(web::Json)
}
