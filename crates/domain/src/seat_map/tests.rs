use super::*;
use proptest::prelude::*;

const CSV: &str = include_str!("../../../../docs/examples/seat-map.csv");
const JSON: &str = include_str!("../../../../docs/examples/seat-map.json");

/// `(line, field, code)` of each error.
fn found(result: Result<SeatMap, Vec<ImportError>>) -> Vec<(Option<u64>, String, &'static str)> {
    result.unwrap_err().into_iter().map(|error| (error.line, error.field, error.code.name())).collect()
}

fn csv_errors(lines: &str) -> Vec<(u64, String, &'static str)> {
    let text = format!("zone,zone_name,kind,row,seat,x,y,capacity,flags\n{lines}");
    found(import_csv(&text)).into_iter().map(|(line, field, code)| (line.unwrap(), field, code)).collect()
}

fn one(line: u64, field: &str, code: &'static str) -> Vec<(u64, String, &'static str)> {
    vec![(line, field.to_owned(), code)]
}

#[test]
fn both_examples_of_the_guide_give_the_same_map() {
    let from_csv = import_csv(CSV).unwrap();
    let from_json = import_json(JSON).unwrap();
    assert_eq!(from_csv.zones, from_json.zones);
    assert_eq!(from_csv.ring, from_json.ring);
    assert_eq!(from_json.name, "Ring in the middle");
    assert_eq!((from_json.seat_count(), from_json.standing_count()), (6, 150));
    let labels: Vec<_> =
        from_json.seats().map(|(z, r, s)| SeatMap::label(z, r, s).unwrap().to_string()).collect();
    assert_eq!(labels, ["R1-A-1", "R1-A-2", "R1-A-3", "R1-B-1", "R1-B-2", "R1-B-3"]);
    let first = &from_json.zones[0].rows[0].seats[0];
    assert!(first.accessible && !first.companion);
}

