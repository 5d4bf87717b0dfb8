//! Import of a seat map from CSV.

use std::collections::HashMap;

use csv::StringRecord;

use super::import::{Errors, ImportCode, ImportError, Place, tidy};
use super::{Ring, Row, Seat, SeatMap, Zone, ZoneKind, ZoneName};

const COLUMNS: [&str; 10] =
    ["zone", "zone_name", "zone_name_th", "kind", "row", "seat", "x", "y", "capacity", "flags"];
const NEEDED: [&str; 6] = ["zone", "kind", "row", "seat", "x", "y"];

/// Reads a seat map from CSV (RFC 4180, UTF-8, a header line, any order of columns). Each line is a
/// seat, or a corner of a standing zone. `docs/seat-map-import.md` has an example.
///
/// | column | meaning |
/// |---|---|
/// | `zone` | code of the zone, `[A-Z0-9]{1,8}` |
/// | `zone_name` | optional; English name, from the zone's first line that has one; else the code |
/// | `zone_name_th` | optional; Thai name |
/// | `kind` | `seated` or `standing`, the same on all lines of a zone |
/// | `row`, `seat` | `[A-Z0-9]{1,8}` each; empty in a standing zone |
/// | `x`, `y` | decimetres east and south of the ring's centre: the middle of the seat, or a corner of the standing zone's outline (at least three lines), or empty in a standing zone of one line |
/// | `capacity` | optional column; number of places of a standing zone, on any of its lines |
/// | `flags` | optional; any of `accessible companion restricted_view`, separated by spaces |
///
/// Zones, rows and seats keep the order in which they first appear. The map gets the name
/// `Seat map`, the ring of [`Ring::default`]; seated zones get an outline around their seats.
///
/// # Errors
/// All errors, at most [`super::MAX_ERRORS`], in the order of lines.
pub fn import_csv(text: &str) -> Result<SeatMap, Vec<ImportError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut import = Import::default();
    match reader.headers() {
        Ok(header) => import.header(&header.clone()),
        Err(error) => import.errors.push(at(1, ""), ImportCode::Unreadable, error.to_string()),
    }
    if NEEDED.iter().all(|column| import.columns.contains_key(column)) {
        for record in reader.records() {
            if import.errors.full() {
                break;
            }
            match record {
                Ok(record) => import.line(&record),
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    import.errors.push(at(line, ""), ImportCode::Unreadable, error.to_string());
                }
            }
        }
        import.finish_zones();
    }
    import.finish()
}

fn at(line: u64, column: &str) -> Place {
    Place { line: Some(line), field: column.to_owned() }
}

#[derive(Default)]
struct Import {
    errors: Errors,
    columns: HashMap<&'static str, usize>,
    width: usize,
    zones: Vec<ZoneDraft>,
    zone_numbers: HashMap<String, usize>,
    seats: HashMap<(usize, String, String), u64>,
}

/// A zone while its lines are read.
struct ZoneDraft {
    line: u64,
    zone: Zone,
    named: bool,
    row_numbers: HashMap<String, usize>,
}

/// One line with its values by column.
struct Line<'a> {
    number: u64,
    record: &'a StringRecord,
    columns: &'a HashMap<&'static str, usize>,
}

impl<'a> Line<'a> {
    /// The value of a column; `None` when the column or the value is absent.
    fn get(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column).and_then(|at| self.record.get(*at)).filter(|value| !value.is_empty())
    }

    fn at(&self, column: &str) -> Place {
        at(self.number, column)
    }

    fn needed(&self, errors: &mut Errors, column: &str) -> Option<&'a str> {
        let value = self.get(column);
        if value.is_none() {
            errors.push(self.at(column), ImportCode::MissingValue, format!("{column} is empty"));
        }
        value
    }

    fn label(&self, errors: &mut Errors, column: &str) -> Option<&'a str> {
        let value = self.needed(errors, column)?;
        errors.label(self.at(column), column, value);
        Some(value)
    }

    /// Decimetres; an error and `None` for what is no sensible number.
    fn length(&self, errors: &mut Errors, column: &str) -> Option<f32> {
        let value = self.needed(errors, column)?;
        let number = value.parse::<f32>().unwrap_or(f32::NAN);
        errors.length(self.at(column), number);
        number.is_finite().then_some(number)
    }
}

