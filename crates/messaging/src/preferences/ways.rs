//! By which ways a topic reaches a person.

use std::collections::HashMap;

use contract::channels::{Channel, Topic};
use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

/// What reaches a person beside the web app itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    /// Whether they want mail.
    pub mail: bool,
    /// Their contact methods that are proven, lead somewhere and are wanted.
    pub methods: Vec<Method>,
}

/// A contact method, as a message names it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Method {
    pub id: Uuid,
    pub channel: Channel,
    pub shown: String,
}

#[derive(QueryableByName)]
struct MethodRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    shown: String,
}

#[derive(QueryableByName)]
struct Preference {
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Bool)]
    wanted: bool,
}

/// By which ways a topic of an organisation reaches a person: what they prefer, else the topic's own rule. An
/// organisation's account reaches only those who gave their address to it.
pub(crate) async fn ways(conn: &mut Conn, user: Uuid, org: Uuid, topic: Topic) -> ApiResult<Ways> {
    let preferences =
        sql("SELECT channel, wanted FROM notification_preferences WHERE user_id = $1 AND topic = $2");
    let preferences: Vec<Preference> =
        preferences.bind::<SqlUuid, _>(user).bind::<Text, _>(topic.name()).load(conn).await?;
    let said: HashMap<String, bool> = preferences.into_iter().map(|it| (it.channel, it.wanted)).collect();
    let wanted = |channel: Channel| {
        topic.always(channel)
            || said.get(channel.name()).copied().unwrap_or_else(|| topic.wanted_at_first(channel))
    };
    let methods = sql("SELECT id, channel, shown FROM contact_methods
                        WHERE user_id = $1 AND (org_id IS NULL OR org_id = $2)
                          AND verified_at IS NOT NULL AND gone_at IS NULL ORDER BY id");
    let rows: Vec<MethodRow> = methods.bind::<SqlUuid, _>(user).bind::<SqlUuid, _>(org).load(conn).await?;
    let mut methods = Vec::new();
    for row in rows {
        let channel = Channel::from_name(&row.channel);
        let channel =
            channel.ok_or_else(|| ApiError::internal(anyhow::anyhow!("unknown channel {}", row.channel)))?;
        if wanted(channel) {
            methods.push(Method { id: row.id, channel, shown: row.shown });
        }
    }
    Ok(Ways { mail: wanted(Channel::Email), methods })
}
