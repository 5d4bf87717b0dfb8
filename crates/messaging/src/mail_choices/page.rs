//! The page, and the line at the end of a letter that leads to it.

use anyhow::Context as _;
use contract::channels::Topic;
use domain::Locale;
use minijinja::context;

use super::service::{Choice, Choices};
use crate::letters::render::fill;
use crate::letters::written_in;

/// The page for the reader of a letter; `said`: what they just said.
pub(super) fn page(choices: &Choices, said: Option<Choice>) -> anyhow::Result<String> {
    let locale = written_in(choices.letter.locale);
    let said = said.map(|said| match said {
        Choice::Stop => "stop",
        Choice::Start => "start",
        Choice::Counting(true) => "count",
        Choice::Counting(false) => "do-not-count",
    });
    let values = context! {
        lang => locale.code(),
        address => &choices.letter.address,
        topic => choices.letter.topic.name(),
        always => choices.letter.topic.always(contract::channels::Channel::Email),
        wanted => choices.wanted,
        counting => choices.counting,
        said,
    };
    fill("choices.html", &values).context("the page of choices")
}

/// The line at the end of optional mail: as markup, and as text.
pub(crate) fn footer(address: &str, topic: Topic, locale: &str) -> (String, String) {
    let locale = Locale::from_tag(locale).map_or(Locale::En, written_in);
    let (why, stop) = match (locale, topic) {
        (Locale::Th, Topic::News) => ("คุณได้รับอีเมลนี้เพราะติดตามข่าวสารของเรา", "หยุดรับหรือเลือกอีเมลที่อยากได้"),
        (Locale::Th, _) => ("คุณได้รับอีเมลนี้เพราะทำงานร่วมกับทีมนี้", "หยุดรับหรือเลือกอีเมลที่อยากได้"),
        (_, Topic::News) => {
            ("You get this mail because you asked for news.", "Stop it, or choose what you get")
        }
        _ => ("You get this mail because you work with this team.", "Stop it, or choose what you get"),
    };
    let markup = format!(
        "<p style=\"margin:24px auto;max-width:600px;padding:0 12px;color:#6B6F76;font-size:13px;text-align:center\">{why} \
         <a href=\"{address}\" style=\"color:#6B6F76\">{stop}</a></p>"
    );
    (markup, format!("\n--\n{why}\n{stop}: {address}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail_choices::queries::Letter;

    #[test]
    fn every_topic_has_its_page_in_both_languages() {
        for &topic in Topic::ALL {
            for locale in Locale::ALL {
                for (wanted, counting) in [(true, false), (false, true)] {
                    let letter = Letter {
                        org_id: None,
                        user_id: None,
                        address: "<b>@demo.example".into(),
                        topic,
                        locale,
                    };
                    let choices = Choices { letter, wanted, counting };
                    let said = wanted.then_some(Choice::Counting(true));
                    let page = page(&choices, said).unwrap();
                    assert!(page.contains("&lt;b&gt;@demo.example") && !page.contains("<b>@"), "{page}");
                    assert_eq!(
                        page.contains("value=\"stop\""),
                        wanted && !topic.always(contract::channels::Channel::Email)
                    );
                }
                let (markup, text) = footer("https://ringside.example/m/u/x", topic, locale.code());
                assert!(
                    markup.contains("href=\"https://ringside.example/m/u/x\"") && text.ends_with("/m/u/x\n")
                );
            }
        }
    }
}
