//! What a new template says: Ringside's own letter, as blocks.

use contract::templates::{Block, Content, LetterKind, LocaleContent};
use domain::Locale;

/// The first draft of a kind, in the languages Ringside's own letters are written in.
pub(super) fn content(kind: LetterKind) -> Content {
    let locales = match kind {
        LetterKind::OrderPlaced => vec![placed_en(), placed_th()],
        LetterKind::OrderPaid => vec![paid_en(), paid_th()],
    };
    Content { locales }
}

fn text(text: &str) -> Block {
    Block::Text { text: text.to_owned() }
}

fn to_order(label: &str) -> Block {
    Block::Button { label: label.to_owned(), address: "{{ order.url }}".to_owned() }
}

fn footer(text: &str) -> Block {
    Block::Footer { text: text.to_owned() }
}

fn letter(locale: Locale, subject: &str, preheader: &str, blocks: Vec<Block>) -> LocaleContent {
    LocaleContent { locale, subject: subject.to_owned(), preheader: preheader.to_owned(), blocks }
}

fn placed_en() -> LocaleContent {
    letter(
        Locale::En,
        "Pay {{ order.total }} for {{ event.title }} ({{ order.number }})",
        "Your seats are held. Pay {{ order.total }} by {{ payment.before }}.",
        vec![
            Block::Event {},
            text("Hello {{ buyer.name }},"),
            text(
                "your places are held for you. Please pay **{{ order.total }}** by **{{ payment.before }}**; after that they go back on sale.",
            ),
            text("**Pay with PromptPay.** Open your banking app, scan this code, and check the amount."),
            Block::PaymentCode {},
            to_order("Pay now"),
            Block::Places {},
            text("As soon as the payment arrives we send your tickets to this address."),
            footer(
                "Order {{ order.number }}. You get this mail because this address was given when the order was placed. The link above opens your order without a password: please do not pass it on.",
            ),
        ],
    )
}

fn placed_th() -> LocaleContent {
    letter(
        Locale::Th,
        "ชำระเงิน {{ order.total }} สำหรับ {{ event.title }} ({{ order.number }})",
        "เราจองที่ไว้ให้คุณแล้ว โปรดชำระ {{ order.total }} ภายใน {{ payment.before }}",
        vec![
            Block::Event {},
            text("สวัสดีคุณ {{ buyer.name }}"),
            text(
                "เราจองที่ไว้ให้คุณแล้ว โปรดชำระเงิน **{{ order.total }}** ภายใน **{{ payment.before }}** หากเลยเวลานี้ ที่นั่งจะถูกปล่อยขายอีกครั้ง",
            ),
            text("**ชำระด้วยพร้อมเพย์** เปิดแอปธนาคาร สแกนรหัสนี้ แล้วตรวจสอบยอดเงิน"),
            Block::PaymentCode {},
            to_order("ชำระเงิน"),
            Block::Places {},
            text("เมื่อได้รับเงินแล้ว เราจะส่งตั๋วไปยังอีเมลนี้ทันที"),
            footer(
                "คำสั่งซื้อ {{ order.number }} คุณได้รับอีเมลนี้เพราะมีผู้ระบุอีเมลนี้ตอนสั่งซื้อ ลิงก์ด้านบนเปิดดูคำสั่งซื้อได้โดยไม่ต้องใช้รหัสผ่าน โปรดอย่าส่งต่อให้ผู้อื่น",
            ),
        ],
    )
}

fn paid_en() -> LocaleContent {
    letter(
        Locale::En,
        "Your tickets for {{ event.title }} ({{ order.number }})",
        "Paid. Your tickets are attached as PDF.",
        vec![
            Block::Event {},
            text("Hello {{ buyer.name }},"),
            text(
                "thank you, your payment has arrived. Here are your tickets; the PDF attached is made for printing. Each code admits one person, once.",
            ),
            Block::Tickets {},
            to_order("Open my tickets"),
            text("Paid: **{{ order.total }}**"),
            footer(
                "Order {{ order.number }}. Keep the codes to yourself: whoever shows one first gets in. The link above opens your order without a password: please do not pass it on.",
            ),
        ],
    )
}

fn paid_th() -> LocaleContent {
    letter(
        Locale::Th,
        "ตั๋วของคุณสำหรับ {{ event.title }} ({{ order.number }})",
        "ชำระเงินแล้ว ตั๋วของคุณแนบมาเป็นไฟล์ PDF",
        vec![
            Block::Event {},
            text("สวัสดีคุณ {{ buyer.name }}"),
            text(
                "ขอบคุณที่สั่งซื้อ เราได้รับชำระเงินของคุณแล้ว นี่คือตั๋วของคุณ ไฟล์ PDF ที่แนบมาเหมาะสำหรับพิมพ์ รหัสแต่ละรหัสใช้เข้างานได้หนึ่งคน หนึ่งครั้ง",
            ),
            Block::Tickets {},
            to_order("เปิดตั๋วของฉัน"),
            text("ชำระแล้ว **{{ order.total }}**"),
            footer(
                "คำสั่งซื้อ {{ order.number }} โปรดเก็บรหัสไว้เป็นความลับ ผู้ที่แสดงรหัสก่อนจะได้เข้างาน ลิงก์ด้านบนเปิดดูคำสั่งซื้อได้โดยไม่ต้องใช้รหัสผ่าน โปรดอย่าส่งต่อให้ผู้อื่น",
            ),
        ],
    )
}
