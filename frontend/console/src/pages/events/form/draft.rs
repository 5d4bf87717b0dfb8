//! What is typed into the event form, and what it means.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use contract::events::{Bout, CreateEvent, Event, EventText, PriceTier, UpdateEvent};
use leptos::prelude::*;
use ui::t;
use uuid::Uuid;

use crate::parts::{amount, zoned};

/// Languages whose texts the form offers; texts in others are kept as they are.
pub const LANGUAGES: [&str; 2] = ["en", "th"];

/// One line of the fight card while it is typed.
#[derive(Clone, Copy)]
pub struct BoutLine {
    /// Tells lines apart while they move.
    pub key: u32,
    /// Red corner.
    pub red: RwSignal<String>,
    /// Blue corner.
    pub blue: RwSignal<String>,
    /// Weight class or title.
    pub class: RwSignal<String>,
    /// Rounds.
    pub rounds: RwSignal<String>,
}

/// One price while it is typed.
#[derive(Clone, Copy)]
pub struct PriceLine {
    /// Tells lines apart.
    pub key: u32,
    /// The tier's name.
    pub name: RwSignal<String>,
    /// Baht.
    pub amount: RwSignal<String>,
    /// Zone codes sold at it.
    pub zones: RwSignal<Vec<String>>,
}

/// The texts of one language.
#[derive(Clone, Copy)]
pub struct TextLines {
    /// What the night is called.
    pub title: RwSignal<String>,
    /// A few sentences.
    pub description: RwSignal<String>,
}

/// Everything that is typed. Copies share the fields.
#[derive(Clone, Copy)]
pub struct Draft {
    /// The venue's id.
    pub venue: RwSignal<String>,
    /// The map's id.
    pub map: RwSignal<String>,
    /// The short name in the address.
    pub slug: RwSignal<String>,
    /// By [`LANGUAGES`].
    pub texts: [TextLines; 2],
    /// `datetime-local` on the venue's clocks.
    pub doors: RwSignal<String>,
    /// The first bout.
    pub starts: RwSignal<String>,
    /// The end.
    pub ends: RwSignal<String>,
    /// The fight card.
    pub bouts: RwSignal<Vec<BoutLine>>,
    /// Prices.
    pub prices: RwSignal<Vec<PriceLine>>,
    others: StoredValue<BTreeMap<String, EventText>>,
    next_key: StoredValue<u32>,
}

/// A fault found before anything was sent: the field's name as the server would tell it, and its text.
pub type Fault = (String, String);

impl Draft {
    /// An empty form.
    pub fn empty() -> Self {
        let field = || RwSignal::new(String::new());
        Self {
            venue: field(),
            map: field(),
            slug: field(),
            texts: LANGUAGES.map(|_| TextLines { title: field(), description: field() }),
            doors: field(),
            starts: field(),
            ends: field(),
            bouts: RwSignal::new(Vec::new()),
            prices: RwSignal::new(Vec::new()),
            others: StoredValue::new(BTreeMap::new()),
            next_key: StoredValue::new(0),
        }
    }

    /// The form of an event.
    pub fn of(event: &Event) -> Self {
        let draft = Self::empty();
        draft.fill(event);
        draft
    }

    /// Empties every field.
    pub fn clear(self) {
        for field in [self.venue, self.map, self.slug, self.doors, self.starts, self.ends] {
            field.set(String::new());
        }
        for text in self.texts {
            text.title.set(String::new());
            text.description.set(String::new());
        }
        self.bouts.set(Vec::new());
        self.prices.set(Vec::new());
    }

