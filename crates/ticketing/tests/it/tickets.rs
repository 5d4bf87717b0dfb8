//! Tickets: seen by their buyer and staff, drawn, printed, revoked.

use chrono::TimeDelta;
use contract::{
    ErrorCode,
    endpoints::{
        GET_ORDER_PDF, GET_TICKET, GET_TICKET_PDF, GET_TICKET_QR, LIST_MY_TICKETS, PLACE_ORDER, REVOKE_TICKET,
    },
    orders::Order,
    tickets::Ticket,
};
use domain::{Role, state::TicketState};
use serde_json::json;
use uuid::Uuid;

use crate::{
    sale::access,
    stage::{self, items},
};

#[actix_web::test]
async fn a_ticket_says_where_and_when_and_its_code_stays_the_same() {
    let stage = stage::on_sale().await;
    let order = stage.sold(&["R1-A-1", "BAL-A-2"]).await;
    let ticket = &order.tickets[1];
    assert_eq!(
        (ticket.event_title.as_str(), ticket.venue_name.as_str(), ticket.time_zone.as_str()),
        ("Demo Fight Night", "Demo Hall", "Asia/Bangkok")
    );
    assert_eq!((ticket.zone_name.as_str(), ticket.seat.as_deref()), ("Balcony", Some("BAL-A-2")));
    assert_eq!((ticket.tier.as_str(), ticket.price.amount), ("Balcony", 100_000));
    let code = ticket.code.clone().unwrap();
    assert_eq!(code.len(), domain::ticket_code::CODE_CHARACTERS);
    assert_ne!(order.tickets[0].code.as_ref(), Some(&code));
    stage.app.advance(TimeDelta::hours(1));
    let again: Ticket = stage.app.to(GET_TICKET, &[&ticket.id.to_string()]).access(access(&order)).ok().await;
    assert_eq!(&again, ticket);
    stage.sound().await;
}

#[actix_web::test]
async fn a_ticket_names_its_zone_in_the_buyers_language() {
    let stage = stage::on_sale().await;
    let buyer = serde_json::json!({"email": "fan@demo.ringside.example", "name": "Demo Fan", "locale": "th"});
    let body = serde_json::json!({"event_id": stage.event, "seats": ["BAL-A-2"], "buyer": buyer});
    let order: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).created().await;
    assert_eq!(stage.pay(&order).await.tickets[0].zone_name, "ระเบียง");
    stage.sound().await;
}

#[actix_web::test]
async fn a_ticket_is_seen_by_its_buyer_and_staff_only() {
    let stage = stage::on_sale().await;
    let fan = stage.app.person().await;
    let order: Order = stage.ordering(&["R1-A-1"]).by(&fan).created().await;
    let order = stage.pay(&order).await;
    let id = order.tickets[0].id.to_string();
    let get = || stage.app.to(GET_TICKET, &[&id]);
    for call in [get().access(access(&order)), get().by(&fan), get().by(&stage.owner)] {
        let ticket: Ticket = call.ok().await;
        assert_eq!(ticket, order.tickets[0]);
    }
    let rival = stage.app.member(stage.app.org("Demo Rivals").await, Role::Owner).await;
    let scanner = stage.app.member(stage.org, Role::Scanner).await;
    for call in [
        get(),
        get().access("wrong"),
        get().by(&rival),
        get().by(&scanner),
        get().by(&stage.app.person().await),
    ] {
        call.problem(ErrorCode::NotFound).await;
    }
    for endpoint in [GET_TICKET_QR, GET_TICKET_PDF] {
        stage.app.to(endpoint, &[&id]).problem(ErrorCode::NotFound).await;
    }
    stage.app.to(GET_ORDER_PDF, &[&order.id.to_string()]).problem(ErrorCode::NotFound).await;
    stage.app.to(GET_TICKET, &["nonsense"]).problem(ErrorCode::NotFound).await;
    let mine: Vec<Ticket> = items(stage.app.to(LIST_MY_TICKETS, &[]).by(&fan)).await;
    assert_eq!(mine, order.tickets);
    stage.app.to(LIST_MY_TICKETS, &[]).problem(ErrorCode::NotSignedIn).await;
    stage.sound().await;
}

