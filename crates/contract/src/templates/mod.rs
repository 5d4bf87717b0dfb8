//! Letters in an organisation's own words: what a template says, its versions, and what may stand in it.
//!
//! The server and the editor check by the same code ([`check::faults`]), so what the editor lets pass is
//! what the server takes.

pub mod catalogue;
pub mod check;
mod document;
mod experiment;
mod marks;
mod text;

use chrono::{DateTime, Utc};
use domain::Locale;
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use catalogue::{LetterKind, LetterKindEntry, Variable, VariableEntry, VariableKind};
pub use document::{Block, Column, Content, LocaleContent};
pub use experiment::{Arm, Experiment, ExperimentState, Measure, StartExperiment};
pub use marks::{Span, spans};
pub use text::{Fault, Piece, pieces};

/// Where a version is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Is being written.
    Draft,
    /// Letters are written by it.
    Published,
    /// Another one took its place.
    Retired,
}

impl VersionState {
    /// All of them, in the order of a version's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Retired];

    /// The stable name that travels in JSON and stands in the database: `draft`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Retired => "retired",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// An organisation's own template of one kind of letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TemplateSummary {
    /// The template.
    pub id: Uuid,
    /// Which letter it writes.
    pub kind: LetterKind,
    /// What the organisation calls it.
    #[cfg_attr(feature = "utoipa", schema(example = "Tickets, our way"))]
    pub name: String,
    /// Who is written to in a language the template lacks gets this one.
    pub default_locale: Locale,
    /// The number of the version letters are written by; none: Ringside's own letter is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = 3))]
    pub published: Option<i32>,
    /// The number of the version that is being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = 4))]
    pub draft: Option<i32>,
    /// Two versions are being compared.
    pub experimenting: bool,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// A template with the list of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Template {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: TemplateSummary,
    /// Its versions, newest first.
    pub versions: Vec<VersionSummary>,
}

/// A version in a list: who wrote it, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct VersionSummary {
    /// Counts from 1.
    #[cfg_attr(feature = "utoipa", schema(example = 4))]
    pub number: i32,
    /// Where it is.
    pub state: VersionState,
    /// Counts the times it was saved; send it back with the next save.
    #[cfg_attr(feature = "utoipa", schema(example = 7))]
    pub revision: i32,
    /// The languages it is written in.
    pub locales: Vec<Locale>,
    /// Who saved it last; none for a program, and once the person is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author_id: Option<Uuid>,
    /// That person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "Demo Owner"))]
    pub author: Option<String>,
    /// When it was last saved.
    pub changed_at: DateTime<Utc>,
    /// When it was published for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<DateTime<Utc>>,
}

/// A version with all it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TemplateVersion {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: VersionSummary,
    /// What it says, language by language.
    pub content: Content,
}

/// Sets a template up; its first draft says what Ringside's own letter says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTemplate {
    /// Which letter it writes; an organisation has one template of each kind.
    #[garde(skip)]
    pub kind: LetterKind,
    /// What the organisation calls it.
    #[garde(length(chars, min = 1, max = 80), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(min_length = 1, max_length = 80, example = "Tickets, our way"))]
    pub name: String,
}

/// Changes what a template is called and which language stands in for those it lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTemplate {
    /// What the organisation calls it.
    #[garde(length(chars, min = 1, max = 80), custom(crate::text::one_line))]
    #[cfg_attr(feature = "utoipa", schema(min_length = 1, max_length = 80, example = "Tickets, our way"))]
    pub name: String,
    /// Who is written to in a language the template lacks gets this one.
    #[garde(skip)]
    pub default_locale: Locale,
}

/// Saves what a draft says, as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// The draft's `revision` that was read, 0 when there was no draft; another one means that
    /// somebody saved it meanwhile.
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = 7))]
    pub revision: i32,
    /// What it says.
    #[garde(skip)]
    pub content: Content,
}

/// The draft as somebody has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OfDraft {
    /// The draft's `revision` that was read, 0 when there was no draft.
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = 7))]
    pub revision: i32,
}

/// Asks how a letter looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AskPreview {
    /// The reader's language.
    #[garde(skip)]
    pub locale: Locale,
    /// What it says, as it stands in an editor; without it the version of that number is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub content: Option<Content>,
    /// The version to show; without it the draft, or the one published when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = 4))]
    pub version: Option<i32>,
    /// Fill it with the organisation's latest order instead of the example. Whoever may not see orders
    /// gets the example all the same, and so does everybody while there is no order.
    #[serde(default)]
    #[garde(skip)]
    pub real: bool,
}

/// How a letter looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Preview {
    /// The subject line.
    #[cfg_attr(feature = "utoipa", schema(example = "Your tickets for Thunder at the Stadium"))]
    pub subject: String,
    /// The letter as a page; pictures of the letter are in it.
    pub html: String,
    /// The letter without markup.
    pub text: String,
    /// The language it is written in: the one asked for, or what stands in for it.
    pub locale: Locale,
    /// The reference of the order it is filled with; none: the example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "7KQ2-MX4D"))]
    pub order: Option<String>,
}

/// Sends a version to the person who asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SendTest {
    /// The reader's language.
    #[garde(skip)]
    pub locale: Locale,
    /// Which version; without it the draft, or the one published when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    #[cfg_attr(feature = "utoipa", schema(example = 4))]
    pub version: Option<i32>,
}

/// A test letter on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct TestSent {
    /// The message, to be read with the others.
    pub id: Uuid,
    /// To whom: the address of whoever asked.
    #[cfg_attr(feature = "utoipa", schema(example = "owner@demo.ringside.example"))]
    pub to: String,
    /// The language it is written in.
    pub locale: Locale,
}