    /// Shows the event as it is on the server.
    pub fn fill(self, event: &Event) {
        self.venue.set(event.venue_id.to_string());
        self.map.set(event.seat_map_id.to_string());
        self.slug.set(event.slug.clone());
        for (lines, language) in self.texts.iter().zip(LANGUAGES) {
            let text = event.texts.get(language);
            lines.title.set(text.map(|text| text.title.clone()).unwrap_or_default());
            lines.description.set(text.map(|text| text.description.clone()).unwrap_or_default());
        }
        let others = event.texts.iter().filter(|(language, _)| !LANGUAGES.contains(&language.as_str()));
        self.others.set_value(others.map(|(language, text)| (language.clone(), text.clone())).collect());
        self.doors.set(zoned::to_field(event.doors_at, &event.time_zone));
        self.starts.set(zoned::to_field(event.starts_at, &event.time_zone));
        self.ends.set(zoned::to_field(event.ends_at, &event.time_zone));
        self.bouts.set(event.bouts.iter().map(|bout| self.bout_line(bout)).collect());
        self.prices.set(event.prices.iter().map(|tier| self.price_line(tier)).collect());
    }

    fn key(self) -> u32 {
        self.next_key.update_value(|key| *key += 1);
        self.next_key.get_value()
    }

    fn bout_line(self, bout: &Bout) -> BoutLine {
        BoutLine {
            key: self.key(),
            red: RwSignal::new(bout.red.clone()),
            blue: RwSignal::new(bout.blue.clone()),
            class: RwSignal::new(bout.class.clone()),
            rounds: RwSignal::new(bout.rounds.to_string()),
        }
    }

    fn price_line(self, tier: &PriceTier) -> PriceLine {
        PriceLine {
            key: self.key(),
            name: RwSignal::new(tier.name.clone()),
            amount: RwSignal::new(amount::plain(tier.price)),
            zones: RwSignal::new(tier.zones.clone()),
        }
    }

    /// Adds an empty line to the fight card.
    pub fn add_bout(self) {
        let line = self.bout_line(&Bout {
            red: String::new(),
            blue: String::new(),
            class: String::new(),
            rounds: 5,
        });
        self.bouts.update(|bouts| bouts.push(line));
    }

    /// Adds a price without a zone.
    pub fn add_price(self) {
        let line = PriceLine {
            key: self.key(),
            name: RwSignal::new(String::new()),
            amount: RwSignal::new(String::new()),
            zones: RwSignal::new(Vec::new()),
        };
        self.prices.update(|prices| prices.push(line));
    }

    /// Sells a zone at this price and no other, or at none if it was sold at this one.
    pub fn toggle_zone(self, key: u32, code: &str) {
        for line in self.prices.get_untracked() {
            line.zones.update(|zones| {
                let had = zones.iter().any(|zone| zone == code);
                zones.retain(|zone| zone != code);
                if line.key == key && !had {
                    zones.push(code.to_owned());
                }
            });
        }
    }

    /// All that is typed, for comparing. Tracks every field.
    pub fn typed(self) -> Vec<String> {
        let mut typed = vec![self.venue, self.map, self.slug, self.doors, self.starts, self.ends]
            .into_iter()
            .map(|field| field.get())
            .collect::<Vec<_>>();
        typed.extend(self.texts.iter().flat_map(|text| [text.title.get(), text.description.get()]));
        for bout in self.bouts.get() {
            typed.extend([bout.red.get(), bout.blue.get(), bout.class.get(), bout.rounds.get()]);
        }
        for price in self.prices.get() {
            let mut zones = price.zones.get();
            zones.sort();
            typed.extend([price.name.get(), price.amount.get(), zones.join(" ")]);
        }
        typed
    }

