//! A plain report to read: what a program knows as JSON, set as headings, labels and values.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::DocumentError;
use crate::typesetting::{Template, typeset};

/// Most entries a part prints; what is beyond stands in the file for programs.
const MOST: usize = 500;

static TEMPLATE: Template = Template::new("report.typ", include_str!("../templates/report.typ"));

#[derive(Serialize)]
struct Report {
    title: &'static str,
    note: &'static str,
    more: &'static str,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    heading: String,
    entries: Vec<Entry>,
    left_out: usize,
}

/// Labels with their values, in order.
type Entry = Vec<(String, String)>;

/// One PDF of all parts of a person's data, by their names. The same parts give the same bytes.
///
/// # Errors
/// [`DocumentError::Typesetting`], a defect of this crate.
pub fn render_report(parts: &Map<String, Value>, thai: bool) -> Result<Vec<u8>, DocumentError> {
    let (title, note, more) = if thai {
        ("ข้อมูลของคุณที่ Ringside", "ทุกอย่างที่เราเก็บเกี่ยวกับคุณ", "รายการอื่นอยู่ในไฟล์ JSON")
    } else {
        ("Your data at Ringside", "Everything we hold about you.", "more, in the JSON file")
    };
    let mut sections = Vec::new();
    for (name, value) in parts {
        add(&mut sections, name, value);
    }
    let report = Report { title, note, more, parts: sections };
    let data = serde_json::to_vec(&report).map_err(|error| DocumentError::Typesetting(error.to_string()))?;
    typeset(&TEMPLATE, data, "ringside/report")
}

/// A list becomes a part with an entry for each item; an object of lists a part for each of them.
fn add(sections: &mut Vec<Part>, name: &str, value: &Value) {
    match value {
        Value::Array(items) => {
            let entries = items.iter().take(MOST).map(entry).collect();
            sections.push(Part {
                heading: heading(name),
                entries,
                left_out: items.len().saturating_sub(MOST),
            });
        }
        Value::Object(fields) if fields.values().any(|field| field.is_array() || field.is_object()) => {
            for (field, value) in fields {
                add(sections, &format!("{name}: {field}"), value);
            }
        }
        other => sections.push(Part { heading: heading(name), entries: vec![entry(other)], left_out: 0 }),
    }
}

fn heading(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn entry(value: &Value) -> Entry {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (heading(name), words(value)))
            .collect(),
        other => vec![(String::new(), words(other))],
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(name, value)| format!("{name} {}", words(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