impl Import {
    fn header(&mut self, header: &StringRecord) {
        self.width = header.len();
        for (index, name) in header.iter().enumerate() {
            match COLUMNS.iter().find(|column| **column == name) {
                None => {
                    let message = format!("{name:?} is not a column; columns are {}", COLUMNS.join(", "));
                    self.errors.push(at(1, name), ImportCode::UnknownColumn, message);
                }
                Some(column) => {
                    if self.columns.insert(column, index).is_some() {
                        let message = format!("{column} is there twice");
                        self.errors.push(at(1, column), ImportCode::DuplicateColumn, message);
                    }
                }
            }
        }
        for column in NEEDED {
            if !self.columns.contains_key(column) {
                let message = format!("the first line must name the column {column}");
                self.errors.push(at(1, column), ImportCode::MissingColumn, message);
            }
        }
    }

    fn line(&mut self, record: &StringRecord) {
        let number = record.position().map_or(1, csv::Position::line);
        if record.len() != self.width {
            let message = format!("{} values for {} columns", record.len(), self.width);
            self.errors.push(at(number, ""), ImportCode::WrongNumberOfValues, message);
            return;
        }
        let columns = std::mem::take(&mut self.columns);
        let line = Line { number, record, columns: &columns };
        if let Some(zone) = self.zone(&line) {
            match self.zones[zone].zone.kind {
                ZoneKind::Seated => self.seat(&line, zone),
                ZoneKind::Standing => self.corner(&line, zone),
            }
        }
        self.columns = columns;
    }

    /// The zone of a line: opened by its first line, compared with on later ones.
    fn zone(&mut self, line: &Line) -> Option<usize> {
        let code = line.label(&mut self.errors, "zone")?;
        let kind = match line.needed(&mut self.errors, "kind")? {
            "seated" => ZoneKind::Seated,
            "standing" => ZoneKind::Standing,
            other => {
                let message = format!("{other:?} is not a kind; kinds are seated and standing");
                self.errors.push(line.at("kind"), ImportCode::BadKind, message);
                return None;
            }
        };
        let number = *self.zone_numbers.entry(code.to_owned()).or_insert_with(|| {
            self.zones.push(ZoneDraft::new(line.number, code, kind));
            self.zones.len() - 1
        });
        let draft = &mut self.zones[number];
        if draft.zone.kind != kind {
            let message = format!("zone {code} has another kind on line {}", draft.line);
            self.errors.push(line.at("kind"), ImportCode::ZoneContradicts, message);
            return None;
        }
        draft.take_names(line, &mut self.errors);
        Some(number)
    }

    fn seat(&mut self, line: &Line, zone: usize) {
        let errors = &mut self.errors;
        if line.get("capacity").is_some() {
            let message = "only a standing zone has a capacity";
            errors.push(line.at("capacity"), ImportCode::CapacityInSeatedZone, message);
        }
        let (row, number) = (line.label(errors, "row"), line.label(errors, "seat"));
        let (x, y) = (line.length(errors, "x"), line.length(errors, "y"));
        let (Some(row), Some(number)) = (row, number) else { return };
        let mut seat = Seat::new(number, x.unwrap_or(0.0), y.unwrap_or(0.0));
        for flag in line.get("flags").unwrap_or("").split_ascii_whitespace() {
            match flag {
                "accessible" => seat.accessible = true,
                "companion" => seat.companion = true,
                "restricted_view" => seat.restricted_view = true,
                other => {
                    let message =
                        format!("{other:?} is not a flag; flags are accessible, companion, restricted_view");
                    errors.push(line.at("flags"), ImportCode::BadFlag, message);
                }
            }
        }
        let draft = &mut self.zones[zone];
        let key = (zone, row.to_owned(), number.to_owned());
        if let Some(first) = self.seats.get(&key) {
            let message = format!("seat {}-{row}-{number} is on line {first} already", draft.zone.code);
            errors.push(line.at("seat"), ImportCode::DuplicateSeat, message);
            return;
        }
        self.seats.insert(key, line.number);
        draft.row(row).seats.push(seat);
    }

