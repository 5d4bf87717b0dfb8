//! Says what is being done and how long it took, one line a step.

use std::io::Write;
use std::sync::OnceLock;
use std::time::Instant;

fn started() -> Instant {
    static STARTED: OnceLock<Instant> = OnceLock::new();
    *STARTED.get_or_init(Instant::now)
}

/// Prints `text` as the step that begins now, with the seconds since the start of the program.
pub fn step(text: &str) {
    let seconds = started().elapsed().as_secs_f32();
    println!("[{seconds:7.1} s] {text}");
    // A closed standard output is no reason to stop working.
    let _ = std::io::stdout().flush();
}
