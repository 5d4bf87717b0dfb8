//! The file a seat map is imported from.

use contract::{ErrorCode, FieldError};
use domain::seat_map::{ImportError, SeatMap, import_csv, import_json};
use platform::error::{ApiError, ApiResult};
use platform::http::Raw;

/// Reads and checks a file, by its media type. `name` takes the place of the name in the file.
pub(super) fn read(file: &Raw, name: Option<&str>) -> ApiResult<SeatMap> {
    let import = match file.media_type.as_str() {
        "text/csv" => import_csv,
        "application/json" => import_json,
        _ => {
            let refusal = ApiError::new(ErrorCode::UnsupportedMediaType);
            return Err(refusal.detail("Send the file as text/csv or application/json."));
        }
    };
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
