//! At the gate: a ticket admits once, and every refusal says why.

use chrono::TimeDelta;
use contract::{
    ErrorCode,
    endpoints::{
        CANCEL_EVENT, CREATE_EVENT, CREATE_GATE, LIST_SCANS, OPEN_SALE, PLACE_ORDER, PUBLISH_EVENT,
        RECORD_SCAN, REVOKE_TICKET,
    },
    events::Event,
    orders::Order,
    scans::{Scan, ScanEntry, ScanOutcome},
    tickets::Ticket,
    venues::Gate,
};
use domain::{Role, state::TicketState};
use serde_json::json;
use testkit::{Call, Caller};
use uuid::Uuid;

use crate::{
    sale::buyer,
    stage::{self, Stage, items},
};

/// A stage in the evening, the doors open, with somebody at the gate.
async fn evening() -> (Stage, Caller) {
    let stage = stage::on_sale().await;
    let scanner = stage.app.member(stage.org, Role::Scanner).await;
    stage.app.advance(TimeDelta::hours(8));
    (stage, scanner)
}

impl Stage {
    fn scanning(&self, by: &Caller, code: &str) -> Call {
        let body = json!({"event_id": self.event, "gate_id": self.gate.id, "code": code});
        self.app.to(RECORD_SCAN, &[]).by(by).json(&body)
    }

    async fn outcomes(&self) -> Vec<ScanOutcome> {
        let entries: Vec<ScanEntry> = items(self.app.to(LIST_SCANS, &[&self.id()]).by(&self.owner)).await;
        entries.into_iter().map(|entry| entry.outcome).rev().collect()
    }
}

fn code(order: &Order, at: usize) -> String {
    order.tickets[at].code.clone().expect("a live ticket has a code")
}

#[actix_web::test]
async fn a_ticket_admits_once_and_the_second_scan_tells_of_the_first() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1", "BAL-A-1"]).await;
    let scan: Scan = stage.scanning(&scanner, &code(&order, 0)).created().await;
    assert_eq!(
        (scan.seat.as_deref(), scan.zone_name.as_str(), scan.tier.as_str()),
        (Some("R1-A-1"), "Ringside", "Ringside")
    );
    assert_eq!((scan.admitted, scan.wrong_gate, scan.state), (1, false, TicketState::Admitted));
    let first_at = scan.scanned_at;
    stage.app.advance(TimeDelta::minutes(3));
    let problem = stage.scanning(&scanner, &code(&order, 0)).problem(ErrorCode::AlreadyAdmitted).await;
    assert_eq!(problem.more["first_scan"]["gate"], "Gate A");
    assert_eq!(problem.more["first_scan"]["at"], json!(first_at));
    assert_eq!(problem.more["place"], "R1-A-1");
    let balcony: Scan = stage.scanning(&scanner, &format!(" {}\n", code(&order, 1))).created().await;
    assert_eq!((balcony.wrong_gate, balcony.admitted), (true, 2), "admitted, but sent to the right gate");
    let admitted = &stage.read(&order).await.tickets[0];
    assert_eq!((admitted.state, admitted.admitted_at), (TicketState::Admitted, Some(first_at)));
    use ScanOutcome::{Admitted, AlreadyAdmitted};
    assert_eq!(stage.outcomes().await, [Admitted, AlreadyAdmitted, Admitted]);
    stage.sound().await;
}

#[actix_web::test]
async fn of_two_scanners_one_admits() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1", "R1-A-2", "R1-A-3"]).await;
    for at in 0..3 {
        let (order_code, calls) = (code(&order, at), 8);
        let answers =
            futures_util::future::join_all((0..calls).map(|_| stage.scanning(&scanner, &order_code).send()))
                .await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            refused.problem(ErrorCode::AlreadyAdmitted);
        }
    }
    assert_eq!(stage.app.count("SELECT sum(admitted)::bigint AS count FROM admission_counts").await, 3);
    stage.sound().await;
}

