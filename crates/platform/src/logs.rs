//! Log lines: JSON for machines, text for a terminal.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::config::{Config, LogFormat};

/// Begins to log to standard error; a second call is refused.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)?;
    let registry = tracing_subscriber::registry().with(filter);
    match config.log_format {
        LogFormat::Json => registry
            .with(fmt::layer().json().flatten_event(true).with_span_list(false).with_writer(std::io::stderr))
            .try_init()?,
        LogFormat::Text => {
            registry
                .with(fmt::layer().compact().with_target(false).with_writer(std::io::stderr))
                .try_init()?;
        }
    }
    Ok(())
}
