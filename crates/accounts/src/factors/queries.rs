//! What several kinds of factors ask the database.

use chrono::{DateTime, Utc};
use contract::factors::Method;
use db_schema::people;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::{Conn, sql};
use platform::error::ApiResult;
use uuid::Uuid;

use crate::post::Addressee;

/// What a person has to prove who they are with.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Has {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) totp_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    pub(super) passkey: bool,
    #[diesel(sql_type = BigInt)]
    pub(super) recovery_codes: i64,
    #[diesel(sql_type = Bool)]
    pub(super) mail: bool,
}

impl Has {
    /// Whether they have set up a factor of their own.
    pub(super) const fn any(self) -> bool {
        self.totp_since.is_some() || self.passkey
    }

    /// How they can answer a question beside their password, best first.
    pub(super) fn methods(self, passkeys_work: bool) -> Vec<Method> {
        let all = [
            (Method::Passkey, self.passkey && passkeys_work),
            (Method::Totp, self.totp_since.is_some()),
            (Method::MailCode, self.mail),
            (Method::RecoveryCode, self.recovery_codes > 0),
        ];
        all.into_iter().filter(|(_, usable)| *usable).map(|(method, _)| method).collect()
    }
}

pub(super) async fn has(conn: &mut Conn, user_id: Uuid) -> ApiResult<Has> {
    let found = sql("
        SELECT (SELECT confirmed_at FROM totp_secrets WHERE user_id = person.id) AS totp_since,
               EXISTS (SELECT FROM passkeys WHERE user_id = person.id) AS passkey,
               (SELECT count(*) FROM recovery_codes WHERE user_id = person.id AND used_at IS NULL) AS recovery_codes,
               person.verified_at IS NOT NULL AS mail
        FROM people AS person WHERE person.id = $1")
    .bind::<SqlUuid, _>(user_id)
    .get_result(conn)
    .await?;
    Ok(found)
}

/// Whether a person has set up a second factor.
pub(crate) async fn has_factor(conn: &mut Conn, user_id: Uuid) -> ApiResult<bool> {
    Ok(has(conn, user_id).await?.any())
}

/// Holds a person's factors still until the transaction ends: of two changes one waits for the other.
pub(super) async fn lock(conn: &mut Conn, user_id: Uuid) -> ApiResult<()> {
    let _: Uuid = people::table.find(user_id).select(people::id).for_no_key_update().first(conn).await?;
    Ok(())
}

/// Where letters to a person go.
pub(super) async fn addressee(conn: &mut Conn, user_id: Uuid) -> ApiResult<Addressee> {
    let (name, address, locale): (String, String, String) =
        people::table.find(user_id).select((people::name, people::email, people::locale)).first(conn).await?;
    Ok(Addressee { name, address, locale: Locale::from_tag(&locale).unwrap_or_default() })
}
