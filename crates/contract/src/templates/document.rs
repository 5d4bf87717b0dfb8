//! What a template says: blocks one under the other, in each language.

use domain::Locale;
use serde::{Deserialize, Serialize};

/// What a version says, language by language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Each language once.
    #[cfg_attr(feature = "utoipa", schema(max_items = 8))]
    pub locales: Vec<LocaleContent>,
}

/// What it says in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LocaleContent {
    /// The language.
    pub locale: Locale,
    /// The subject line; variables may stand in it.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(max_length = 200, example = "Your tickets for {{ event.title }}"))]
    pub subject: String,
    /// What a list of mails shows after the subject; variables may stand in it.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(max_length = 200, example = "Paid. Your tickets are attached."))]
    pub preheader: String,
    /// The letter, from top to bottom.
    #[serde(default)]
    #[cfg_attr(feature = "utoipa", schema(max_items = 60))]
    pub blocks: Vec<Block>,
}

/// One piece of a letter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A line in large type.
    Heading {
        /// The line; variables may stand in it.
        #[cfg_attr(feature = "utoipa", schema(example = "See you at ringside"))]
        text: String,
        /// 1 is the largest, 3 the smallest.
        #[cfg_attr(feature = "utoipa", schema(minimum = 1, maximum = 3, example = 1))]
        level: u8,
    },
    /// Paragraphs. `**bold**`, `*italic*`, `[words](https://…)`; an empty line begins a paragraph.
    /// Variables, `{% if … %}` and `{% for … in … %}` may stand in it.
    Text {
        /// The words.
        #[cfg_attr(feature = "utoipa", schema(example = "Hello **{{ buyer.name }}**,"))]
        text: String,
    },
    /// A link one cannot overlook.
    Button {
        /// What stands on it.
        #[cfg_attr(feature = "utoipa", schema(example = "Open my tickets"))]
        label: String,
        /// Where it leads: an address (http, https or mailto), or one variable that is one.
        #[cfg_attr(feature = "utoipa", schema(example = "{{ order.url }}"))]
        address: String,
    },
    /// A picture.
    Image {
        /// Where it lies: an https address.
        #[cfg_attr(feature = "utoipa", schema(example = "https://promoter.example/poster.png"))]
        address: String,
        /// What it shows, for those who do not see it.
        #[cfg_attr(feature = "utoipa", schema(example = "The poster of the night"))]
        alt: String,
        /// Where it leads; empty: nowhere.
        #[serde(default)]
        link: String,
        /// How wide it is, in pixels of a letter 600 wide.
        #[cfg_attr(feature = "utoipa", schema(minimum = 16, maximum = 600, example = 544))]
        width: u16,
    },
    /// A line across.
    Divider {},
    /// Empty space.
    Spacer {
        /// In pixels.
        #[cfg_attr(feature = "utoipa", schema(minimum = 4, maximum = 120, example = 24))]
        height: u16,
    },
    /// Blocks side by side, one under the other on a phone. Columns do not hold columns.
    Columns {
        /// Two or three.
        #[cfg_attr(feature = "utoipa", schema(min_items = 2, max_items = 3, no_recursion))]
        columns: Vec<Column>,
    },
    /// The night as a poster: the main bout, date, doors, venue.
    Event {},
    /// What was bought, line by line, with the total.
    Places {},
    /// Each ticket with its code; in letters that bring tickets.
    Tickets {},
    /// The PromptPay code; in letters that ask for payment.
    PaymentCode {},
    /// Small print at the end.
    Footer {
        /// The words; variables may stand in them.
        #[cfg_attr(feature = "utoipa", schema(example = "Order {{ order.number }}"))]
        text: String,
    },
}

/// One of the blocks' columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

impl Content {
    /// What it says in a language.
    #[must_use]
    pub fn of(&self, locale: Locale) -> Option<&LocaleContent> {
        self.locales.iter().find(|content| content.locale == locale)
    }

    /// What a reader of `asked` gets: that language, else `default`, else English; of these the first that
    /// is complete.
    #[must_use]
    pub fn taken(&self, asked: Locale, default: Locale) -> Option<&LocaleContent> {
        [asked, default, Locale::En]
            .into_iter()
            .find_map(|locale| self.of(locale).filter(|content| content.is_complete()))
    }
}

impl LocaleContent {
    /// A language in which nothing is said yet.
    #[must_use]
    pub const fn empty(locale: Locale) -> Self {
        Self { locale, subject: String::new(), preheader: String::new(), blocks: Vec::new() }
    }

    /// Whether a letter can be sent in it: it has a subject, something is said, and no block is left
    /// half empty.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.subject.trim().is_empty()
            && !self.blocks.is_empty()
            && self.blocks.iter().all(Block::is_complete)
    }
}

impl Block {
    /// The stable name of its kind: `payment_code`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Heading { .. } => "heading",
            Self::Text { .. } => "text",
            Self::Button { .. } => "button",
            Self::Image { .. } => "image",
            Self::Divider {} => "divider",
            Self::Spacer { .. } => "spacer",
            Self::Columns { .. } => "columns",
            Self::Event {} => "event",
            Self::Places {} => "places",
            Self::Tickets {} => "tickets",
            Self::PaymentCode {} => "payment_code",
            Self::Footer { .. } => "footer",
        }
    }

    /// Whether nothing is left out that its reader would miss.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let said = |text: &str| !text.trim().is_empty();
        match self {
            Self::Heading { text, .. } | Self::Text { text } | Self::Footer { text } => said(text),
            Self::Button { label, address } => said(label) && said(address),
            Self::Image { address, alt, .. } => said(address) && said(alt),
            Self::Columns { columns } => {
                columns.iter().flat_map(|column| &column.blocks).all(Self::is_complete)
            }
            Self::Divider {}
            | Self::Spacer { .. }
            | Self::Event {}
            | Self::Places {}
            | Self::Tickets {}
            | Self::PaymentCode {} => true,
        }
    }
}
