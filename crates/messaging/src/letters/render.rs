//! Letters through their templates: `templates/<language>/<name>.{txt,html}`. The first line of the text
//! is the subject.

use std::sync::LazyLock;

use anyhow::Context as _;
use domain::{Locale, local_time};
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};

use super::words::{OrderWords, PlaceWords, local, tickets};
use super::{Attachment, Letter, Order, Written, written_in};

/// Steps a template may take: far more than a letter of twelve tickets needs.
const FUEL: u64 = 200_000;

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

const TEMPLATES: &[(&str, &str)] = templates![
    "layout.html",
    "parts.html",
    "parts.txt",
    "en/words.html",
    "en/order_placed.html",
    "en/order_placed.txt",
    "en/order_paid.html",
    "en/order_paid.txt",
    "th/words.html",
    "th/order_placed.html",
    "th/order_placed.txt",
    "th/order_paid.html",
    "th/order_paid.txt",
    "choices.html",
    "blocks/event.html",
    "blocks/event.txt",
    "blocks/payment_code.html",
    "blocks/places.html",
    "blocks/places.txt",
    "blocks/tickets.html",
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.add_global(
        "fonts",
        context! {
            text => Value::from_safe_string("Inter,'Noto Sans Thai',-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif".into()),
            display => Value::from_safe_string("'Barlow Condensed','Arial Narrow','Noto Sans Thai',Arial,sans-serif".into()),
        },
    );
    for (name, text) in TEMPLATES.iter().chain(super::account::TEMPLATES) {
        environment.add_template(name, text).expect("safe: a test renders every template");
    }
    environment
});

/// Writes a letter out in the reader's language, or in English where we do not write theirs.
///
/// # Errors
/// A template that does not fit its letter: a defect of this crate.
pub fn render(letter: &Letter, locale: Locale) -> anyhow::Result<Written> {
    let locale = written_in(locale);
    match letter {
        Letter::OrderPlaced { order, places, pay_before, payment_qr } => {
            let places = places.iter().map(PlaceWords::of).collect();
            let values = context! {
                order => Serde(OrderWords::of(order, places, locale)),
                pay_before => local_time::short(locale, local(*pay_before, &order.event.time_zone)),
                payment_cid => payment_qr.as_ref().map(|_| "payment"),
            };
            let attachments = payment_qr.iter().map(|png| payment_code(png)).collect();
            write("order_placed", locale, values, attachments)
        }
        Letter::OrderPaid { order, tickets: issued, pdf } => {
            let (places, codes) = tickets(issued);
            let values = context! {
                tickets => Serde(&places),
                order => Serde(OrderWords::of(order, places.clone(), locale)),
            };
            let attachments = std::iter::once(ticket_file(order, pdf)).chain(codes).collect();
            write("order_paid", locale, values, attachments)
        }
        Letter::Account { name, letter } => super::account::render(name, letter, locale),
    }
}

pub(crate) fn payment_code(png: &[u8]) -> Attachment {
    Attachment {
        name: "promptpay.png".into(),
        media_type: "image/png",
        inline: Some("payment".into()),
        bytes: png.to_vec(),
    }
}

pub(crate) fn ticket_file(order: &Order, pdf: &[u8]) -> Attachment {
    Attachment {
        name: format!("tickets-{}.pdf", order.reference),
        media_type: "application/pdf",
        inline: None,
        bytes: pdf.to_vec(),
    }
}

/// Lines of a text lie further apart in scripts with marks above and below.
pub(crate) const fn leading(locale: Locale) -> &'static str {
    if matches!(locale, Locale::Th) { "1.75" } else { "1.55" }
}

fn write(
    template: &'static str,
    locale: Locale,
    values: Value,
    attachments: Vec<Attachment>,
) -> anyhow::Result<Written> {
    let leading = leading(locale);
    let values = context! { lang => locale.code(), leading, ..values };
    let page = fill(&format!("{}/{template}.html", locale.code()), &values)?;
    let text = fill(&format!("{}/{template}.txt", locale.code()), &values)?;
    let (subject, text) = text.trim_start().split_once('\n').context("a letter begins with its subject")?;
    Ok(Written {
        template,
        locale,
        version: None,
        subject: subject.trim().to_owned(),
        html: page,
        text: text.trim().to_owned() + "\n",
        attachments,
    })
}

/// A template of ours with its values.
pub(crate) fn fill(name: &str, values: &Value) -> anyhow::Result<String> {
    let template = ENVIRONMENT.get_template(name)?;
    template.render(values).with_context(|| format!("the template {name} does not fit its letter"))
}

