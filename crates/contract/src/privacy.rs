//! What people may ask of their data, what they agree to, and how long things are kept.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::Locale;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A copy of all a person's data, asked for or ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DataExport {
    /// The copy.
    pub id: Uuid,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was ready; none while it is being made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<DateTime<Utc>>,
    /// Until when it can be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// The wish to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskErasure {
    /// The word `ERASE`, typed by hand.
    #[garde(pattern(r"^ERASE$"))]
    #[cfg_attr(feature = "utoipa", schema(pattern = "^ERASE$", example = "ERASE"))]
    pub word: String,
}

/// An organisation that would be left without an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct OwnedAlone {
    /// The organisation.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// Where the wish to be forgotten stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// When it was asked for; none when it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<DateTime<Utc>>,
    /// When it will be done; until then it can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Organisations that need another owner first: while there are any, nothing is erased.
    #[serde(default)]
    pub owned_alone: Vec<OwnedAlone>,
}

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PolicyKind {
    /// What is done with personal data.
    Privacy,
    /// The terms of sale.
    Terms,
    /// News by mail.
    Marketing,
}

impl PolicyKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Privacy, Self::Terms, Self::Marketing];

    /// The stable name that travels in JSON and stands in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Terms => "terms",
            Self::Marketing => "marketing",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A version of a policy. It never changes once published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Policy {
    /// The version.
    pub id: Uuid,
    /// What it is about.
    pub kind: PolicyKind,
    /// Counted from 1.
    pub version: i32,
    /// Its text by language.
    pub texts: BTreeMap<String, String>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Whether people must agree before they go on; otherwise they are asked and may go on.
    #[serde(default)]
    pub required: bool,
}

/// Publishes the next version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishPolicy {
    /// What it is about.
    #[garde(skip)]
    pub kind: PolicyKind,
    /// Its text by language; English at least.
    #[garde(custom(whole_texts))]
    pub texts: BTreeMap<String, String>,
    /// Whether people must agree before they go on. News by mail is never required.
    #[serde(default)]
    #[garde(custom(never_for_news(&self.kind)))]
    pub required: bool,
}

fn never_for_news(kind: &PolicyKind) -> impl FnOnce(&bool, &()) -> garde::Result {
    let kind = *kind;
    move |required, ()| match (required, kind) {
        (true, PolicyKind::Marketing) => Err(garde::Error::new("news by mail is never required")),
        _ => Ok(()),
    }
}

fn whole_texts(texts: &BTreeMap<String, String>, _: &()) -> garde::Result {
    for (language, text) in texts {
        if Locale::from_tag(language).is_none_or(|locale| locale.code() != language) {
            return Err(garde::Error::new(format!("{language} is not a language we know")));
        }
        if text.trim().is_empty() || text.chars().count() > 50_000 {
            return Err(garde::Error::new(format!("{language}: 1 to 50,000 characters")));
        }
    }
    if texts.contains_key("en") { Ok(()) } else { Err(garde::Error::new("the English text is missing")) }
}

/// What the person signed in agrees to, of each policy's latest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Consent {
    /// The policy's latest version.
    pub policy: Policy,
    /// Whether they agree to this version now.
    pub given: bool,
    /// When they last said so or otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The version that was about; an older one when a newer was published since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about_version: Option<i32>,
}

/// Agrees to a version of a policy, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GiveConsent {
    /// The version that was read.
    #[garde(skip)]
    pub policy_id: Uuid,
    /// Whether they agree.
    #[garde(skip)]
    pub given: bool,
}

/// How long one kind of thing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct RetentionRule {
    /// Its stable name.
    #[cfg_attr(feature = "utoipa", schema(example = "letters"))]
    pub name: String,
    /// Days it is kept.
    pub days: i32,
    /// Days it is kept unless somebody chose otherwise.
    pub usual_days: i32,
}

/// Chooses how long a kind of thing is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChooseRetention {
    /// Days, 1 to 3650.
    #[garde(range(min = 1, max = 3650))]
    #[cfg_attr(feature = "utoipa", schema(minimum = 1, maximum = 3650))]
    pub days: i32,
}

/// Somebody whose data were touched in the window of a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TouchedPerson {
    /// The account; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    /// What led to them: the person, or a guest's order, ticket or payment.
    pub subject_ids: Vec<Uuid>,
    /// Which kinds of data were in reach: `name`, `address`, `phone`, `purchases`.
    pub kinds: Vec<String>,
    /// How often.
    pub entries: i64,
    /// First in the window.
    pub first_at: DateTime<Utc>,
    /// Last in the window.
    pub last_at: DateTime<Utc>,
}

/// Whose data were touched by whom between two instants, from the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct BreachReport {
    /// From then on.
    pub from: DateTime<Utc>,
    /// Before then.
    pub to: DateTime<Utc>,
    /// Entries of the audit log in the window.
    pub entries: i64,
    /// People, accounts and guests.
    pub people: Vec<TouchedPerson>,
}
