//! What the person has chosen, and what can be chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use contract::events::{Availability, PublicEvent};
use contract::holds::{Hold, MAX_PLACES, PlaceHold, Standing};
use domain::Money;
use leptos::prelude::*;
use ui::format::money;
use ui::{i18n, t};

use super::plan::Plan;
use crate::seat_name;

/// What a seat is to this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seat {
    Free,
    Chosen,
    Gone,
}

/// The state all parts of the page share.
#[derive(Clone, Copy)]
pub struct Picker {
    pub event: StoredValue<PublicEvent>,
    pub plan: StoredValue<Arc<Plan>>,
    pub availability: RwSignal<Arc<Availability>>,
    /// Chosen seats, in the order they were chosen.
    pub chosen: RwSignal<Vec<usize>>,
    /// Chosen standing places by zone.
    pub standing: RwSignal<BTreeMap<usize, i32>>,
    /// Only this price is of interest.
    pub tier: RwSignal<Option<usize>>,
    /// The seat the keyboard is at.
    pub focus: RwSignal<Option<usize>>,
    /// The standing zone whose number is being chosen.
    pub open_zone: RwSignal<Option<usize>>,
    /// The seat whose view is shown.
    pub preview: RwSignal<Option<usize>>,
    /// What screen readers are told.
    pub said: RwSignal<String>,
    /// A claim made already, by "best available".
    pub held: RwSignal<Option<Hold>>,
    /// Where the map should look.
    pub look_at: RwSignal<Option<Vec<usize>>>,
}

impl Picker {
    pub fn new(event: PublicEvent, plan: Arc<Plan>, availability: Availability) -> Self {
        Self {
            event: StoredValue::new(event),
            plan: StoredValue::new(plan),
            availability: RwSignal::new(Arc::new(availability)),
            chosen: RwSignal::new(Vec::new()),
            standing: RwSignal::new(BTreeMap::new()),
            tier: RwSignal::new(None),
            focus: RwSignal::new(None),
            open_zone: RwSignal::new(None),
            preview: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            held: RwSignal::new(None),
            look_at: RwSignal::new(None),
        }
    }

    pub fn plan(&self) -> Arc<Plan> {
        self.plan.get_value()
    }

    /// Whether the seat is held by this person's own claim.
    fn ours(&self, label: &str) -> bool {
        self.held.with(|held| {
            held.iter().any(|hold| hold.places.iter().any(|place| place.seat.as_deref() == Some(label)))
        })
    }

    /// What a seat is. Tracks.
    pub fn seat(&self, seat: usize) -> Seat {
        if self.chosen.read().contains(&seat) {
            return Seat::Chosen;
        }
        let free = self.availability.read().seats.as_bytes().get(seat) == Some(&b'.');
        if free || self.plan.with_value(|plan| self.ours(&plan.seats[seat].label)) {
            Seat::Free
        } else {
            Seat::Gone
        }
    }

    /// Whether the keyboard stops at a seat.
    pub fn reachable(&self, seat: usize) -> bool {
        let wanted = self.tier.get_untracked();
        let plan = self.plan();
        let of_interest = wanted.is_none_or(|tier| plan.zones[plan.seats[seat].zone].tier == Some(tier));
        of_interest && untrack(|| self.seat(seat)) != Seat::Gone
    }

    /// Places chosen in all. Tracks.
    pub fn count(&self) -> usize {
        self.chosen.read().len() + self.standing.read().values().sum::<i32>() as usize
    }

    /// What the choice costs. Tracks.
    pub fn total(&self) -> Option<Money> {
        let plan = self.plan();
        let seats = self.chosen.get().into_iter().map(|seat| (plan.seats[seat].zone, 1));
        let standing = self.standing.get().into_iter().map(|(zone, count)| (zone, i64::from(count)));
        let mut prices =
            seats.chain(standing).filter_map(|(zone, count)| plan.tier_of(zone)?.price.times(count));
        let first = prices.next()?;
        prices.try_fold(first, Money::plus)
    }

    /// Free places of a zone. Tracks.
    pub fn free_in(&self, zone: usize) -> i32 {
        let plan = self.plan();
        self.availability.read().free.get(&plan.zones[zone].code).copied().unwrap_or(0)
    }

    /// Free places at a price. Tracks.
    pub fn free_at(&self, tier: usize) -> i32 {
        let plan = self.plan();
        (0..plan.zones.len())
            .filter(|zone| plan.zones[*zone].tier == Some(tier))
            .map(|zone| self.free_in(zone))
            .sum()
    }

