//! What a person is told in the web app: the notification centre, and announcements to staff.

use chrono::{DateTime, Utc};
use domain::{Locale, Role};
use garde::Validate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::channels::Topic;

/// What happened. Its words are made where it is read, in the reader's language: [`NoticeContent::words`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeContent {
    /// The reader's order is paid, its tickets are there.
    TicketsReady {
        /// The event's title.
        event: String,
        /// The order's reference.
        reference: String,
    },
    /// The reader's order was cancelled.
    OrderCancelled {
        /// The event's title.
        event: String,
        /// The order's reference.
        reference: String,
    },
    /// Money arrived for seats that are gone; it must go back.
    PaymentToRefund {
        /// The order's reference.
        reference: String,
    },
    /// A receiver of webhooks is sent nothing more.
    WebhookDisabled {
        /// Its address.
        address: String,
    },
    /// Somebody tries to get in by force.
    ThreatFound,
    /// The reader's organisation tells them something.
    Announcement {
        /// Its first line.
        title: String,
        /// What it says.
        text: String,
        /// Who wrote it.
        by: String,
    },
}

impl NoticeContent {
    /// The stable name, as in the JSON field `kind`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TicketsReady { .. } => "tickets_ready",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::PaymentToRefund { .. } => "payment_to_refund",
            Self::WebhookDisabled { .. } => "webhook_disabled",
            Self::ThreatFound => "threat_found",
            Self::Announcement { .. } => "announcement",
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::TicketsReady { .. } | Self::OrderCancelled { .. } => Topic::Orders,
            Self::PaymentToRefund { .. } | Self::WebhookDisabled { .. } | Self::ThreatFound => {
                Topic::Operations
            }
            Self::Announcement { .. } => Topic::Announcements,
        }
    }

    /// The first line and the text, in the reader's language; English where we do not write theirs.
    #[must_use]
    pub fn words(&self, locale: Locale) -> (String, String) {
        let thai = matches!(locale, Locale::Th);
        let say = |english: (&str, String), in_thai: (&str, String)| {
            let (title, text) = if thai { in_thai } else { english };
            (title.to_owned(), text)
        };
        match self {
            Self::TicketsReady { event, reference } => say(
                ("Your tickets are here", format!("{event}, order {reference}")),
                ("ตั๋วของคุณพร้อมแล้ว", format!("{event} คำสั่งซื้อ {reference}")),
            ),
            Self::OrderCancelled { event, reference } => say(
                ("Your order was cancelled", format!("{event}, order {reference}")),
                ("คำสั่งซื้อของคุณถูกยกเลิก", format!("{event} คำสั่งซื้อ {reference}")),
            ),
            Self::PaymentToRefund { reference } => say(
                (
                    "A payment must go back",
                    format!("Order {reference}: it was paid when its seats were gone."),
                ),
                ("มีเงินที่ต้องคืน", format!("คำสั่งซื้อ {reference} ชำระเงินเข้ามาหลังจากที่นั่งหมดแล้ว")),
            ),
            Self::WebhookDisabled { address } => say(
                (
                    "A webhook was switched off",
                    format!("{address} failed for days and is sent nothing more."),
                ),
                ("เว็บฮุกถูกปิด", format!("{address} ล้มเหลวติดต่อกันหลายวัน ระบบจึงหยุดส่ง")),
            ),
            Self::ThreatFound => say(
                ("Somebody tries to get in", "The page of threats says from where.".to_owned()),
                ("มีผู้พยายามบุกรุกระบบ", "ดูที่มาได้ในหน้าภัยคุกคาม".to_owned()),
            ),
            Self::Announcement { title, text, .. } => (title.clone(), text.clone()),
        }
    }
}

/// One thing a person was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Notice {
    /// The notice.
    pub id: Uuid,
    /// In which organisation it happened.
    pub organisation_id: Uuid,
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub content: NoticeContent,
    /// Where it leads to, below the web app's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "utoipa", schema(example = "/orders/0198c5a2-6f3e-7d10-9b1a-3f5c7e9d1b24"))]
    pub link: Option<String>,
    /// When it was told.
    pub created_at: DateTime<Utc>,
    /// When it was read; none: not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
}

/// How much a person has not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct UnreadCount {
    /// Notices that are not read; at most 100 are counted.
    pub unread: i64,
}

/// Marks a notice as read, or as not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkNotice {
    /// Whether it is read.
    #[garde(skip)]
    pub read: bool,
}

/// Marks everything as read up to a notice: what came meanwhile stays unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkAllNotices {
    /// The newest notice that was seen.
    #[garde(skip)]
    pub up_to: Uuid,
}

/// Tells those who work for the organisation something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Announce {
    /// Its first line.
    #[garde(length(chars, min = 1, max = 120), custom(not_blank))]
    #[cfg_attr(
        feature = "utoipa",
        schema(min_length = 1, max_length = 120, example = "Doors open at 17:00")
    )]
    pub title: String,
    /// What it says.
    #[garde(length(chars, min = 1, max = 2_000), custom(not_blank))]
    #[cfg_attr(
        feature = "utoipa",
        schema(min_length = 1, max_length = 2_000, example = "Half an hour earlier than planned.")
    )]
    pub text: String,
    /// Who hears it, by role; none: everybody.
    #[serde(default)]
    #[garde(length(max = 7))]
    pub roles: Vec<Role>,
}

fn not_blank(text: &str, _: &()) -> garde::Result {
    if text.trim().is_empty() { Err(garde::Error::new("blank")) } else { Ok(()) }
}

/// Something that was announced, and how far it has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub struct Announcement {
    /// The announcement.
    pub id: Uuid,
    /// Its first line.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Who hears it, by role; none: everybody.
    pub roles: Vec<Role>,
    /// How many are to be told, once that is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i32>,
    /// How many have been told.
    pub told: i32,
    /// How many of them have read it.
    pub read: i64,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When all had been told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<NoticeContent> {
        let (event, reference) = ("Thunder at the Stadium".to_owned(), "7KQ2-MX4D".to_owned());
        vec![
            NoticeContent::TicketsReady { event: event.clone(), reference: reference.clone() },
            NoticeContent::OrderCancelled { event, reference: reference.clone() },
            NoticeContent::PaymentToRefund { reference },
            NoticeContent::WebhookDisabled { address: "https://hooks.demo.example".into() },
            NoticeContent::ThreatFound,
            NoticeContent::Announcement { title: "Doors".into(), text: "Earlier".into(), by: "Demo".into() },
        ]
    }

    #[test]
    fn each_is_named_as_it_travels_and_reads_in_both_languages() {
        for content in all() {
            let json = serde_json::to_value(&content).unwrap();
            assert_eq!(json["kind"], content.name());
            assert_eq!(serde_json::from_value::<NoticeContent>(json).unwrap(), content);
            let (english, thai) = (content.words(Locale::En), content.words(Locale::Th));
            assert!(!english.0.is_empty() && !english.1.is_empty());
            assert_eq!(content.words(Locale::De), english);
            assert_eq!(english == thai, matches!(content, NoticeContent::Announcement { .. }));
        }
    }

    #[test]
    fn an_announcement_says_something() {
        let wish =
            |title: &str, text: &str| Announce { title: title.into(), text: text.into(), roles: Vec::new() };
        assert!(wish("Doors", "Earlier").validate().is_ok());
        for bad in
            [wish("", "Earlier"), wish(" ", "Earlier"), wish("Doors", "\n"), wish(&"a".repeat(121), "b")]
        {
            assert!(bad.validate().is_err(), "{bad:?}");
        }
    }
}
