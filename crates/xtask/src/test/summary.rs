//! The counts of every part, and the table at the end.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::progress::step;

/// How many tests of a part passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed, or did not get to run.
    pub failed: usize,
}

impl Tally {
    /// One thing that passed.
    pub const PASSED: Self = Self { passed: 1, failed: 0 };

    /// A part whose program failed failed, even when it counted no failure: it may not have
    /// come so far as to count.
    pub fn of_program(self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            return Self { failed: 1, ..self };
        }
        self
    }

    /// Both counts together.
    pub fn and(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

/// What every part came to.
#[derive(Default)]
pub struct Summary {
    rows: Vec<(&'static str, Tally, f32)>,
}

impl Summary {
    /// Runs a part and keeps its counts; an error is one failure.
    pub fn part(&mut self, name: &'static str, test: impl FnOnce() -> Result<Tally>) {
        step(&format!("Testing: {name}"));
        let begun = Instant::now();
        let tally = test().unwrap_or_else(|error| {
            println!("\n  FAILED {name}: {error:#}\n");
            Tally { passed: 0, failed: 1 }
        });
        self.rows.push((name, tally, begun.elapsed().as_secs_f32()));
    }

    /// Prints the table and, alone on the last line, "N passed, N failed".
    pub fn print(&self) -> ExitCode {
        step("Done");
        println!("\n  {:<24}{:>8}{:>8}{:>10}", "part", "passed", "failed", "seconds");
        for (name, tally, seconds) in &self.rows {
            println!("  {name:<24}{:>8}{:>8}{seconds:>10.1}", tally.passed, tally.failed);
        }
        let all = self.rows.iter().fold(Tally::default(), |all, (_, tally, _)| all.and(*tally));
        println!("\n{} passed, {} failed", all.passed, all.failed);
        // Without a single test nothing was shown, which is not success.
        if all.failed == 0 && all.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
