//! Prints sample tickets: `cargo run -p documents --example ticket > ticket.pdf`. With `--time` it prints how
//! long a warm page takes.

use documents::{Locale, TicketDocument, render_tickets};
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tickets = samples();
    let pdf = render_tickets(&tickets)?;
    if std::env::args().any(|argument| argument == "--time") {
        for round in 0..20u32 {
            let mut ticket = tickets[0].clone();
            ticket.ticket_number = format!("T-{round:06}");
            ticket.code = format!("{}{round:03}", ticket.code);
            let start = Instant::now();
            render_tickets(&[ticket])?;
            println!("round {round}: {:?}", start.elapsed());
        }
        return Ok(());
    }
    std::io::stdout().write_all(&pdf)?;
    Ok(())
}

fn samples() -> Vec<TicketDocument> {
    let english = TicketDocument {
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
        code: "A1B2 $%*+-./:".chars().cycle().take(210).collect(),
        locale: Locale::En,
    };
    let thai = TicketDocument {
        brand: "เดโมโปรโมชัน".into(),
        event_title: "ศึกสายฟ้าสนามมวยเดโม ครั้งที่ ๑๒".into(),
        red_corner: Some("นักชก มุมแดง".into()),
        blue_corner: Some("นักชก มุมน้ำเงิน".into()),
        date_line: "เสาร์ 12 ธันวาคม 2569 เวลา 19:00 น.".into(),
        venue: "สนามมวยเดโม".into(),
        venue_address: "1 ถนนเดโม กรุงเทพมหานคร 10110".into(),
        zone: "ริงไซด์ ทิศเหนือ".into(),
        ticket_type: "ริงไซด์".into(),
        holder: Some("ผู้ชมเดโม".into()),
        ticket_number: "T-000124".into(),
        locale: Locale::Th,
        ..english.clone()
    };
    let standing = TicketDocument {
        event_title: "New Year Fight Night".into(),
        red_corner: None,
        blue_corner: None,
        zone: "East Terrace".into(),
        row: None,
        seat: None,
        holder: None,
        ticket_type: "Standing".into(),
        price_line: "฿400.00".into(),
        ticket_number: "T-000125".into(),
        ..english.clone()
    };
    let long = "สนามมวยนานาชาติ Long International Arena ".repeat(3);
    let crowded = TicketDocument {
        brand: long.clone(),
        event_title: long.clone(),
        red_corner: Some("Unbelievablylongsinglewordname".into()),
        venue: long.clone(),
        venue_address: long.clone(),
        zone: long.clone(),
        row: Some("AA".into()),
        seat: Some("1024".into()),
        ticket_type: long.clone(),
        holder: Some(long),
        ..english.clone()
    };
    vec![english, thai, standing, crowded]
}
