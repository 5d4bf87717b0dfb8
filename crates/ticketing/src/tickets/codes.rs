//! Makes and reads ticket codes with the keys of this installation.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ticket_code::{self, CodeError, EventKeys, MasterKey, TicketClaims, UnixMinute};
use platform::{
    error::{ApiError, ApiResult},
    state::App,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The number of the master key in codes: always the same, since the tag of the event tells which key of
/// the ring made a code.
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
    /// Newest first: the first makes codes, all read them.
    makers: Vec<Maker>,
}

struct Maker {
    master: MasterKey,
    nonces: [u8; 32],
}

impl Codes {
    /// With the keys of an app.
    pub fn of(app: &App) -> Self {
        let masters = app.keys.derive_all("ticket codes");
        let nonces = app.keys.derive_all("nonces of ticket codes");
        let makers = masters.into_iter().zip(nonces);
        let makers =
            makers.map(|(master, nonces)| Maker { master: MasterKey::new(KEY_ID, master), nonces }).collect();
        Self { makers }
    }

    /// The code of a ticket; always the same while the ticket, the event's times and the newest master
    /// key stay as they are. Codes made before scan as long as their key is in the ring.
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
        let maker =
            self.makers.first().ok_or_else(|| ApiError::internal(anyhow::anyhow!("no master key")))?;
        let keys = EventKeys::derive(&maker.master, coded.event_id);
        Ok(ticket_code::seal(&keys, &claims, maker.nonce(&claims)))
    }

    /// Reads a code at the doors of an event.
    pub fn open(&self, event_id: Uuid, text: &str) -> Result<TicketClaims, CodeError> {
        let mut read = Err(CodeError::OtherEvent);
        for maker in &self.makers {
            read = ticket_code::open(&EventKeys::derive(&maker.master, event_id).scanner(), text);
            // To another key it looks like a ticket of another event.
            if !matches!(read, Err(CodeError::OtherEvent)) {
                break;
            }
        }
        read
    }
}

impl Maker {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(keys: &[u8]) -> Codes {
        let maker = |key: &u8| Maker { master: MasterKey::new(KEY_ID, [*key; 32]), nonces: [*key; 32] };
        Codes { makers: keys.iter().map(maker).collect() }
    }

    #[test]
    fn a_code_of_an_older_key_scans_until_the_key_is_gone() {
        let event_id = Uuid::from_u128(1);
        let doors_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let coded = Coded {
            ticket_id: Uuid::from_u128(2),
            event_id,
            zone_number: 3,
            generation: 1,
            doors_at,
            ends_at: doors_at + TimeDelta::hours(4),
        };
        let before = codes(&[7]).code(&coded).unwrap();
        let rotated = codes(&[8, 7]);
        assert_eq!(rotated.open(event_id, &before).unwrap().ticket_id, coded.ticket_id);
        let after = rotated.code(&coded).unwrap();
        assert_ne!(after, before);
        assert_eq!(rotated.open(event_id, &after).unwrap().ticket_id, coded.ticket_id);
        assert!(matches!(rotated.open(Uuid::from_u128(9), &before), Err(CodeError::OtherEvent)));
        assert!(matches!(codes(&[8]).open(event_id, &before), Err(CodeError::OtherEvent)));
    }
}
