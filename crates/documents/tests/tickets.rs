//! What a printed ticket must be, read back with tools that are not ours: poppler and zbar.

use documents::{DocumentError, Locale, MAX_TICKETS, TicketDocument, render_tickets};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A payload of the length and the alphabet of a real ticket code.
const CODE: &str = "NCF.QB%E$LE0UVPIAV40 RC$0BVM2ET5:E5-16DNB*ZN8/U+R3K8SC2D1:OPX7J4YF6WGT9H$KC3 \
                    LM/Q-AZB+D.E*5U%8X0R7PN4V2SJ6T9YWH1FGIO3CK:EDLMQ8ZA$B5+7D.";

fn english() -> TicketDocument {
    TicketDocument {
        brand: "Demo Promotions".into(),
        event_title: "Thunder at the Stadium".into(),
        red_corner: Some("Fighter Red".into()),
        blue_corner: Some("Fighter Blue".into()),
        date_line: "Sat 12 Dec 2026, 19:00".into(),
        doors_line: Some("17:30".into()),
        venue: "Demo Boxing Stadium".into(),
        venue_address: "1 Demo Road, Bangkok 10110".into(),
        zone: "Ringside North".into(),
        row: Some("C".into()),
        seat: Some("17".into()),
        ticket_type: "Ringside".into(),
        price_line: "฿2,500.00".into(),
        holder: Some("Demo Guest".into()),
        order_number: "R-7K3M9Q".into(),
        ticket_number: "T-000123".into(),
        code: CODE.into(),
        locale: Locale::En,
    }
}

fn thai() -> TicketDocument {
    TicketDocument {
        event_title: "ศึกสายฟ้าสนามมวยเดโม".into(),
        red_corner: Some("นักชก มุมแดง".into()),
        blue_corner: Some("นักชก มุมน้ำเงิน".into()),
        venue: "สนามมวยเดโม".into(),
        zone: "ริงไซด์ ทิศเหนือ".into(),
        ticket_number: "T-000124".into(),
        code: CODE.chars().rev().collect(),
        locale: Locale::Th,
        ..english()
    }
}

/// Runs a program with the PDF as its input and returns what it prints.
fn read_with(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} is needed (cargo xtask test installs it): {error}"));
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    feeder.join().expect("no panic").expect("the program reads all of its input");
    assert!(output.status.success(), "{program} failed with {}", output.status);
    output.stdout
}

fn text_of(pdf: &[u8]) -> String {
    String::from_utf8(read_with("pdftotext", &["-raw", "-", "-"], pdf)).expect("UTF-8")
}

/// The text of each QR code on a page, as an independent decoder reads the picture of the page.
fn scan_page(pdf: &[u8], page: usize, dots_per_inch: u32) -> Vec<String> {
    let file: PathBuf =
        std::env::temp_dir().join(format!("ringside-page-{}-{page}-{dots_per_inch}.png", std::process::id()));
    let page = page.to_string();
    let resolution = dots_per_inch.to_string();
    let picture = read_with("pdftoppm", &["-png", "-r", &resolution, "-f", &page, "-l", &page, "-"], pdf);
    std::fs::write(&file, picture).expect("the temporary folder is writable");
    let name = file.to_str().expect("a plain path");
    let read = read_with("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", name], &[]);
    std::fs::remove_file(&file).expect("it was there");
    String::from_utf8(read).expect("UTF-8").lines().map(str::to_owned).collect()
}

#[test]
fn each_ticket_has_a_page_of_its_own() {
    let tickets: Vec<_> =
        (0..5).map(|n| TicketDocument { ticket_number: format!("T-00020{n}"), ..english() }).collect();
    let text = text_of(&render_tickets(&tickets).expect("it prints"));
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    assert_eq!(pages.len(), 5);
    for (n, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("T-00020{n}")), "page {n}: {page}");
    }
}

#[test]
fn the_same_tickets_give_the_same_bytes() {
    let tickets = [english(), thai()];
    let first = render_tickets(&tickets).expect("it prints");
    render_tickets(&[thai()]).expect("another document in between");
    assert_eq!(first, render_tickets(&tickets).expect("it prints"));
    assert!(first.len() < 120_000, "{} bytes", first.len());
}

