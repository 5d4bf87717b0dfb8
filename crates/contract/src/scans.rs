//! Scans: one reading of a ticket at a gate.

use chrono::{DateTime, Utc};
use domain::state::TicketState;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Reads a ticket at a gate and admits its guest once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordScan {
    /// The event at whose doors we stand.
    #[garde(skip)]
    pub event_id: Uuid,
    /// Where it was read.
    #[garde(skip)]
    pub gate_id: Uuid,
    /// What was read.
    #[garde(length(min = 1, max = 2000))]
    pub code: String,
}

/// The guest may enter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Scan {
    /// The scan.
    pub id: Uuid,
    /// The ticket.
    pub ticket_id: Uuid,
    /// The zone's code.
    pub zone: String,
    /// The zone's name.
    pub zone_name: String,
    /// The seat's label; absent for a standing place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The price tier's name.
    pub tier: String,
    /// The ticket's state now.
    pub state: TicketState,
    /// When.
    pub scanned_at: DateTime<Utc>,
    /// The gate does not lead to the ticket's zone: admitted, but send them to the right one.
    pub wrong_gate: bool,
    /// Guests inside, by this scan.
    pub admitted: i64,
}

/// The scan that came first, told with `already_admitted`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct FirstScan {
    /// When.
    pub at: DateTime<Utc>,
    /// The gate's name.
    pub gate: String,
}

/// What a reading led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScanOutcome {
    /// The guest entered.
    Admitted,
    /// The ticket had been used.
    AlreadyAdmitted,
    /// The ticket was revoked.
    Revoked,
    /// The ticket is for another event.
    OtherEvent,
    /// The code was altered or forged.
    Altered,
    /// The ticket does not admit at this time.
    OutsideHours,
}

/// A reading in the log of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct ScanEntry {
    /// The reading.
    pub id: Uuid,
    /// When.
    pub scanned_at: DateTime<Utc>,
    /// The gate's name.
    pub gate: String,
    /// What it led to.
    pub outcome: ScanOutcome,
    /// The ticket, when the code told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_id: Option<Uuid>,
    /// The seat's label or zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}