#[test]
fn json_returns_and_is_compact() {
    let map = import_json(JSON).unwrap();
    let text = serde_json::to_string(&map).unwrap();
    assert!(text.contains(r#"[["1",-6,-60,"a"],["2",0,-60,"c"],["3",6,-60]]"#), "{text}");
    assert_eq!(import_json(&text).unwrap(), map);
}

#[test]
fn csv_tells_every_error_with_its_line() {
    assert_eq!(csv_errors("R1,,seated,A,1,0,0,,\nR1,,seated,A,1,5,0,,\n"), one(3, "seat", "duplicate_seat"));
    assert_eq!(csv_errors("R1,,seated,A,1,zero,0,,\n"), one(2, "x", "bad_number"));
    assert_eq!(csv_errors("R1,,seated,A,1,0,NaN,,\n"), one(2, "y", "bad_number"));
    assert_eq!(csv_errors("R1,,seated,A,1,0,99999,,\n"), one(2, "y", "bad_number"));
    assert_eq!(csv_errors("R1,,seated,,1,0,0,,\n"), one(2, "row", "missing_value"));
    assert_eq!(csv_errors("r-1,,seated,A,1,0,0,,\n"), one(2, "zone", "bad_label"));
    assert_eq!(csv_errors("R1,,sitting,A,1,0,0,,\n"), one(2, "kind", "bad_kind"));
    assert_eq!(csv_errors("R1,,seated,A,1,0,0,,vip\n"), one(2, "flags", "bad_flag"));
    assert_eq!(csv_errors("R1,,seated,A,1,0,0,9,\n"), one(2, "capacity", "capacity_in_seated_zone"));
    assert_eq!(csv_errors("R1,,seated,A,1,0,0\n"), one(2, "", "wrong_number_of_values"));
    assert_eq!(csv_errors("T,,standing,,,,,,\n"), one(2, "capacity", "empty_zone"));
    assert_eq!(csv_errors("T,,standing,,,,,many,\n").last(), one(2, "capacity", "empty_zone").last());
    assert_eq!(csv_errors("T,,standing,A,,,,50,\n"), one(2, "row", "seat_in_standing_zone"));
    assert_eq!(csv_errors("T,,standing,,,1,1,50,\n"), one(2, "x", "bad_outline"));
    assert_eq!(csv_errors("T,,standing,,,,,40001,\n"), one(2, "zone", "too_many_places"));
    assert_eq!(
        csv_errors("T,,standing,,,,,50,\nT,,standing,,,,,60,\n"),
        one(3, "capacity", "zone_contradicts")
    );
    assert_eq!(csv_errors("T,,standing,,,,,50,\nT,,seated,A,1,0,0,,\n"), one(3, "kind", "zone_contradicts"));
    assert_eq!(
        csv_errors("R1,A,seated,A,1,0,0,,\nR1,B,seated,A,2,0,0,,\n"),
        one(3, "zone_name", "zone_contradicts")
    );
    assert_eq!(csv_errors(""), one(2, "zone", "no_zones"));
}

#[test]
fn csv_collects_errors_of_many_lines_and_of_the_header() {
    let errors = csv_errors("R1,,seated,A,1,x,y,,\n,,seated,A,2,0,0,,\nR1,,seated,A,3,0,0,,odd even\n");
    let lines: Vec<u64> = errors.iter().map(|(line, ..)| *line).collect();
    assert_eq!(lines, [2, 2, 3, 4, 4]);

    let header = found(import_csv("zone,colour,kind,row,seat,x,zone\nR1,red,seated,A,1,0,R1\n"));
    let header: Vec<_> =
        header.iter().map(|(line, field, code)| (line.unwrap(), field.as_str(), *code)).collect();
    assert_eq!(
        header,
        [(1, "colour", "unknown_column"), (1, "zone", "duplicate_column"), (1, "y", "missing_column")]
    );
    assert_eq!(found(import_csv("")).len(), NEEDED_COLUMNS);
    let many = "R1,,seated,A,1,x,y,,\n".repeat(500);
    assert_eq!(csv_errors(&many).len(), MAX_ERRORS);
}
const NEEDED_COLUMNS: usize = 6;

#[test]
fn csv_accepts_what_spreadsheets_write() {
    let text = "\u{feff}kind,zone,row,seat,x,y\r\nseated, R1 ,A,\"1\",1.26,-2\r\n\r\nseated,R1,A,2,2,-2\r\n";
    let map = import_csv(text).unwrap();
    assert_eq!(map.zones[0].name.en, "R1");
    assert_eq!(map.zones[0].rows[0].seats[0], Seat::new("1", 1.3, -2.0));
    assert_eq!(map.zones[0].outline.len(), 4);
}

#[test]
fn json_tells_line_and_column_or_path() {
    let unreadable = found(import_json("{\n  \"name\": \"x\",\n  \"zones\": [}\n"));
    assert_eq!(unreadable, [(Some(3), "13".to_owned(), "unreadable")]);
    let unknown = found(import_json(&JSON.replace("\"capacity\"", "\"size\"")));
    assert_eq!((unknown[0].0, unknown[0].2), (Some(19), "unreadable"));
    let flag = import_json(&JSON.replace("\"a\"", "\"z\"")).unwrap_err();
    assert!(flag[0].message.contains("unknown seat flag"), "{flag:?}");
    assert_eq!(flag[0].place(), "line 11, column 53");

    let cases = [
        (
            JSON.replace("[\"2\", 0, -60, \"c\"]", "[\"1\", 0, -60]"),
            "zones[0].rows[0].seats[1]",
            "duplicate_seat",
        ),
        (JSON.replace("[\"3\", 6, -60]", "[\"3\", 1e9, -60]"), "zones[0].rows[0].seats[2]", "bad_number"),
        (JSON.replace("\"label\": \"B\"", "\"label\": \"A\""), "zones[0].rows[1].label", "duplicate_row"),
        (JSON.replace("\"R1\"", "\"TS\""), "zones[1].code", "duplicate_zone"),
        (JSON.replace("\"R1\"", "\"ring side\""), "zones[0].code", "bad_label"),
        (JSON.replace("150", "0"), "zones[1]", "empty_zone"),
        (JSON.replace("150", "40000"), "zones", "too_many_places"),
        (JSON.replace("\"standing\"", "\"seated\""), "zones[1].capacity", "capacity_in_seated_zone"),
        (JSON.replace("\"seated\"", "\"standing\""), "zones[0].rows", "seat_in_standing_zone"),
        (JSON.replace("73", "0"), "ring.size", "bad_number"),
        (JSON.replace("Ringside north", " "), "zones[0].name.en", "bad_name"),
        (
            JSON.replace("[[-200, 300], [200, 300], [200, 360], [-200, 360]]", "[[0, 0]]"),
            "zones[1].outline",
            "bad_outline",
        ),
        ("{\"name\":\"x\",\"zones\":[]}".to_owned(), "zones", "no_zones"),
    ];
    for (text, field, code) in cases {
        assert_eq!(found(import_json(&text)), [(None, field.to_owned(), code)]);
    }
}

#[test]
fn hulls_go_around() {
    let square = [[0.0, 0.0], [2.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 2.0], [1.0, 0.0]];
    assert_eq!(hull(square), [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]]);
    assert_eq!(widened([[0.0, 0.0]], 1.0).len(), 4);
    assert!(hull([]).is_empty());
}

proptest! {
    #[test]
    fn any_text_ends(text: String) {
        let _ = (import_csv(&text), import_json(&text));
    }

    #[test]
    fn any_table_ends(lines in "((R1|T|zz|)?,(seated|standing|x)?,[A-C]?,[0-9]?,[0-9.-]{0,3},[0-9-]{0,2},[0-9]{0,2}\n){0,20}") {
        let text = format!("zone,kind,row,seat,x,y,capacity\n{lines}");
        match import_csv(&text) {
            Ok(map) => prop_assert_eq!(import_json(&serde_json::to_string(&map).unwrap()).unwrap(), map),
            Err(errors) => prop_assert!((1..=MAX_ERRORS).contains(&errors.len())),
        }
    }
}
