//! When a socket is judged again: soon after rights may have changed, and now and then in any case, because
//! a token ends by itself.

use std::pin::Pin;
use std::time::Duration;

use actix_web::web;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep};

use crate::state::App;

/// How long at most after the last time.
const AT_LEAST_EVERY: Duration = Duration::from_secs(30);
/// The same while changes are not heard of.
const DEAF_EVERY: Duration = Duration::from_secs(4);
/// How soon after a change, and how long between two times: each socket of the process adds
/// [`EACH`], so that many together do not take the database for themselves.
const SOONEST: Duration = Duration::from_millis(200);
const LATEST: Duration = Duration::from_secs(5);
const EACH: Duration = Duration::from_millis(1);

pub(super) struct Again {
    app: web::Data<App>,
    rights: watch::Receiver<u64>,
    /// Until it is time.
    sleep: Pin<Box<Sleep>>,
    /// Whether a change has been noticed already.
    hurries: bool,
}

impl Again {
    pub(super) fn new(app: web::Data<App>) -> Self {
        let (rights, sleep) = (app.db.rights_watch(), Box::pin(sleep(Duration::ZERO)));
        let mut new = Self { app, rights, sleep, hurries: false };
        new.reset();
        new
    }

    /// Comes back when it is time. What was waited for is not lost when the waiting is broken off.
    pub(super) async fn due(&mut self) {
        if !self.hurries {
            tokio::select! {
                () = &mut self.sleep => return,
                _ = self.rights.changed() => {
                    self.hurries = true;
                    let soon = Instant::now() + spread(pace(self.app.bus.hub().sockets()));
                    let at = self.sleep.deadline().min(soon);
                    self.sleep.as_mut().reset(at);
                }
            }
        }
        self.sleep.as_mut().await;
    }

    /// Counts anew: the socket is being judged. A change from now on is another one.
    pub(super) fn reset(&mut self) {
        self.rights.mark_unchanged();
        self.hurries = false;
        let every = if self.app.db.rights_as_of().is_some() { AT_LEAST_EVERY } else { DEAF_EVERY };
        self.sleep.as_mut().reset(Instant::now() + spread(every));
    }
}

fn pace(sockets: u64) -> Duration {
    EACH.saturating_mul(u32::try_from(sockets).unwrap_or(u32::MAX)).clamp(SOONEST, LATEST)
}

/// Somewhere in the second half of a time, so that not all come at once.
fn spread(time: Duration) -> Duration {
    time.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_sockets_take_their_time_and_no_more_than_some() {
        assert_eq!(pace(1), SOONEST);
        assert_eq!(pace(1_000), Duration::from_secs(1));
        assert_eq!(pace(u64::MAX), LATEST);
        assert!((0..100).all(|_| (SOONEST / 2..=SOONEST).contains(&spread(SOONEST))));
    }
}