#[actix_web::test]
async fn a_qr_has_the_looks_asked_for_if_scanners_can_read_them() {
    let stage = stage::on_sale().await;
    let order = stage.sold(&["R1-A-1"]).await;
    let draw = |query: &str| {
        let (id, access) = (order.tickets[0].id, access(&order));
        stage.app.fetch(&format!("/api/v1/tickets/{id}/qr?access={access}{query}"))
    };
    let svg = draw("").send().await.expect(200);
    assert_eq!(svg.header("content-type"), "image/svg+xml");
    let coloured = draw("&dark=7a0019&light=%23fff8e7&level=h&margin=8").send().await.expect(200);
    assert!(coloured.text().contains("#7a0019"));
    let png = draw("&format=png&size=300").send().await.expect(200);
    assert_eq!(png.header("content-type"), "image/png");
    assert_eq!(&png.body[16..24], &[0, 0, 1, 44, 0, 0, 1, 44], "300 by 300");
    for (query, field) in [
        ("&size=63", "size"),
        ("&size=2049", "size"),
        ("&margin=3", "margin"),
        ("&dark=ffffff&light=000000", "dark"),
        ("&dark=777777&light=999999", "dark"),
        ("&light=red", "light"),
        ("&format=png&size=64&margin=16&level=h", "size"),
    ] {
        let problem = draw(query).problem(ErrorCode::InvalidFields).await;
        assert_eq!(problem.fields[0].field, field, "{query}");
    }
    draw("&format=gif").problem(ErrorCode::MalformedRequest).await;
    stage.sound().await;
}

#[actix_web::test]
async fn tickets_are_printed_as_pdf() {
    let stage = stage::on_sale().await;
    let waiting = stage.order(&["R1-B-1"]).await;
    let pdf = |order: &Order| stage.app.to(GET_ORDER_PDF, &[&order.id.to_string()]).access(access(order));
    pdf(&waiting).problem(ErrorCode::WrongState).await;
    let order = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    let all = pdf(&order).send().await.expect(200);
    assert_eq!(all.header("content-type"), "application/pdf");
    assert!(all.header("content-disposition").contains(&order.reference));
    let one = stage
        .app
        .to(GET_TICKET_PDF, &[&order.tickets[0].id.to_string()])
        .access(access(&order))
        .send()
        .await
        .expect(200);
    assert!(all.body.starts_with(b"%PDF-") && one.body.starts_with(b"%PDF-"));
    assert!(all.body.len() > one.body.len());
    assert_eq!(pdf(&order).send().await.expect(200).body, all.body, "the same tickets print the same bytes");
    stage.sound().await;
}

#[actix_web::test]
async fn a_revoked_ticket_loses_its_code_and_its_place_is_free() {
    let stage = stage::on_sale().await;
    let order = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    let standing = stage.order_standing(1).await;
    let standing = stage.pay(&standing).await;
    let revoke = |id: Uuid| {
        stage.app.to(REVOKE_TICKET, &[&id.to_string()]).json(&json!({"reason": "Reported stolen"}))
    };
    let id = order.tickets[0].id;
    revoke(id).access(access(&order)).problem(ErrorCode::NotSignedIn).await;
    let viewer = stage.app.member(stage.org, Role::Viewer).await;
    revoke(id).by(&viewer).problem(ErrorCode::NotPermitted).await;
    let rival = stage.app.member(stage.app.org("Demo Rivals").await, Role::Owner).await;
    revoke(id).by(&rival).problem(ErrorCode::NotFound).await;
    for id in [id, standing.tickets[0].id] {
        let revoked: Ticket = revoke(id).by(&stage.owner).ok().await;
        assert_eq!((revoked.state, revoked.code), (TicketState::Revoked, None));
    }
    revoke(id).by(&stage.owner).problem(ErrorCode::TicketRevoked).await;
    let empty = stage.app.to(REVOKE_TICKET, &[&id.to_string()]).by(&stage.owner).json(&json!({"reason": ""}));
    assert_eq!(empty.problem(ErrorCode::InvalidFields).await.fields[0].field, "reason");
    let qr = stage.app.to(GET_TICKET_QR, &[&id.to_string()]).access(access(&order));
    qr.problem(ErrorCode::TicketRevoked).await;
    let pdf = stage.app.to(GET_TICKET_PDF, &[&id.to_string()]).access(access(&order));
    pdf.problem(ErrorCode::TicketRevoked).await;
    let free = stage.availability().await;
    assert_eq!((free.seats.as_str(), free.standing["TN"]), (".x...........", 10));
    let _ = stage.sold(&["R1-A-1"]).await;
    stage.sound().await;
}
