//! Makes and reads ticket codes with the keys of this installation.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ticket_code::{self, CodeError, EventKeys, MasterKey, TicketClaims, UnixMinute};
use platform::{
    error::{ApiError, ApiResult},
    state::App,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The number of the master key in use.
const KEY_ID: u8 = 1;
/// A ticket admits from this long before the doors open.
pub(crate) const ADMITS_BEFORE_DOORS: TimeDelta = TimeDelta::hours(2);
/// A ticket admits until this long after the night ends.
pub(crate) const ADMITS_AFTER_END: TimeDelta = TimeDelta::hours(2);

/// What a code is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coded {
    pub ticket_id: Uuid,
    pub event_id: Uuid,
    pub zone_number: i32,
    pub generation: i32,
    pub doors_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

/// The maker and reader of codes.
pub(crate) struct Codes {
    master: MasterKey,
    nonces: [u8; 32],
}

impl Codes {
    /// With the keys of an app.
    pub fn of(app: &App) -> Self {
        Self {
            master: MasterKey::new(KEY_ID, app.keys.derive("ticket codes")),
            nonces: app.keys.derive("nonces of ticket codes"),
        }
    }

    /// The code of a ticket; always the same while the ticket and the event's times stay as they are.
    pub fn code(&self, coded: &Coded) -> ApiResult<String> {
        let minute = |at: DateTime<Utc>| {
            UnixMinute::from_time(at)
                .ok_or_else(|| ApiError::internal(anyhow::anyhow!("no ticket admits at {at}")))
        };
        let claims = TicketClaims {
            ticket_id: coded.ticket_id,
            event_id: coded.event_id,
            zone: u16::try_from(coded.zone_number).map_err(ApiError::internal)?,
            generation: u32::try_from(coded.generation).map_err(ApiError::internal)?,
            valid_from: minute(coded.doors_at - ADMITS_BEFORE_DOORS)?,
            valid_to: minute(coded.ends_at + ADMITS_AFTER_END)?,
        };
        Ok(ticket_code::seal(&EventKeys::derive(&self.master, coded.event_id), &claims, self.nonce(&claims)))
    }

    /// Reads a code at the doors of an event.
    pub fn open(&self, event_id: Uuid, text: &str) -> Result<TicketClaims, CodeError> {
        ticket_code::open(&EventKeys::derive(&self.master, event_id).scanner(), text)
    }

    /// A nonce that depends on all the code says, so that two different codes never share one.
    fn nonce(&self, claims: &TicketClaims) -> [u8; 12] {
        let digest = Sha256::new()
            .chain_update(self.nonces)
            .chain_update(claims.ticket_id)
            .chain_update(claims.event_id)
            .chain_update(claims.zone.to_be_bytes())
            .chain_update(claims.generation.to_be_bytes())
            .chain_update(claims.valid_from.0.to_be_bytes())
            .chain_update(claims.valid_to.0.to_be_bytes())
            .finalize();
        std::array::from_fn(|at| digest[at])
    }
}
