//! Installs what is missing, by the tool that people would use for it: rustup, cargo, apt
//! (as root on Debian and Ubuntu), npm, pip. Every need is looked at before anything is
//! installed, so a second run does nothing. Where installing is not possible the error says
//! what to type.

mod cargo_tools;
mod debian;
mod node_packages;
mod python_tools;
mod rust_src;
mod system;
mod wasm_target;

use anyhow::{Result, bail};

use crate::progress::step;

pub use node_packages::{SOCKETIO, WEB_TOOLS};
pub use python_tools::schemathesis;
pub use system::postgres;

/// Something that must be on the machine.
pub trait Need {
    /// What it is called in messages.
    fn name(&self) -> String;
    /// Whether it is there already, in the version wanted.
    fn met(&self) -> Result<bool>;
    /// Installs it. The error says what a person must type when this program may not.
    fn meet(&self) -> Result<()>;
}

/// What `check` needs: something to compile the web apps with.
pub fn for_check() -> Vec<Box<dyn Need>> {
    vec![Box::new(wasm_target::WasmTarget)]
}

/// What `bench` needs: PostgreSQL, whose programs bring pgbench along.
pub fn for_bench() -> Vec<Box<dyn Need>> {
    vec![Box::new(system::Programs::to_bench())]
}

/// What `bench live` needs on top of it: Redis, and the server it is compared with.
pub fn for_bench_live() -> Vec<Box<dyn Need>> {
    vec![
        Box::new(system::Programs::to_bench_live()),
        Box::new(node_packages::NodePackages { folder: SOCKETIO }),
    ]
}

/// What `run` needs: compilers and tools for the web apps, and PostgreSQL.
pub fn for_run() -> Vec<Box<dyn Need>> {
    let mut needs: Vec<Box<dyn Need>> =
        vec![Box::new(system::Programs::to_run()), Box::new(wasm_target::WasmTarget)];
    needs.extend(cargo_tools::all());
    needs.push(Box::new(node_packages::NodePackages { folder: WEB_TOOLS }));
    needs
}

/// What `test` needs on top of `run`.
pub fn for_tests() -> Vec<Box<dyn Need>> {
    let mut needs = for_run();
    needs[0] = Box::new(system::Programs::to_test());
    needs.push(Box::new(node_packages::NodePackages { folder: "e2e" }));
    needs.push(Box::new(node_packages::NodePackages { folder: "crates/accounts/tests/providers" }));
    needs.push(Box::new(node_packages::NodePackages { folder: "crates/messaging/tests/verifiers" }));
    needs.push(Box::new(python_tools::SCHEMATHESIS));
    needs.push(Box::new(python_tools::STANDARD_WEBHOOKS));
    needs
}

/// Meets every need that is not met; stops at the first that cannot be, and looks again
/// afterwards so that a silent failure of an installer is noticed here.
pub fn provide(needs: &[Box<dyn Need>]) -> Result<()> {
    step("Looking for the tools that are needed");
    for need in needs {
        if need.met()? {
            continue;
        }
        step(&format!("Installing {}", need.name()));
        need.meet()?;
        if !need.met()? {
            bail!("{} was installed but is still not found", need.name());
        }
    }
    Ok(())
}
