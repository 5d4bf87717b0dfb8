//! Which role a provider's people have: by the first rule that fits what it says of them.

use contract::ErrorCode;
use contract::sign_on::{RoleChoice, RoleMapping};
use domain::Role;
use platform::db::Conn;
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

use crate::rights::{Given, Holder};
use crate::roles;

/// The choice for somebody of whom the provider says `claims`.
pub(crate) fn chosen(mapping: &RoleMapping, claims: &Value) -> RoleChoice {
    let Some(claim) = &mapping.claim else { return mapping.default };
    let said = claims.get(claim);
    let fits = |value: &str| match said {
        Some(Value::String(one)) => one == value,
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(value)),
        _ => false,
    };
    let rule = mapping.rules.iter().find(|rule| fits(&rule.value));
    rule.map_or(mapping.default, |rule| rule.gives)
}

/// Refuses a mapping that makes owners, names a role that is not there, or gives more than its writer holds.
pub(crate) async fn must_be_given(
    conn: &mut Conn,
    org: Uuid,
    holder: Holder,
    mapping: &RoleMapping,
) -> ApiResult<()> {
    let rules = mapping.rules.iter().enumerate().map(|(at, rule)| (format!("roles.rules[{at}]"), rule.gives));
    for (field, choice) in std::iter::once(("roles.default".to_owned(), mapping.default)).chain(rules) {
        if choice.role == Role::Owner {
            let refusal = ApiError::new(ErrorCode::InvalidFields);
            return Err(refusal.field_fault(field, "not_by_provider", "Owners are made by owners."));
        }
        holder.may_give(&given(conn, org, choice).await?)?;
    }
    Ok(())
}

async fn given(conn: &mut Conn, org: Uuid, choice: RoleChoice) -> ApiResult<Given> {
    roles::given(conn, org, choice.role, choice.custom_role).await
}

#[cfg(test)]
mod tests {
    use contract::sign_on::RoleRule;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_rule_that_fits_counts() {
        let role = |role| RoleChoice { role, custom_role: None };
        let rule = |value: &str, gives| RoleRule { value: value.into(), gives: role(gives) };
        let mapping = RoleMapping {
            default: role(Role::Client),
            claim: Some("groups".into()),
            rules: vec![rule("crew", Role::Operator), rule("desk", Role::BoxOffice)],
        };
        let of = |claims| chosen(&mapping, &claims).role;
        assert_eq!(of(json!({"groups": ["desk", "crew"]})), Role::Operator);
        assert_eq!(of(json!({"groups": "desk"})), Role::BoxOffice);
        assert_eq!(of(json!({"groups": ["Desk"]})), Role::Client);
        assert_eq!(of(json!({"groups": 7})), Role::Client);
        assert_eq!(of(json!({})), Role::Client);
    }
}
