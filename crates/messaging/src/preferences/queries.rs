//! Every statement about preferences and quiet hours.

use contract::channels::{Channel, Topic};
use contract::contact_methods::{PreferenceChange, QuietHours, time_of_day};
use diesel::prelude::*;
use diesel::sql_types::{Bool, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// What a person has said of a topic and a channel.
#[derive(QueryableByName)]
pub(super) struct Said {
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Bool)]
    wanted: bool,
}

/// Whether a topic is wanted by a channel, as said, or by the topic's own rule.
pub(super) fn wanted(said: &[Said], topic: Topic, channel: Channel) -> bool {
    let named = said
        .iter()
        .find(|said| (said.topic.as_str(), said.channel.as_str()) == (topic.name(), channel.name()));
    topic.always(channel) || named.map_or(topic.wanted_at_first(channel), |said| said.wanted)
}

/// All a person has said.
pub(super) async fn said(conn: &mut Conn, user: Uuid) -> ApiResult<Vec<Said>> {
    let query = sql("SELECT topic, channel, wanted FROM notification_preferences WHERE user_id = $1");
    Ok(query.bind::<SqlUuid, _>(user).load(conn).await?)
}

/// Keeps what a person says now.
pub(super) async fn say(conn: &mut Conn, user: Uuid, changes: &[PreferenceChange]) -> ApiResult<()> {
    for change in changes {
        sql("INSERT INTO notification_preferences (user_id, topic, channel, wanted) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, topic, channel) DO UPDATE SET wanted = excluded.wanted")
        .bind::<SqlUuid, _>(user)
        .bind::<Text, _>(change.topic.name())
        .bind::<Text, _>(change.channel.name())
        .bind::<Bool, _>(change.wanted)
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Whether somebody works for an organisation.
pub(super) async fn is_staff(conn: &mut Conn, user: Uuid) -> ApiResult<bool> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Bool)]
        staff: bool,
    }
    let query = sql("SELECT EXISTS (SELECT FROM members WHERE user_id = $1) AS staff");
    Ok(query.bind::<SqlUuid, _>(user).get_result::<Row>(conn).await?.staff)
}

/// When a person wants quiet.
pub(super) async fn quiet(conn: &mut Conn, user: Uuid) -> ApiResult<Option<QuietHours>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        time_zone: String,
        #[diesel(sql_type = SmallInt)]
        begins: i16,
        #[diesel(sql_type = SmallInt)]
        ends: i16,
    }
    let query = sql("SELECT time_zone, begins, ends FROM quiet_hours WHERE user_id = $1");
    let row: Option<Row> = query.bind::<SqlUuid, _>(user).get_result(conn).await.optional()?;
    Ok(row.map(|row| QuietHours {
        time_zone: row.time_zone,
        begins: time_of_day(row.begins),
        ends: time_of_day(row.ends),
    }))
}

/// Sets it, in minutes of the day.
pub(super) async fn set_quiet(
    conn: &mut Conn,
    user: Uuid,
    time_zone: &str,
    (begins, ends): (i16, i16),
) -> ApiResult<()> {
    sql("INSERT INTO quiet_hours (user_id, time_zone, begins, ends) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET
             time_zone = excluded.time_zone, begins = excluded.begins, ends = excluded.ends")
    .bind::<SqlUuid, _>(user)
    .bind::<Text, _>(time_zone)
    .bind::<SmallInt, _>(begins)
    .bind::<SmallInt, _>(ends)
    .execute(conn)
    .await?;
    Ok(())
}

/// No quiet any more.
pub(super) async fn remove_quiet(conn: &mut Conn, user: Uuid) -> ApiResult<()> {
    sql("DELETE FROM quiet_hours WHERE user_id = $1").bind::<SqlUuid, _>(user).execute(conn).await?;
    Ok(())
}
