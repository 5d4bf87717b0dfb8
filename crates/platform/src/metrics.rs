//! A few counts of this process, in the text form Prometheus reads.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

/// Upper ends of the duration buckets, in microseconds.
const BUCKETS: [u64; 10] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_000_000];

/// Counts since the process started.
#[derive(Debug, Default)]
pub struct Metrics {
    by_class: [AtomicU64; 6],
    buckets: [AtomicU64; 11],
    micros: AtomicU64,
    /// Jobs that ended well.
    pub jobs_done: AtomicU64,
    /// Jobs that failed and are tried again.
    pub jobs_failed: AtomicU64,
    /// Jobs given up.
    pub jobs_dead: AtomicU64,
    /// Facts handed on.
    pub facts: AtomicU64,
    /// What waits, as it was told last, and when.
    pub(crate) waiting: Mutex<Option<(DateTime<Utc>, String)>>,
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn answered(&self, status: u16, micros: u64) {
        self.by_class[usize::from(status / 100).min(5)].fetch_add(1, Relaxed);
        let bucket = BUCKETS.iter().position(|end| micros <= *end).unwrap_or(BUCKETS.len());
        self.buckets[bucket].fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }

    /// The counts as text (Prometheus exposition format 0.0.4).
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::from(
            "# HELP ringside_http_requests_total Answers of this process, by class of status.\n\
             # TYPE ringside_http_requests_total counter\n",
        );
        for (class, count) in self.by_class.iter().enumerate().skip(1) {
            let _ =
                writeln!(text, "ringside_http_requests_total{{class=\"{class}xx\"}} {}", count.load(Relaxed));
        }
        text.push_str(
            "# HELP ringside_http_duration_seconds From the head of a request to the head of its answer.\n\
             # TYPE ringside_http_duration_seconds histogram\n",
        );
        let mut sum = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            sum += count.load(Relaxed);
            let end =
                BUCKETS.get(place).map_or_else(|| "+Inf".to_owned(), |end| (*end as f64 / 1e6).to_string());
            let _ = writeln!(text, "ringside_http_duration_seconds_bucket{{le=\"{end}\"}} {sum}");
        }
        let _ =
            writeln!(text, "ringside_http_duration_seconds_sum {}", self.micros.load(Relaxed) as f64 / 1e6);
        let _ = writeln!(text, "ringside_http_duration_seconds_count {sum}");
        for (name, kind, help, count) in [
            ("ringside_jobs_done_total", "counter", "Jobs this process ended well.", &self.jobs_done),
            (
                "ringside_jobs_failed_total",
                "counter",
                "Attempts at jobs that failed in this process and are made again.",
                &self.jobs_failed,
            ),
            ("ringside_jobs_dead_total", "counter", "Jobs this process gave up.", &self.jobs_dead),
            ("ringside_facts_total", "counter", "Facts this process handed on.", &self.facts),
        ] {
            let count = count.load(Relaxed);
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {count}");
        }
        text
    }
}
