//! What other areas have to say, as letters for messaging: accounts' own, how to pay when an order is
//! placed, the tickets when it is paid.

use accounts::{Addressee, PostLetter};
use anyhow::Context as _;
use contract::{events::PublicEvent, orders, templates::LetterKind};
use domain::{AccountLetter, Locale, Money, Permission, seat::SeatLabel, state::OrderState};
use futures_util::{FutureExt as _, future::LocalBoxFuture};
use messaging::{
    deliveries::{Mail, Recipient},
    letters::{Event, Letter, Order, Place, Ticket},
    templates::{FindLetters, example::NO_CODE},
};
use platform::{error::ApiResult, state::App};
use ticketing::orders::service::{OrderDetails, details, latest};
use uuid::Uuid;

/// Width and height of QR images in mails, in pixels.
const QR_SIZE: u32 = 480;

/// How to pay, for the buyer of an order; nothing when the order has moved on meanwhile: nobody is
/// asked to pay for what is paid.
pub async fn order_placed(app: &App, order_id: Uuid) -> anyhow::Result<Option<Mail>> {
    let details = details(app, order_id).await?;
    if details.order.state != OrderState::Pending {
        return Ok(None);
    }
    let letter = placed(app, &details).await?;
    Ok(Some(mail(&details, letter, "order_placed")))
}

/// The tickets, for the buyer of an order; nothing when it was cancelled meanwhile.
pub async fn order_paid(app: &App, order_id: Uuid) -> anyhow::Result<Option<Mail>> {
    let details = details(app, order_id).await?;
    if details.order.state != OrderState::Paid {
        return Ok(None);
    }
    let letter = paid(app, &details).await?;
    Ok(Some(mail(&details, letter, "order_paid")))
}

fn mail(details: &OrderDetails, letter: Letter, cause: &str) -> Mail {
    let buyer = &details.order.buyer;
    Mail {
        org_id: Some(details.org_id),
        to: Recipient { name: buyer.name.clone(), address: buyer.email.clone() },
        locale: buyer.locale,
        letter,
        cause: format!("{cause}:{}", details.order.id),
    }
}

/// A letter about an account.
pub fn account(job: &PostLetter, app: &App) -> anyhow::Result<Mail> {
    let (to, letter) = job.open(&app.keys)?;
    Ok(Mail {
        org_id: None,
        to: Recipient { name: to.name.clone(), address: to.address },
        locale: to.locale,
        letter: Letter::Account { name: to.name, letter },
        cause: format!("account:{}", job.id),
    })
}

/// That an endpoint of webhooks was switched off by itself, for each of those who look after them; nothing when it
/// was switched on again meanwhile.
pub async fn webhook_disabled(app: &App, org: Uuid, endpoint: Uuid) -> anyhow::Result<Vec<Mail>> {
    let found = app
        .db
        .read(async |conn| {
            let disabled = messaging::webhooks::disabled(conn, org, endpoint).await?;
            let (organisation, people) = accounts::who_may(conn, org, Permission::WebhooksManage).await?;
            Ok(disabled.map(|disabled| (disabled, organisation, people)))
        })
        .await?;
    let Some((disabled, organisation, people)) = found else { return Ok(Vec::new()) };
    let letter = AccountLetter::WebhookDisabled {
        address: disabled.url,
        organisation,
        gone: disabled.gone,
        link: format!("{}/console/webhooks?endpoint={endpoint}", app.config.public_url()),
    };
    let mail = |(id, to): (Uuid, Addressee)| Mail {
        org_id: None,
        to: Recipient { name: to.name.clone(), address: to.address },
        locale: to.locale,
        letter: Letter::Account { name: to.name, letter: letter.clone() },
        // One for each person and occasion.
        cause: format!("webhook_disabled:{id}:{endpoint}:{}", disabled.at),
    };
    Ok(people.into_iter().map(mail).collect())
}

async fn placed(app: &App, details: &OrderDetails) -> anyhow::Result<Letter> {
    let order = &details.order;
    let payment =
        app.db.write(async |tx| ticketing::payments::start_for_mail(tx, app, order.id).await).await?;
    let payment_qr = payment.promptpay.map(|text| ticketing::qr::as_png(&text, QR_SIZE)).transpose()?;
    Ok(Letter::OrderPlaced {
        order: about(app, order).await?,
        places: places(app, order).await?,
        pay_before: order.expires_at.context("a pending order expires")?,
        payment_qr,
    })
}