#[actix_web::test]
async fn a_scan_sent_again_with_its_key_hears_the_same() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1"]).await;
    let first: Scan = stage.scanning(&scanner, &code(&order, 0)).key("s1").created().await;
    let again: Scan = stage.scanning(&scanner, &code(&order, 0)).key("s1").created().await;
    assert_eq!(first, again);
    let refused =
        stage.scanning(&scanner, &code(&order, 0)).key("s2").problem(ErrorCode::AlreadyAdmitted).await;
    let again =
        stage.scanning(&scanner, &code(&order, 0)).key("s2").problem(ErrorCode::AlreadyAdmitted).await;
    assert_eq!(refused.more, again.more);
    assert_eq!(stage.outcomes().await.len(), 2, "the repeated ones did nothing");
    stage.sound().await;
}

#[actix_web::test]
async fn what_is_no_ticket_altered_or_of_another_night_is_told_apart() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1"]).await;
    let good = code(&order, 0);
    for nonsense in ["https://ringside.example", "RS", "hello", "00020101021129"] {
        stage.scanning(&scanner, nonsense).problem(ErrorCode::NotATicket).await;
    }
    let mut altered = good.clone().into_bytes();
    altered[150] = if altered[150] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    let problem = stage.scanning(&scanner, &altered).problem(ErrorCode::CodeAltered).await;
    assert_eq!(problem.fields[0].field, "code");
    stage.scanning(&scanner, &good[..200]).problem(ErrorCode::CodeAltered).await;
    stage.scanning(&scanner, "").problem(ErrorCode::InvalidFields).await;

    let other: Event = stage
        .app
        .to(CREATE_EVENT, &[])
        .by(&stage.owner)
        .json(&stage::draft(stage.venue, "other-night"))
        .created()
        .await;
    for step in [PUBLISH_EVENT, OPEN_SALE] {
        let _: Event = stage.app.to(step, &[&other.id.to_string()]).by(&stage.owner).ok().await;
    }
    let body = json!({"event_id": other.id, "seats": ["R1-A-1"], "buyer": buyer()});
    let elsewhere: Order = stage.app.to(PLACE_ORDER, &[]).json(&body).created().await;
    let elsewhere = stage.pay(&elsewhere).await;
    stage.scanning(&scanner, &code(&elsewhere, 0)).problem(ErrorCode::OtherEvent).await;

    use ScanOutcome::{Altered, OtherEvent};
    assert_eq!(stage.outcomes().await, [Altered, Altered, OtherEvent], "what is not ours is not logged");
    let _: Scan = stage.scanning(&scanner, &good).created().await;
    stage.sound().await;
}

#[actix_web::test]
async fn a_revoked_ticket_admits_nobody_and_says_why() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    let _: Scan = stage.scanning(&scanner, &code(&order, 1)).created().await;
    for ticket in &order.tickets {
        let call = stage.app.to(REVOKE_TICKET, &[&ticket.id.to_string()]).by(&stage.owner);
        let _: Ticket = call.json(&json!({"reason": "Reported stolen"})).ok().await;
    }
    for at in 0..2 {
        let problem = stage.scanning(&scanner, &code(&order, at)).problem(ErrorCode::TicketRevoked).await;
        assert_eq!(problem.more["reason"], "Reported stolen");
    }
    assert_eq!(stage.outcomes().await.len(), 3);
    stage.sound().await;
}

