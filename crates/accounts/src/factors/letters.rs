//! Letters about second factors.

use domain::{AccountLetter, FactorChange};
use platform::db::Tx;
use platform::error::ApiResult;
use platform::state::App;
use uuid::Uuid;

use super::queries;
use crate::post;

/// Tells a person that their second factors have changed: whoever did it, they should know.
pub(super) async fn tell(tx: &mut Tx<'_>, app: &App, user_id: Uuid, change: FactorChange) -> ApiResult<()> {
    let to = queries::addressee(tx, user_id).await?;
    let link = format!("{}/account/security", app.config.public_url());
    post::post(tx, &app.keys, &to, &AccountLetter::FactorChanged { change, link }).await
}

/// Mails a code to the person it proves.
pub(super) async fn send_code(tx: &mut Tx<'_>, app: &App, user_id: Uuid, code: &str) -> ApiResult<()> {
    let to = queries::addressee(tx, user_id).await?;
    post::post(tx, &app.keys, &to, &AccountLetter::SignInCode { code: code.to_owned() }).await
}