    fn corner(&mut self, line: &Line, zone: usize) {
        let errors = &mut self.errors;
        let draft = &mut self.zones[zone];
        for column in ["row", "seat", "flags"] {
            if line.get(column).is_some() {
                let message = format!("zone {} is standing: {column} must be empty", draft.zone.code);
                errors.push(line.at(column), ImportCode::SeatInStandingZone, message);
            }
        }
        if let Some(text) = line.get("capacity") {
            match text.parse::<u32>() {
                Ok(capacity) if draft.zone.capacity == 0 || draft.zone.capacity == capacity => {
                    draft.zone.capacity = capacity;
                }
                Ok(_) => {
                    let message = format!("zone {} has another capacity above", draft.zone.code);
                    errors.push(line.at("capacity"), ImportCode::ZoneContradicts, message);
                }
                Err(_) => {
                    let message = format!("{text:?} is not a whole number");
                    errors.push(line.at("capacity"), ImportCode::BadNumber, message);
                }
            }
        }
        if line.get("x").is_some() || line.get("y").is_some() {
            let (x, y) = (line.length(errors, "x"), line.length(errors, "y"));
            draft.zone.outline.extend(x.zip(y).map(|(x, y)| [x, y]));
        }
    }

    /// What can be told only when all lines were read.
    fn finish_zones(&mut self) {
        if self.zones.is_empty() && self.errors.is_empty() {
            self.errors.push(at(2, "zone"), ImportCode::NoZones, "the file has no zone");
        }
        for ZoneDraft { line, zone, .. } in &self.zones {
            let code = &zone.code;
            if zone.kind == ZoneKind::Standing && zone.capacity == 0 {
                let message = format!("zone {code} needs a capacity of at least 1 on one of its lines");
                self.errors.push(at(*line, "capacity"), ImportCode::EmptyZone, message);
            }
            if matches!(zone.outline.len(), 1 | 2) {
                let message = format!("the outline of zone {code} needs at least three corners, one a line");
                self.errors.push(at(*line, "x"), ImportCode::BadOutline, message);
            }
        }
        let mut places = 0_usize;
        for ZoneDraft { line, zone, .. } in &self.zones {
            let before = places;
            places = places.saturating_add(zone.places());
            if before <= super::MAX_PLACES {
                self.errors.total(at(*line, "zone"), places);
            }
        }
    }

    fn finish(self) -> Result<SeatMap, Vec<ImportError>> {
        let zones = self.zones.into_iter().map(|draft| draft.zone).collect();
        let mut map = SeatMap { name: "Seat map".to_owned(), ring: Ring::default(), zones };
        tidy(&mut map);
        self.errors.or(map)
    }
}

impl ZoneDraft {
    fn new(line: u64, code: &str, kind: ZoneKind) -> Self {
        let name = ZoneName { en: code.to_owned(), th: None };
        let zone = Zone { code: code.to_owned(), name, kind, capacity: 0, outline: vec![], rows: vec![] };
        Self { line, zone, named: false, row_numbers: HashMap::new() }
    }

    fn take_names(&mut self, line: &Line, errors: &mut Errors) {
        if let Some(name) = line.get("zone_name") {
            errors.name(line.at("zone_name"), name);
            if self.named && self.zone.name.en != name {
                let message = format!("zone {} is called {:?} above", self.zone.code, self.zone.name.en);
                errors.push(line.at("zone_name"), ImportCode::ZoneContradicts, message);
            }
            self.named = true;
            name.clone_into(&mut self.zone.name.en);
        }
        if let Some(name) = line.get("zone_name_th") {
            errors.name(line.at("zone_name_th"), name);
            self.zone.name.th = Some(name.to_owned());
        }
    }

    fn row(&mut self, label: &str) -> &mut Row {
        let rows = &mut self.zone.rows;
        let number = *self.row_numbers.entry(label.to_owned()).or_insert_with(|| {
            rows.push(Row { label: label.to_owned(), seats: vec![] });
            rows.len() - 1
        });
        &mut rows[number]
    }
}
