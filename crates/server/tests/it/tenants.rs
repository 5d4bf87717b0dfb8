//! Whose things stay whose: a fight night of one promoter, and the owner of another who knows every
//! id of it.

use std::collections::BTreeMap;

use contract::Page;
use contract::deliveries::{Delivery, DeliverySummary};
use contract::endpoints::{
    ANNOUNCE, CREATE_GRANT, CREATE_KEY, CREATE_OAUTH_CLIENT, CREATE_ROLE, CREATE_TEAM, CREATE_TEMPLATE,
    GET_DELIVERY, GET_ORDER, GET_TICKET, INVITE, LIST_DELIVERIES, LIST_EVENTS, LIST_NOTICES, LIST_ORDERS,
    PLACE_HOLD, RECORD_SCAN, REQUEST_EXPORT,
};
use contract::events::Event;
use contract::grants::Grant;
use contract::holds::Hold;
use contract::invitations::Invitation;
use contract::keys::NewApiKey;
use contract::notices::{Announcement, Notice};
use contract::oauth::NewOauthClient;
use contract::orders::{Order, OrderSummary};
use contract::privacy::DataExport;
use contract::roles::RoleEntry;
use contract::teams::Team;
use contract::templates::Template;
use domain::{Permission, Role};
use serde_json::{Value, json};
use testkit::{Call, Caller, TestApp};
use uuid::Uuid;

use crate::night::{self, Night, assert_invariants};
use crate::operations::{self, Operation};
use crate::setup;

/// Public by design: whatever is shown in the shop.
fn is_public(operation: &Operation) -> bool {
    // Identity providers read how to answer us, and sources of webhooks sign, and have no account here. So do those
    // who carry messages.
    const SIGNED: [&str; 5] = [
        "report_mail",
        "saml_metadata",
        "receive_inbound",
        "receive_provider_report",
        "verify_provider_reports",
    ];
    operation.path.starts_with("/api/v1/shop/") || SIGNED.contains(&operation.id.as_str())
}

/// A night with one of everything, and the ids of it all by the names they have in paths.
pub(crate) struct Everything {
    pub(crate) night: Night,
    order: Order,
    pub(crate) paid: Order,
    ids: BTreeMap<&'static str, String>,
}

