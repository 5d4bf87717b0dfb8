//! The demo stadium with its gates, set up by the same rules as any other.

use contract::venues::{CreateGate, CreateVenue};
use domain::seat_map::SeatMap;
use platform::db::Tx;
use platform::error::ApiResult;
use ticketing::{gates, seat_maps, venues};
use uuid::Uuid;

use super::arena::arena;
use super::people::Cast;

/// The stadium and what the sales need to know of it.
pub(super) struct Stadium {
    pub venue_id: Uuid,
    pub map: SeatMap,
    /// The gates and the zones each leads to.
    pub gates: Vec<(Uuid, Vec<String>)>,
}

/// Each gate and the endings of the codes of its zones.
const GATES: [(&str, [&str; 2]); 4] =
    [("Gate A", ["N", "NE"]), ("Gate B", ["E", "SE"]), ("Gate C", ["S", "SW"]), ("Gate D", ["W", "NW"])];

pub(super) async fn insert(tx: &mut Tx<'_>, cast: &Cast) -> ApiResult<Stadium> {
    let org = cast.venue_operator;
    let venue = venues::service::create(
        tx,
        org,
        &CreateVenue {
            name: "Demo Stadium".to_owned(),
            address: "1 Ring Road, Bangkok".to_owned(),
            time_zone: "Asia/Bangkok".to_owned(),
            open_to_promoters: true,
        },
    )
    .await?;
    let map = arena();
    seat_maps::service::keep(tx, org, venue.id, &map).await?;
    let mut gates = Vec::new();
    for (name, endings) in GATES {
        let leads_to = |code: &&str| endings.iter().any(|ending| code[1..] == **ending);
        let zones: Vec<String> =
            map.zones.iter().map(|zone| zone.code.as_str()).filter(leads_to).map(str::to_owned).collect();
        let wish = CreateGate { name: name.to_owned(), zones: zones.clone() };
        gates.push((gates::service::create(tx, org, venue.id, &wish).await?.id, zones));
    }
    Ok(Stadium { venue_id: venue.id, map, gates })
}
