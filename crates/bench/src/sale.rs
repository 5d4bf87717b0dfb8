//! A rush: buyers on all connections take distinct seats, and some go for the same few.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tokio::task::LocalSet;
use uuid::Uuid;

use crate::Target;
use crate::buyer::Buyer;
use crate::ceiling::{self, Ceiling};
use crate::connection::Connection;
use crate::figures::{Steps, round};
use crate::stadium::{self, Stadium};

/// Places in one order.
const PLACES: usize = 2;
/// Every so many buyers one goes for seats that others want, too.
const CONTESTED: usize = 10;
/// The seats that those buyers go for.
const WANTED: usize = 200;

/// What all buyers share.
struct Rush {
    events: Vec<Uuid>,
    seats: Vec<String>,
    next: usize,
    steps: Steps,
    sold: HashMap<(Uuid, String), usize>,
    orders: usize,
    ends: Instant,
}

/// Measures the sale, then its ceiling, and prints both.
pub async fn measure(target: &Target) -> Result<()> {
    println!("  setting up a stadium of 40,000 seats");
    let stadium = Stadium::build(target).await?;
    let mut events = Vec::new();
    for _ in 0..if target.quick { 1 } else { 3 } {
        events.push(stadium.event_on_sale().await?.id);
    }
    let begun = Instant::now();
    let rush = Rc::new(RefCell::new(Rush::new(events, begun + target.duration())));
    run(target, &rush).await?;
    let elapsed = begun.elapsed();
    rush.borrow().steps.print(elapsed);
    let untouched = stadium.event_on_sale().await?;
    let ceiling = ceiling::sale(target, &stadium.names(&untouched)).await?;
    report(&rush.borrow(), elapsed, &ceiling);
    Ok(())
}

async fn run(target: &Target, rush: &Rc<RefCell<Rush>>) -> Result<()> {
    let tasks = LocalSet::new();
    let mut buyers = Vec::new();
    for _ in 0..target.connections {
        let connection = Connection::open(target.server).await?;
        buyers.push(tasks.spawn_local(buy_on(connection, target.callback_secret.clone(), rush.clone())));
    }
    tasks.await;
    for buyer in buyers {
        buyer.await.context("a buyer stopped")??;
    }
    Ok(())
}

/// Buys until the time is over or all is sold.
async fn buy_on(mut connection: Connection, callback_secret: String, rush: Rc<RefCell<Rush>>) -> Result<()> {
    let mut steps = Steps::default();
    loop {
        let Some(wish) = rush.borrow_mut().next_wish() else { break };
        let mut buyer =
            Buyer { connection: &mut connection, event: wish.event, callback_secret: &callback_secret };
        if buyer.buy(&wish.seats, wish.hold, &mut steps).await?.is_some() {
            rush.borrow_mut().keep(wish);
        }
    }
    rush.borrow_mut().steps.add(steps);
    Ok(())
}

/// What a buyer goes for.
struct Wish {
    event: Uuid,
    seats: Vec<String>,
    /// Claim first and order then, as in the shop; else both in one call.
    hold: bool,
}

impl Rush {
    fn new(events: Vec<Uuid>, ends: Instant) -> Self {
        let seats = stadium::seats();
        Self { events, seats, next: 0, steps: Steps::default(), sold: HashMap::new(), orders: 0, ends }
    }

    fn next_wish(&mut self) -> Option<Wish> {
        if Instant::now() >= self.ends {
            return None;
        }
        let turn = self.next;
        self.next += 1;
        let hold = turn.is_multiple_of(2);
        let (event, start) = if turn % CONTESTED == CONTESTED - 1 {
            // The first seats of the first event: taken soon, and wanted all the time.
            (0, (turn * 7) % WANTED)
        } else {
            let places = self.seats.len() - WANTED;
            let start = turn * PLACES;
            (start / places, WANTED + start % places)
        };
        let event = *self.events.get(event)?;
        let seats = self.seats.get(start..start + PLACES)?.to_vec();
        Some(Wish { event, seats, hold })
    }

    fn keep(&mut self, wish: Wish) {
        self.orders += 1;
        for seat in wish.seats {
            *self.sold.entry((wish.event, seat)).or_default() += 1;
        }
    }

    fn sold_twice(&self) -> usize {
        self.sold.values().filter(|times| **times > 1).count()
    }
}

fn report(rush: &Rush, elapsed: Duration, ceiling: &Ceiling) {
    let orders_per_s = rush.orders as f64 / elapsed.as_secs_f64();
    let (refused, errors, sold_twice) = (rush.steps.refused(), rush.steps.errors(), rush.sold_twice());
    let ratio = orders_per_s / ceiling.per_s;
    println!(
        "  {orders_per_s:.0} paid orders/s of {PLACES} seats; {refused} refused, {errors} errors, {sold_twice} seats sold twice"
    );
    println!(
        "  the same SQL by pgbench: {:.0} orders/s; the server reaches {:.0} %",
        ceiling.per_s,
        ratio * 100.0
    );
    println!(
        "{}",
        json!({
            "bench": "sale",
            "orders_per_s": round(orders_per_s),
            "ceiling_per_s": round(ceiling.per_s),
            "ceiling_ratio": round(ratio),
            "hold_p50_ms": rush.steps.percentile("hold", 0.5),
            "hold_p99_ms": rush.steps.percentile("hold", 0.99),
            "order_p50_ms": rush.steps.percentile("order", 0.5),
            "order_p99_ms": rush.steps.percentile("order", 0.99),
            "pay_p50_ms": rush.steps.percentile("callback", 0.5),
            "pay_p99_ms": rush.steps.percentile("callback", 0.99),
            "refused": refused,
            "errors": errors,
            "sold_twice": sold_twice,
        })
    );
}
