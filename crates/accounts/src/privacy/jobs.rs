//! Making copies, forgetting people whose wait is over, and letting old things go.

use std::sync::Arc;
use std::time::Duration;

use domain::{AccountLetter, Locale};
use platform::audit::Change;
use platform::jobs::{Job, JobContext, Registry};
use platform::privacy::{Holders, retain_all};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{queries, service, unproven};
use crate::post::post;

/// Makes a copy of a person's data.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MakeExport {
    pub export_id: Uuid,
}

impl Job for MakeExport {
    const KIND: &'static str = "make_data_export";
}

/// Prints a copy as a PDF to read: its parts by their names.
pub type Print = Arc<dyn Fn(&Map<String, Value>, Locale) -> anyhow::Result<Vec<u8>> + Send + Sync>;

/// The background work of privacy, over what all areas hold.
pub fn jobs(registry: &mut Registry, holders: &Holders, print: &Print) {
    let (all, printer) = (Arc::clone(holders), Arc::clone(print));
    registry.on(move |context: JobContext, job: MakeExport| {
        let (all, printer) = (Arc::clone(&all), Arc::clone(&printer));
        async move { make_export(&context, &all, &printer, job.export_id).await }
    });
    let all = Arc::clone(holders);
    registry.every("erase_people", Duration::from_secs(300), move |context: JobContext| {
        let all = Arc::clone(&all);
        async move { erase_due(&context, &all).await }
    });
    let all = Arc::clone(holders);
    registry.every("let_go", Duration::from_secs(3_600), move |context: JobContext| {
        let all = Arc::clone(&all);
        async move {
            let done = context.db.write(async |tx| retain_all(tx, &all).await).await?;
            let swept = unproven::sweep(&context.db, &all).await?;
            for (rule, rows) in done.into_iter().chain(swept) {
                tracing::info!(rule, rows, "what was kept long enough was let go");
            }
            Ok(())
        }
    });
}

async fn make_export(context: &JobContext, holders: &Holders, print: &Print, id: Uuid) -> anyhow::Result<()> {
    let (db, keys) = (&context.db, &context.app.keys);
    // The account may have been erased meanwhile, or a worker lost after the copy was made.
    let Some(person) = db.read(async |conn| queries::waiting_export(conn, id).await).await? else {
        return Ok(());
    };
    let (to, parts) = db
        .read(async |conn| {
            let (to, _) = queries::addressee(conn, person).await?;
            let subject = service::subject(conn, holders, person).await?;
            let mut parts = Map::new();
            for holder in holders.iter() {
                parts.insert(holder.part().to_owned(), holder.export(conn, keys, &subject).await?);
            }
            Ok((to, parts))
        })
        .await?;
    let pdf = keys.seal(service::SEALED_FOR, &print(&parts, to.locale)?);
    let json = keys.seal(service::SEALED_FOR, &serde_json::to_vec_pretty(&parts)?);
    let link = format!("{}/account/privacy", context.app.config.public_url());
    let done = db.write(async |tx| {
        let now = tx.now();
        if queries::keep_export(tx, id, &json, &pdf, now, now + service::FETCHED_FOR).await? {
            let letter = AccountLetter::ExportReady { link: link.clone() };
            post(tx, keys, &to, &letter).await?;
            tx.audit(Change::new(None, "privacy.export_made", person));
        }
        Ok(())
    });
    Ok(done.await?)
}

async fn erase_due(context: &JobContext, holders: &Holders) -> anyhow::Result<()> {
    let (db, keys, now) = (&context.db, &context.app.keys, context.now());
    let due = db.read(async |conn| queries::due_erasures(conn, now).await).await?;
    for open in &due {
        if !db.write(async |tx| service::erase(tx, keys, holders, open).await).await? {
            tracing::warn!(person = %open.user_id, "cannot be erased: the last owner of an organisation");
        }
    }
    Ok(())
}
