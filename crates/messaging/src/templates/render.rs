//! A compiled letter with its values.

use anyhow::Context as _;
use contract::FieldError;
use contract::templates::LetterKind;
use domain::Locale;
use minijinja::ErrorKind;
use uuid::Uuid;

use super::compile::{AllCompiled, Compiled};
use super::{example, values};
use crate::letters::render::say;
use crate::letters::{Letter, Written};

/// Lines of the part without markup are not broken: the reader's program does that.
const WIDTH: usize = 10_000;

/// Writes a letter out.
///
/// # Errors
/// More steps than a template may take (fuel), or a letter that the template was not made for.
pub(super) fn write(
    compiled: &Compiled,
    letter: &Letter,
    locale: Locale,
    version: Option<Uuid>,
) -> anyhow::Result<Written> {
    let kind = values::kind_of(letter).context("no organisation writes this letter")?;
    let values::Values { values, attachments } = values::of(letter, locale)?;
    let subject = say("subject.txt", &compiled.subject, &values)?;
    let html = say("letter.html", &compiled.html, &values)?;
    let text = say("text.html", &compiled.text, &values)?;
    let shown = |name: &str| html.contains(&format!("\"cid:{name}\""));
    Ok(Written {
        template: kind.name(),
        locale,
        version,
        // A value may hold a line break; a subject may not.
        subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
        text: without_markup(&text)?,
        attachments: attachments
            .into_iter()
            .filter(|file| !file.bytes.is_empty() && file.inline.as_deref().is_none_or(shown))
            .collect(),
        html,
    })
}

fn without_markup(markup: &str) -> anyhow::Result<String> {
    let made = html2text::config::plain_no_decorate()
        .link_footnotes(false)
        .allow_width_overflow()
        .string_from_read(markup.as_bytes(), WIDTH)?;
    let lines: Vec<&str> = made.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim().to_owned() + "\n")
}

/// Writes the largest letter there can be in each language: what takes too many steps is told now, and
/// not when somebody waits for their tickets.
///
/// # Errors
/// A fault for each language that asks for too much; anything else is a defect of ours.
pub(super) fn try_all(kind: LetterKind, compiled: &AllCompiled) -> anyhow::Result<Vec<FieldError>> {
    let mut faults = Vec::new();
    for (code, letter) in compiled {
        let locale = Locale::from_tag(code).context("a language we speak")?;
        let Err(error) = write(letter, &example::largest(kind, locale), locale, None) else { continue };
        if !is_out_of_fuel(&error) {
            return Err(error);
        }
        faults.push(too_much(code));
    }
    Ok(faults)
}

/// Whether a letter took more steps than it may.
pub(super) fn is_out_of_fuel(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<minijinja::Error>().is_some_and(|error| error.kind() == ErrorKind::OutOfFuel)
    })
}

/// Says so of a language.
pub(super) fn too_much(locale: &str) -> FieldError {
    FieldError {
        field: format!("locales.{locale}"),
        code: "too_much".to_owned(),
        message: "This letter takes too many steps to write: say less inside `for`.".to_owned(),
    }
}