/// What is bought, in the buyer's words.
async fn places(app: &App, order: &orders::Order) -> anyhow::Result<Vec<Place>> {
    let names = app
        .db
        .read(async |conn| ticketing::shop::zone_names(conn, order.event_id, order.buyer.locale).await)
        .await?;
    let mut places = Vec::with_capacity(order.places.len());
    for place in &order.places {
        let zone = names.get(&place.zone).unwrap_or(&place.zone).clone();
        places.push(in_words(zone, place.seat.as_deref(), &place.tier, place.price)?);
    }
    Ok(places)
}

/// The latest order of an organisation as a letter to be looked at by its staff: no code in it admits or
/// pays, and its link opens nothing without signing in.
pub struct LatestOrders;

impl FindLetters for LatestOrders {
    fn latest<'a>(
        &'a self,
        app: &'a App,
        org: Uuid,
        kind: LetterKind,
        locale: Locale,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Letter>>> {
        async move {
            let Some(id) = latest(app, org, kind == LetterKind::OrderPaid).await? else { return Ok(None) };
            let mut order = details(app, id).await?.order;
            order.access = None;
            order.buyer.locale = locale;
            Ok(Some(to_look_at(app, &order, kind).await?))
        }
        .boxed_local()
    }
}

async fn to_look_at(app: &App, order: &orders::Order, kind: LetterKind) -> anyhow::Result<Letter> {
    let (about, places) = (about(app, order).await?, places(app, order).await?);
    Ok(match kind {
        LetterKind::OrderPlaced => Letter::OrderPlaced {
            order: about,
            places,
            pay_before: order.expires_at.unwrap_or(order.placed_at),
            payment_qr: Some(NO_CODE.to_vec()),
        },
        LetterKind::OrderPaid => {
            let ticket = |place| Ticket { place, qr: NO_CODE.to_vec() };
            Letter::OrderPaid {
                order: about,
                tickets: places.into_iter().map(ticket).collect(),
                pdf: Vec::new(),
            }
        }
    })
}

async fn paid(app: &App, details: &OrderDetails) -> anyhow::Result<Letter> {
    let order = &details.order;
    let documents = details.documents.clone();
    let pdf = tokio::task::spawn_blocking(move || documents::render_tickets(&documents)).await??;
    let mut tickets = Vec::with_capacity(order.tickets.len());
    for ticket in &order.tickets {
        let Some(code) = &ticket.code else { continue };
        tickets.push(Ticket {
            place: in_words(ticket.zone_name.clone(), ticket.seat.as_deref(), &ticket.tier, ticket.price)?,
            qr: ticketing::qr::as_png(code, QR_SIZE)?,
        });
    }
    Ok(Letter::OrderPaid { order: about(app, order).await?, tickets, pdf })
}

fn in_words(zone: String, seat: Option<&str>, tier: &str, price: Money) -> anyhow::Result<Place> {
    let label = seat.map(str::parse::<SeatLabel>).transpose()?;
    Ok(Place {
        zone,
        row: label.as_ref().map(|label| label.row().to_owned()),
        seat: label.as_ref().map(|label| label.number().to_owned()),
        tier: tier.to_owned(),
        price,
    })
}

/// The title of an order's event, in the buyer's language.
pub async fn event_title(app: &App, order: &orders::Order) -> anyhow::Result<String> {
    Ok(about(app, order).await?.event.title)
}

async fn about(app: &App, order: &orders::Order) -> anyhow::Result<Order> {
    let (locale, now, id) = (order.buyer.locale, app.clock.now(), order.event_id.to_string());
    let event: PublicEvent =
        app.db.read(async |conn| ticketing::shop::event(conn, locale, now, &id).await).await?;
    // Without the secret the page still opens for a buyer who is signed in.
    let access = order.access.as_ref().map(|access| format!("#access={access}")).unwrap_or_default();
    Ok(Order {
        shop: event.promoter,
        reference: order.reference.clone(),
        buyer: order.buyer.name.clone(),
        total: order.total,
        url: format!("{}/orders/{}{access}", app.config.public_url(), order.id),
        event: Event {
            title: event.title,
            main_bout: event.bouts.first().map(|bout| (bout.red.clone(), bout.blue.clone())),
            doors_at: event.doors_at,
            starts_at: event.starts_at,
            time_zone: event.time_zone,
            venue: event.venue_name,
            address: event.venue_address,
        },
    })
}
