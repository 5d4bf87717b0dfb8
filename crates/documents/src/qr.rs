//! A QR code as one vector path.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Clear modules that ISO/IEC 18004 asks for on each side.
const QUIET_ZONE: usize = 4;

/// A QR code drawn as SVG, quiet zone included.
pub(crate) struct QrImage {
    /// The SVG file: dark modules on white, one unit per module.
    pub svg: String,
    /// Modules along one side, quiet zone included.
    pub modules: usize,
}

/// Draws `payload` with error correction M. The error is the encoder's message: the payload is too long.
pub(crate) fn draw(payload: &str) -> Result<QrImage, String> {
    let code = QrCode::with_error_correction_level(payload, EcLevel::M).map_err(|error| error.to_string())?;
    let width = code.width();
    let modules = width + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        for (x, length) in dark_runs(row) {
            let (x, y) = (x + QUIET_ZONE, y + QUIET_ZONE);
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
        }
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {modules} {modules}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{modules}v{modules}H0z\"/><path d=\"{path}\"/></svg>"
    );
    Ok(QrImage { svg, modules })
}

/// Start and length of each run of dark modules in a row.
fn dark_runs(row: &[Color]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == x => *length += 1,
            _ => runs.push((x, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_dark_modules_become_one_run() {
        let row = [Color::Dark, Color::Dark, Color::Light, Color::Dark];
        assert_eq!(dark_runs(&row), [(0, 2), (3, 1)]);
    }

    #[test]
    fn the_quiet_zone_is_four_modules_on_each_side() {
        let image = draw("RINGSIDE").expect("a short payload fits");
        assert_eq!(image.modules, 21 + 8, "version 1 has 21 modules");
        assert!(!image.svg.contains("M3 "), "nothing dark in the quiet zone");
        assert!(image.svg.contains("M4 4h7v1h-7z"), "the finder pattern starts after it");
    }

    #[test]
    fn a_payload_that_is_too_long_is_refused() {
        assert!(draw(&"x".repeat(3_000)).is_err());
    }
}
