//! A second server beside the one under test.

use std::net::TcpListener;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web;
use platform::clock::Clock;
use platform::keys::MasterKey;
use platform::state::App;

use crate::setup::{Parts, serve};
use crate::socket::Socket;

/// Another server of the same database and Redis; it ends with this.
pub struct Twin {
    url: String,
    app: web::Data<App>,
    server: Option<(ServerHandle, JoinHandle<()>)>,
}

impl Twin {
    pub(crate) fn start(parts: &Parts, database: &str, clock: Clock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let config = parts.app.config.clone();
        let app = App::new(config, database, clock, MasterKey::new([7; 32])).expect("the same settings held");
        let app = web::Data::new(app);
        let server = serve(listener, parts.of(app.clone()));
        Self { url: format!("http://{address}"), app, server: Some(server) }
    }

    /// The state. Its pool is the server's: a test asks no database by it.
    #[must_use]
    pub fn state(&self) -> &App {
        &self.app
    }

    /// Opens the WebSocket of live updates.
    pub async fn live(&self) -> Socket {
        Socket::open(&self.url).await
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        let Some((server, thread)) = self.server.take() else { return };
        // A drop cannot wait for a future on its own thread.
        let stopped = std::thread::scope(|scope| {
            let stop = || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                runtime.block_on(server.stop(false));
                std::io::Result::Ok(())
            };
            scope.spawn(stop).join()
        });
        let served = thread.join();
        if !std::thread::panicking() {
            stopped.expect("stopping does not panic").expect("a runtime can be made");
            assert!(served.is_ok(), "the second server panicked");
        }
    }
}
