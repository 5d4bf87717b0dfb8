//! The API's document: gathered from the handlers, rounded off here.

use contract::webhooks::events::{
    AboutAdmission, AboutEvent, AboutInbound, AboutOrder, AboutPayment, AboutTest, AboutTicket, Documented,
};
use contract::webhooks::{WebhookEvent, WebhookPayload};
use serde_json::{Map, Value, json};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2,
    Scopes, SecurityScheme,
};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, Response};
use utoipa::{Modify, OpenApi as _};
use utoipa_actix_web::AppExt as _;

use crate::app::routes;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Ringside",
        description = "Sells the seat, admits the guest.\n\nTimes are UTC instants (RFC 3339). Money is whole minor \
units with a currency. Ids are UUIDs. Lists come in pages: `limit` up to 200, `after` takes the `next` of the page \
before. A POST that creates takes an `Idempotency-Key`: sent again it does nothing and answers alike. Every refusal \
is a problem document (RFC 9457) with a stable `code`.",
        license(name = "Proprietary")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "people", description = "Accounts and who is signed in"),
        (name = "sessions", description = "Signing in and out"),
        (name = "factors", description = "Second factors, and proving once more who one is"),
        (name = "organisations", description = "Tenants and their members"),
        (name = "members", description = "Who belongs to an organisation, and as what"),
        (name = "invitations", description = "The way into an organisation, by mail"),
        (name = "roles", description = "Sets of permissions, built-in and custom"),
        (name = "teams", description = "Members who are given rights together"),
        (name = "grants", description = "Roles beside a member's own, for one event or venue, too"),
        (name = "keys", description = "How programs act in an organisation"),
        (name = "sign-on", description = "Signing in by the provider of an organisation"),
        (name = "applications", description = "OAuth 2.1 and OpenID Connect: applications of integrators"),
        (name = "live", description = "How live updates fare"),
        (name = "jobs", description = "Work behind the answers: what waits, what was given up"),
        (name = "threats", description = "Attempts to get in by force"),
        (name = "venues", description = "Places, their seat maps and gates"),
        (name = "events", description = "Fight nights, for staff"),
        (name = "shop", description = "What the public sees"),
        (name = "holds", description = "Short claims on seats and standing places"),
        (name = "orders", description = "The sale"),
        (name = "payments", description = "Paying for an order"),
        (name = "tickets", description = "The right to enter"),
        (name = "scans", description = "Reading tickets at a gate"),
        (name = "deliveries", description = "Messages on their way to people"),
        (name = "reaching people", description = "How a person is reached, what reaches them, and when they want quiet"),
        (name = "templates", description = "Letters in an organisation's own words"),
        (name = "webhooks", description = "What happens, told to an organisation's own systems"),
        (name = "inbound", description = "What other systems tell us"),
    ),
    components(schemas(
        contract::Problem, contract::FieldError, contract::ErrorCode, AboutEvent, AboutOrder, AboutPayment, AboutTicket,
        AboutAdmission, AboutInbound, AboutTest,
        // Holds blocks, which hold it: utoipa does not follow that.
        contract::templates::Column
    )),
    modifiers(&Schemes)
)]
struct Api;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_with(Components::new);
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The access token of a session."))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let client = HttpBuilder::new()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("An application's id and secret."))
            .build();
        components.add_security_scheme("client", SecurityScheme::Http(client));
        components.add_security_scheme("oauth2", SecurityScheme::OAuth2(flows()));
        let access = ApiKeyValue::with_description("Order-Access", "The secret of a guest's hold or order.");
        components.add_security_scheme("order_access", SecurityScheme::ApiKey(ApiKey::Header(access)));
    }
}

/// How an application comes by a token.
fn flows() -> OAuth2 {
    let permissions = domain::Permission::ALL.iter().map(|permission| permission.name());
    let named = |name: &str| (name.to_owned(), format!("`{name}`"));
    let own = Scopes::from_iter(permissions.clone().map(named));
    let identity = ["openid", "profile", "email", "offline_access"];
    let all = Scopes::from_iter(identity.into_iter().chain(permissions).map(named));
    let token = contract::endpoints::ISSUE_TOKENS.path;
    OAuth2::new([
        Flow::AuthorizationCode(AuthorizationCode::new("/account/authorise", token, all)),
        Flow::ClientCredentials(ClientCredentials::new(token, own)),
    ])
}

/// The document of all areas.
#[must_use]
pub fn document() -> OpenApi {
    let (_, mut document) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Api::openapi())
        .service(utoipa_actix_web::scope("/api/v1").configure(routes))
        .split_for_parts();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let refusal = Content::new(Some(Ref::from_schema_name("Problem")));
            let mut response = Response::new("A refusal: a problem document with a stable code.");
            response.content.insert("application/problem+json".to_owned(), RefOr::T(refusal));
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| response.into());
        }
    }
    document
}

/// The document as it is kept under `openapi/`: sorted, so that a change shows as one.
pub fn text() -> anyhow::Result<String> {
    let mut document = serde_json::to_value(document())?;
    document["webhooks"] = webhooks()?;
    let mut text = serde_json::to_string_pretty(&sorted(document))?;
    text.push('\n');
    Ok(text)
}

/// What webhooks tell, from the table of the contract.
fn webhooks() -> anyhow::Result<Value> {
    let told = WebhookEvent::documented().into_iter();
    let told = told.map(|event| Ok((event.name.to_owned(), webhook(event)?)));
    Ok(Value::Object(told.collect::<anyhow::Result<_>>()?))
}

fn webhook(event: Documented) -> anyhow::Result<Value> {
    let timestamp = "2026-11-20T12:00:00Z".parse()?;
    let header = |name: &str, what: &str| json!({"name": name, "in": "header", "required": true, "description": what, "schema": {"type": "string"}});
    let schema = json!({
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "const": event.name},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"$ref": format!("#/components/schemas/{}", event.schema)},
        },
    });
    let example = serde_json::to_value(WebhookPayload { event: event.sample, timestamp })?;
    Ok(json!({"post": {
        "tags": ["webhooks"],
        "summary": event.description,
        "description": "Signed as Standard Webhooks 1.0 says. Repeated with the same `webhook-id` until it is taken.",
        "parameters": [
            header("webhook-id", "The same however often it is sent"),
            header("webhook-timestamp", "When this attempt was made, in seconds of Unix time"),
            header("webhook-signature", "`v1,` and the HMAC-SHA256 in base64; one for each secret, parted by blanks"),
        ],
        "requestBody": {"required": true, "content": {"application/json": {"schema": schema, "example": example}}},
        "responses": {
            "2XX": {"description": "It is taken"},
            "410": {"description": "Nobody listens any more: the endpoint is switched off"},
            "default": {"description": "It is sent again later, not before `Retry-After` says"},
        },
    }}))
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