#[actix_web::test]
async fn a_ticket_admits_from_two_hours_before_the_doors_to_two_after_the_end() {
    let stage = stage::on_sale().await;
    let scanner = stage.app.member(stage.org, Role::Scanner).await;
    let order = stage.sold(&["R1-A-1", "R1-A-2"]).await;
    stage.app.advance(TimeDelta::hours(6) - TimeDelta::seconds(1));
    let problem = stage.scanning(&scanner, &code(&order, 0)).problem(ErrorCode::OutsideHours).await;
    assert_eq!(problem.more["from"], "2026-11-20T18:00:00+00:00");
    stage.app.advance(TimeDelta::seconds(1));
    let _: Scan = stage.scanning(&scanner, &code(&order, 0)).created().await;
    stage.app.advance(TimeDelta::hours(8) + TimeDelta::minutes(1));
    stage.scanning(&scanner, &code(&order, 0)).problem(ErrorCode::AlreadyAdmitted).await;
    stage.scanning(&scanner, &code(&order, 1)).problem(ErrorCode::OutsideHours).await;
    stage.sound().await;
}

#[actix_web::test]
async fn only_staff_of_the_event_scan_and_only_at_its_gates() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1"]).await;
    let body = |event: Uuid, gate: Uuid| json!({"event_id": event, "gate_id": gate, "code": code(&order, 0)});
    let scan = |by: &Caller, event, gate| stage.app.to(RECORD_SCAN, &[]).by(by).json(&body(event, gate));
    stage
        .app
        .to(RECORD_SCAN, &[])
        .json(&body(stage.event, stage.gate.id))
        .problem(ErrorCode::NotSignedIn)
        .await;
    let viewer = stage.app.member(stage.org, Role::Viewer).await;
    scan(&viewer, stage.event, stage.gate.id).problem(ErrorCode::NotPermitted).await;
    let rivals = stage.app.org("Demo Rivals").await;
    let rival = stage.app.member(rivals, Role::Owner).await;
    scan(&rival, stage.event, stage.gate.id).problem(ErrorCode::NotFound).await;
    scan(&scanner, Uuid::nil(), stage.gate.id).problem(ErrorCode::NotFound).await;
    let problem = scan(&scanner, stage.event, Uuid::nil()).problem(ErrorCode::UnknownGate).await;
    assert_eq!(problem.fields[0].field, "gate_id");
    stage.app.to(LIST_SCANS, &[&stage.id()]).by(&rival).problem(ErrorCode::NotFound).await;
    stage.app.to(LIST_SCANS, &[&stage.id()]).problem(ErrorCode::NotSignedIn).await;
    let all: Gate = stage
        .app
        .to(CREATE_GATE, &[&stage.venue.to_string()])
        .by(&stage.owner)
        .json(&json!({"name": "Gate B"}))
        .created()
        .await;
    let admitted: Scan = scan(&scanner, stage.event, all.id).created().await;
    assert!(!admitted.wrong_gate, "a gate without zones leads to all");
    stage.sound().await;
}

#[actix_web::test]
async fn a_cancelled_event_admits_nobody() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1"]).await;
    let _: Event = stage.app.to(CANCEL_EVENT, &[&stage.id()]).by(&stage.owner).ok().await;
    stage.scanning(&scanner, &code(&order, 0)).problem(ErrorCode::WrongState).await;
    assert!(stage.outcomes().await.is_empty());
    stage.sound().await;
}

#[actix_web::test]
async fn readings_come_in_pages() {
    let (stage, scanner) = evening().await;
    let order = stage.sold(&["R1-A-1", "R1-A-2", "R1-A-3"]).await;
    for at in 0..3 {
        let _: Scan = stage.scanning(&scanner, &code(&order, at)).created().await;
        stage.app.advance(TimeDelta::seconds(1));
    }
    let list = |query: String| {
        stage.app.fetch(&format!("/api/v1/events/{}/scans{query}", stage.event)).by(&stage.owner)
    };
    let page: contract::Page<ScanEntry> = list("?limit=2".into()).ok().await;
    assert_eq!(
        page.items.iter().filter_map(|entry| entry.place.as_deref()).collect::<Vec<_>>(),
        ["R1-A-3", "R1-A-2"]
    );
    let rest: contract::Page<ScanEntry> = list(format!("?limit=2&after={}", page.next.unwrap())).ok().await;
    assert_eq!((rest.items.len(), rest.next), (1, None));
    stage.sound().await;
}