impl Everything {
    pub(crate) async fn set_up(app: &TestApp) -> Self {
        let night = Box::pin(Night::on_sale(app, "demo-night", 20)).await;
        let paid = night.sell(app, "fan", &[&night.seats[0]]).await;
        let order: Order = night.order(app, "guest", &[&night.seats[1]]).await.expect(201).json();
        let event = night.event.to_string();
        let hold: Hold =
            app.to(PLACE_HOLD, &[&event]).json(&json!({"seats": [night.seats[2]]})).created().await;
        app.run_jobs().await;
        let mails: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&night.owner).ok().await;
        let mut attached = None;
        for mail in &mails.items {
            let id = mail.id.to_string();
            let mail: Delivery = app.to(GET_DELIVERY, &[&id]).by(&night.owner).ok().await;
            attached = attached.or(mail.attachments.first().map(|file| (id, file.id.to_string())));
        }
        let (delivery, attachment) = attached.expect("the tickets were mailed as a file");
        let session = Uuid::now_v7().to_string();
        app.execute(&format!(
            "INSERT INTO sessions (id, user_id, expires_at) VALUES ('{session}', '{}', now() + interval '30 years')",
            night.owner.user_id
        ))
        .await;
        let payment = paid.payment.as_ref().expect("it was paid").id;
        let ids = BTreeMap::from([
            ("session_id", session),
            ("user_id", night.owner.user_id.to_string()),
            ("venue_id", night.venue.to_string()),
            ("seat_map_id", night.seat_map.to_string()),
            ("event_id", event),
            ("hold_id", hold.id.to_string()),
            ("order_id", paid.id.to_string()),
            ("payment_id", payment.to_string()),
            ("ticket_id", paid.tickets[0].id.to_string()),
            ("delivery_id", delivery),
            ("attachment_id", attachment),
            ("passkey_id", passkey(app, night.owner.user_id).await),
            ("method_id", contact_method(app, night.owner.user_id).await),
            ("job_id", "1".to_owned()),
            ("threat_id", uuid::Uuid::now_v7().to_string()),
            ("export_id", Self::copy(app, &night).await),
        ]);
        let ids = ids.into_iter().chain(sign_on(app, &night).await);
        let ids = ids.chain(hooks(app, &night).await);
        let ids = ids.chain(Self::rights(app, &night).await).collect();
        Self { night, order, paid, ids }
    }

    /// One of everything that says who may do what.
    async fn rights(app: &TestApp, night: &Night) -> BTreeMap<&'static str, String> {
        let by = |call: Call| call.by(&night.owner);
        let invite = json!({"email": "guest@demo.ringside.example", "role": "viewer"});
        let invitation: Invitation = by(app.to(INVITE, &[])).json(&invite).created().await;
        let role = json!({"name": "Demo press", "permissions": ["events.read"]});
        let role: RoleEntry = by(app.to(CREATE_ROLE, &[])).json(&role).created().await;
        let team: Team = by(app.to(CREATE_TEAM, &[])).json(&json!({"name": "Demo crew"})).created().await;
        let to = json!({"kind": "team", "id": team.id});
        let grant = json!({"to": to, "role": "scanner", "scope": {"kind": "event", "id": night.event}});
        let grant: Grant = by(app.to(CREATE_GRANT, &[])).json(&grant).created().await;
        let key = json!({"name": "Demo export", "permissions": ["orders.read"]});
        let key: NewApiKey = by(app.to(CREATE_KEY, &[])).json(&key).created().await;
        let client = json!({"name": "Demo app", "kind": "confidential", "grants": ["client_credentials"],
            "scopes": ["orders.read"]});
        let client: NewOauthClient = by(app.to(CREATE_OAUTH_CLIENT, &[])).json(&client).created().await;
        let connection = Uuid::now_v7();
        app.execute(&format!(
            "INSERT INTO oauth_consents (id, user_id, client_id, scopes, given_at)
             VALUES ('{connection}', '{}', '{}', '{{}}', now())",
            night.owner.user_id, client.client.id
        ))
        .await;
        let template = json!({"kind": "order_placed", "name": "Our words"});
        let template: Template = by(app.to(CREATE_TEMPLATE, &[])).json(&template).created().await;
        let announced = json!({"title": "Doors", "text": "Earlier"});
        let announced: Announcement = by(app.to(ANNOUNCE, &[])).json(&announced).created().await;
        app.run_jobs().await;
        let told: Page<Notice> = by(app.to(LIST_NOTICES, &[])).ok().await;
        let notice = told.items[0].id;
        BTreeMap::from([
            ("template_id", template.summary.id.to_string()),
            ("notice_id", notice.to_string()),
            ("announcement_id", announced.id.to_string()),
            ("number", "1".to_owned()),
            ("client_id", client.client.id.to_string()),
            ("connection_id", connection.to_string()),
            ("invitation_id", invitation.id.to_string()),
            ("role_id", role.custom.expect("a custom role").id.to_string()),
            ("team_id", team.id.to_string()),
            ("grant_id", grant.id.to_string()),
            ("key_id", key.key.id.to_string()),
        ])
    }

    /// A copy of the owner's data that is ready.
    async fn copy(app: &TestApp, night: &Night) -> String {
        let copy: DataExport = app.to(REQUEST_EXPORT, &[]).by(&night.owner).created().await;
        app.run_jobs().await;
        copy.id.to_string()
    }

    /// A call of the operation about these things, with a body that would do.
    pub(crate) fn call(&self, app: &TestApp, operation: &Operation) -> Call {
        let call = operation.call(app, |name| self.ids[name].clone());
        match (operation.id.as_str(), body(&operation.id)) {
            ("import_seat_map", _) => call.bytes("text/csv", night::map(10)),
            (_, Some(body)) => call.json(&body),
            _ => call,
        }
    }
}

