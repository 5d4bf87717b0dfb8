//! Whether a delivery may leave now: its address still leads somewhere, its reader does not want quiet, and the
//! provider takes more.

use chrono::{DateTime, Utc};
use contract::channels::{Channel, Topic};
use contract::deliveries::DeliveryState;
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use platform::jobs::JobContext;
use uuid::Uuid;

use super::mail;
use super::queries::Outgoing;
use crate::channels::queries::{self, AccountRow, AddressRow};
use crate::channels::{Extras, Parcel, email, pace};
use crate::contact_methods::{CODE, CODE_LASTS};
use crate::preferences::quiet;
use crate::{mail_choices, sending_domain, suppressions};

/// What is to be done with a delivery.
pub(super) enum Ready {
    /// It goes, by this route.
    Go(Box<Parcel>, Route),
    /// Not before then; `reserved`: an instant of the provider's is taken for it.
    Wait { until: DateTime<Utc>, reserved: bool },
    /// It ends here, for this reason.
    End(DeliveryState, &'static str),
}

/// By what it goes.
pub(super) struct Route {
    /// Whose pace it goes at: `email`, or the id of an account, a room or a contact method.
    pub pace: String,
    /// How many messages a minute are taken there; none: as many as come.
    per_minute: Option<i32>,
    /// The account by which it goes.
    pub account: Option<Uuid>,
    /// The address it goes to, as it was sealed when it was read.
    pub sealed: Option<Vec<u8>>,
}

/// The pace of the mail server.
const MAIL: &str = "email";
/// What a room takes a minute: all of the providers document about one message a second.
const A_ROOM_TAKES: i32 = 50;

/// What the database knows of the way: the address as it is sealed, and the account.
enum Way {
    Open { route: Route, address: Option<(AddressRow, String)>, account: Option<AccountRow> },
    Closed(DeliveryState, &'static str),
}

/// Looks whether a delivery may leave; `reserved`: its turn at the provider has come.
pub(super) async fn look(context: &JobContext, message: Outgoing, reserved: bool) -> ApiResult<Ready> {
    let now = context.now();
    if message.template == CODE && now - message.created_at > CODE_LASTS {
        return Ok(Ready::End(DeliveryState::Failed, "the code is over"));
    }
    let (quiet_until, way) = context
        .db
        .read(async |conn| {
            Ok((
                wants_quiet(conn, &message, now).await?,
                way(conn, &message, context.app.config.mail_per_minute).await?,
            ))
        })
        .await?;
    let (route, address, account) = match (quiet_until, way) {
        (_, Way::Closed(state, why)) => return Ok(Ready::End(state, why)),
        (Some(until), _) => return Ok(Ready::Wait { until, reserved: false }),
        (None, Way::Open { route, address, account }) => (route, address, account),
    };
    let sealed = address.as_ref().map(|(row, _)| row.sealed.clone());
    let route = Route { sealed, ..route };
    // What somebody waits for at their screen does not stand behind ten thousand others.
    let reserved = reserved || message.topic == Topic::Account;
    if let Some(until) = context.db.write(async |tx| turn(tx, &route, reserved, now).await).await? {
        return Ok(Ready::Wait { until, reserved: true });
    }
    Ok(Ready::Go(Box::new(pack(context, message, address, account).await?), route))
}

/// Until when its reader wants quiet.
async fn wants_quiet(
    conn: &mut Conn,
    message: &Outgoing,
    now: DateTime<Utc>,
) -> ApiResult<Option<DateTime<Utc>>> {
    match message.user_id {
        Some(user) if message.channel.is_loud() && !message.topic.urgent() => {
            quiet::until(conn, user, now).await
        }
        _ => Ok(None),
    }
}

async fn way(conn: &mut Conn, message: &Outgoing, mail_per_minute: Option<i32>) -> ApiResult<Way> {
    match (message.channel, message.contact_method_id, message.destination_id) {
        (Channel::Email, ..) => mail(conn, message, mail_per_minute).await,
        (channel, Some(method), _) => to_a_person(conn, message, channel, method).await,
        (_, _, Some(room)) => to_a_room(conn, room).await,
        (channel, ..) if message.typed_address.is_some() => as_typed(conn, message, channel).await,
        _ => Ok(Way::Closed(DeliveryState::Suppressed, "its address was taken away")),
    }
}

async fn mail(conn: &mut Conn, message: &Outgoing, per_minute: Option<i32>) -> ApiResult<Way> {
    let (to, topic) = (&message.recipient, message.topic);
    if let Some(why) = suppressions::held_back(conn, message.org_id, to, topic).await? {
        return Ok(Way::Closed(DeliveryState::Suppressed, why));
    }
    if !mail_choices::wants(conn, message.user_id, to, topic).await? {
        return Ok(Way::Closed(DeliveryState::Suppressed, "its reader wants no such mail"));
    }
    let route = Route { pace: MAIL.to_owned(), per_minute, account: None, sealed: None };
    Ok(Way::Open { route, address: None, account: None })
}

async fn to_a_person(conn: &mut Conn, message: &Outgoing, channel: Channel, method: Uuid) -> ApiResult<Way> {
    let address = match queries::method(conn, method).await? {
        Some(address) if address.open => Some((address, queries::method_purpose(method))),
        _ => return Ok(Way::Closed(DeliveryState::Suppressed, "the address takes nothing any more")),
    };
    if !channel.by_account() {
        let route =
            Route { pace: method.to_string(), per_minute: Some(A_ROOM_TAKES), account: None, sealed: None };
        return Ok(Way::Open { route, address, account: None });
    }
    by_account(conn, message, channel, address).await
}

/// A test, to an address that stands nowhere but in the message.
async fn as_typed(conn: &mut Conn, message: &Outgoing, channel: Channel) -> ApiResult<Way> {
    let sealed = message.typed_address.clone();
    let address =
        sealed.map(|sealed| (AddressRow { sealed, open: true }, queries::typed_purpose(message.id)));
    by_account(conn, message, channel, address).await
}

async fn by_account(
    conn: &mut Conn,
    message: &Outgoing,
    channel: Channel,
    address: Option<(AddressRow, String)>,
) -> ApiResult<Way> {
    let account = match message.org_id {
        Some(org) => queries::account(conn, org, channel).await?,
        None => None,
    };
    Ok(match account {
        None => Way::Closed(DeliveryState::Kept, "no provider is set up for this channel"),
        Some(account) => {
            let (id, per_minute) = (account.id, Some(account.per_minute));
            let route = Route { pace: id.to_string(), per_minute, account: Some(id), sealed: None };
            Way::Open { route, address, account: Some(account) }
        }
    })
}

async fn to_a_room(conn: &mut Conn, room: Uuid) -> ApiResult<Way> {
    Ok(match queries::destination(conn, room).await? {
        Some(address) if address.open => Way::Open {
            route: Route {
                pace: room.to_string(),
                per_minute: Some(A_ROOM_TAKES),
                account: None,
                sealed: None,
            },
            address: Some((address, queries::destination_purpose(room))),
            account: None,
        },
        _ => Way::Closed(DeliveryState::Suppressed, "the room was closed"),
    })
}

/// When its turn at the provider comes, where that is later than now.
async fn turn(
    conn: &mut Conn,
    route: &Route,
    reserved: bool,
    now: DateTime<Utc>,
) -> ApiResult<Option<DateTime<Utc>>> {
    let paused = pace::paused(conn, &route.pace, now).await?;
    if reserved && paused.is_none() {
        return Ok(None);
    }
    let Some(per_minute) = route.per_minute else { return Ok(paused) };
    let slot = pace::reserve(conn, &route.pace, per_minute, now).await?;
    Ok((slot > now).then_some(slot))
}

async fn pack(
    context: &JobContext,
    mut message: Outgoing,
    address: Option<(AddressRow, String)>,
    account: Option<AccountRow>,
) -> ApiResult<Parcel> {
    let keys = &context.app.keys;
    let address = match address {
        None => message.recipient.clone(),
        Some((row, purpose)) => {
            String::from_utf8(keys.open(&purpose, &row.sealed)?).map_err(ApiError::internal)?
        }
    };
    let callback = account
        .as_ref()
        .map(|account| format!("{}/api/v1/provider-reports/{}", context.app.config.public_url(), account.id));
    let account = account
        .map(|account| {
            let settings = keys.open(&queries::account_purpose(account.id), &account.sealed)?;
            serde_json::from_slice(&settings).map_err(anyhow::Error::from)
        })
        .transpose()?;
    let (extras, sender) = match message.channel {
        Channel::Email => {
            let extras = mail::finish(context, &mut message).await?;
            let sender = sender(context, &message, &extras).await;
            (extras, sender)
        }
        _ => (Extras::default(), None),
    };
    Ok(Parcel { message, address, account, callback, sender, extras })
}

/// The organisation's own address. A mail from the configured one is better than none.
async fn sender(context: &JobContext, message: &Outgoing, extras: &Extras) -> Option<sending_domain::Sender> {
    let also = email::list_headers(extras);
    let found = sending_domain::sender(&context.db, &context.app.keys, message.org_id, &also).await;
    found.unwrap_or_else(|error| {
        tracing::error!(error = format!("{error:#}"), id = %message.id, "a mail cannot come from the organisation's own address");
        None
    })
}
