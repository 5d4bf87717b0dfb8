//! Who may do what: the role table, what it means for each operation, and that no operation forgets
//! to ask.

use std::fmt::Write as _;

use domain::{Permission, Role};
use testkit::{Caller, TestApp};

use crate::operations::{self, Operation};
use crate::setup;

/// What anybody may call. Some of these ask for a secret or a permission once they know which order
/// or ticket is meant; `tenants.rs` covers those.
const PUBLIC: &[&str] = &[
    "answer_challenge",
    "answer_from_saml",
    "ask_reset",
    "begin_challenge_passkey",
    "begin_passkey_sign_in",
    "begin_sign_on",
    "cancel_order",
    "finish_sign_on",
    "get_availability",
    "get_order",
    "get_order_pdf",
    "get_payment_qr",
    "get_public_event",
    "get_public_seat_map",
    "get_ticket",
    "get_ticket_pdf",
    "get_ticket_qr",
    "give_up_token",
    "hold_best",
    "introspect_token",
    "issue_tokens",
    "list_policies",
    "list_public_events",
    "list_public_providers",
    "mail_challenge_code",
    "place_hold",
    "place_order",
    "receive_callback",
    "receive_inbound",
    "receive_provider_report",
    "redeem_reset",
    "refresh_session",
    "release_hold",
    "renew_browser",
    "report_mail",
    "resend_verification",
    "return_from_provider",
    "revoke_token",
    "saml_metadata",
    "sign_in",
    "sign_up",
    "sign_up_invited",
    "start_payment",
    "verify_address",
    "verify_provider_reports",
    "view_authorisation",
    "view_invitation",
];

/// What anybody who has signed in may call, for themselves.
const SIGNED_IN: &[&str] = &[
    "accept_invitation",
    "add_browser",
    "add_passkey",
    "add_phone",
    "begin_confirmation_passkey",
    "cancel_erasure",
    "change_password",
    "change_preferences",
    "confirm_contact",
    "confirm_totp",
    "count_notices",
    "create_organisation",
    "decide_authorisation",
    "download_export",
    "end_connection",
    "end_session",
    "end_sessions",
    "get_erasure",
    "get_export",
    "get_factors",
    "get_mail_tracking",
    "get_me",
    "get_preferences",
    "get_push_key",
    "get_userinfo",
    "give_consent",
    "link_identity",
    "list_connections",
    "list_consents",
    "list_contact_methods",
    "list_contact_offers",
    "list_identities",
    "list_my_audit",
    "list_my_orders",
    "list_notices",
    "list_my_tickets",
    "list_organisations",
    "list_sessions",
    "mail_confirmation_code",
    "mark_all_notices",
    "mark_notice",
    "post_userinfo",
    "prove_identity",
    "remove_contact",
    "remove_identity",
    "remove_passkey",
    "remove_quiet_hours",
    "remove_totp",
    "rename_passkey",
    "renew_recovery_codes",
    "request_erasure",
    "request_export",
    "set_quiet_hours",
    "set_mail_tracking",
    "sign_out",
    "start_confirmation",
    "start_contact_link",
    "start_passkey",
    "start_totp",
    "test_contact",
    "update_me",
];

/// The code of the refusal; none when the guard let the call in, whatever came of it then.
async fn refusal(app: &TestApp, operation: &Operation, by: Option<&Caller>) -> Option<String> {
    let call = operation.call_in_vain(app);
    let answer = match by {
        Some(caller) => call.by(caller).await,
        None => call.await,
    };
    assert!(answer.status.as_u16() < 500, "{}: {}", answer.name, answer.text());
    let code = serde_json::from_slice::<serde_json::Value>(&answer.body).ok()?["code"].as_str()?.to_owned();
    matches!(code.as_str(), "not_signed_in" | "not_permitted").then_some(code)
}

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in() {
    let app = setup().start().await;
    for operation in operations::all() {
        let refused = refusal(&app, &operation, None).await;
        let expected = (!PUBLIC.contains(&operation.id.as_str())).then_some("not_signed_in");
        assert_eq!(refused.as_deref(), expected, "{}", operation.id);
    }
    let stale: Vec<_> = PUBLIC.iter().chain(SIGNED_IN).filter(|id| !known(id)).collect();
    assert!(stale.is_empty(), "listed, but no longer an operation: {stale:?}");
}

fn known(id: &str) -> bool {
    operations::all().iter().any(|operation| operation.id == id)
}

#[tokio::test]
async fn everything_except_its_permission_opens_no_operation() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let owner = app.member(org, Role::Owner).await;
    let mut table = String::new();
    for operation in operations::all() {
        assert_eq!(refusal(&app, &operation, Some(&owner)).await, None, "an owner may {}", operation.id);
        let mut needed = Vec::new();
        for permission in Permission::ALL {
            let except = owner.without(*permission);
            if refusal(&app, &operation, Some(&except)).await.is_some() {
                needed.push(permission.name());
            }
        }
        let free = PUBLIC.contains(&operation.id.as_str()) || SIGNED_IN.contains(&operation.id.as_str());
        assert_eq!(needed.len(), usize::from(!free), "{} needs {needed:?}", operation.id);
        let needs = if PUBLIC.contains(&operation.id.as_str()) { "anybody" } else { "signed in" };
        writeln!(table, "{:<22} {}", operation.id, needed.first().unwrap_or(&needs)).unwrap();
    }
    insta::assert_snapshot!("permission_of_each_operation", table);
    app.forget_jobs().await;
}

#[test]
fn what_each_role_holds() {
    let mut table = head(&[]);
    for permission in Permission::ALL {
        let cells = Role::ALL.map(|role| if role.can(*permission) { "yes" } else { "-" });
        row(&mut table, permission.name(), &cells);
    }
    insta::assert_snapshot!("permissions_of_each_role", table);
}

#[tokio::test]
async fn what_each_role_may_call() {
    let app = setup().start().await;
    let org = app.org("Demo Promotions").await;
    let mut callers = Vec::new();
    for role in Role::ALL {
        callers.push(app.member(org, role).await);
    }
    callers.push(app.person().await);
    let mut table = head(&["no role"]);
    for operation in operations::all() {
        let mut cells = Vec::new();
        for caller in &callers {
            let refused = refusal(&app, &operation, Some(caller)).await;
            cells.push(if refused.is_none() { "yes" } else { "-" });
        }
        row(&mut table, &operation.id, &cells);
    }
    insta::assert_snapshot!("operations_of_each_role", table);
    app.forget_jobs().await;
}

fn head(more: &[&str]) -> String {
    let mut table = String::new();
    let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).chain(more.iter().copied()).collect();
    row(&mut table, "", &names);
    table
}

fn row(table: &mut String, name: &str, cells: &[&str]) {
    let mut line = format!("{name:<22}");
    for cell in cells {
        write!(line, " {cell:<10}").unwrap();
    }
    table.push_str(line.trim_end());
    table.push('\n');
}
