//! The few words that a person has sent to their own phone, chat or browser.

use domain::Locale;

use crate::letters::{Written, written_in};

/// The name of what carries a code: such a message is emptied once it was sent.
pub(crate) const CODE: &str = "contact_code";

/// The code that proves a phone.
pub(super) fn code(locale: Locale, code: &str) -> Written {
    let text = match written_in(locale) {
        Locale::Th => format!("รหัส Ringside ของคุณคือ {code} ใช้ได้ภายใน 15 นาที"),
        _ => format!("{code} is your Ringside code. It is good for 15 minutes."),
    };
    written(CODE, locale, "Ringside", text)
}

/// A test.
pub(super) fn test(locale: Locale) -> Written {
    let (subject, text) = match written_in(locale) {
        Locale::Th => ("ข้อความทดสอบ", "คุณจะได้รับการแจ้งเตือนจาก Ringside ที่นี่"),
        _ => ("A test", "This is where Ringside reaches you."),
    };
    written("contact_test", locale, subject, text.to_owned())
}

fn written(template: &'static str, locale: Locale, subject: &str, text: String) -> Written {
    Written {
        template,
        locale: written_in(locale),
        version: None,
        subject: subject.to_owned(),
        html: String::new(),
        text,
        attachments: Vec::new(),
    }
}
