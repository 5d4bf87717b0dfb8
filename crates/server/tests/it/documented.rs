//! The endpoint constants, by which the web apps call, and the OpenAPI document, which the handlers
//! write, name the same operations.

use std::collections::BTreeSet;

use contract::endpoints;
use serde_json::Value;

use crate::operations;

#[test]
fn every_endpoint_constant_is_documented_and_every_operation_has_its_constant() {
    let constants: BTreeSet<_> = endpoints::all()
        .map(|(id, method, path)| ((*id).to_owned(), method.name().to_owned(), (*path).to_owned()))
        .collect();
    let documented: BTreeSet<_> = operations::all()
        .into_iter()
        .map(|operation| (operation.id, operation.method, operation.path))
        .collect();
    let undocumented: Vec<_> = constants.difference(&documented).collect();
    let unnamed: Vec<_> = documented.difference(&constants).collect();
    assert!(undocumented.is_empty(), "no handler answers these constants: {undocumented:#?}");
    assert!(unnamed.is_empty(), "these operations have no constant: {unnamed:#?}");
}

/// Every `$ref` below a part of the document.
fn references(part: &Value, found: &mut BTreeSet<String>) {
    match part {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|field| references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn whatever_the_document_names_stands_in_it() {
    let document: Value = serde_json::from_str(&server::openapi::text().expect("a document")).expect("JSON");
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 100, "{}", found.len());
    found.retain(|reference| document.pointer(reference.trim_start_matches('#')).is_none());
    assert_eq!(found, BTreeSet::new(), "named and not there");
}