    /// Chooses a seat, or gives it back.
    pub fn toggle(&self, seat: usize) {
        self.focus.set(Some(seat));
        let name = self.describe(seat);
        match untrack(|| self.seat(seat)) {
            Seat::Chosen => {
                self.chosen.update(|chosen| chosen.retain(|own| *own != seat));
                self.said.set(t!("shop.seats.said_given_back", seat = name));
            }
            Seat::Gone => self.said.set(t!("shop.seats.said_gone", seat = name)),
            Seat::Free if untrack(|| self.count()) >= MAX_PLACES => {
                self.said.set(t!("shop.seats.said_full", most = MAX_PLACES))
            }
            Seat::Free => {
                self.chosen.update(|chosen| chosen.push(seat));
                self.said.set(t!("shop.seats.said_chosen", seat = name));
            }
        }
    }

    /// Wants so many places in a standing zone.
    pub fn stand(&self, zone: usize, count: i32) {
        self.standing.update(|standing| {
            if count > 0 {
                standing.insert(zone, count)
            } else {
                standing.remove(&zone)
            };
        });
    }

    /// How many places a standing zone can still give this person. Tracks.
    pub fn most_standing(&self, zone: usize) -> i32 {
        let own = self.standing.read().get(&zone).copied().unwrap_or(0);
        let left = MAX_PLACES as i32 - self.count() as i32;
        (own + left).min(self.free_in(zone).max(own))
    }

    /// A seat in words: place, zone, price and what is special about it. Tracks the language.
    pub fn describe(&self, seat: usize) -> String {
        let plan = self.plan();
        let seat = &plan.seats[seat];
        let zone = plan.zones[seat.zone].name(i18n::locale());
        let price = plan.tier_of(seat.zone).map(|tier| money(tier.price)).unwrap_or_default();
        let mut words =
            t!("shop.seats.described", zone = zone, seat = seat_name::in_words(&seat.label), price = price);
        for (applies, key) in self.flags(seat) {
            if applies {
                words = format!("{words}, {}", t!(key));
            }
        }
        words
    }

    fn flags(&self, seat: &super::plan::PlanSeat) -> [(bool, &'static str); 3] {
        [
            (seat.accessible, "shop.seats.accessible"),
            (seat.companion, "shop.seats.companion"),
            (seat.restricted_view, "shop.seats.restricted_view"),
        ]
    }

    /// Takes in what is free now; seats that went meanwhile leave the choice, and it is said.
    pub fn refresh(&self, availability: Availability) {
        if availability.version < self.availability.with_untracked(|old| old.version) {
            return;
        }
        self.availability.set(Arc::new(availability));
        let plan = self.plan();
        let lost: Vec<_> = untrack(|| {
            let state = self.availability.get();
            let gone = |seat: &usize| {
                state.seats.as_bytes().get(*seat) != Some(&b'.') && !self.ours(&plan.seats[*seat].label)
            };
            self.chosen.get().into_iter().filter(gone).collect()
        });
        self.lose(&lost);
    }

    /// Takes seats out of the choice that others got.
    pub fn lose(&self, lost: &[usize]) {
        if lost.is_empty() {
            return;
        }
        self.chosen.update(|chosen| chosen.retain(|seat| !lost.contains(seat)));
        let plan = self.plan();
        let names: Vec<_> = lost.iter().map(|seat| seat_name::in_words(&plan.seats[*seat].label)).collect();
        self.said.set(t!("shop.seats.said_lost", seats = names.join(", ")));
    }

    /// Shows what a claim holds as the choice.
    pub fn take(&self, hold: Hold) {
        let plan = self.plan();
        let seats: Vec<_> =
            hold.places.iter().filter_map(|place| plan.find(place.seat.as_deref()?)).collect();
        let mut standing = BTreeMap::new();
        for place in hold.places.iter().filter(|place| place.seat.is_none()) {
            if let Some(zone) = plan.zones.iter().position(|zone| zone.code == place.zone) {
                *standing.entry(zone).or_insert(0) += 1;
            }
        }
        self.held.set(Some(hold));
        self.look_at.set(Some(seats.clone()));
        self.focus.set(seats.first().copied());
        self.chosen.set(seats);
        self.standing.set(standing);
    }

    /// The choice as the server wants it.
    pub fn wish(&self) -> PlaceHold {
        let plan = self.plan();
        let seats =
            self.chosen.get_untracked().into_iter().map(|seat| plan.seats[seat].label.clone()).collect();
        let standing = self.standing.get_untracked().into_iter();
        let standing =
            standing.map(|(zone, quantity)| Standing { zone: plan.zones[zone].code.clone(), quantity });
        PlaceHold { seats, standing: standing.collect() }
    }

    /// Whether the claim made already is exactly the choice.
    pub fn held_as_chosen(&self) -> Option<Hold> {
        let hold = self.held.get_untracked()?;
        let wish = self.wish();
        let mut held: Vec<_> = hold.places.iter().filter_map(|place| place.seat.clone()).collect();
        let mut wanted = wish.seats;
        held.sort();
        wanted.sort();
        let places = wanted.len() as i32 + wish.standing.iter().map(|zone| zone.quantity).sum::<i32>();
        let alive = hold.expires_at > ui::browser::now();
        (alive && held == wanted && places as usize == hold.places.len()).then_some(hold)
    }
}
