//! What readers and their servers say of mail: addresses that are written to no more, whether openings may be
//! counted, and reports of mail services.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why an address is written to no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuppressionReason {
    /// Mail came back for good.
    Bounced,
    /// Its owner reported mail as unwanted.
    Complained,
    /// Somebody of the organisation entered it.
    ByHand,
}

impl SuppressionReason {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Bounced, Self::Complained, Self::ByHand];

    /// The stable name that travels in JSON and stands in the database: `bounced`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::ByHand => "by_hand",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// An address that is written to no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Suppression {
    /// The entry.
    pub id: Uuid,
    /// The address, in lower case.
    #[cfg_attr(feature = "utoipa", schema(example = "gone@demo.example"))]
    pub address: String,
    /// Why.
    pub reason: SuppressionReason,
    /// What the other side said, or what was noted by hand.
    #[cfg_attr(feature = "utoipa", schema(example = "550 5.1.1 No such mailbox"))]
    pub detail: String,
    /// Which message it was; none: entered by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<Uuid>,
    /// Whether that message is still kept, and can be opened.
    pub delivery_kept: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Enters an address by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddSuppression {
    /// The address that is written to no more.
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "gone@demo.example"))]
    pub address: String,
    /// Why; read by staff only.
    #[serde(default)]
    #[garde(length(chars, max = 200))]
    #[cfg_attr(feature = "utoipa", schema(example = "Asked for it by telephone"))]
    pub note: String,
}

/// Whether openings and clicks in mail to one's own address may be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MailTracking {
    /// Whether they may; no, as long as nothing was said.
    #[garde(skip)]
    pub allowed: bool,
}

/// What a mail service reports of one mail, in the form of Postmark's webhooks for deliveries, bounces and spam
/// complaints (postmarkapp.com/developer/webhooks). Fields that are not named here are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "PascalCase")]
pub struct MailReport {
    /// What is reported: `Delivery`, `Bounce` or `SpamComplaint`.
    #[garde(length(chars, min = 1, max = 50))]
    #[cfg_attr(feature = "utoipa", schema(example = "Bounce"))]
    pub record_type: String,
    /// Of a bounce, its kind: `HardBounce`.
    #[serde(default, rename = "Type", skip_serializing_if = "Option::is_none")]
    #[garde(inner(length(chars, max = 50)))]
    #[cfg_attr(feature = "utoipa", schema(example = "HardBounce"))]
    pub kind: Option<String>,
    /// What the service says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub description: Option<String>,
    /// What the receiving server said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = "smtp;550 5.1.1 No such mailbox"))]
    pub details: Option<String>,
    /// What we gave the mail to take along, by the header `X-PM-Metadata-delivery`.
    #[serde(default)]
    #[garde(skip)]
    pub metadata: BTreeMap<String, String>,
}
