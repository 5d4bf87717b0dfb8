//! What people may ask of their data, over all areas.

#[test]
fn placeholder_is_replaced() {}
