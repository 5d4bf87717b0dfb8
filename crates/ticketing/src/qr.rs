//! QR codes as images, in the size and colours asked for.

mod colour;

use std::{fmt::Write as _, io::Cursor};

use actix_web::{HttpResponse, http::header};
use contract::ErrorCode;
use garde::Validate;
use image::{ImageFormat, Rgb, RgbImage};
use platform::error::{ApiError, ApiResult};
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;

use colour::Colour;

/// Least contrast (WCAG 2.2) between dark and light that a cheap scanner reads under a gate's lamps.
const LEAST_CONTRAST: f64 = 4.5;

/// The kind of image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Sharp at any size.
    #[default]
    Svg,
    /// Exactly `size` pixels wide and high.
    Png,
}

/// How much of the code may be lost and it still reads: about 7, 15, 25 or 30 percent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// How the image is to look.
#[derive(Debug, Clone, Deserialize, Validate, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Look {
    /// `svg` or `png`.
    #[serde(default)]
    #[garde(skip)]
    #[param(inline)]
    pub format: Format,
    /// Width and height in pixels, 64 to 2048.
    #[serde(default = "usual_size")]
    #[garde(range(min = 64, max = 2048))]
    #[param(minimum = 64, maximum = 2048, default = 512, required = false)]
    pub size: u32,
    /// Error correction: `l`, `m`, `q` or `h`.
    #[serde(default)]
    #[garde(skip)]
    #[param(inline)]
    pub level: Level,
    /// Colour of the dark modules: `101010` or `#101010`.
    #[serde(default = "black")]
    #[garde(length(max = 7))]
    #[param(example = "000000", required = false)]
    pub dark: String,
    /// Colour of the light modules.
    #[serde(default = "white")]
    #[garde(length(max = 7))]
    #[param(example = "ffffff", required = false)]
    pub light: String,
    /// Clear modules around the code, 4 to 16; the standard asks for 4.
    #[serde(default = "usual_margin")]
    #[garde(range(min = 4, max = 16))]
    #[param(minimum = 4, maximum = 16, default = 4, required = false)]
    pub margin: u32,
}

const fn usual_size() -> u32 {
    512
}
const fn usual_margin() -> u32 {
    4
}
fn black() -> String {
    "000000".into()
}
fn white() -> String {
    "ffffff".into()
}

impl Default for Look {
    fn default() -> Self {
        Self {
            format: Format::Svg,
            size: usual_size(),
            level: Level::M,
            dark: black(),
            light: white(),
            margin: usual_margin(),
        }
    }
}

/// An image and its media type.
pub(crate) struct Drawn {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
}

impl Drawn {
    /// The answer that carries it. Only its reader may keep it.
    pub fn into_response(self) -> HttpResponse {
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, self.media_type))
            .insert_header((header::CACHE_CONTROL, "private, max-age=300"))
            .body(self.bytes)
    }
}

/// A code as PNG, black on white, `size` pixels wide and high.
///
/// # Errors
/// When the text is too long for a QR code, or the size too small for it.
pub fn as_png(text: &str, size: u32) -> ApiResult<Vec<u8>> {
    let look = Look { format: Format::Png, size, ..Look::default() };
    Ok(draw(text, &look)?.bytes)
}

/// Draws `text`. Colours that scanners would not read, and a size with less than a pixel for a module,
/// are refused.
pub(crate) fn draw(text: &str, look: &Look) -> ApiResult<Drawn> {
    let (dark, light) = colours(look)?;
    let level = match look.level {
        Level::L => EcLevel::L,
        Level::M => EcLevel::M,
        Level::Q => EcLevel::Q,
        Level::H => EcLevel::H,
    };
    let code = QrCode::with_error_correction_level(text, level).map_err(ApiError::internal)?;
    let modules = u32::try_from(code.width()).map_err(ApiError::internal)?;
    let whole = modules + 2 * look.margin;
    match look.format {
        Format::Svg => {
            let bytes = svg(&code, modules, look, whole, dark, light).into_bytes();
            Ok(Drawn { bytes, media_type: "image/svg+xml" })
        }
        Format::Png if look.size < whole => Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
            "size",
            "too_small",
            format!("this code needs at least {whole} pixels"),
        )),
        Format::Png => {
            Ok(Drawn { bytes: png(&code, modules, look, whole, dark, light)?, media_type: "image/png" })
        }
    }
}