/// A webhook on its way out, and one that came; and an address that gets no mail.
async fn hooks(app: &TestApp, night: &Night) -> BTreeMap<&'static str, String> {
    let org = night.owner.org_id.expect("an owner has an organisation");
    let [endpoint, delivery, source, event, room, held] = [(); 6].map(|()| Uuid::now_v7().to_string());
    app.execute(&format!(
        "INSERT INTO webhook_endpoints (id, org_id, url, description, event_types, created_at)
         VALUES ('{endpoint}', '{org}', 'https://hooks.demo.example', '', '{{webhook.none}}', now());
         INSERT INTO webhook_secrets (id, endpoint_id, sealed, created_at)
         VALUES (gen_random_uuid(), '{endpoint}', '\\x00', now());
         INSERT INTO webhook_deliveries (id, org_id, endpoint_id, event_type, payload, state, created_at)
         VALUES ('{delivery}', '{org}', '{endpoint}', 'webhook.none', '{{}}', 'failed', now());
         INSERT INTO inbound_sources (id, org_id, name, signature, mapping, secret_sealed, enabled, created_at)
         VALUES ('{source}', '{org}', 'Demo ledger', '{{\"kind\": \"bearer\"}}', '{{\"event_type\": \"/type\"}}', '\\x00', true, now());
         INSERT INTO inbound_events (id, org_id, source_id, received_at, idempotency_key, event_type, body, body_sha256)
         VALUES ('{event}', '{org}', '{source}', now(), '1', 'demo', '{{}}', '');
         INSERT INTO destinations (id, org_id, channel, name, topics, sealed, shown, created_at, changed_at)
         VALUES ('{room}', '{org}', 'slack', 'Demo room', '{{operations}}', '\\x00', '', now(), now());
         INSERT INTO suppressions (id, org_id, address, reason, detail, created_at)
         VALUES ('{held}', '{org}', 'gone@demo.example', 'by_hand', '', now())"
    ))
    .await;
    BTreeMap::from([
        ("destination_id", room),
        ("endpoint_id", endpoint),
        ("webhook_delivery_id", delivery),
        ("source_id", source),
        ("inbound_event_id", event),
        ("suppression_id", held),
    ])
}

/// A domain, a provider and an identity of the owner's.
async fn sign_on(app: &TestApp, night: &Night) -> BTreeMap<&'static str, String> {
    let (domain, provider, identity) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let (org, user) = (night.owner.org_id.expect("an owner has an organisation"), night.owner.user_id);
    app.execute(&format!(
        r#"INSERT INTO organisation_domains (id, org_id, domain, token, created_at)
           VALUES ('{domain}', '{org}', 'demo.example', 'x', now());
           INSERT INTO identity_providers (id, org_id, kind, name, roles, settings, created_at)
           VALUES ('{provider}', '{org}', 'oidc', 'Demo sign-in', '{{"default": {{"role": "client"}}}}',
                   '{{"issuer": "https://login.invalid", "client_id": "ringside"}}', now());
           INSERT INTO identities (id, provider_id, subject, user_id, created_at, last_used_at)
           VALUES ('{identity}', '{provider}', 'theirs', '{user}', now(), now())"#
    ))
    .await;
    BTreeMap::from([
        ("domain_id", domain.to_string()),
        ("provider_id", provider.to_string()),
        ("identity_id", identity.to_string()),
    ])
}

/// A passkey of somebody.
async fn passkey(app: &TestApp, user: uuid::Uuid) -> String {
    let id = uuid::Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO passkeys (id, user_id, name, credential_id, credential, sign_count, created_at)
         VALUES ('{id}', '{user}', 'Theirs', '{id}', '{{}}', 0, now())"
    ))
    .await;
    id.to_string()
}

/// A browser of somebody, to which nothing is sent any more.
async fn contact_method(app: &TestApp, user: uuid::Uuid) -> String {
    let id = uuid::Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO contact_methods (id, user_id, channel, sealed, digest, shown, verified_at, gone_at, created_at)
         VALUES ('{id}', '{user}', 'web_push', '\\x00', '\\x00', 'Theirs', now(), now(), now())"
    ))
    .await;
    id.to_string()
}

