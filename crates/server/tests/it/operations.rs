//! The operations as the OpenAPI document lists them.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Call, TestApp};
use uuid::Uuid;

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    pub id: String,
    pub method: String,
    /// With `{names}` for what varies.
    pub path: String,
}

/// All of them, by id.
pub fn all() -> Vec<Operation> {
    let document: Value =
        serde_json::from_str(&server::openapi::text().expect("there is a document")).expect("it is JSON");
    let paths = document["paths"].as_object().expect("it has paths");
    let mut operations: Vec<_> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().expect("a path has operations").iter().map(move |(method, operation)| {
                Operation {
                    id: operation["operationId"].as_str().expect("an operation has an id").to_owned(),
                    method: method.clone(),
                    path: path.clone(),
                }
            })
        })
        .collect();
    operations.sort();
    operations
}

impl Operation {
    /// A call of it without a body, each `{name}` replaced by what `value` gives for the name.
    pub fn call(&self, app: &TestApp, value: impl Fn(&str) -> String) -> Call {
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').expect("a brace that opens closes");
            path.push_str(before);
            path.push_str(&value(name));
            rest = tail;
        }
        path.push_str(rest);
        let method: Method = self.method.to_uppercase().parse().expect("a method");
        app.call(method, &path)
    }

    /// A call about things that do not exist, with nothing in it.
    pub fn call_in_vain(&self, app: &TestApp) -> Call {
        let call = self.call(app, |_| Uuid::now_v7().to_string());
        if ["get", "delete"].contains(&self.method.as_str()) { call } else { call.json(&json!({})) }
    }
}
