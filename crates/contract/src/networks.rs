//! From where members may act in an organisation.

use garde::Validate;
use serde::{Deserialize, Serialize};

/// The networks members may act from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct AllowedNetworks {
    /// CIDR; none listed means everywhere.
    #[cfg_attr(feature = "utoipa", schema(example = json!(["203.0.113.0/24"])))]
    pub networks: Vec<String>,
    /// The address this request came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_address: Option<String>,
}

/// Says from which networks members may act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetNetworks {
    /// CIDR, or single addresses; none means everywhere. The caller's own must be among them.
    #[garde(length(max = 100), inner(length(max = 50)))]
    #[cfg_attr(feature = "utoipa", schema(example = json!(["203.0.113.0/24"])))]
    pub networks: Vec<String>,
}
