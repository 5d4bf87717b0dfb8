//! `ringside`: serves, works, migrates, seeds, verifies.

use std::process::ExitCode;

/// Requests are many small allocations on few threads, which this one is made for.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::cli::main()
}
