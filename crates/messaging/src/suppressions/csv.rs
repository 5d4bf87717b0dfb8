//! The list as a CSV file that a spreadsheet opens without running anything in it.

use contract::mail::Suppression;
use platform::error::{ApiError, ApiResult};

const HEADER: [&str; 6] = ["address", "reason", "detail", "since", "delivery_id", "id"];

/// The file, with a byte order mark so that Excel reads Thai.
pub(super) fn write(entries: &[Suppression]) -> ApiResult<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(HEADER).map_err(ApiError::internal)?;
    for entry in entries {
        let record = [
            harmless(&entry.address),
            entry.reason.name().to_owned(),
            harmless(&entry.detail),
            entry.created_at.to_rfc3339(),
            entry.delivery_id.map(|id| id.to_string()).unwrap_or_default(),
            entry.id.to_string(),
        ];
        writer.write_record(&record).map_err(ApiError::internal)?;
    }
    writer.into_inner().map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))
}

/// A text that begins like a formula gets an apostrophe before it (OWASP, CSV injection).
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
