//! From whose address mail comes, and whether the world believes it.

use chrono::{DateTime, Utc};
use garde::Validate;
use serde::{Deserialize, Serialize};

/// Sets the address up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WriteSendingDomain {
    /// The sender of all mail in the organisation's name.
    #[garde(email, length(max = 254))]
    #[cfg_attr(feature = "utoipa", schema(example = "tickets@demo.example"))]
    pub address: String,
    /// What mail programs show beside it.
    #[garde(length(chars, min = 1, max = 100), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub name: String,
}

/// The address, its records, and what DNS said of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct SendingDomain {
    /// The sender of all mail in the organisation's name.
    #[cfg_attr(feature = "utoipa", schema(example = "tickets@demo.example"))]
    pub address: String,
    /// What mail programs show beside it.
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Promotions"))]
    pub name: String,
    /// Whether mail goes out from it: a key is proven. Until then it comes from Ringside's own address.
    pub in_use: bool,
    /// What has to stand in DNS, with what was found there.
    pub records: Vec<DnsRecord>,
    /// When DNS was last asked.
    pub checked_at: Option<DateTime<Utc>>,
}

/// What a record is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DnsRecordKind {
    /// The key that mail is signed with (RFC 6376).
    Dkim,
    /// The servers that may send (RFC 7208).
    Spf,
    /// What receivers do with mail that is neither (RFC 7489).
    Dmarc,
}

/// A record as it is wanted and as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DnsRecord {
    /// What it is for.
    pub kind: DnsRecordKind,
    /// Where it stands; a TXT record.
    #[cfg_attr(feature = "utoipa", schema(example = "rs7f3a2c1b._domainkey.demo.example"))]
    pub name: String,
    /// A text that would do.
    #[cfg_attr(feature = "utoipa", schema(example = "v=DKIM1; k=rsa; p=MIIBIjANBg..."))]
    pub wanted: String,
    /// What stands there.
    pub found: Vec<String>,
    /// Whether it will do; `None` before DNS was asked.
    pub verdict: Option<Verdict>,
}

/// What is to be said of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does what it is for.
    Good,
    /// Nothing of the kind is there.
    Missing,
    /// It cannot be read.
    Unreadable,
    /// There is more than one: receivers believe none.
    Several,
    /// It holds another key.
    OtherKey,
    /// The mail server that Ringside uses is not among those that may send.
    ServerNotNamed,
    /// It lets everybody send.
    LetsAnybody,
    /// It only asks for reports (`p=none`): forged mail is delivered all the same.
    OnlyWatches,
}

impl Verdict {
    /// The name that travels in JSON: `other_key`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
            Self::Several => "several",
            Self::OtherKey => "other_key",
            Self::ServerNotNamed => "server_not_named",
            Self::LetsAnybody => "lets_anybody",
            Self::OnlyWatches => "only_watches",
        }
    }
}

impl DnsRecordKind {
    /// As people write it: `DKIM`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dkim => "DKIM",
            Self::Spf => "SPF",
            Self::Dmarc => "DMARC",
        }
    }
}
