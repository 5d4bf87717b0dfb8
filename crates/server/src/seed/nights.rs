//! The demo's fight nights, in every state an event can have.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, DurationRound, Utc};
use contract::events::{Bout, CreateEvent, Event, EventText, PriceTier};
use domain::Money;
use domain::state::EventState;
use platform::db::Tx;
use platform::error::{ApiError, ApiResult};
use ticketing::events;

use super::people::Cast;
use super::stadium::Stadium;

/// Who sells the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Corner {
    Red,
    Blue,
}

/// One night of the programme.
pub(super) struct Night {
    slug: &'static str,
    corner: Corner,
    en: (&'static str, &'static str),
    th: (&'static str, &'static str),
    doors_at: DateTime<Utc>,
    /// The states it goes through.
    life: &'static [EventState],
    bouts: &'static [(&'static str, &'static str, &'static str, i16)],
    /// Baht for ringside, lower sides, lower corners, upper stands, terraces.
    prices: [i64; 5],
    /// How much of the house is sold, 0 to 1.
    pub sold: f64,
    /// How many of the guests have come in, 0 to 1.
    pub inside: f64,
}

impl Night {
    /// The organisation that sells it.
    pub fn org(&self, cast: &Cast) -> uuid::Uuid {
        match self.corner {
            Corner::Red => cast.red,
            Corner::Blue => cast.blue,
        }
    }

    /// When the doors open.
    pub fn doors_at(&self) -> DateTime<Utc> {
        self.doors_at
    }
}

const DRAFT: &[EventState] = &[];
const PUBLISHED: &[EventState] = &[EventState::Published];
const ON_SALE: &[EventState] = &[EventState::Published, EventState::OnSale];
const CLOSED: &[EventState] = &[EventState::Published, EventState::OnSale, EventState::Closed];
const CANCELLED: &[EventState] = &[EventState::Published, EventState::Cancelled];

const TITLE_CARD: &[(&str, &str, &str, i16)] = &[
    ("Red Comet", "Blue Monsoon", "Lightweight title", 5),
    ("Iron Lotus", "Silver Heron", "Featherweight", 5),
    ("Old Teak", "Young Bamboo", "Welterweight", 5),
    ("Copper Kick", "Cobalt Clinch", "Bantamweight", 3),
    ("Scarlet Elbow", "Navy Knee", "Flyweight", 3),
    ("Morning Bell", "Evening Gong", "Opening bout", 3),
];
const CLUB_CARD: &[(&str, &str, &str, i16)] = &[
    ("Paper Tiger", "Stone Elephant", "Middleweight", 5),
    ("Quick Mango", "Slow Tamarind", "Super lightweight", 5),
    ("Lantern", "Firefly", "Light flyweight", 3),
    ("Left Hook", "Right Cross", "Opening bout", 3),
];
const TROPHY_CARD: &[(&str, &str, &str, i16)] = &[
    ("Golden Garuda", "Azure Naga", "Heavyweight trophy, final", 5),
    ("Crimson Kite", "Indigo Kingfisher", "Heavyweight trophy, third place", 5),
    ("River Stone", "Mountain Wind", "Super featherweight", 3),
    ("First Light", "Last Train", "Opening bout", 3),
];

const BIG_NIGHT: [i64; 5] = [4_500, 2_200, 1_600, 900, 450];
const CLUB_NIGHT: [i64; 5] = [1_800, 1_000, 800, 500, 250];

const ABOUT_EN: &str = "A demo event: the fighters, the sale and the guests are made up. Try everything.";
const ABOUT_TH: &str = "งานสาธิต นักชก การขาย และผู้ชมเป็นข้อมูลสมมติ ลองใช้ได้ทุกอย่าง";

