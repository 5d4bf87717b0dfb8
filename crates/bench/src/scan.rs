//! Guests at the gate: every ticket is read once, and every tenth a second time.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use contract::endpoints;
use contract::orders::Order;
use contract::scans::RecordScan;
use serde_json::json;
use tokio::task::LocalSet;
use uuid::Uuid;

use crate::Target;
use crate::buyer::Buyer;
use crate::ceiling::{self, Ceiling};
use crate::connection::Connection;
use crate::figures::{Steps, round};
use crate::stadium::{self, Stadium};

/// Places in one order: as many as an order may have.
const PLACES: usize = 12;

/// What all scanners share.
struct Queue {
    event: Uuid,
    gate: Uuid,
    headers: Vec<(String, String)>,
    codes: Vec<String>,
    next: usize,
    admitted: usize,
    steps: Steps,
    ends: Instant,
}

/// Sells tickets, then measures reading them.
pub async fn measure(target: &Target) -> Result<()> {
    let stadium = Stadium::build(target).await?;
    let event = stadium.event_on_sale().await?;
    let wanted = if target.quick { 6_000 } else { 24_000 };
    println!("  selling {wanted} tickets");
    let codes = sell(target, event.id, wanted).await?;
    let headers = stadium.headers().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let begun = Instant::now();
    let queue = Rc::new(RefCell::new(Queue {
        event: event.id,
        gate: stadium.gate(),
        headers: headers.to_vec(),
        codes,
        next: 0,
        admitted: 0,
        steps: Steps::default(),
        ends: begun + target.duration(),
    }));
    run(target, &queue).await?;
    let elapsed = begun.elapsed();
    queue.borrow().steps.print(elapsed);
    let ceiling = ceiling::scan(target, &stadium.names(&event)).await?;
    report(&queue.borrow(), elapsed, &ceiling);
    Ok(())
}

/// Buys whole blocks on some connections and reads the codes of the tickets.
async fn sell(target: &Target, event: Uuid, wanted: usize) -> Result<Vec<String>> {
    let seats = stadium::seats();
    let blocks: Vec<_> = seats.chunks(PLACES).take(wanted / PLACES).map(<[_]>::to_vec).collect();
    let tasks = LocalSet::new();
    let share = blocks.len().div_ceil(16).max(1);
    let mut sellers = Vec::new();
    for part in blocks.chunks(share) {
        let connection = Connection::open(target.server).await?;
        let secret = target.callback_secret.clone();
        sellers.push(tasks.spawn_local(buy_all(connection, event, part.to_vec(), secret)));
    }
    tasks.await;
    let mut codes = Vec::with_capacity(wanted);
    for seller in sellers {
        codes.extend(seller.await.context("a seller stopped")??);
    }
    Ok(codes)
}

async fn buy_all(
    mut connection: Connection,
    event: Uuid,
    blocks: Vec<Vec<String>>,
    callback_secret: String,
) -> Result<Vec<String>> {
    let mut codes = Vec::new();
    for seats in blocks {
        let mut buyer = Buyer { connection: &mut connection, event, callback_secret: &callback_secret };
        let bought = buyer.buy(&seats, false, &mut Steps::default()).await?;
        let bought = bought.context("a ticket for the bench could not be bought")?;
        let path = endpoints::GET_ORDER.at(&[&bought.order.to_string()]);
        let answer = connection.get(&path, &[("order-access", &bought.access)]).await?;
        let order: Order = answer.json("get_order")?;
        codes.extend(order.tickets.into_iter().filter_map(|ticket| ticket.code));
    }
    Ok(codes)
}

async fn run(target: &Target, queue: &Rc<RefCell<Queue>>) -> Result<()> {
    let tasks = LocalSet::new();
    let mut scanners = Vec::new();
    for _ in 0..target.connections {
        let connection = Connection::open(target.server).await?;
        scanners.push(tasks.spawn_local(scan_on(connection, queue.clone())));
    }
    tasks.await;
    for scanner in scanners {
        scanner.await.context("a scanner stopped")??;
    }
    Ok(())
}

async fn scan_on(mut connection: Connection, queue: Rc<RefCell<Queue>>) -> Result<()> {
    let mut steps = Steps::default();
    let headers = queue.borrow().headers.clone();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    loop {
        let Some((scan, again)) = queue.borrow_mut().next_scan() else { break };
        let step = if again { "again" } else { "scan" };
        let begun = Instant::now();
        let answer = connection.post(endpoints::RECORD_SCAN.path, &headers, &scan).await?;
        steps.of(step).note(begun, answer.status);
        queue.borrow_mut().admitted += usize::from(answer.status.is_success());
    }
    queue.borrow_mut().steps.add(steps);
    Ok(())
}

impl Queue {
    /// The next reading, and whether its ticket was read before.
    fn next_scan(&mut self) -> Option<(RecordScan, bool)> {
        if Instant::now() >= self.ends {
            return None;
        }
        let turn = self.next;
        self.next += 1;
        let (place, again) = reading(turn);
        let code = self.codes.get(place)?.clone();
        Some((RecordScan { event_id: self.event, gate_id: self.gate, code }, again))
    }
}

/// Readings before the first repetition.
const FIRST: usize = 2_000;

/// Which ticket is read in a turn, and whether it was read long before: of eleven readings the
/// last repeats one.
fn reading(turn: usize) -> (usize, bool) {
    let fresh = turn - (turn / 11).saturating_sub(FIRST / 11);
    if turn > FIRST && turn % 11 == 10 { (fresh - 1_500, true) } else { (fresh, false) }
}

fn report(queue: &Queue, elapsed: Duration, ceiling: &Ceiling) {
    let readings = queue.admitted + queue.steps.refused();
    let scans_per_s = readings as f64 / elapsed.as_secs_f64();
    let admitted_twice = queue.steps.successes("again");
    let ratio = scans_per_s / ceiling.per_s;
    println!("  {scans_per_s:.0} scans/s; {} admitted, {admitted_twice} of them twice", queue.admitted);
    println!(
        "  the same SQL by pgbench: {:.0} scans/s; the server reaches {:.0} %",
        ceiling.per_s,
        ratio * 100.0
    );
    println!(
        "{}",
        json!({
            "bench": "scan",
            "scans_per_s": round(scans_per_s),
            "ceiling_per_s": round(ceiling.per_s),
            "ceiling_ratio": round(ratio),
            "p50_ms": queue.steps.percentile("scan", 0.5),
            "p99_ms": queue.steps.percentile("scan", 0.99),
            "refused": queue.steps.refused(),
            "errors": queue.steps.errors(),
            "admitted_twice": admitted_twice,
        })
    );
}

#[cfg(test)]
mod tests {
    use super::reading;

    #[test]
    fn every_ticket_is_read_once_before_it_is_read_again() {
        let mut seen = 0;
        for turn in 0..10_000 {
            let (place, again) = reading(turn);
            assert_eq!(place < seen, again, "turn {turn}");
            if !again {
                assert_eq!(place, seen);
                seen += 1;
            }
        }
    }
}