fn body(operation: &str) -> Option<Value> {
    Some(match operation {
        "change_role" => json!({"role": "viewer"}),
        "update_identity_provider" => json!({
            "name": "Taken over", "roles": {"default": {"role": "client"}},
            "oidc": {"issuer": "https://login.invalid", "client_id": "theirs"},
        }),
        "update_webhook_endpoint" => json!({"url": "https://hooks.invalid", "event_types": ["order.paid"]}),
        "rotate_webhook_secret" => json!({"overlap_hours": 0}),
        "replay_webhooks" => json!({"from": "2026-11-01T00:00:00Z", "to": "2026-11-30T00:00:00Z"}),
        "update_inbound_source" => {
            json!({"name": "Taken over", "signature": {"kind": "bearer"}, "mapping": {"event_type": "/type"}})
        }
        "mark_notice" => json!({"read": true}),
        "update_destination" => json!({"channel": "slack", "name": "Taken over", "topics": ["operations"]}),
        "confirm_contact" => json!({"code": "000000"}),
        "rename_passkey" => json!({"name": "Taken over"}),
        "update_role" => json!({"name": "Taken over", "permissions": ["events.read"]}),
        "rename_team" => json!({"name": "Taken over"}),
        "rotate_key" | "rotate_oauth_client" => json!({"overlap_hours": 0}),
        "update_oauth_client" => {
            json!({"name": "Taken over", "grants": ["client_credentials"], "scopes": ["orders.read"]})
        }
        "update_template" => json!({"name": "Taken over", "default_locale": "en"}),
        "save_draft" => json!({"revision": 1, "content": {"locales": []}}),
        "revert_template" | "publish_template" => json!({"revision": 1}),
        "preview_template" | "send_test" => json!({"locale": "en"}),
        "start_experiment" => {
            json!({"revision": 1, "share": 50, "measure": "open", "enough": 100, "hours": 24})
        }
        "create_gate" => json!({"name": "Their gate", "zones": []}),
        "update_event" => json!({"version": 1, "slug": "taken-over"}),
        "start_payment" => json!({"method": "promptpay"}),
        "confirm_payment" => json!({"amount": {"amount": 250_000, "currency": "THB"}, "reference": "THEIRS"}),
        "revoke_ticket" => json!({"reason": "Because we can"}),
        _ => return None,
    })
}

/// What the tables hold, so that a change shows.
pub(crate) async fn state(app: &TestApp) -> Vec<i64> {
    let mut sums = Vec::new();
    for table in [
        "members",
        "venues",
        "gates",
        "seat_maps",
        "events",
        "event_zones",
        "event_seats",
        "holds",
        "orders",
        "payments",
        "tickets",
        "scans",
        "deliveries",
        "sessions",
        "passkeys",
        "contact_methods",
        "organisation_domains",
        "identity_providers",
        "identities",
        "invitations",
        "roles",
        "teams",
        "team_members",
        "grants",
        "api_keys",
        "api_key_secrets",
        "oauth_clients",
        "oauth_client_secrets",
        "oauth_consents",
        "webhook_endpoints",
        "webhook_secrets",
        "webhook_deliveries",
        "inbound_sources",
        "inbound_events",
        "message_templates",
        "template_versions",
        "suppressions",
        "mail_refusals",
        "mail_tracking",
        "channel_accounts",
        "destinations",
        "contact_methods",
        "notices",
        "announcements",
    ] {
        let query = format!(
            "SELECT coalesce(sum(('x' || substr(md5(t::text), 1, 12))::bit(48)::bigint), 0)::bigint AS count FROM {table} AS t"
        );
        sums.push(app.count(&query).await);
    }
    sums
}

/// What names a thing of a tenant in its path. A question (prove who you are) is nobody's but its holder's;
/// to all others it is over, and the tests of accounts say so.
pub(crate) fn about_a_tenant() -> impl Iterator<Item = Operation> {
    // How long things are kept is the platform's, and told to all who may look after privacy. A channel names no
    // thing of anybody's: each organisation has its own account of it.
    let about = |operation: &Operation| {
        let named = operation.path.contains('{')
            && !operation.path.contains("{challenge_id}")
            && !operation.path.contains("{channel}");
        named && !is_public(operation) && operation.id != "choose_retention"
    };
    operations::all().into_iter().filter(about)
}