/// All nights, seen from `now`.
pub(super) fn programme(now: DateTime<Utc>) -> Vec<Night> {
    // Doors open at 18:00 in Bangkok, 11:00 UTC.
    let today = now.date_naive().and_hms_opt(11, 0, 0).map_or(now, |time| time.and_utc());
    let days = |days: i64| today + Duration::days(days);
    let hour_ago = now.duration_trunc(Duration::hours(1)).unwrap_or(now) - Duration::hours(1);
    let night = |slug, corner, en, th, doors_at, life, bouts, prices, sold, inside| Night {
        slug,
        corner,
        en: (en, ABOUT_EN),
        th: (th, ABOUT_TH),
        doors_at,
        life,
        bouts,
        prices,
        sold,
        inside,
    };
    use Corner::{Blue, Red};
    vec![
        night(
            "fight-night-11",
            Red,
            "Fight Night 11",
            "ไฟต์ไนต์ 11",
            days(-21),
            CLOSED,
            CLUB_CARD,
            CLUB_NIGHT,
            0.6,
            0.94,
        ),
        night(
            "tonight",
            Red,
            "Tonight at the Demo Stadium",
            "คืนนี้ที่สนามสาธิต",
            hour_ago,
            ON_SALE,
            CLUB_CARD,
            CLUB_NIGHT,
            0.3,
            0.35,
        ),
        night(
            "ring-of-rivers",
            Blue,
            "Ring of Rivers",
            "สังเวียนสายน้ำ",
            days(8),
            ON_SALE,
            TROPHY_CARD,
            CLUB_NIGHT,
            0.93,
            0.0,
        ),
        night(
            "comet-against-monsoon",
            Red,
            "Comet against Monsoon",
            "ดาวหางปะทะมรสุม",
            days(15),
            ON_SALE,
            TITLE_CARD,
            BIG_NIGHT,
            0.45,
            0.0,
        ),
        night(
            "rainy-season-open",
            Blue,
            "Rainy Season Open",
            "ศึกเปิดฤดูฝน",
            days(22),
            CANCELLED,
            CLUB_CARD,
            CLUB_NIGHT,
            0.0,
            0.0,
        ),
        night(
            "blue-corner-trophy",
            Blue,
            "Blue Corner Trophy",
            "ศึกถ้วยมุมน้ำเงิน",
            days(29),
            ON_SALE,
            TROPHY_CARD,
            BIG_NIGHT,
            0.06,
            0.0,
        ),
        night(
            "fight-night-12",
            Red,
            "Fight Night 12",
            "ไฟต์ไนต์ 12",
            days(43),
            PUBLISHED,
            CLUB_CARD,
            CLUB_NIGHT,
            0.0,
            0.0,
        ),
        night(
            "new-year-title-night",
            Red,
            "New Year Title Night",
            "ศึกชิงแชมป์ปีใหม่",
            days(71),
            DRAFT,
            TITLE_CARD,
            BIG_NIGHT,
            0.0,
            0.0,
        ),
    ]
}

/// Sets a night up and takes it through its states, by the rules every event follows.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    cast: &Cast,
    stadium: &Stadium,
    night: &Night,
) -> ApiResult<Event> {
    let org = night.org(cast);
    let text = |(title, description): (&str, &str)| EventText {
        title: title.into(),
        description: description.into(),
    };
    let wish = CreateEvent {
        venue_id: stadium.venue_id,
        seat_map_id: None,
        slug: night.slug.to_owned(),
        texts: BTreeMap::from([("en".into(), text(night.en)), ("th".into(), text(night.th))]),
        doors_at: night.doors_at,
        starts_at: night.doors_at + Duration::hours(1),
        ends_at: night.doors_at + Duration::minutes(270),
        bouts: night.bouts.iter().map(bout).collect(),
        prices: tiers(stadium, night.prices),
    };
    let mut event = events::service::create(tx, org, &wish).await?;
    for state in night.life {
        event = events::service::move_to(tx, org, event.id, *state).await?;
    }
    if event.prices.len() != TIERS.len() {
        return Err(ApiError::internal(anyhow::anyhow!("a demo night has a price for every tier")));
    }
    Ok(event)
}

fn bout((red, blue, class, rounds): &(&str, &str, &str, i16)) -> Bout {
    Bout { red: (*red).into(), blue: (*blue).into(), class: (*class).into(), rounds: *rounds }
}

/// A tier's name, and which zones it prices.
type Tier = (&'static str, fn(&str) -> bool);

/// Name of each tier and whether a zone of a code belongs to it.
const TIERS: [Tier; 5] = [
    ("Ringside", |code| code.starts_with('R')),
    ("Lower side", |code| code.starts_with('L') && code.len() == 2),
    ("Lower corner", |code| code.starts_with('L') && code.len() == 3),
    ("Upper stand", |code| code.starts_with('U')),
    ("Terrace, standing", |code| code.starts_with('T')),
];

fn tiers(stadium: &Stadium, baht: [i64; 5]) -> Vec<PriceTier> {
    TIERS
        .iter()
        .zip(baht)
        .map(|((name, belongs), baht)| PriceTier {
            name: (*name).to_owned(),
            price: Money::thb(baht * 100),
            zones: stadium
                .map
                .zones
                .iter()
                .map(|zone| zone.code.clone())
                .filter(|code| belongs(code))
                .collect(),
        })
        .collect()
}
