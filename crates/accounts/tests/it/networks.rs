//! `/networks`: from where members may act.

use chrono::TimeDelta;
use contract::ErrorCode;
use contract::accounts::{Me, Session};
use contract::networks::AllowedNetworks;
use serde_json::json;
use testkit::{Call, TestApp};

use crate::{found, join, setup, sign_up};

const OWNER: &str = "owner@demo.ringside.example";
const INSIDE: &str = "203.0.113.9";
const OUTSIDE: &str = "198.51.100.9";

fn from(call: Call, by: &Session, ip: &str) -> Call {
    call.token(&by.access_token).header("X-Forwarded-For", ip)
}

async fn start() -> TestApp {
    setup().config(|config| config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).start().await
}

#[tokio::test]
async fn members_act_from_the_allowed_networks_only() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    let org = found(&app, &owner, "demo").await.id;
    let admin = join(&app, &owner, org, "admin@demo.ringside.example", "admin").await;
    let wish = json!({"networks": ["203.0.113.77/24", "2001:db8::/32"]});
    let set = |ip| from(app.put("/networks"), &owner, ip).json(&wish);
    let problem = set(OUTSIDE).problem(ErrorCode::WouldLockYouOut).await;
    assert_eq!(problem.more["own_address"], OUTSIDE);
    let set: AllowedNetworks = set(INSIDE).ok().await;
    assert_eq!(set.networks, ["2001:db8::/32", "203.0.113.0/24"]);

    let members = |ip| from(app.get("/members"), &admin, ip);
    assert_eq!(members(INSIDE).await.status, 200);
    members(OUTSIDE).problem(ErrorCode::NetworkNotAllowed).await;
    members("2001:db8::1").in_org(org).ok::<serde_json::Value>().await;
    // Somebody outside stays who they are, and can sign out.
    let _: Me = from(app.get("/me"), &admin, OUTSIDE).in_org(org).ok().await;
    from(app.delete("/sessions/current"), &admin, OUTSIDE).in_org(org).no_content().await;

    let everywhere: AllowedNetworks =
        from(app.put("/networks"), &owner, INSIDE).json(&json!({"networks": []})).ok().await;
    assert_eq!(everywhere.networks, [""; 0]);
    assert_eq!(from(app.get("/members"), &owner, OUTSIDE).await.status, 200);
    let noted = "SELECT count(*) FROM audit_log WHERE action = 'organisation.networks_changed'";
    assert_eq!(app.count(noted).await, 2);
}

#[tokio::test]
async fn only_networks_are_taken_and_only_from_somebody_just_confirmed() {
    let app = start().await;
    let owner = sign_up(&app, OWNER).await;
    found(&app, &owner, "demo").await;
    let set = |networks| from(app.put("/networks"), &owner, INSIDE).json(&json!({"networks": networks}));
    let problem = set(["203.0.113.0/24", "nowhere"]).problem(ErrorCode::InvalidFields).await;
    assert_eq!(problem.fields[0].field, "networks[1]");
    app.execute("UPDATE sessions SET confirmed_at = confirmed_at - interval '1 hour'").await;
    app.advance(TimeDelta::minutes(1));
    set(["203.0.113.0/24", "10.0.0.0/8"]).problem(ErrorCode::ConfirmationNeeded).await;
}
