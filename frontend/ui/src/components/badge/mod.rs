//! A state as a word with a sign: never by colour alone.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What a state means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing to say.
    #[default]
    Plain,
    /// As it should be.
    Ok,
    /// Look here.
    Warn,
    /// Ended or refused.
    Stop,
    /// Precious.
    Belt,
}

impl Tone {
    /// The class that colours by it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "tone-plain",
            Self::Ok => "tone-ok",
            Self::Warn => "tone-warn",
            Self::Stop => "tone-stop",
            Self::Belt => "tone-belt",
        }
    }

    /// The sign beside the word.
    #[must_use]
    pub fn glyph(self) -> Option<Glyph> {
        match self {
            Self::Plain => None,
            Self::Ok => Some(Glyph::Check),
            Self::Warn => Some(Glyph::Alert),
            Self::Stop => Some(Glyph::Cross),
            Self::Belt => Some(Glyph::Spark),
        }
    }
}

/// A state.
#[component]
pub fn Badge(
    /// What it means.
    #[prop(optional)]
    tone: Tone,
    /// Its word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {tone.glyph().map(|glyph| view! { <Icon glyph /> })} {children()}
        </span>
    }
}
