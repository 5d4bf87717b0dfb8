//! Messages on their way to people.

use chrono::{DateTime, NaiveDate, Utc};
use domain::Locale;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channels::{Channel, Topic};

/// Where a message is.
///
/// It waits until it is sent, kept, given up or held back; of one that was sent the provider may report what
/// became of it. A person may send again what was kept or given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits to be sent.
    Queued,
    /// The mail server or the provider took it.
    Sent,
    /// The provider reports that it arrived.
    Delivered,
    /// No mail server or provider is set up: kept to be read here.
    Kept,
    /// Given up, after several tries or for good.
    Failed,
    /// It was taken, and came back: the address does not take it.
    Returned,
    /// Its reader reported it as unwanted.
    Complained,
    /// Held back: the address has sent messages back, or its owner wants none.
    Suppressed,
}

impl DeliveryState {
    /// All of them, in the order of a message's life.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sent,
        Self::Delivered,
        Self::Kept,
        Self::Failed,
        Self::Returned,
        Self::Complained,
        Self::Suppressed,
    ];

    /// The stable name that travels in JSON and stands in the database: `kept`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Kept => "kept",
            Self::Failed => "failed",
            Self::Returned => "returned",
            Self::Complained => "complained",
            Self::Suppressed => "suppressed",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether a message may go from one state to the other. Reports of providers come late, twice and in any
    /// order: those that say less than is known lead nowhere.
    #[must_use]
    pub const fn leads_to(self, next: Self) -> bool {
        match self {
            Self::Queued => matches!(next, Self::Sent | Self::Kept | Self::Failed | Self::Suppressed),
            Self::Sent => matches!(next, Self::Delivered | Self::Returned | Self::Complained),
            Self::Delivered => matches!(next, Self::Returned | Self::Complained),
            Self::Kept | Self::Failed => matches!(next, Self::Queued),
            Self::Returned | Self::Complained | Self::Suppressed => false,
        }
    }

    /// Whether it has left: a provider took it.
    #[must_use]
    pub const fn has_left(self) -> bool {
        matches!(self, Self::Sent | Self::Delivered | Self::Returned | Self::Complained)
    }
}

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DeliverySummary {
    /// The message.
    pub id: Uuid,
    /// Which way it goes.
    pub channel: Channel,
    /// What it is about.
    pub topic: Topic,
    /// To whom: an address, what is shown of one, or the name of a room.
    pub to: String,
    /// Its subject, or its first line.
    pub subject: String,
    /// Which template made it: `order_paid`.
    pub template: String,
    /// In which language.
    pub locale: Locale,
    /// Where it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Not before then: its reader wants quiet, or the provider takes no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// When it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime<Utc>>,
}

/// A message with its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// What the list shows.
    #[serde(flatten)]
    pub summary: DeliverySummary,
    /// The text as a page; empty where a channel carries none.
    pub html: String,
    /// The text without markup.
    pub text: String,
    /// What it leads to, where that is not part of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
}

/// What became of the messages of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DeliveryStatistics {
    /// The first day, in the time zone of the server's settings.
    pub from: NaiveDate,
    /// The last one: today.
    pub to: NaiveDate,
    /// By day, channel and template, oldest first; what has nothing is left out.
    pub figures: Vec<DeliveryFigures>,
}

/// The messages of one day, channel and template: how many were written that day, and where they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct DeliveryFigures {
    /// The day they were written.
    pub day: NaiveDate,
    /// Which way they go.
    pub channel: Channel,
    /// Which template made them: `order_paid`.
    #[cfg_attr(feature = "utoipa", schema(example = "order_paid"))]
    pub template: String,
    /// All of them.
    #[cfg_attr(feature = "utoipa", schema(example = 120))]
    pub written: i64,
    /// Those that left, whatever became of them.
    #[cfg_attr(feature = "utoipa", schema(example = 117))]
    pub sent: i64,
    /// Those of which the other side reports that they arrived.
    pub delivered: i64,
    /// Those that came back.
    pub returned: i64,
    /// Those that were reported as unwanted.
    pub complained: i64,
    /// Those given up.
    pub failed: i64,
    /// Those held back.
    pub suppressed: i64,
    /// Of those sent, the ones whose reader agreed that openings and clicks are counted.
    #[cfg_attr(feature = "utoipa", schema(example = 40))]
    pub counted: i64,
    /// Of the counted, those that were opened.
    #[cfg_attr(feature = "utoipa", schema(example = 22))]
    pub opened: i64,
    /// Of the counted, those in which a link was followed.
    #[cfg_attr(feature = "utoipa", schema(example = 9))]
    pub clicked: i64,
}

/// A file attached to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// The file.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_goes_nowhere_and_only_a_person_begins_anew() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::from_name(state.name()), Some(state));
            let back = state.leads_to(DeliveryState::Queued);
            assert_eq!(back, matches!(state, DeliveryState::Kept | DeliveryState::Failed), "{state:?}");
            assert!(!state.leads_to(state), "{state:?}");
            for next in DeliveryState::ALL {
                // What has left stays so: `sent_at` is kept.
                assert!(!(state.has_left() && state.leads_to(next)) || next.has_left(), "{state:?} {next:?}");
            }
        }
    }
}
