//! The rules of counting.

use contract::ErrorCode;
use contract::templates::Measure;
use platform::db::Db;
use platform::error::ApiResult;
use platform::keys::MasterKey;
use uuid::Uuid;

use super::{letter, queries};
use crate::mail_tokens;
use crate::templates::note_event;

/// Where the link of a token leads, noted when it may be.
///
/// # Errors
/// `not_found` for a token that is not of ours, and when its letter is kept no more.
pub(super) async fn follow(db: &Db, keys: &MasterKey, token: &str) -> ApiResult<String> {
    let (delivery, number) = mail_tokens::link(keys, token).ok_or(ErrorCode::NotFound)?;
    let found = find(db, delivery).await?;
    let to = letter::link(&found.html, number).ok_or(ErrorCode::NotFound)?;
    note(db, delivery, &found, Measure::Click).await?;
    Ok(to)
}

/// Notes that a letter was opened, when it may be.
///
/// # Errors
/// As for [`follow`].
pub(super) async fn opened(db: &Db, keys: &MasterKey, token: &str) -> ApiResult<()> {
    let delivery = mail_tokens::opening(keys, token).ok_or(ErrorCode::NotFound)?;
    let found = find(db, delivery).await?;
    note(db, delivery, &found, Measure::Open).await
}

async fn find(db: &Db, delivery: Uuid) -> ApiResult<queries::Letter> {
    let found = db.read(async |conn| queries::letter(conn, delivery).await).await?;
    found.ok_or_else(|| ErrorCode::NotFound.into())
}

async fn note(db: &Db, delivery: Uuid, letter: &queries::Letter, what: Measure) -> ApiResult<()> {
    if !letter.counts {
        return Ok(());
    }
    db.write(async |tx| note_event(tx, delivery, what).await).await
}
