//! `ringside`: serves, works, migrates, seeds, verifies.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
