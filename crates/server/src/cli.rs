//! The commands of `ringside`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use platform::config::{Config, Part};

use crate::{database, keys, openapi, seed, serve, verify};

#[derive(Parser)]
#[command(name = "ringside", version, about = "Runs fight night: sells the seat, admits the guest.")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the web apps and the API, and does background work (what exactly: RINGSIDE_ROLES). The default.
    Serve,
    /// Does background work only.
    Work,
    /// Brings the database up to date.
    Migrate,
    /// Prints the OpenAPI document.
    Openapi,
    /// Fills the demo data, once.
    Seed,
    /// Prints the newest letters about the account of an address that were kept for want of a mail server.
    Letters {
        /// The address.
        address: String,
    },
    /// Checks that what must always hold does hold; changes nothing.
    Verify,
    /// Lists and rotates the master keys.
    Keys {
        #[command(subcommand)]
        task: keys::Task,
    },
}

/// Runs what the command line says. An error is told in words and ends with 1.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command.unwrap_or(Command::Serve)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("ringside: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    if let Command::Openapi = command {
        print!("{}", openapi::text()?);
        return Ok(ExitCode::SUCCESS);
    }
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        anyhow::bail!("another TLS provider was installed first");
    }
    let mut config = Config::load()?;
    platform::logs::start(&config)?;
    match command {
        Command::Serve => serve::run(config)?,
        Command::Work => {
            config.roles = vec![Part::Work];
            serve::run(config)?;
        }
        Command::Migrate => {
            let database = database::Database::open(&config)?;
            let ran = database.migrate()?;
            println!("{} migrations ran", ran.len());
        }
        Command::Seed => {
            let filled = database::Database::open(&config)?.with_app(&config, async |app| {
                let accounts = accounts::Accounts::new(app)?;
                seed::fill(app, &accounts.passwords).await
            })?;
            println!("{}", if filled { "demo data filled" } else { "demo data was there" });
        }
        Command::Letters { address } => print_letters(&config, &address)?,
        Command::Verify => return verify::run(&config),
        Command::Keys { task } => return keys::run(&config, task),
        Command::Openapi => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// How many letters are printed.
const LETTERS: i64 = 5;

fn print_letters(config: &Config, address: &str) -> anyhow::Result<()> {
    let letters = database::Database::open(config)?.with_app(config, async |app| {
        Ok(app
            .db
            .read(async |conn| messaging::deliveries::kept_letters(conn, address, LETTERS).await)
            .await?)
    })?;
    for letter in letters {
        println!(
            "{}  {}\n\n{}",
            letter.created_at.format("%Y-%m-%d %H:%M:%S UTC"),
            letter.subject,
            letter.plain
        );
    }
    Ok(())
}
