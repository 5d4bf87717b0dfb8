//! Writing how often keys were used.

use platform::error::ApiResult;
use platform::state::App;

use super::queries;

/// Writes the uses counted since the last time; a process that serves calls it every
/// `UseCounter::WRITE_EVERY`. What cannot be written is kept for the next time.
///
/// # Errors
/// When the database does not answer.
pub async fn write_key_uses(app: &App) -> ApiResult<()> {
    let uses = app.key_uses.take();
    if uses.is_empty() {
        return Ok(());
    }
    let written = app.db.write(async |tx| queries::add_uses(tx, &uses).await).await;
    if written.is_err() {
        for kept in uses {
            app.key_uses.add(kept);
        }
    }
    written
}
