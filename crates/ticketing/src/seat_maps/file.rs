//! The file a seat map is imported from.

use contract::{ErrorCode, FieldError};
use domain::seat_map::{ImportError, SeatMap, import_csv, import_json};
use platform::error::{ApiError, ApiResult};
use platform::http::Raw;

/// What a file is by its content: JSON begins with a brace or bracket; what holds zero bytes is no text.
fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let packed: [&[u8]; 3] = [b"PK\x03\x04", b"\x1f\x8b", b"%PDF"];
    if text.contains(&0) || packed.iter().any(|magic| text.starts_with(magic)) {
        return None;
    }
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => Some("application/json"),
        _ => Some("text/csv"),
    }
}

/// Reads and checks a file by its content, which must be what its media type says. `name` takes the
/// place of the name in the file.
pub(super) fn read(file: &Raw, name: Option<&str>) -> ApiResult<SeatMap> {
    let import = match file.media_type.as_str() {
        "text/csv" => import_csv,
        "application/json" => import_json,
        _ => {
            let refusal = ApiError::new(ErrorCode::UnsupportedMediaType);
            return Err(refusal.detail("Send the file as text/csv or application/json."));
        }
    };
    match sniff(&file.bytes) {
        Some(found) if found == file.media_type => {}
        Some(found) => {
            let refusal = ApiError::new(ErrorCode::UnsupportedMediaType);
            return Err(refusal.detail(format!("The file looks like {found}, not like {}.", file.media_type)));
        }
        None => {
            return Err(ApiError::new(ErrorCode::UnsupportedMediaType).detail("The file is not a text file."));
        }
    }
    let text = std::str::from_utf8(&file.bytes).map_err(|error| {
        let line = file.bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let refusal = ApiError::new(ErrorCode::ImportFailed);
        refusal.field_fault(format!("line {line}"), "unreadable", "The file must be UTF-8.")
    })?;
    let mut map = import(text).map_err(refusal)?;
    if let Some(name) = name {
        name.clone_into(&mut map.name);
    }
    Ok(map)
}

fn refusal(errors: Vec<ImportError>) -> ApiError {
    let detail = match errors.len() {
        domain::seat_map::MAX_ERRORS => "The first 100 errors are listed.".to_owned(),
        1 => "There is 1 error.".to_owned(),
        count => format!("There are {count} errors."),
    };
    let fields = errors.into_iter().map(|error| FieldError {
        field: error.place(),
        code: error.code.name().to_owned(),
        message: error.message,
    });
    ApiError::new(ErrorCode::ImportFailed).detail(detail).fields(fields)
}
