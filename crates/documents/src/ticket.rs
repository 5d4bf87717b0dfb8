//! The printed ticket: one A5 page each, a poster above the perforation, the seat and the code below.

use crate::typesetting::{Template, typeset};
use crate::{DocumentError, qr};
use serde::Serialize;

/// Most tickets one document may hold; a larger order is several documents.
pub const MAX_TICKETS: usize = 200;

/// Smallest side of a module of the code, in millimetres: what a hand scanner reads from plain paper.
const MODULE_MM: f64 = 0.85;
/// Smallest side of the code with its quiet zone, in millimetres.
const CODE_MM: f64 = 54.0;

static TEMPLATE: Template = Template::new("ticket.typ", include_str!("../templates/ticket.typ"));

/// The language of a document's fixed words. What the caller passes is printed as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Thai.
    Th,
}

/// What one ticket says. Texts are printed as given, already in the reader's language; long ones are set
/// smaller until they fit.
#[derive(Debug, Clone, Serialize)]
pub struct TicketDocument {
    /// Who sells: the promoter's name.
    pub brand: String,
    /// The name of the event.
    pub event_title: String,
    /// The main bout's red corner; without both corners the title takes the poster.
    pub red_corner: Option<String>,
    /// The main bout's blue corner.
    pub blue_corner: Option<String>,
    /// The day and the hour it starts, "Sat 12 December 2026, 19:00".
    pub date_line: String,
    /// When the doors open, "17:30".
    pub doors_line: Option<String>,
    /// The name of the venue.
    pub venue: String,
    /// Where it is, on one line.
    pub venue_address: String,
    /// The zone's name.
    pub zone: String,
    /// The row's label; none for a standing place.
    pub row: Option<String>,
    /// The seat's number; none for a standing place.
    pub seat: Option<String>,
    /// What was bought, "Adult", "Ringside VIP".
    pub ticket_type: String,
    /// What was paid for it, "฿2,500.00".
    pub price_line: String,
    /// Who it is for, when the order says.
    pub holder: Option<String>,
    /// The order's number.
    pub order_number: String,
    /// The ticket's number, also the identity of the page.
    pub ticket_number: String,
    /// The payload of the QR code. Never printed as text.
    pub code: String,
    /// The language of the fixed words.
    pub locale: Locale,
}

/// One PDF with a page for each ticket, in the order given. The same tickets give the same bytes.
///
/// # Errors
/// [`DocumentError::Empty`] and [`DocumentError::TooMany`] for the count, [`DocumentError::Code`] for a code
/// that no QR code holds.
pub fn render_tickets(tickets: &[TicketDocument]) -> Result<Vec<u8>, DocumentError> {
    let first = tickets.first().ok_or(DocumentError::Empty)?;
    if tickets.len() > MAX_TICKETS {
        return Err(DocumentError::TooMany { count: tickets.len() });
    }
    let pages = tickets.iter().map(Page::of).collect::<Result<Vec<_>, _>>()?;
    let data = serde_json::to_vec(&Data { title: &first.event_title, brand: &first.brand, pages })
        .map_err(|error| DocumentError::Typesetting(error.to_string()))?;
    let identity = format!("ringside/tickets/{}/{}", first.order_number, first.ticket_number);
    typeset(&TEMPLATE, data, &identity)
}

#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    brand: &'a str,
    pages: Vec<Page<'a>>,
}

/// What the template reads for one page.
#[derive(Serialize)]
struct Page<'a> {
    ticket: &'a TicketDocument,
    words: Words,
    qr_svg: String,
    qr_mm: f64,
}

impl<'a> Page<'a> {
    fn of(ticket: &'a TicketDocument) -> Result<Self, DocumentError> {
        let image = qr::draw(&ticket.code)
            .map_err(|reason| DocumentError::Code { ticket_number: ticket.ticket_number.clone(), reason })?;
        let qr_mm = (image.modules as f64 * MODULE_MM).max(CODE_MM);
        Ok(Self { ticket, words: Words::of(ticket.locale), qr_svg: image.svg, qr_mm })
    }
}

/// The fixed words of a ticket.
#[derive(Serialize)]
struct Words {
    red_corner: &'static str,
    blue_corner: &'static str,
    versus: &'static str,
    date: &'static str,
    doors: &'static str,
    venue: &'static str,
    zone: &'static str,
    row: &'static str,
    seat: &'static str,
    standing: &'static str,
    holder: &'static str,
    ticket_type: &'static str,
    price: &'static str,
    order: &'static str,
    ticket: &'static str,
    show: &'static str,
    fine_print: &'static str,
}

impl Words {
    fn of(locale: Locale) -> Self {
        match locale {
            Locale::En => Self {
                red_corner: "Red corner",
                blue_corner: "Blue corner",
                versus: "VS",
                date: "Date",
                doors: "Doors",
                venue: "Venue",
                zone: "Zone",
                row: "Row",
                seat: "Seat",
                standing: "Standing",
                holder: "Name",
                ticket_type: "Type",
                price: "Price",
                order: "Order",
                ticket: "Ticket",
                show: "Show this code at the gate",
                fine_print: "Admits one person, once. Keep the code to yourself: whoever shows it first gets in. \
                             On a phone, turn the brightness up. On paper, print at full size.",
            },
            Locale::Th => Self {
                red_corner: "มุมแดง",
                blue_corner: "มุมน้ำเงิน",
                versus: "VS",
                date: "วันที่",
                doors: "ประตูเปิด",
                venue: "สถานที่",
                zone: "โซน",
                row: "แถว",
                seat: "ที่นั่ง",
                standing: "ยืนชม",
                holder: "ชื่อ",
                ticket_type: "ประเภท",
                price: "ราคา",
                order: "คำสั่งซื้อ",
                ticket: "ตั๋ว",
                show: "แสดงรหัสนี้ที่ประตู",
                fine_print: "ใช้เข้างานได้หนึ่งคน หนึ่งครั้ง โปรดเก็บรหัสนี้ไว้เป็นความลับ ผู้ที่แสดงรหัสก่อนจะได้เข้างาน \
                             หากใช้โทรศัพท์ ให้เพิ่มความสว่างหน้าจอ หากพิมพ์ ให้พิมพ์ขนาดเต็ม",
            },
        }
    }
}
