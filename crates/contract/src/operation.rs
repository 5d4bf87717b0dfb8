//! Which operation answers a request.

use crate::endpoints::all;

/// The operation that answers `method` (in any case) at the path asked for. Where two patterns match,
/// the one with fewer variables is meant.
#[must_use]
pub fn operation_at(method: &str, path: &str) -> Option<&'static str> {
    let matching = |pattern: &str| {
        let (mut asked, mut parts) = (path.split('/'), pattern.split('/'));
        loop {
            match (asked.next(), parts.next()) {
                (None, None) => return true,
                (Some(asked), Some(part))
                    if asked == part || (part.starts_with('{') && !asked.is_empty()) => {}
                _ => return false,
            }
        }
    };
    all()
        .filter(|(_, own, pattern)| own.name().eq_ignore_ascii_case(method) && matching(pattern))
        .min_by_key(|(_, _, pattern)| pattern.matches('{').count())
        .map(|(id, ..)| *id)
}