    /// What the form means on the clocks of `time_zone`.
    ///
    /// # Errors
    /// The fields that mean nothing.
    pub fn meant(self, time_zone: &str) -> Result<CreateEvent, Vec<Fault>> {
        let mut faults = Vec::new();
        let venue_id = self.venue.get_untracked().parse::<Uuid>();
        if venue_id.is_err() {
            faults.push(("venue_id".to_owned(), t!("console.form.choose_venue")));
        }
        let mut time = |field: RwSignal<String>, name: &str| {
            let at = zoned::from_field(&field.get_untracked(), time_zone);
            if at.is_none() {
                faults.push((name.to_owned(), t!("console.form.time_missing")));
            }
            at.unwrap_or(DateTime::<Utc>::MIN_UTC)
        };
        let doors_at = time(self.doors, "doors_at");
        let starts_at = time(self.starts, "starts_at");
        let ends_at = time(self.ends, "ends_at");
        let bouts = self.meant_bouts(&mut faults);
        let prices = self.meant_prices(&mut faults);
        let texts = self.meant_texts();
        if texts.is_empty() {
            faults.push(("texts".to_owned(), t!("console.form.title_missing")));
        }
        match venue_id {
            Ok(venue_id) if faults.is_empty() => Ok(CreateEvent {
                venue_id,
                seat_map_id: self.map.get_untracked().parse().ok(),
                slug: self.slug.get_untracked().trim().to_owned(),
                texts,
                doors_at,
                starts_at,
                ends_at,
                bouts,
                prices,
            }),
            _ => Err(faults),
        }
    }

    fn meant_texts(self) -> BTreeMap<String, EventText> {
        let mut texts = self.others.get_value();
        for (lines, language) in self.texts.iter().zip(LANGUAGES) {
            let text = EventText {
                title: lines.title.get_untracked().trim().to_owned(),
                description: lines.description.get_untracked().trim().to_owned(),
            };
            if !text.title.is_empty() || !text.description.is_empty() {
                texts.insert(language.to_owned(), text);
            }
        }
        texts
    }

    fn meant_bouts(self, faults: &mut Vec<Fault>) -> Vec<Bout> {
        let one = |(number, line): (usize, BoutLine)| {
            let rounds = line.rounds.get_untracked().trim().parse();
            if rounds.is_err() {
                faults.push((format!("bouts[{number}].rounds"), t!("console.form.not_a_number")));
            }
            Bout {
                red: line.red.get_untracked().trim().to_owned(),
                blue: line.blue.get_untracked().trim().to_owned(),
                class: line.class.get_untracked().trim().to_owned(),
                rounds: rounds.unwrap_or(0),
            }
        };
        self.bouts.get_untracked().into_iter().enumerate().map(one).collect()
    }

    fn meant_prices(self, faults: &mut Vec<Fault>) -> Vec<PriceTier> {
        let one = |(number, line): (usize, PriceLine)| {
            let price = amount::baht(&line.amount.get_untracked());
            if price.is_none() {
                faults.push((format!("prices[{number}].price"), t!("console.form.not_an_amount")));
            }
            PriceTier {
                name: line.name.get_untracked().trim().to_owned(),
                price: price.unwrap_or(domain::Money::thb(0)),
                zones: line.zones.get_untracked(),
            }
        };
        self.prices.get_untracked().into_iter().enumerate().map(one).collect()
    }
}

/// Only what differs from the event: parts that may not change any more are not sent along.
pub fn change(event: &Event, meant: CreateEvent) -> UpdateEvent {
    fn new<T: PartialEq>(now: T, before: &T) -> Option<T> {
        (now != *before).then_some(now)
    }
    let seconds = |now: DateTime<Utc>, before: DateTime<Utc>| {
        // The form knows minutes; an untouched time keeps its seconds.
        ((now - before).num_seconds().abs() >= 60).then_some(now)
    };
    UpdateEvent {
        version: event.version,
        slug: new(meant.slug, &event.slug),
        texts: new(meant.texts, &event.texts),
        doors_at: seconds(meant.doors_at, event.doors_at),
        starts_at: seconds(meant.starts_at, event.starts_at),
        ends_at: seconds(meant.ends_at, event.ends_at),
        bouts: new(meant.bouts, &event.bouts),
        prices: new(meant.prices, &event.prices),
    }
}

/// A short name made of a title: what is not a-z or 0-9 becomes a hyphen.
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').chars().take(80).collect()
}
