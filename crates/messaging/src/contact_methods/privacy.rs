//! What a person may read of the ways to them and of what they want to hear, and how it is forgotten.

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use platform::db::{Conn, Tx};
use platform::error::ApiResult;
use platform::keys::MasterKey;
use platform::privacy::{Holder, Subject, change_of, part_of};
use serde_json::Value;

/// How a person is reached, and what they want to hear.
pub struct Notifications;

/// Addresses as they are shown: what is kept of them leads to the person's own devices.
const NOTIFICATIONS: &str = "
SELECT jsonb_build_object(
    'methods', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'channel', channel, 'organisation', o.name, 'shown', shown, 'added_at', c.created_at,
            'verified_at', verified_at, 'gone_at', gone_at) ORDER BY c.id), '[]')
          FROM contact_methods c LEFT JOIN organisations o ON o.id = c.org_id WHERE c.user_id = $1),
    'preferences', (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'topic', topic, 'channel', channel, 'wanted', wanted) ORDER BY topic, channel), '[]')
          FROM notification_preferences WHERE user_id = $1),
    'quiet_hours', (SELECT jsonb_build_object('time_zone', time_zone,
            'begins', to_char(make_interval(mins => begins), 'HH24:MI'),
            'ends', to_char(make_interval(mins => ends), 'HH24:MI'))
          FROM quiet_hours WHERE user_id = $1)) AS part";

const FORGET: [&str; 5] = [
    "DELETE FROM contact_methods WHERE user_id = $1",
    "DELETE FROM contact_links WHERE user_id = $1",
    "DELETE FROM contact_codes_sent WHERE user_id = $1",
    "DELETE FROM notification_preferences WHERE user_id = $1",
    "DELETE FROM quiet_hours WHERE user_id = $1",
];

impl Holder for Notifications {
    fn part(&self) -> &'static str {
        "notifications"
    }

    fn export<'a>(
        &'a self,
        conn: &'a mut Conn,
        _: &'a MasterKey,
        subject: &'a Subject,
    ) -> LocalBoxFuture<'a, ApiResult<Value>> {
        part_of(conn, NOTIFICATIONS, subject).boxed_local()
    }

    fn erase<'a>(&'a self, tx: &'a mut Tx<'_>, subject: &'a Subject) -> LocalBoxFuture<'a, ApiResult<()>> {
        async move {
            for statement in FORGET {
                change_of(tx, statement, subject).await?;
            }
            Ok(())
        }
        .boxed_local()
    }
}
