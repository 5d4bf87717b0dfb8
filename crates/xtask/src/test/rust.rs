//! The tests that cargo knows.

use anyhow::Result;

use super::summary::Tally;
use crate::command::{answer, cargo, watch};

/// Unit and HTTP-level tests, by cargo-nextest where it is installed.
pub fn test() -> Result<Tally> {
    if answer(cargo().args(["nextest", "--version"])).is_some() {
        let mut nextest = cargo();
        nextest.args(["nextest", "run", "--locked", "--no-fail-fast"]);
        return counted(&mut nextest, nextest_summary);
    }
    counted(
        cargo().args(["test", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]),
        libtest_result,
    )
}

/// The examples in the documentation, which nextest does not know.
pub fn test_documentation() -> Result<Tally> {
    counted(cargo().args(["test", "--locked", "--no-fail-fast", "--doc"]), libtest_result)
}

fn counted(command: &mut std::process::Command, read: fn(&str) -> Option<Tally>) -> Result<Tally> {
    let mut tally = Tally::default();
    let succeeded = watch(command, |line| {
        if let Some(counts) = read(line) {
            tally = tally.and(counts);
        }
    })?;
    Ok(tally.of_program(succeeded))
}

/// "test result: ok. 3 passed; 1 failed; 0 ignored; …"
fn libtest_result(line: &str) -> Option<Tally> {
    let counts = line.trim().strip_prefix("test result: ")?;
    Some(Tally { passed: before(counts, "passed")?, failed: before(counts, "failed")? })
}

/// "     Summary [   0.5s] 12 tests run: 11 passed, 1 failed, 0 skipped"; tests that ran out
/// of time are counted apart.
fn nextest_summary(line: &str) -> Option<Tally> {
    let (_, counts) = line.trim().strip_prefix("Summary [")?.split_once("run: ")?;
    let count = |word| before(counts, word).unwrap_or(0);
    Some(Tally { passed: count("passed"), failed: count("failed") + count("timed") })
}

/// The number that stands right before `word`.
pub fn before(line: &str, word: &str) -> Option<usize> {
    let words: Vec<_> = line.split([' ', ',', ';']).filter(|part| !part.is_empty()).collect();
    let place = words.iter().position(|part| *part == word)?;
    words.get(place.checked_sub(1)?)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Tally, libtest_result, nextest_summary};

    #[test]
    fn counts_are_read_from_what_the_programs_print() {
        let line = "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(libtest_result(line), Some(Tally { passed: 3, failed: 1 }));
        let line =
            "     Summary [   0.512s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 0 skipped";
        assert_eq!(nextest_summary(line), Some(Tally { passed: 10, failed: 2 }));
        assert_eq!(nextest_summary("   PASS [   0.005s] xtask"), None);
    }

    #[test]
    fn a_program_that_failed_without_counting_failed_once() {
        assert_eq!(Tally::default().of_program(false), Tally { passed: 0, failed: 1 });
        assert_eq!(Tally { passed: 2, failed: 3 }.of_program(false).failed, 3);
    }
}
