//! Whom a report is about.

use chrono::{DateTime, Utc};
use contract::channels::Channel;
use diesel::sql_types::{Array, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

/// Closes what leads to an address by an organisation's account, since then, or opens it again.
pub(super) async fn set_gone(
    conn: &mut Conn,
    (org, channel): (Uuid, Channel),
    digests: &[Vec<u8>],
    since: Option<DateTime<Utc>>,
) -> ApiResult<usize> {
    let changed = sql("
        UPDATE contact_methods SET gone_at = $4
         WHERE org_id = $1 AND channel = $2 AND digest = ANY($3) AND (gone_at IS NULL) <> ($4::timestamptz IS NULL)")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(channel.name())
    .bind::<Array<Binary>, _>(digests)
    .bind::<Nullable<Timestamptz>, _>(since)
    .execute(conn)
    .await?;
    Ok(changed)
}
