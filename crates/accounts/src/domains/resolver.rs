//! Looking up TXT records.

use std::net::SocketAddr;

use contract::ErrorCode;
use hickory_resolver::Resolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::name_server::TokioConnectionProvider;
use hickory_resolver::proto::xfer::Protocol;
use platform::error::{ApiError, ApiResult};

/// The texts of the TXT records at `name`, each put together; none when there is no such name.
/// `unavailable` when DNS does not answer.
pub(super) async fn texts_at(server: Option<SocketAddr>, name: &str) -> ApiResult<Vec<String>> {
    let mut builder = match server {
        Some(server) => {
            let mut config = ResolverConfig::new();
            for protocol in [Protocol::Udp, Protocol::Tcp] {
                config.add_name_server(NameServerConfig::new(server, protocol));
            }
            Resolver::builder_with_config(config, TokioConnectionProvider::default())
        }
        None => Resolver::builder_tokio().map_err(ApiError::internal)?,
    };
    let options = builder.options_mut();
    // A record that was published a moment ago is to be seen.
    options.cache_size = 0;
    options.attempts = 1;
    options.timeout = std::time::Duration::from_secs(4);
    // The dot at the end: no search list of this machine is tried.
    let found = match builder.build().txt_lookup(format!("{name}.")).await {
        Ok(found) => found,
        Err(error) if error.is_no_records_found() || error.is_nx_domain() => return Ok(Vec::new()),
        Err(error) => return Err(ApiError::new(ErrorCode::Unavailable).caused_by(error)),
    };
    let text = |parts: &[Box<[u8]>]| String::from_utf8_lossy(&parts.concat()).into_owned();
    Ok(found.iter().map(|record| text(record.txt_data())).collect())
}
