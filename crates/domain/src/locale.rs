//! The eight languages Ringside speaks.

use serde::{Deserialize, Serialize};

/// A language, named by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Thai.
    Th,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// German.
    De,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Chinese, simplified.
    Zh,
}

impl Locale {
    /// All of them, in the order menus show them.
    pub const ALL: [Self; 8] =
        [Self::En, Self::Th, Self::Es, Self::Fr, Self::De, Self::Ja, Self::Ko, Self::Zh];

    /// The ISO 639-1 code: `th`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Th => "th",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::Zh => "zh",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Th => "ไทย",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::De => "Deutsch",
            Self::Ja => "日本語",
            Self::Ko => "한국어",
            Self::Zh => "中文",
        }
    }

    /// The language of a tag such as `th-TH`; `None` for one we do not speak.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|locale| locale.code() == primary)
    }

    /// The best language for an `Accept-Language` header (RFC 9110, section 12.5.4), English when
    /// none fits.
    #[must_use]
    pub fn negotiate(header: &str) -> Self {
        let mut best = (0.0_f32, Self::En);
        for range in header.split(',') {
            let mut parts = range.split(';');
            let Some(locale) = parts.next().and_then(Self::from_tag) else { continue };
            let weight =
                parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
            if weight > best.0 {
                best = (weight, locale);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiation_takes_the_heaviest_known_language() {
        assert_eq!(Locale::negotiate("xx, en;q=0.5, th-TH;q=0.9"), Locale::Th);
        assert_eq!(Locale::negotiate("zh-Hans-CN"), Locale::Zh);
        assert_eq!(Locale::negotiate(""), Locale::En);
    }
}
