//! The colours of the map, for paper and for ink.

/// Colours of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    pub ground: &'static str,
    pub zone: &'static str,
    pub zone_edge: &'static str,
    pub gone: &'static str,
    pub ink: &'static str,
    pub paper: &'static str,
    pub mat: &'static str,
    pub rope: &'static str,
    pub red: &'static str,
    pub blue: &'static str,
    pub focus: &'static str,
    tiers: [&'static str; 8],
}

const LIGHT: Palette = Palette {
    ground: "#f1eee7",
    zone: "#fbf9f4",
    zone_edge: "#d9d5ca",
    gone: "#dcd8ce",
    ink: "#0e1116",
    paper: "#fffefb",
    mat: "#fffefb",
    rope: "#0e1116",
    red: "#d7263d",
    blue: "#1f5fbf",
    focus: "#1f5fbf",
    tiers: ["#d7263d", "#c9971c", "#1f5fbf", "#1e8e5a", "#8146b8", "#0f8b94", "#c2571a", "#5d6b7a"],
};

const DARK: Palette = Palette {
    ground: "#0e1116",
    zone: "#171b22",
    zone_edge: "#2b313c",
    gone: "#2c323d",
    ink: "#f5f2ea",
    paper: "#20252e",
    mat: "#e9e5da",
    rope: "#0e1116",
    red: "#ef4a5f",
    blue: "#4d8df0",
    focus: "#8fb8ff",
    tiers: ["#ef4a5f", "#dfae35", "#4d8df0", "#3bb57c", "#a974e6", "#2fb3bd", "#e57b3e", "#93a0b0"],
};

impl Palette {
    /// The colours for a dark or a light page.
    pub fn of(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colour of a price, counted from the dearest.
    pub fn tier(&self, tier: Option<usize>) -> &'static str {
        tier.map_or(self.gone, |tier| self.tiers[tier % self.tiers.len()])
    }
}
