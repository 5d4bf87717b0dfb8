//! Readings at the gates.

use contract::endpoints;
use contract::scans::{RecordScan, Scan};

use crate::api::{Failure, to};

/// Reads a ticket at a gate.
///
/// # Errors
/// [`Failure`]: refused for the reason at the gate, or offline.
pub async fn record(reading: &RecordScan, intent: &str) -> Result<Scan, Failure> {
    to(endpoints::RECORD_SCAN).body(reading).intent(intent).send().await
}
