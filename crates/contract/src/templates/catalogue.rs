//! Which letters may be put into other words, and what may be said in each.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A letter that an organisation may put into its own words. Letters about an account (a new password, a
/// strange sign-in) are none of them: they are Ringside's, so that nobody can make them say something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// To the buyer: the order is placed and waits for payment.
    OrderPlaced,
    /// To the buyer: the order is paid, here are the tickets.
    OrderPaid,
}

/// What the value of a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    /// Words.
    Text,
    /// An amount with its currency, written out.
    Money,
    /// A day or a time in the reader's language, at the venue.
    Time,
    /// A count.
    Number,
    /// An address: it may stand behind a link or a button.
    Address,
    /// Several things: `{% for place in places %}`.
    List,
}

/// Something a letter can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name between braces; of a list's things what follows the dot of `place.zone`.
    pub name: &'static str,
    /// What its value is.
    pub kind: VariableKind,
    /// It may be empty: ask by `{% if … %}` before.
    pub optional: bool,
    /// What it may say.
    pub example: &'static str,
    /// Of a list: what each of its things has.
    pub items: &'static [Variable],
}

/// Something a letter can say, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct VariableEntry {
    /// Its name between braces; of a list's things what follows the dot of `place.zone`.
    #[cfg_attr(feature = "utoipa", schema(example = "order.number"))]
    pub name: String,
    /// What its value is.
    pub kind: VariableKind,
    /// It may be empty: ask by `{% if … %}` before.
    pub optional: bool,
    /// What it may say.
    #[cfg_attr(feature = "utoipa", schema(example = "7KQ2-MX4D"))]
    pub example: String,
    /// Of a list: what each of its things has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "utoipa", schema(no_recursion))]
    pub items: Vec<VariableEntry>,
}

impl From<&Variable> for VariableEntry {
    fn from(variable: &Variable) -> Self {
        Self {
            name: variable.name.to_owned(),
            kind: variable.kind,
            optional: variable.optional,
            example: variable.example.to_owned(),
            items: variable.items.iter().map(Into::into).collect(),
        }
    }
}

/// A kind of letter, with what may be said in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct LetterKindEntry {
    /// Which letter.
    pub kind: LetterKind,
    /// The blocks that stand in letters of this kind only or in all, by name.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["heading", "text", "tickets"])))]
    pub blocks: Vec<String>,
    /// The variables.
    pub variables: Vec<VariableEntry>,
    /// The organisation's template; none: Ringside's own letter is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<Uuid>,
}

const fn one(name: &'static str, kind: VariableKind, example: &'static str) -> Variable {
    Variable { name, kind, optional: false, example, items: &[] }
}

const fn perhaps(name: &'static str, kind: VariableKind, example: &'static str) -> Variable {
    Variable { optional: true, ..one(name, kind, example) }
}

use VariableKind as K;

const PLACE: &[Variable] = &[
    one("zone", K::Text, "Ringside North"),
    perhaps("row", K::Text, "C"),
    perhaps("seat", K::Text, "17"),
    one("tier", K::Text, "Ringside"),
    one("price", K::Money, "฿2,500.00"),
];

const PLACES: Variable =
    Variable { name: "places", kind: K::List, optional: false, example: "2", items: PLACE };

const PAID: &[Variable] = &[
    one("buyer.name", K::Text, "Demo Fan"),
    one("shop.name", K::Text, "Demo Promotions"),
    one("order.number", K::Text, "7KQ2-MX4D"),
    one("order.total", K::Money, "฿5,000.00"),
    one("order.count", K::Number, "2"),
    one("order.url", K::Address, "https://ringside.example/orders/1"),
    one("event.title", K::Text, "Thunder at the Stadium"),
    perhaps("event.red", K::Text, "Fighter Red"),
    perhaps("event.blue", K::Text, "Fighter Blue"),
    one("event.starts", K::Time, "Saturday 12 December 2026, 19:00"),
    one("event.doors", K::Time, "17:30"),
    one("event.venue", K::Text, "Demo Boxing Stadium"),
    one("event.address", K::Text, "1 Demo Road, Bangkok 10110"),
    PLACES,
];

const PLACED: &[Variable] = &{
    let mut all = [one("payment.before", K::Time, "Fri 20 Nov 2026, 21:15"); PAID.len() + 1];
    let mut at = 0;
    while at < PAID.len() {
        all[at] = PAID[at];
        at += 1;
    }
    all
};

impl LetterKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::OrderPlaced, Self::OrderPaid];

    /// The stable name that travels in JSON and stands in the database: `order_paid`. It is that of the
    /// fact the letter tells.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OrderPlaced => "order_placed",
            Self::OrderPaid => "order_paid",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What may be said in it.
    #[must_use]
    pub const fn variables(self) -> &'static [Variable] {
        match self {
            Self::OrderPlaced => PLACED,
            Self::OrderPaid => PAID,
        }
    }

    /// The blocks that may stand in it.
    #[must_use]
    pub fn blocks(self) -> Vec<&'static str> {
        let mut blocks =
            vec!["heading", "text", "button", "image", "divider", "spacer", "columns", "event", "places"];
        blocks.push(match self {
            Self::OrderPlaced => "payment_code",
            Self::OrderPaid => "tickets",
        });
        blocks.push("footer");
        blocks
    }
}
