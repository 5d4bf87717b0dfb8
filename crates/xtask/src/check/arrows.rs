//! Arrows between crates point down only:
//! server → business → platform → contract → domain, and business crates never meet.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::command::{cargo, output};

const BUSINESS: [&str; 7] =
    ["accounts", "ticketing", "messaging", "operations", "servicedesk", "billing", "insight"];

/// What runs in the browser too, and therefore knows no database and no web server.
const BROWSER_SAFE: [&str; 2] = ["domain", "contract"];

/// What a crate of ours may depend on, or nothing when the crate is not in the plan.
fn allowed(package: &str) -> Option<Vec<&'static str>> {
    let base = ["platform", "contract", "domain", "db-schema"];
    Some(match package {
        "domain" | "documents" | "xtask" => vec![],
        "db-schema" | "contract" => vec!["domain"],
        // It serves a handler of accounts without its guard, to compare with.
        "bench" => vec!["accounts", "platform", "contract", "domain"],
        "platform" => vec!["contract", "domain", "db-schema"],
        "ticketing" => [&base[..], &["documents"]].concat(),
        name if BUSINESS.contains(&name) => base.to_vec(),
        "testkit" => [&base[..], &BUSINESS].concat(),
        "server" => [&base[..], &BUSINESS, &["documents"]].concat(),
        "ui" => vec!["contract", "domain"],
        "shop" | "console" | "account" => vec!["ui", "contract", "domain"],
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// Nothing for what the crate itself uses; "dev" and "build" otherwise.
    kind: Option<String>,
}

/// The crates and what each uses outside its tests.
struct Plan {
    members: BTreeSet<String>,
    uses: BTreeMap<String, BTreeSet<String>>,
}

/// Compares the workspace with the plan of the house.
pub fn point_down() -> Result<()> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let plan = Plan::of(serde_json::from_str(&text).context("cannot read cargo metadata")?)?;
    let mut complaints = plan.wrong_arrows();
    complaints.extend(BROWSER_SAFE.iter().flat_map(|package| plan.unsafe_for_browsers(package)));
    if !complaints.is_empty() {
        bail!("\n    {}", complaints.join("\n    "));
    }
    Ok(())
}

impl Plan {
    fn of(metadata: Metadata) -> Result<Self> {
        let names: BTreeMap<_, _> =
            metadata.packages.iter().map(|package| (&package.id, &package.name)).collect();
        let name = |id: &String| {
            names.get(id).map(|name| (*name).clone()).with_context(|| format!("no package {id}"))
        };
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in &metadata.resolve.nodes {
            let used = uses.entry(name(&node.id)?).or_default();
            for edge in node.deps.iter().filter(|edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none()))
            {
                used.insert(name(&edge.pkg)?);
            }
        }
        let members = metadata.workspace_members.iter().map(name).collect::<Result<_>>()?;
        Ok(Self { members, uses })
    }

    fn wrong_arrows(&self) -> Vec<String> {
        let mut complaints = Vec::new();
        for member in &self.members {
            let Some(allowed) = allowed(member) else {
                complaints.push(format!("{member} is not in the plan; add it in xtask's check/arrows.rs"));
                continue;
            };
            let used =
                self.uses.get(member).into_iter().flatten().filter(|used| self.members.contains(*used));
            let wrong = used.filter(|used| !allowed.contains(&used.as_str()));
            complaints.extend(wrong.map(|used| format!("{member} must not depend on {used}")));
        }
        complaints
    }

    /// Everything `package` pulls in that has no place in a browser.
    fn unsafe_for_browsers(&self, package: &str) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![package.to_owned()];
        while let Some(next) = open.pop() {
            if seen.insert(next.clone()) {
                open.extend(self.uses.get(&next).into_iter().flatten().cloned());
            }
        }
        let wrong = seen.iter().filter(|name| name.starts_with("diesel") || name.starts_with("actix"));
        wrong.map(|name| format!("{package} pulls in {name}, which has no place in a browser")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeMap, BTreeSet, Plan};

    fn plan(arrows: &[(&str, &str)]) -> Plan {
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in arrows {
            uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        let members = arrows.iter().flat_map(|(from, to)| [*from, *to]).map(str::to_owned);
        Plan { members: members.filter(|name| !name.contains("actix")).collect(), uses }
    }

    #[test]
    fn business_crates_never_meet() {
        let wrong = plan(&[("ticketing", "platform"), ("messaging", "ticketing")]).wrong_arrows();
        assert_eq!(wrong, ["messaging must not depend on ticketing"]);
    }

    #[test]
    fn what_the_browser_runs_pulls_in_no_web_server() {
        let wrong = plan(&[("contract", "domain"), ("domain", "actix-web")]).unsafe_for_browsers("contract");
        assert_eq!(wrong, ["contract pulls in actix-web, which has no place in a browser"]);
    }
}
