//! What a letter of an organisation's own can say: the values of the catalogue's variables.

use contract::templates::LetterKind;
use domain::{Locale, local_time};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use crate::letters::render::{fill, payment_code, ticket_file};
use crate::letters::words::{OrderWords, PieceWords, PlaceWords, local, tickets};
use crate::letters::{Attachment, Letter, Order};

/// A letter's values in one language, and the files that may go with it.
pub(super) struct Values {
    pub values: Value,
    pub attachments: Vec<Attachment>,
}

/// Which kind of letter it is; none for those that are Ringside's own.
pub(super) const fn kind_of(letter: &Letter) -> Option<LetterKind> {
    match letter {
        Letter::OrderPlaced { .. } => Some(LetterKind::OrderPlaced),
        Letter::OrderPaid { .. } => Some(LetterKind::OrderPaid),
        Letter::Account { .. } => None,
    }
}

/// What a letter says, in one language.
///
/// # Errors
/// A letter about an account: it has no values for others' templates.
pub(super) fn of(letter: &Letter, locale: Locale) -> anyhow::Result<Values> {
    let (order, places, before, attachments) = match letter {
        Letter::OrderPlaced { order, places, pay_before, payment_qr } => {
            let before = local_time::short(locale, local(*pay_before, &order.event.time_zone));
            let attachments = payment_qr.iter().map(|png| payment_code(png)).collect::<Vec<_>>();
            (order, places.iter().map(PlaceWords::of).collect::<Vec<_>>(), before, attachments)
        }
        Letter::OrderPaid { order, tickets: issued, pdf } => {
            let (places, codes) = tickets(issued);
            let attachments = std::iter::once(ticket_file(order, pdf)).chain(codes).collect::<Vec<_>>();
            (order, places, String::new(), attachments)
        }
        Letter::Account { .. } => {
            anyhow::bail!("letters about an account are written by Ringside's own templates")
        }
    };
    let values = values(order, &places, &before, locale, &attachments)?;
    Ok(Values { values, attachments })
}

fn values(
    order: &Order,
    places: &[PlaceWords],
    before: &str,
    locale: Locale,
    attachments: &[Attachment],
) -> anyhow::Result<Value> {
    let words = OrderWords::of(order, places.to_vec(), locale);
    let payment_cid =
        attachments.iter().find_map(|file| file.inline.as_deref().filter(|cid| *cid == "payment"));
    let inside = context! { order => Serde(&words), words => Serde(PieceWords::of(locale)), payment_cid };
    let piece = |name: &str| -> anyhow::Result<Value> {
        Ok(Value::from_safe_string(fill(&format!("blocks/{name}"), &inside)?.trim().to_owned()))
    };
    let text = |name: &str| -> anyhow::Result<Value> {
        Ok(Value::from(fill(&format!("blocks/{name}"), &inside)?.trim().to_owned()))
    };
    Ok(context! {
        buyer => context! { name => order.buyer.as_str() },
        shop => context! { name => order.shop.as_str() },
        order => context! { number => order.reference.as_str(), total => order.total.text(), count => places.len(), url => order.url.as_str() },
        event => without_gaps(words.event())?,
        payment => context! { before },
        places => without_gaps(places)?,
        block => context! {
            event => piece("event.html")?,
            places => piece("places.html")?,
            tickets => piece("tickets.html")?,
            payment_code => piece("payment_code.html")?,
            event_text => text("event.txt")?,
            places_text => text("places.txt")?,
        },
    })
}

/// What is missing says nothing, instead of the word `none`.
fn without_gaps(value: impl Serialize) -> anyhow::Result<Value> {
    fn fill(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Null => *value = "".into(),
            serde_json::Value::Array(items) => items.iter_mut().for_each(fill),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(fill),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(value)?;
    fill(&mut value);
    Ok(Value::from(Serde(value)))
}
