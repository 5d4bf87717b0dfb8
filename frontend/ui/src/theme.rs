//! Light or dark: as the system says, or as the person chose here.

use leptos::prelude::*;

use crate::browser::{keep, kept, window};

const CHOSEN: &str = "ringside.theme";

/// How the pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

thread_local! {
    static THEME: ArcRwSignal<Theme> = ArcRwSignal::new(Theme::System);
}

impl Theme {
    fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// What follows when the switch is pressed: the opposite of what is seen.
    #[must_use]
    pub fn next(self) -> Self {
        if self.is_dark() { Self::Light } else { Self::Dark }
    }

    /// Whether pages are dark under it just now.
    #[must_use]
    pub fn is_dark(self) -> bool {
        match self {
            Self::Light => false,
            Self::Dark => true,
            Self::System => window()
                .match_media("(prefers-color-scheme: dark)")
                .ok()
                .flatten()
                .is_some_and(|query| query.matches()),
        }
    }
}

/// The chosen look. Tracks.
#[must_use]
pub fn theme() -> Theme {
    THEME.with(ArcRwSignal::get)
}

/// Applies what was chosen before. Call it first of all.
pub fn restore() {
    if let Some(name) = kept(CHOSEN) {
        choose(Theme::from_name(&name));
    }
}

/// Looks so from now on; remembered.
pub fn choose(theme: Theme) {
    let name = match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    keep(CHOSEN, name);
    if let Some(page) = window().document().and_then(|document| document.document_element()) {
        let _ = match name {
            Some(name) => page.set_attribute("data-theme", name),
            None => page.remove_attribute("data-theme"),
        };
    }
    THEME.with(|signal| signal.set(theme));
}