#[tokio::test]
async fn another_tenant_finds_nothing_by_any_id() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = app.org("Demo Rivals").await;
    let stranger = app.member(org, Role::Owner).await;
    let before = state(&app).await;
    for operation in about_a_tenant() {
        let answer = ours.call(&app, &operation).by(&stranger).await;
        assert_eq!(answer.status, 404, "{}: {} {}", operation.id, answer.name, answer.text());
        let anonymous = ours.call(&app, &operation).await;
        assert!([401, 404].contains(&anonymous.status.as_u16()), "{}: {}", operation.id, anonymous.text());
    }
    assert_eq!(state(&app).await, before, "something was changed");
    assert_invariants(&app).await;
}

#[tokio::test]
async fn another_tenant_uses_no_id_in_a_body_and_sees_nothing_in_a_list() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let org = app.org("Demo Rivals").await;
    let stranger = app.member(org, Role::Owner).await;
    let before = state(&app).await;

    let event = night::wish(ours.night.venue, "at-their-venue");
    let refused = app.post("/events").by(&stranger).json(&event).await;
    assert!([404, 422].contains(&refused.status.as_u16()), "{}", refused.text());
    let code = ours.paid.tickets[0].code.as_deref().expect("a live ticket has its code");
    let reading = json!({"event_id": ours.night.event, "gate_id": ours.night.gates[0], "code": code});
    let refused = app.to(RECORD_SCAN, &[]).by(&stranger).json(&reading).await;
    assert!([404, 422].contains(&refused.status.as_u16()), "{}", refused.text());

    let orders: Page<OrderSummary> = app.to(LIST_ORDERS, &[]).by(&stranger).ok().await;
    let events: Page<Event> = app.to(LIST_EVENTS, &[]).by(&stranger).ok().await;
    let mails: Page<DeliverySummary> = app.to(LIST_DELIVERIES, &[]).by(&stranger).ok().await;
    assert_eq!((orders.items.len(), events.items.len(), mails.items.len()), (0, 0, 0));
    let path = format!("/orders?event={}", ours.night.event);
    let filtered: Page<OrderSummary> = app.get(&path).by(&stranger).ok().await;
    assert_eq!(filtered.items.len(), 0);
    assert_eq!(state(&app).await, before, "something was changed");
}

/// Orders and tickets are read by their buyer, by a guest with the secret, and by staff who may.
#[tokio::test]
async fn an_order_is_its_buyers_and_its_sellers() {
    let app = setup().start().await;
    let ours = Box::pin(Everything::set_up(&app)).await;
    let (order, ticket) = (ours.paid.id.to_string(), ours.paid.tickets[0].id.to_string());
    let org = ours.night.owner.org_id.expect("an owner has an organisation");
    let status = async |by: &Caller, path: String| app.get(&path).by(by).await.status.as_u16();
    let paths = [
        (Permission::OrdersRead, format!("/orders/{order}")),
        (Permission::TicketsRead, format!("/tickets/{ticket}")),
        (Permission::TicketsRead, format!("/tickets/{ticket}/qr")),
        (Permission::TicketsRead, format!("/tickets/{ticket}/pdf")),
    ];
    for (permission, path) in paths {
        assert_eq!(status(&ours.night.owner, path.clone()).await, 200, "{path}");
        assert_eq!(status(&ours.night.owner.without(permission), path.clone()).await, 404, "{path}");
        let scanner = app.member(org, Role::Scanner).await;
        assert_eq!(status(&scanner, path.clone()).await, 404, "{path}");
    }

    let access = ours.order.access.as_deref().expect("the answer that placed it gives access");
    let id = ours.order.id.to_string();
    let seen: Order = app.to(GET_ORDER, &[&id]).access(access).ok().await;
    assert_eq!(seen.id, ours.order.id);
    assert_eq!(app.to(GET_ORDER, &[&id]).access("made-up").await.status, 404);
    assert_eq!(app.to(GET_ORDER, &[&order]).access(access).await.status, 404, "the secret of another order");
    assert_eq!(app.to(GET_TICKET, &[&ticket]).access(access).await.status, 404);
}