#[test]
fn english_words_are_on_the_page() {
    let text = text_of(&render_tickets(&[english()]).expect("it prints"));
    for word in [
        "DEMO PROMOTIONS",
        "FIGHTER",
        "RED",
        "BLUE",
        "Thunder at the Stadium",
        "Sat 12 Dec 2026, 19:00",
        "17:30",
        "Demo Boxing Stadium",
        "1 Demo Road, Bangkok 10110",
        "Ringside North",
        "ROW",
        "SEAT",
        "17",
        "฿2,500.00",
        "Demo Guest",
        "R-7K3M9Q",
        "T-000123",
    ] {
        assert!(text.contains(word), "{word:?} is missing from:\n{text}");
    }
    assert!(!text.contains(&CODE[..20]), "the code is never printed as text");
}

#[test]
fn thai_words_are_on_the_page() {
    let text = text_of(&render_tickets(&[thai()]).expect("it prints"));
    for word in ["ศึกสายฟ้าสนามมวยเดโม", "นักชก", "มุมแดง", "สนามมวยเดโม", "โซน", "แถว", "ประตูเปิด"]
    {
        assert!(text.contains(word), "{word:?} is missing from:\n{text}");
    }
}

#[test]
fn an_independent_decoder_reads_the_code_from_the_page() {
    let pdf = render_tickets(&[english(), thai()]).expect("it prints");
    assert_eq!(scan_page(&pdf, 1, 150), [CODE]);
    let reversed: String = CODE.chars().rev().collect();
    assert_eq!(scan_page(&pdf, 2, 150), [reversed], "and from the second page");
    assert_eq!(scan_page(&pdf, 1, 96), [CODE], "and from a coarse picture");
}

#[test]
fn texts_of_any_length_stay_on_one_page() {
    let long = "สนามมวยนานาชาติ Extraordinarily Long International Arena ".repeat(3);
    let ticket = TicketDocument {
        brand: long.clone(),
        event_title: long.clone(),
        red_corner: Some("Unbelievablylongsinglewordname".into()),
        venue: long.clone(),
        venue_address: long.clone(),
        zone: long.clone(),
        row: Some("AAAAAAAA".into()),
        seat: Some("10000000".into()),
        ticket_type: long.clone(),
        holder: Some(long),
        ..english()
    };
    let pdf = render_tickets(&[ticket]).expect("it prints");
    assert_eq!(text_of(&pdf).matches('\u{c}').count(), 1);
    assert_eq!(scan_page(&pdf, 1, 150), [CODE], "nothing covers the code");
}

#[test]
fn markup_in_a_text_is_printed_and_not_obeyed() {
    let ticket = TicketDocument { holder: Some("#pagebreak() *x* $y$".into()), ..english() };
    let text = text_of(&render_tickets(&[ticket]).expect("it prints"));
    assert!(text.contains("#pagebreak() *x* $y$"), "{text}");
}

#[test]
fn standing_places_have_neither_row_nor_seat() {
    let ticket = TicketDocument { row: None, seat: None, red_corner: None, ..english() };
    let text = text_of(&render_tickets(&[ticket]).expect("it prints"));
    assert!(text.contains("Standing"), "{text}");
    assert!(!text.contains("SEAT") && !text.contains("ROW"), "{text}");
}

#[test]
fn what_cannot_be_printed_is_refused_by_name() {
    assert!(matches!(render_tickets(&[]), Err(DocumentError::Empty)));
    let many = vec![english(); MAX_TICKETS + 1];
    assert!(matches!(render_tickets(&many), Err(DocumentError::TooMany { count }) if count == 201));
    let wordy = TicketDocument { code: "x".repeat(3_000), ..english() };
    assert!(matches!(
        render_tickets(&[wordy]),
        Err(DocumentError::Code { ticket_number, .. }) if ticket_number == "T-000123"
    ));
}
