//! Line icons on a grid of 24.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Glyph {
    Alert,
    ArrowLeft,
    ArrowRight,
    Bell,
    Calendar,
    Check,
    ChevronDown,
    Clock,
    Close,
    Cross,
    Download,
    Eye,
    List,
    Lock,
    Mail,
    Map,
    Menu,
    Minus,
    Moon,
    Person,
    Pin,
    Plus,
    Printer,
    Search,
    Seat,
    Share,
    Spark,
    Standing,
    Sun,
    Ticket,
    Wheelchair,
    Globe,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M12 8v5m0 3.5v.01M12 3 2.5 20h19z",
            Self::ArrowLeft => "M20 12H4m7-7-7 7 7 7",
            Self::ArrowRight => "M4 12h16m-7-7 7 7-7 7",
            Self::Bell => "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
            Self::Calendar => "M4 6h16v14H4zM4 10h16M8 3v4m8-4v4",
            Self::Check => "m5 12.5 4.5 4.5L19 7",
            Self::ChevronDown => "m6 9 6 6 6-6",
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
            Self::Close | Self::Cross => "m6 6 12 12M18 6 6 18",
            Self::Download => "M12 4v11m-5-5 5 5 5-5M5 20h14",
            Self::Eye => {
                "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::List => "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
            Self::Lock => "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
            Self::Mail => "M3 6h18v12H3zM3 7l9 6 9-6",
            Self::Map => "m9 4-6 2.5v13L9 17l6 3 6-2.5v-13L15 7zM9 4v13m6-10v13",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Minus => "M5 12h14",
            Self::Moon => "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9c.6-4 3.6-6 8-6s7.4 2 8 6",
            Self::Pin => {
                "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Self::Plus => "M12 5v14M5 12h14",
            Self::Printer => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
            Self::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 4.5 4.5",
            Self::Seat => "M7 4v9h10V4M5 13v4h14v-4M7 17v3m10-3v3",
            Self::Share => "M12 15V4m-4 3.5L12 3.5l4 4M6 11H5v9h14v-9h-1",
            Self::Spark => "m12 3 2.2 6.3L21 12l-6.8 2.7L12 21l-2.2-6.3L3 12l6.8-2.7z",
            Self::Standing => "M12 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 9h6v6h-1.5v6h-3v-6H9z",
            Self::Sun => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm0-13v2m0 14v2M3 12h2m14 0h2M5.6 5.6 7 7m10 10 1.4 1.4m0-12.8L17 7M7 17l-1.4 1.4"
            }
            Self::Ticket => "M3 7h18v3.5a1.5 1.5 0 0 0 0 3V17H3v-3.5a1.5 1.5 0 0 0 0-3zM14 7v2m0 2v2m0 2v2",
            Self::Wheelchair => {
                "M10 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM10 8v6h6l2 5M10 11h5M8 12.5a4.5 4.5 0 1 0 6 5.5"
            }
            Self::Globe => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18z",
        }
    }
}

/// An icon in the colour and about the size of the text beside it. It says nothing to screen readers:
/// a word stands beside it or on its button.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=glyph.path() />
        </svg>
    }
}
