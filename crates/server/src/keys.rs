//! `ringside keys`: looks at the ring of master keys, and puts a new one in front.

use std::process::ExitCode;

use clap::Subcommand;
use platform::config::Config;
use platform::keys::{self, KeyId, SEALED};
use platform::state::App;

use crate::database::Database;

/// What to do with the master keys.
#[derive(Clone, Copy, Subcommand)]
pub enum Task {
    /// Lists the keys, newest first, and what each has sealed.
    List,
    /// Adds a key and seals everything anew, while servers run.
    Rotate,
    /// Seals anew what older keys sealed: after a rotation that was interrupted, or of configured keys.
    Reseal,
}

/// Does it. Ends non-zero when something can be opened by no key.
pub fn run(config: &Config, task: Task) -> anyhow::Result<ExitCode> {
    Database::open(config)?.with_app(config, async |app| match task {
        Task::List => list(app).await,
        Task::Rotate => {
            println!("new key {}", app.keys.rotate()?);
            reseal(app).await
        }
        Task::Reseal => reseal(app).await,
    })
}

async fn list(app: &App) -> anyhow::Result<ExitCode> {
    let (known, usage) = (app.keys.ids(), keys::usage(&app.db, SEALED).await?);
    for (place, id) in known.iter().enumerate() {
        println!("{id}  {}", if place == 0 { "seals" } else { "opens" });
        for used in usage.iter().filter(|used| used.key == Some(*id)) {
            println!("          {:>8}  {}", used.count, used.column);
        }
    }
    let lost = |key: Option<KeyId>| key.is_some_and(|id| !known.contains(&id));
    for used in usage.iter().filter(|used| used.key.is_none()) {
        println!("no name   {:>8}  {}", used.count, used.column);
    }
    let mut all_open = true;
    for used in usage.iter().filter(|used| lost(used.key)) {
        all_open = false;
        println!("{} is not in the ring: {:>8}  {}", named(used.key), used.count, used.column);
    }
    Ok(if all_open { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn reseal(app: &App) -> anyhow::Result<ExitCode> {
    let report = keys::reseal(&app.db, &app.keys, SEALED).await?;
    println!("{} values sealed anew by {}", report.resealed, app.keys.current());
    for place in &report.unopened {
        println!("cannot be opened: {} of {}, sealed by {}", place.column, place.id, named(place.key));
    }
    Ok(if report.unopened.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn named(key: Option<KeyId>) -> String {
    key.map_or_else(|| "a key without a name".to_owned(), |id| id.to_string())
}
