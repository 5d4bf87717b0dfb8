//! A promoter with a stadium and fight nights on sale, set up through the API as a person
//! would do it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;

use anyhow::{Result, anyhow};
use argon2::{Argon2, PasswordHasher as _};
use chrono::{TimeDelta, Utc};
use contract::accounts::{CreateOrganisation, Organisation, Session, SignIn, SignUp};
use contract::endpoint::Nothing;
use contract::endpoints;
use contract::events::{CreateEvent, Event, EventText, PriceTier};
use contract::venues::{CreateGate, CreateVenue, Gate, SeatMapImport, Venue};
use domain::{Locale, Money, OrganisationKind};
use hyper::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::Target;
use crate::ceiling::{self, Names};
use crate::connection::Connection;

/// Zones × rows × seats: as many places as a map may have.
const ZONES: usize = 40;
const ROWS: usize = 25;
const SEATS: usize = 40;

/// What one place costs.
const PRICE: i64 = 150_000;

/// A signed-in promoter with a venue.
pub struct Stadium {
    server: SocketAddr,
    token: String,
    organisation: String,
    person: Uuid,
    venue: Venue,
    gate: Gate,
}

impl Stadium {
    /// Signs up, founds an organisation and builds a venue of 40,000 seats.
    pub async fn build(target: &Target) -> Result<Self> {
        let server = target.server;
        let mut connection = Connection::open(server).await?;
        let tag = Uuid::now_v7().simple().to_string();
        let session = join(target, &mut connection, &sign_up(&tag)).await?;
        let token = format!("Bearer {}", session.access_token);
        let signed_in = [("authorization", token.as_str())];
        let founding = CreateOrganisation {
            name: "Bench Promotions".to_owned(),
            slug: format!("bench-{tag}"),
            kind: OrganisationKind::VenueOperator,
        };
        let organisation: Organisation =
            connection.call(endpoints::CREATE_ORGANISATION, &[], &signed_in, &founding).await?;
        let organisation = organisation.id.to_string();
        let staff = [("authorization", token.as_str()), ("ringside-organisation", organisation.as_str())];
        let building = CreateVenue {
            name: "Bench Stadium".to_owned(),
            address: "1 Ring Road, Bangkok".to_owned(),
            time_zone: "Asia/Bangkok".to_owned(),
            open_to_promoters: false,
        };
        let venue: Venue = connection.call(endpoints::CREATE_VENUE, &[], &staff, &building).await?;
        let at = venue.id.to_string();
        let path = endpoints::IMPORT_SEAT_MAP.at(&[&at]);
        let key = Uuid::now_v7().to_string();
        let mut headers = vec![("content-type", "text/csv"), ("idempotency-key", key.as_str())];
        headers.extend_from_slice(&staff);
        let answer = connection.send(Method::POST, &path, &headers, seat_map().into_bytes()).await?;
        answer.json::<SeatMapImport>("import_seat_map")?;
        let door = CreateGate { name: "Gate A".to_owned(), zones: Vec::new() };
        let gate = connection.call(endpoints::CREATE_GATE, &[&at], &staff, &door).await?;
        Ok(Self { server, token, organisation, person: session.me.id, venue, gate })
    }

    /// An event whose doors are open and whose sale is on.
    pub async fn event_on_sale(&self) -> Result<Event> {
        let event: Event = self.staff(endpoints::CREATE_EVENT, &[], &self.night()).await?;
        let id = event.id.to_string();
        self.staff(endpoints::PUBLISH_EVENT, &[&id], &Nothing).await?;
        self.staff(endpoints::OPEN_SALE, &[&id], &Nothing).await
    }

    /// The gate of the venue.
    pub fn gate(&self) -> Uuid {
        self.gate.id
    }

    /// What pgbench needs to know of an event here.
    pub fn names(&self, event: &Event) -> Names {
        Names { event: event.id, org: event.org_id, gate: self.gate.id, person: self.person }
    }

    /// The headers of a signed-in member of the organisation.
    pub fn headers(&self) -> [(&str, &str); 2] {
        [("authorization", &self.token), ("ringside-organisation", &self.organisation)]
    }

    async fn staff<In: Serialize, Out: DeserializeOwned>(
        &self,
        endpoint: contract::Endpoint<In, Out>,
        values: &[&str],
        body: &In,
    ) -> Result<Out> {
        let headers =
            [("authorization", self.token.as_str()), ("ringside-organisation", self.organisation.as_str())];
        // A connection of its own each time: the server closes one that was idle for long.
        Connection::open(self.server).await?.call(endpoint, values, &headers, body).await
    }

    fn night(&self) -> CreateEvent {
        let text = EventText { title: "Bench Night".to_owned(), description: String::new() };
        let now = Utc::now();
        CreateEvent {
            venue_id: self.venue.id,
            seat_map_id: None,
            slug: format!("bench-{}", Uuid::now_v7().simple()),
            texts: BTreeMap::from([("en".to_owned(), text)]),
            doors_at: now - TimeDelta::minutes(30),
            starts_at: now + TimeDelta::hours(1),
            ends_at: now + TimeDelta::hours(5),
            bouts: Vec::new(),
            prices: vec![PriceTier {
                name: "Bench".to_owned(),
                price: Money::thb(PRICE),
                zones: (0..ZONES).map(zone).collect(),
            }],
        }
    }
}

/// The labels of all seats, row by row.
pub fn seats() -> Vec<String> {
    places().map(|(zone, row, seat)| format!("{zone}-{row}-{seat}")).collect()
}

fn places() -> impl Iterator<Item = (String, usize, usize)> {
    (0..ZONES).flat_map(|z| (1..=ROWS).flat_map(move |row| (1..=SEATS).map(move |seat| (zone(z), row, seat))))
}

fn zone(number: usize) -> String {
    format!("Z{}", number + 1)
}

fn sign_up(tag: &str) -> SignUp {
    SignUp {
        email: format!("bench-{tag}@demo.ringside.example"),
        password: format!("southpaw-in-round-{tag}"),
        name: "Demo Promoter".to_owned(),
        locale: Locale::En,
        accepted: Vec::new(),
    }
}

/// Somebody with an account signs in.
pub async fn join(target: &Target, connection: &mut Connection, person: &SignUp) -> Result<Session> {
    let hash = Argon2::default().hash_password(person.password.as_bytes());
    let hash = hash.map_err(|error| anyhow!("hashing a password: {error}"))?.to_string();
    ceiling::open_account(target, &person.email, &person.name, &hash).await?;
    let credentials =
        SignIn { email: person.email.clone(), password: person.password.clone(), token_in_body: true };
    connection.post(endpoints::SIGN_IN.path, &[], &credentials).await?.json("sign_in")
}

/// The stadium as a CSV file: eight zones side by side, five behind each other.
fn seat_map() -> String {
    let mut csv = "zone,kind,row,seat,x,y\n".to_owned();
    for (index, (zone, row, seat)) in places().enumerate() {
        let (across, behind) = (index / (ROWS * SEATS) % 8, index / (ROWS * SEATS) / 8);
        let (x, y) = ((across * (SEATS + 4) + seat) * 6, (behind * (ROWS + 2) + row) * 9);
        // Writing to a String cannot fail.
        let _ = writeln!(csv, "{zone},seated,{row},{seat},{x},{y}");
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::{seat_map, seats};

    #[test]
    fn the_stadium_is_as_large_as_a_map_may_be() {
        assert_eq!(seats().len(), 40_000);
        assert_eq!(seats()[41], "Z1-2-2");
        assert_eq!(seat_map().lines().count(), 40_001);
    }
}
