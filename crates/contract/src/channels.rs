//! The ways a message goes, and what messages are about.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$each])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All of them, in the order they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name that travels in JSON and stands in the database.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The one of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.name() == name)
            }
        }
    };
}

named! {
    /// A way a message goes.
    Channel {
        /// Mail, by SMTP.
        Email = "email",
        /// A text message to a phone, by an API like Twilio's.
        Sms = "sms",
        /// The LINE Messaging API.
        Line = "line",
        /// The WhatsApp Cloud API.
        Whatsapp = "whatsapp",
        /// Facebook's Messenger.
        Messenger = "messenger",
        /// A notification of a browser (RFC 8030).
        WebPush = "web_push",
        /// A room in Slack.
        Slack = "slack",
        /// A room in Discord.
        Discord = "discord",
        /// A room in Microsoft Teams.
        Teams = "teams",
        /// A service in PagerDuty.
        Pagerduty = "pagerduty",
    }
}

impl Channel {
    /// Whether a person is reached by it; the others lead to a team.
    #[must_use]
    pub const fn to_a_person(self) -> bool {
        !self.to_a_team()
    }

    /// Whether it leads to a room of a team.
    #[must_use]
    pub const fn to_a_team(self) -> bool {
        matches!(self, Self::Slack | Self::Discord | Self::Teams | Self::Pagerduty)
    }

    /// Whether an organisation needs an account at a provider for it.
    #[must_use]
    pub const fn by_account(self) -> bool {
        matches!(self, Self::Sms | Self::Line | Self::Whatsapp | Self::Messenger)
    }

    /// Whether it makes a noise where the person is: it waits while they want quiet.
    #[must_use]
    pub const fn is_loud(self) -> bool {
        self.to_a_person() && !matches!(self, Self::Email)
    }
}

named! {
    /// What a message is about: by this people choose what reaches them, and how.
    Topic {
        /// One's own orders and tickets.
        Orders = "orders",
        /// One's own account and its safety.
        Account = "account",
        /// What is coming up: news of the places and promoters one buys from.
        News = "news",
        /// For staff: what their organisation tells them.
        Announcements = "announcements",
        /// For staff: what needs a hand in Ringside itself.
        Operations = "operations",
    }
}

impl Topic {
    /// Whether a person hears of it by this way as long as they have not said otherwise. Inside the web app
    /// everything is shown.
    #[must_use]
    pub const fn wanted_at_first(self, channel: Channel) -> bool {
        match channel {
            Channel::Email => !matches!(self, Self::News),
            // Whoever lets a browser notify them wants to be notified.
            Channel::WebPush => true,
            _ => matches!(self, Self::Orders),
        }
    }

    /// Whether it is told by this way whatever a person prefers: what was bought, and what keeps an account safe.
    #[must_use]
    pub const fn always(self, channel: Channel) -> bool {
        matches!((self, channel), (Self::Orders | Self::Account, Channel::Email))
    }

    /// Whether it waits for nothing, not even for the end of quiet hours.
    #[must_use]
    pub const fn urgent(self) -> bool {
        matches!(self, Self::Account | Self::Operations)
    }

    /// Whether only those who work for an organisation hear of it.
    #[must_use]
    pub const fn for_staff(self) -> bool {
        matches!(self, Self::Announcements | Self::Operations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_always_told_is_told_at_first() {
        for &topic in Topic::ALL {
            for &channel in Channel::ALL {
                assert!(!topic.always(channel) || topic.wanted_at_first(channel), "{topic:?} {channel:?}");
            }
        }
    }

    #[test]
    fn names_lead_back() {
        for &channel in Channel::ALL {
            assert_eq!(Channel::from_name(channel.name()), Some(channel));
            assert_eq!(serde_json::to_value(channel).unwrap(), channel.name());
            assert!(channel.to_a_person() != channel.to_a_team());
        }
        for &topic in Topic::ALL {
            assert_eq!(Topic::from_name(topic.name()), Some(topic));
            assert_eq!(serde_json::to_value(topic).unwrap(), topic.name());
        }
        assert_eq!((Channel::from_name("pigeon"), Topic::from_name("")), (None, None));
    }
}