/// A template of an organisation with its values; a name that ends in `.html` makes it a page, in which
/// values cannot become markup.
///
/// # Errors
/// More steps than a template may take, or a name that the letter does not know.
pub(crate) fn say(name: &str, source: &str, values: &Value) -> Result<String, minijinja::Error> {
    ENVIRONMENT.render_named_str(name, source, values)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use chrono::Utc;
    use domain::Money;

    use super::*;
    use crate::letters::{Event, Place, Ticket};

    fn place(seat: Option<&str>) -> Place {
        Place {
            zone: "Ringside <North>".into(),
            row: seat.map(|_| "C".into()),
            seat: seat.map(Into::into),
            tier: "Ringside".into(),
            price: Money::thb(250_000),
        }
    }

    fn order() -> Order {
        Order {
            shop: "Demo Promotions".into(),
            reference: "7KQ2-MX4D".into(),
            buyer: "Demo <Fan>".into(),
            total: Money::thb(500_000),
            url: "https://ringside.example/orders/1#access=a&b".into(),
            event: Event {
                title: "Thunder & Lightning".into(),
                main_bout: Some(("Fighter Red".into(), "Fighter Blue".into())),
                doors_at: Utc.with_ymd_and_hms(2026, 12, 12, 10, 30, 0).unwrap(),
                starts_at: Utc.with_ymd_and_hms(2026, 12, 12, 12, 0, 0).unwrap(),
                time_zone: "Asia/Bangkok".into(),
                venue: "Demo Boxing Stadium".into(),
                address: "1 Demo Road, Bangkok 10110".into(),
            },
        }
    }

    fn placed() -> Letter {
        Letter::OrderPlaced {
            order: order(),
            places: vec![place(Some("17")), place(None)],
            pay_before: Utc.with_ymd_and_hms(2026, 11, 20, 14, 15, 0).unwrap(),
            payment_qr: Some(b"png".to_vec()),
        }
    }

    fn paid() -> Letter {
        let tickets =
            [Some("17"), Some("18"), None].map(|seat| Ticket { place: place(seat), qr: b"png".to_vec() });
        Letter::OrderPaid { order: order(), tickets: tickets.into(), pdf: b"%PDF".to_vec() }
    }

    #[test]
    fn what_people_typed_cannot_become_markup() {
        for letter in [placed(), paid()] {
            let html = render(&letter, Locale::En).unwrap().html;
            assert!(html.contains("Demo &lt;Fan&gt;") && !html.contains("<Fan>"), "{html}");
            assert!(!html.contains("<North>"), "{html}");
            let text = render(&letter, Locale::En).unwrap().text;
            assert!(text.contains("Demo <Fan>"), "plain text stays plain: {text}");
        }
    }

    #[test]
    fn a_placed_order_reads_in_english() {
        let written = render(&placed(), Locale::En).unwrap();
        assert_eq!(written.subject, "Pay ฿5,000.00 for Thunder & Lightning (7KQ2-MX4D)");
        insta::assert_snapshot!(written.text, @r"
        Hello Demo <Fan>,

        your places are held for you. Please pay ฿5,000.00 by Fri 20 Nov 2026, 21:15;
        after that they go back on sale.

        Pay here: https://ringside.example/orders/1#access=a&b

        Thunder & Lightning
        Date: Saturday 12 December 2026, 19:00
        Doors: 17:30
        Venue: Demo Boxing Stadium, 1 Demo Road, Bangkok 10110

        - Ringside <North>, Row C, Seat 17 (Ringside): ฿2,500.00
        - Ringside <North>, Standing (Ringside): ฿2,500.00
        Total: ฿5,000.00

        As soon as the payment arrives we send your tickets to this address.

        Demo Promotions
        Order 7KQ2-MX4D. The link opens your order without a password: please do not pass it on.
        ");
    }

    #[test]
    fn tickets_read_in_thai() {
        let written = render(&paid(), Locale::Th).unwrap();
        assert_eq!(written.subject, "ตั๋วของคุณสำหรับ Thunder & Lightning (7KQ2-MX4D)");
        insta::assert_snapshot!(written.text, @r"
        สวัสดีคุณ Demo <Fan>

        ขอบคุณที่สั่งซื้อ เราได้รับชำระเงินของคุณแล้ว ตั๋วจำนวน 3 ใบแนบมาเป็นไฟล์ PDF
        รหัสแต่ละรหัสใช้เข้างานได้หนึ่งคน หนึ่งครั้ง

        Thunder & Lightning
        วันที่: วันเสาร์ที่ 12 ธันวาคม 2569 เวลา 19:00 น.
        ประตูเปิด: 17:30 น.
        สถานที่: Demo Boxing Stadium, 1 Demo Road, Bangkok 10110

        - Ringside <North>, แถว C, ที่นั่ง 17 (Ringside): ฿2,500.00
        - Ringside <North>, แถว C, ที่นั่ง 18 (Ringside): ฿2,500.00
        - Ringside <North>, ยืนชม (Ringside): ฿2,500.00
        รวมทั้งหมด: ฿5,000.00

        เปิดตั๋วของคุณ: https://ringside.example/orders/1#access=a&b

        Demo Promotions
        คำสั่งซื้อ 7KQ2-MX4D โปรดเก็บรหัสไว้เป็นความลับ ผู้ที่แสดงรหัสก่อนจะได้เข้างาน
        ");
        assert!(written.html.contains("lang=\"th\"") && written.html.contains("ที่นั่ง"));
    }

    #[test]
    fn every_picture_of_the_page_is_attached_and_none_is_remote() {
        for letter in [placed(), paid()] {
            for locale in Locale::ALL {
                let written = render(&letter, locale).unwrap();
                let sources: Vec<&str> =
                    written.html.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
                let attached: Vec<String> = written
                    .attachments
                    .iter()
                    .filter_map(|it| it.inline.as_ref())
                    .map(|cid| format!("cid:{cid}"))
                    .collect();
                assert_eq!(sources, attached);
            }
        }
    }

    #[test]
    fn the_pdf_is_named_after_the_order() {
        let written = render(&paid(), Locale::En).unwrap();
        assert_eq!(written.attachments[0].name, "tickets-7KQ2-MX4D.pdf");
        assert_eq!(written.attachments.len(), 4);
    }

    #[test]
    fn an_order_of_the_largest_size_fits_in_the_fuel() {
        let tickets = vec![Ticket { place: place(Some("17")), qr: Vec::new() }; contract::holds::MAX_PLACES];
        let letter = Letter::OrderPaid { order: order(), tickets, pdf: Vec::new() };
        assert!(render(&letter, Locale::Th).is_ok());
    }
}
