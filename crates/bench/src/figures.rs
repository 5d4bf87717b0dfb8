//! How long each step took, and how often it was refused or failed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use hyper::StatusCode;

/// The times of one step.
#[derive(Default)]
pub struct Step {
    micros: Vec<u32>,
    /// Answers 409 and 410: seat taken, hold expired.
    pub refused: usize,
    /// Everything else that is not a success.
    pub errors: usize,
}

impl Step {
    /// Keeps an answer's status and time.
    pub fn note(&mut self, begun: Instant, status: StatusCode) {
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            self.micros.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        } else if matches!(status, StatusCode::CONFLICT | StatusCode::GONE) {
            self.refused += 1;
        } else {
            self.errors += 1;
        }
    }

    /// Answers that were successes.
    pub fn count(&self) -> usize {
        self.micros.len()
    }

    /// The time, in milliseconds, that the given share of answers kept within.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let place = ((sorted.len() as f64 * share).ceil() as usize).saturating_sub(1);
        sorted.get(place).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

/// Two decimals: more would pretend.
pub fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

/// All steps of a bench by name.
#[derive(Default)]
pub struct Steps(BTreeMap<&'static str, Step>);

impl Steps {
    /// The step of that name.
    pub fn of(&mut self, name: &'static str) -> &mut Step {
        self.0.entry(name).or_default()
    }

    /// Takes over what another client noted.
    pub fn add(&mut self, other: Self) {
        for (name, step) in other.0 {
            let own = self.of(name);
            own.micros.extend(step.micros);
            own.refused += step.refused;
            own.errors += step.errors;
        }
    }

    /// A step's percentile in milliseconds; 0 when it never succeeded.
    pub fn percentile(&self, name: &str, share: f64) -> f64 {
        self.0.get(name).map_or(0.0, |step| round(step.percentile(share)))
    }

    /// How often a step succeeded.
    pub fn successes(&self, name: &str) -> usize {
        self.0.get(name).map_or(0, Step::count)
    }

    /// Refusals of all steps.
    pub fn refused(&self) -> usize {
        self.0.values().map(|step| step.refused).sum()
    }

    /// Errors of all steps.
    pub fn errors(&self) -> usize {
        self.0.values().map(|step| step.errors).sum()
    }

    /// Prints one line a step.
    pub fn print(&self, elapsed: Duration) {
        println!(
            "  {:<12}{:>10}{:>10}{:>10}{:>10}{:>10}{:>9}",
            "step", "count", "per s", "p50 ms", "p99 ms", "refused", "errors"
        );
        for (name, step) in &self.0 {
            println!(
                "  {name:<12}{:>10}{:>10.0}{:>10.2}{:>10.2}{:>10}{:>9}",
                step.count(),
                step.count() as f64 / elapsed.as_secs_f64(),
                step.percentile(0.50),
                step.percentile(0.99),
                step.refused,
                step.errors
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{StatusCode, Step, Steps};

    #[test]
    fn percentiles_are_taken_from_the_sorted_times() {
        let step = Step { micros: vec![4000, 1000, 3000, 2000], ..Step::default() };
        assert!((step.percentile(0.5) - 2.0).abs() < f64::EPSILON);
        assert!((step.percentile(0.99) - 4.0).abs() < f64::EPSILON);
        assert!(Step::default().percentile(0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn a_refusal_is_not_an_error() {
        let mut steps = Steps::default();
        let now = std::time::Instant::now();
        steps.of("hold").note(now, StatusCode::CONFLICT);
        steps.of("hold").note(now, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!((steps.refused(), steps.errors()), (1, 1));
    }
}
