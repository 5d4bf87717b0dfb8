//! Schemathesis sends what the OpenAPI document allows and forbids; the server must answer
//! everything without an error of its own.

use std::net::UdpSocket;

use anyhow::{Context, Result};
use serde_json::json;

use super::rust::before;
use super::summary::Tally;
use crate::command::{command, root, watch};
use crate::local_server::LocalServer;
use crate::provision;

/// Whose sign-in the demo data has, and which the README names.
const OWNER: &str = "owner@demo.ringside.example";
const PASSWORD: &str = "southpaw-in-the-third-round";

/// What the server is told beside the usual: to ask a name server that knows no name, so that no answer hangs on
/// the network of this machine.
pub fn settings() -> Result<Vec<(&'static str, String)>> {
    let socket = UdpSocket::bind("127.0.0.1:0").context("no free port on this machine")?;
    let address = socket.local_addr()?.to_string();
    std::thread::spawn(move || deny_every_name(&socket));
    Ok(vec![("RINGSIDE_DNS_RESOLVER", address)])
}

/// Answers each question by "no such name" (RFC 1035, 4.1.1), until the program ends.
fn deny_every_name(socket: &UdpSocket) {
    let mut packet = [0; 512];
    while let Ok((length, from)) = socket.recv_from(&mut packet) {
        if length > 12 {
            packet[2..4].copy_from_slice(&[0x81, 0x83]);
            // Who asked may have gone.
            let _ = socket.send_to(&packet[..length], from);
        }
    }
}

/// Tests as nobody, and as an owner whom more is open to.
pub fn test(server: &LocalServer) -> Result<Tally> {
    let nobody = run(server, None)?;
    let session = server.post("/api/v1/sessions", &json!({ "email": OWNER, "password": PASSWORD }))?;
    let token = session["access_token"].as_str().context("signing in gave no access token")?;
    Ok(nobody.and(run(server, Some(token))?))
}

fn run(server: &LocalServer, token: Option<&str>) -> Result<Tally> {
    let folder = root().join("target/schemathesis");
    std::fs::create_dir_all(&folder)?;
    let mut schemathesis = command(provision::schemathesis());
    schemathesis
        .arg("run")
        .arg(root().join("openapi/ringside.json"))
        .args(["--url", &server.url(), "--checks", "not_a_server_error"])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--max-time", "150"])
        .args(["--generation-deterministic", "--continue-on-failure"])
        // One at a time: two threads that print lambdas at once break Python's `ast` (CPython gh-106905).
        .args(["--workers", "1", "--no-color"])
        .current_dir(folder);
    if let Some(token) = token {
        schemathesis.args(["-H", &format!("Authorization: Bearer {token}")]);
        // Who signs out, or sends a wrong token, sees nothing of what an owner may do.
        schemathesis.args([
            "--exclude-operation-id",
            "sign_out",
            "--exclude-operation-id",
            "end_sessions",
            "--generation-with-security-parameters=false",
        ]);
    }
    let (mut tested, mut failed) = (0, 0);
    let succeeded = watch(&mut schemathesis, |line| {
        tested = tested_operations(line).unwrap_or(tested);
        failed = failures(line).unwrap_or(failed);
    })?;
    Ok(Tally { passed: tested.saturating_sub(failed), failed }.of_program(succeeded))
}

/// "  Tested: 62"
fn tested_operations(line: &str) -> Option<usize> {
    line.trim().strip_prefix("Tested: ")?.split(['/', ' ']).next()?.parse().ok()
}

/// "============ 4 failures in 2.96s ============", also with warnings in between
fn failures(line: &str) -> Option<usize> {
    let line = line.trim();
    if !(line.starts_with("===") && line.ends_with("===")) {
        return None;
    }
    before(line, "failures").or_else(|| before(line, "failure"))
}

#[cfg(test)]
mod tests {
    use super::{failures, tested_operations};

    #[test]
    fn counts_are_read_from_the_report() {
        assert_eq!(tested_operations("  Tested: 62"), Some(62));
        assert_eq!(tested_operations("  Selected: 2/2"), None);
        assert_eq!(failures("====== 4 failures in 2.96s ======"), Some(4));
        assert_eq!(failures("====== 1 failure, 2 warnings in 2.96s ======"), Some(1));
        assert_eq!(failures("====== FAILURES ======"), None);
    }
}
