//! What the live sockets of this process did and do.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts since the process started, and how much there is now.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Sockets open now.
    pub sockets: AtomicU64,
    /// Messages handed to sockets.
    pub delivered: AtomicU64,
    /// Samples left out.
    pub dropped: AtomicU64,
    /// How often a client was told to fetch again.
    pub behind: AtomicU64,
    /// Sockets refused since their network has too many.
    pub refused: AtomicU64,
    /// Messages that wait now.
    pub waiting: AtomicU64,
}

impl Counts {
    /// As text (Prometheus exposition format 0.0.4).
    pub(super) fn render(&self, rooms: usize, longest: usize) -> String {
        let mut text = String::new();
        for (name, kind, count) in [
            ("ringside_live_sockets", "gauge", self.sockets.load(Relaxed)),
            ("ringside_live_delivered_total", "counter", self.delivered.load(Relaxed)),
            ("ringside_live_dropped_total", "counter", self.dropped.load(Relaxed)),
            ("ringside_live_behind_total", "counter", self.behind.load(Relaxed)),
            ("ringside_live_refused_total", "counter", self.refused.load(Relaxed)),
            ("ringside_live_waiting", "gauge", self.waiting.load(Relaxed)),
            ("ringside_live_rooms", "gauge", rooms as u64),
            ("ringside_live_longest_queue", "gauge", longest as u64),
        ] {
            let _ = writeln!(text, "# TYPE {name} {kind}\n{name} {count}");
        }
        text
    }
}
