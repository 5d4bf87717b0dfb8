//! The rules of preferences.

use chrono_tz::Tz;
use contract::ErrorCode;
use contract::channels::{Channel, Topic};
use contract::contact_methods::{
    ChannelPreference, NotificationPreferences, PreferenceChange, QuietHours, TopicPreference, minute_of_day,
};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use serde_json::json;
use uuid::Uuid;

use super::queries::{self, wanted};
use crate::deliveries::Way;

/// The topics that concern a person, each with every way there is to people, and their quiet hours.
pub(super) async fn get(conn: &mut Conn, user: Uuid) -> ApiResult<NotificationPreferences> {
    let said = queries::said(conn, user).await?;
    let staff = queries::is_staff(conn, user).await?;
    let ways = || Channel::ALL.iter().copied().filter(|channel| channel.to_a_person());
    let topics = Topic::ALL.iter().copied().filter(|topic| staff || !topic.for_staff());
    let topics = topics.map(|topic| {
        let way = |channel| ChannelPreference {
            channel,
            wanted: wanted(&said, topic, channel),
            always: topic.always(channel),
        };
        TopicPreference { topic, urgent: topic.urgent(), channels: ways().map(way).collect() }
    });
    Ok(NotificationPreferences { topics: topics.collect(), quiet_hours: queries::quiet(conn, user).await? })
}

/// Changes what reaches a person. `invalid_fields` for what always comes.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    user: Uuid,
    changes: &[PreferenceChange],
) -> ApiResult<NotificationPreferences> {
    let fixed = changes.iter().position(|change| !change.wanted && change.topic.always(change.channel));
    if let Some(at) = fixed {
        let (field, why) = (format!("changes[{at}].wanted"), "This always comes by mail.");
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(field, "always", why));
    }
    queries::say(tx, user, changes).await?;
    tx.audit(Change::new(None, "preferences.changed", user).after(json!({"changes": changes})));
    get(tx, user).await
}

/// Sets quiet hours. `invalid_fields` for a zone nobody knows, and for an end that is the beginning.
pub(super) async fn set_quiet(tx: &mut Tx<'_>, user: Uuid, wish: &QuietHours) -> ApiResult<QuietHours> {
    let refusal = |field: &str, code: &str, why: &str| {
        ApiError::new(ErrorCode::InvalidFields).field_fault(field, code, why)
    };
    let zone: Tz = wish
        .time_zone
        .parse()
        .map_err(|_| refusal("time_zone", "unknown_time_zone", "There is no such time zone."))?;
    let minute = |text: &str, field: &str| {
        minute_of_day(text).ok_or_else(|| refusal(field, "not_a_time", "Write a time like 22:00."))
    };
    let (begins, ends) = (minute(&wish.begins, "begins")?, minute(&wish.ends, "ends")?);
    if begins == ends {
        return Err(refusal("ends", "no_time_between", "The end is the beginning."));
    }
    queries::set_quiet(tx, user, zone.name(), (begins, ends)).await?;
    Ok(QuietHours { time_zone: zone.name().to_owned(), ..wish.clone() })
}

/// Whether a person wants to hear of a topic by a channel.
#[cfg_attr(not(test), expect(dead_code, reason = "whoever tells people something asks for it"))]
pub(crate) async fn wants(conn: &mut Conn, user: Uuid, topic: Topic, channel: Channel) -> ApiResult<bool> {
    Ok(wanted(&queries::said(conn, user).await?, topic, channel))
}

/// By which of their contact methods a person wants to hear of a topic from an organisation (none: from Ringside itself). Mail is
/// not among them: of that asks [`wants`].
#[cfg_attr(not(test), expect(dead_code, reason = "whoever tells people something asks for it"))]
pub(crate) async fn ways(
    conn: &mut Conn,
    user: Uuid,
    org: Option<Uuid>,
    topic: Topic,
) -> ApiResult<Vec<Way>> {
    let said = queries::said(conn, user).await?;
    let channels = Channel::ALL.iter().filter(|channel| channel.to_a_person() && wanted(&said, topic, **channel));
    let channels: Vec<&str> = channels.map(|channel| channel.name()).collect();
    let open = queries::open_methods(conn, user, org, &channels).await?;
    Ok(open.into_iter().map(|(id, channel, shown)| Way::Method(channel, id, shown)).collect())
}

#[cfg(test)]
mod tests {
    use testkit::Setup;

    use super::*;

    /// What is shown of the ways, in the order they were added.
    async fn shown(app: &testkit::TestApp, user: Uuid, org: Option<Uuid>, topic: Topic) -> Vec<String> {
        let ways = app.context().db.read(async |conn| ways(conn, user, org, topic).await).await;
        let of = |way| match way {
            Way::Method(_, _, shown) => shown,
            _ => unreachable!("only methods are asked for"),
        };
        ways.expect("the database answers").into_iter().map(of).collect()
    }

    #[tokio::test]
    async fn a_person_is_told_by_what_is_proved_open_wanted_and_this_organisations() {
        let app = Setup::new().start().await;
        let (org, other) = (app.org("Demo Promotions").await, app.org("Other Promotions").await);
        let fan = app.person().await.user_id;
        let mut digest = 0;
        for (org, channel, shown, verified, gone) in [
            (None, "web_push", "browser", "now()", "NULL"),
            (None, "web_push", "lost browser", "now()", "now()"),
            (Some(org), "line", "line", "now()", "NULL"),
            (Some(org), "sms", "unproved", "NULL", "NULL"),
            (Some(other), "line", "line of others", "now()", "NULL"),
        ] {
            digest += 1;
            let (id, org) = (domain::ids::new_id(), org.map_or("NULL".to_owned(), |org: Uuid| format!("'{org}'")));
            app.execute(&format!(
                "INSERT INTO contact_methods (id, user_id, org_id, channel, sealed, digest, shown, verified_at, gone_at, created_at)
                 VALUES ('{id}', '{fan}', {org}, '{channel}', '', int4send({digest}), '{shown}', {verified}, {gone}, now())"
            ))
            .await;
        }
        assert_eq!(shown(&app, fan, Some(org), Topic::Orders).await, ["browser", "line"]);
        assert_eq!(shown(&app, fan, None, Topic::Orders).await, ["browser"]);
        assert_eq!(shown(&app, fan, Some(org), Topic::News).await, ["browser"], "chats are for orders at first");
        app.execute(&format!(
            "INSERT INTO notification_preferences (user_id, topic, channel, wanted)
             VALUES ('{fan}', 'news', 'line', true), ('{fan}', 'news', 'web_push', false), ('{fan}', 'orders', 'email', false)"
        ))
        .await;
        assert_eq!(shown(&app, fan, Some(org), Topic::News).await, ["line"]);
        let wants = async |topic| app.context().db.read(async |conn| wants(conn, fan, topic, Channel::Email).await).await;
        assert!(wants(Topic::Orders).await.expect("an answer"), "what was bought always comes by mail");
        assert!(!wants(Topic::News).await.expect("an answer"));
    }
}
