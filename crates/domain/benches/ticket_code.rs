//! How long one ticket code takes to make and to check.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::ticket_code::{EventKeys, MasterKey, TicketClaims, UnixMinute, open, seal};
use uuid::Uuid;

fn ticket_code(criterion: &mut Criterion) {
    let event_id = Uuid::from_u128(1);
    let keys = EventKeys::derive(&MasterKey::new(1, [7; 32]), event_id);
    let scanner = keys.scanner();
    let claims = TicketClaims {
        ticket_id: Uuid::from_u128(2),
        event_id,
        zone: 3,
        generation: 1,
        valid_from: UnixMinute(29_900_000),
        valid_to: UnixMinute(29_901_440),
    };
    let code = seal(&keys, &claims, [5; 12]);
    criterion.bench_function("ticket_code/seal", |b| b.iter(|| seal(&keys, black_box(&claims), [5; 12])));
    criterion.bench_function("ticket_code/open", |b| b.iter(|| open(&scanner, black_box(&code))));
}

criterion_group!(benches, ticket_code);
criterion_main!(benches);
