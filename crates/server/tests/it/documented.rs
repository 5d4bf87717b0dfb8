//! The endpoint constants, by which the web apps call, and the OpenAPI document, which the handlers
//! write, name the same operations.

use std::collections::BTreeSet;

use contract::endpoints;

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
