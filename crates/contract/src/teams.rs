//! Teams: members who are given rights together.

use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A team. What is granted to it counts for each of its members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Team {
    /// The team.
    pub id: Uuid,
    /// Its name, once in the organisation.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo gate crew"))]
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<Uuid>,
}

/// A team, new or renamed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteTeam {
    /// Its name.
    #[garde(length(chars, min = 1, max = 60))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo gate crew"))]
    pub name: String,
}