fn colours(look: &Look) -> ApiResult<(Colour, Colour)> {
    let read = |field: &'static str, text: &str| {
        Colour::read(text).ok_or_else(|| {
            ApiError::new(ErrorCode::InvalidFields).field_fault(
                field,
                "wrong_form",
                "must be six hexadecimal digits",
            )
        })
    };
    let (dark, light) = (read("dark", &look.dark)?, read("light", &look.light)?);
    if dark.luminance() >= light.luminance() || dark.contrast(light) < LEAST_CONTRAST {
        return Err(ApiError::new(ErrorCode::InvalidFields).field_fault(
            "dark",
            "too_little_contrast",
            format!("must be darker than light, with a contrast of at least {LEAST_CONTRAST}"),
        ));
    }
    Ok((dark, light))
}

fn svg(code: &QrCode, modules: u32, look: &Look, whole: u32, dark: Colour, light: Colour) -> String {
    let mut path = String::new();
    for_each_dark(code, modules, |x, y| {
        // Writing to a String cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + look.margin, y + look.margin);
    });
    let (size, dark, light) = (look.size, dark.hex(), light.hex());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {whole} {whole}\" \
         shape-rendering=\"crispEdges\"><path fill=\"{light}\" d=\"M0 0h{whole}v{whole}H0z\"/>\
         <path fill=\"{dark}\" d=\"{path}\"/></svg>"
    )
}

/// Whole pixels for each module; what is left over widens the margin.
fn png(
    code: &QrCode,
    modules: u32,
    look: &Look,
    whole: u32,
    dark: Colour,
    light: Colour,
) -> ApiResult<Vec<u8>> {
    let scale = look.size / whole;
    let start = (look.size - modules * scale) / 2;
    let mut picture = RgbImage::from_pixel(look.size, look.size, Rgb(light.0));
    for_each_dark(code, modules, |x, y| {
        for dy in 0..scale {
            for dx in 0..scale {
                picture.put_pixel(start + x * scale + dx, start + y * scale + dy, Rgb(dark.0));
            }
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(ApiError::internal)?;
    Ok(bytes.into_inner())
}

fn for_each_dark(code: &QrCode, modules: u32, mut f: impl FnMut(u32, u32)) {
    for (at, color) in (0_u32..).zip(code.to_colors()) {
        if color == Color::Dark {
            f(at % modules, at / modules);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_has_the_size_asked_for_and_a_clear_edge() {
        let look = Look { format: Format::Png, size: 300, ..Look::default() };
        let drawn = draw("RS0123456789", &look).unwrap();
        let picture = image::load_from_memory(&drawn.bytes).unwrap().to_rgb8();
        assert_eq!((picture.width(), picture.height()), (300, 300));
        assert!(picture.rows().take(4).flatten().all(|pixel| *pixel == Rgb([255; 3])));
        assert!(picture.pixels().any(|pixel| *pixel == Rgb([0; 3])));
    }

    #[test]
    fn colours_no_scanner_reads_are_refused() {
        for (dark, light) in
            [("ffffff", "000000"), ("888888", "999999"), ("red", "ffffff"), ("00000g", "ffffff")]
        {
            let look = Look { dark: dark.into(), light: light.into(), ..Look::default() };
            assert_eq!(
                draw("RS", &look).err().unwrap().code(),
                ErrorCode::InvalidFields,
                "{dark} on {light}"
            );
        }
        let look = Look { dark: "#7a0019".into(), light: "fff8e7".into(), ..Look::default() };
        assert!(String::from_utf8(draw("RS", &look).unwrap().bytes).unwrap().contains("#7a0019"));
    }

    #[test]
    fn a_module_needs_a_pixel() {
        let text = "A".repeat(221);
        let look = Look { format: Format::Png, size: 64, level: Level::H, margin: 16, ..Look::default() };
        assert_eq!(draw(&text, &look).err().unwrap().code(), ErrorCode::InvalidFields);
    }
}
