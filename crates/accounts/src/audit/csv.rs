//! The log as a file: CSV for people, JSON lines for programs.

use contract::audit::AuditEntry;
use platform::error::{ApiError, ApiResult};

const HEADER: [&str; 13] = [
    "position",
    "at",
    "action",
    "subject_id",
    "actor_kind",
    "actor_id",
    "session_id",
    "ip",
    "request_id",
    "org_id",
    "before",
    "after",
    "id",
];

/// A spreadsheet's file. No column begins with what people typed, so none can begin a formula; texts are
/// inside JSON.
pub(super) fn csv(entries: &[AuditEntry]) -> ApiResult<Vec<u8>> {
    let mut writer = ::csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(HEADER).map_err(ApiError::internal)?;
    let text = |value: &Option<_>| value.as_ref().map(ToString::to_string).unwrap_or_default();
    for entry in entries {
        let json =
            |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        let record = [
            entry.position.to_string(),
            entry.at.to_rfc3339(),
            entry.action.clone(),
            text(&entry.subject_id),
            entry.actor_kind.clone(),
            text(&entry.actor_id),
            text(&entry.session_id),
            entry.ip.clone().unwrap_or_default(),
            entry.request_id.clone(),
            text(&entry.org_id),
            json(&entry.before),
            json(&entry.after),
            entry.id.to_string(),
        ];
        writer.write_record(&record).map_err(ApiError::internal)?;
    }
    writer.into_inner().map_err(|error| ApiError::internal(anyhow::anyhow!("{error}")))
}

/// One JSON object a line.
pub(super) fn json_lines(entries: &[AuditEntry]) -> ApiResult<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    Ok(lines)
}
