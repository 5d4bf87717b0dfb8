//! What may stand in a template, field by field.

use std::collections::BTreeSet;

use super::catalogue::{LetterKind, Variable, VariableKind};
use super::document::{Block, Content, LocaleContent};
use super::marks::{Span, spans};
use super::text::{Fault, Piece, pieces};
use crate::FieldError;
use crate::text::is_hidden;

/// Blocks of one language, those in columns counted.
pub const MAX_BLOCKS: usize = 60;
/// Characters of a text block.
pub const MAX_TEXT: usize = 4_000;
/// Characters of a line: a heading, a subject.
pub const MAX_LINE: usize = 200;
/// Characters of an address.
pub const MAX_ADDRESS: usize = 2_000;

/// How deep `if` and `for` may lie in one another.
const MAX_DEPTH: usize = 4;

/// Everything that is wrong with a template's content, named by field: `locales[0].blocks[2].text`.
/// What is merely empty is not wrong: it is a draft.
#[must_use]
pub fn faults(kind: LetterKind, content: &Content) -> Vec<FieldError> {
    let mut found = Found { kind, faults: Vec::new() };
    let mut seen = BTreeSet::new();
    for (place, locale) in content.locales.iter().enumerate() {
        let at = format!("locales[{place}]");
        if !seen.insert(locale.locale.code()) {
            found.add(&format!("{at}.locale"), Fault::new("repeated", "This language stands here twice."));
        }
        found.locale(&at, locale);
    }
    found.faults
}

struct Found {
    kind: LetterKind,
    faults: Vec<FieldError>,
}

impl Found {
    fn add(&mut self, field: &str, fault: Fault) {
        self.faults.push(FieldError {
            field: field.to_owned(),
            code: fault.code.to_owned(),
            message: fault.message,
        });
    }

    fn note(&mut self, field: &str, checked: Result<(), Fault>) {
        if let Err(fault) = checked {
            self.add(field, fault);
        }
    }

    fn locale(&mut self, at: &str, content: &LocaleContent) {
        let kind = self.kind;
        self.note(&format!("{at}.subject"), line(kind, &content.subject, MAX_LINE));
        self.note(&format!("{at}.preheader"), line(kind, &content.preheader, MAX_LINE));
        let inner = |block: &Block| match block {
            Block::Columns { columns } => columns.iter().map(|column| column.blocks.len()).sum(),
            _ => 0,
        };
        let count: usize = content.blocks.iter().map(|block| 1 + inner(block)).sum();
        if count > MAX_BLOCKS {
            let most = format!("At most {MAX_BLOCKS} blocks.");
            return self.add(&format!("{at}.blocks"), Fault::new("too_many", most));
        }
        for (place, block) in content.blocks.iter().enumerate() {
            self.block(&format!("{at}.blocks[{place}]"), block, false);
        }
    }

    fn block(&mut self, at: &str, block: &Block, in_column: bool) {
        let kind = self.kind;
        let narrow = ["heading", "text", "button", "image", "divider", "spacer"];
        if !kind.blocks().contains(&block.kind()) || (in_column && !narrow.contains(&block.kind())) {
            return self.add(at, Fault::new("wrong_place", "This block cannot stand here."));
        }
        let field = |name: &str| format!("{at}.{name}");
        match block {
            Block::Heading { text, level } => {
                self.note(&field("text"), line(kind, text, MAX_LINE));
                self.note(&field("level"), within(u32::from(*level), 1, 3));
            }
            Block::Text { text } => self.note(&field("text"), marked(kind, text, MAX_TEXT)),
            Block::Footer { text } => self.note(&field("text"), marked(kind, text, MAX_TEXT)),
            Block::Button { label, address } => {
                self.note(&field("label"), line(kind, label, MAX_LINE));
                self.note(&field("address"), empty_or(address, |text| link(kind, text)));
            }
            Block::Image { address, alt, link: to, width } => {
                self.note(&field("address"), empty_or(address, picture));
                self.note(&field("alt"), line(kind, alt, MAX_LINE));
                self.note(&field("link"), empty_or(to, |text| link(kind, text)));
                self.note(&field("width"), within(u32::from(*width), 16, 600));
            }
            Block::Spacer { height } => self.note(&field("height"), within(u32::from(*height), 4, 120)),
            Block::Columns { columns } => self.columns(&field("columns"), columns),
            Block::Divider {}
            | Block::Event {}
            | Block::Places {}
            | Block::Tickets {}
            | Block::PaymentCode {} => {}
        }
    }

    fn columns(&mut self, at: &str, columns: &[super::document::Column]) {
        if !(2..=3).contains(&columns.len()) {
            return self.add(at, Fault::new("out_of_range", "Two or three columns."));
        }
        for (place, column) in columns.iter().enumerate() {
            for (row, block) in column.blocks.iter().enumerate() {
                self.block(&format!("{at}[{place}].blocks[{row}]"), block, true);
            }
        }
    }
}

fn within(number: u32, least: u32, most: u32) -> Result<(), Fault> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Fault::new("out_of_range", format!("From {least} to {most}.")))
}

fn empty_or(text: &str, check: impl FnOnce(&str) -> Result<(), Fault>) -> Result<(), Fault> {
    if text.is_empty() { Ok(()) } else { check(text) }
}

/// A text of one line, without marks.
fn line(kind: LetterKind, text: &str, most: usize) -> Result<(), Fault> {
    if text.contains(['\n', '\r']) {
        return Err(Fault::new("wrong_form", "This is one line."));
    }
    sound(text, most)?;
    named(kind, &pieces(text)?)
}

/// A text with marks: its links lead somewhere.
fn marked(kind: LetterKind, text: &str, most: usize) -> Result<(), Fault> {
    sound(text, most)?;
    let found = pieces(text)?;
    named(kind, &found)?;
    runs(&found).iter().try_for_each(|run| links(kind, &spans(run)))
}

fn links(kind: LetterKind, found: &[Span<'_>]) -> Result<(), Fault> {
    found.iter().try_for_each(|span| match span {
        Span::Words(_) => Ok(()),
        Span::Bold(inside) | Span::Italic(inside) => links(kind, inside),
        Span::Link { words, address } => link(kind, address).and_then(|()| links(kind, words)),
    })
}

/// The stretches between statements; marks do not reach over a statement.
#[must_use]
pub fn runs(found: &[Piece<'_>]) -> Vec<String> {
    let mut runs = vec![String::new()];
    for piece in found {
        match (piece, runs.last_mut()) {
            (Piece::Words(words), Some(run)) => run.push_str(words),
            (Piece::Variable(name), Some(run)) => *run += &format!("{{{{ {name} }}}}"),
            _ => runs.push(String::new()),
        }
    }
    runs
}

fn sound(text: &str, most: usize) -> Result<(), Fault> {
    if text.chars().count() > most {
        return Err(Fault::new("too_long", format!("At most {most} characters.")));
    }
    if text.chars().any(is_hidden) {
        return Err(Fault::new("invalid", "There is a character in it that does not show."));
    }
    Ok(())
}

/// An address one may be led to: http, https or mailto, or one variable that is an address.
///
/// # Errors
/// `not_an_address`, `unknown_variable`, and those of [`pieces`].
fn link(kind: LetterKind, address: &str) -> Result<(), Fault> {
    sound(address, MAX_ADDRESS)?;
    let no_address = || {
        Fault::new(
            "not_an_address",
            "An address begins with https://, http:// or mailto:, or is one variable.",
        )
    };
    match pieces(address)?[..] {
        [Piece::Words(words)] if is_address(words, &["https://", "http://", "mailto:"]) => Ok(()),
        [Piece::Variable(name)] => match find(kind.variables(), name) {
            Some(Variable { kind: VariableKind::Address, .. }) => Ok(()),
            Some(_) => Err(no_address()),
            None => Err(unknown(name)),
        },
        _ => Err(no_address()),
    }
}

fn picture(address: &str) -> Result<(), Fault> {
    sound(address, MAX_ADDRESS)?;
    if is_address(address, &["https://"]) && !address.contains(['{', '}']) {
        return Ok(());
    }
    Err(Fault::new("not_an_address", "The address of a picture begins with https://."))
}

fn is_address(text: &str, beginnings: &[&str]) -> bool {
    let begins = |beginning: &&str| {
        text.get(..beginning.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(beginning))
            && text.len() > beginning.len()
    };
    beginnings.iter().any(begins)
        && !text.chars().any(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\'))
}

fn find(variables: &'static [Variable], name: &str) -> Option<&'static Variable> {
    variables.iter().find(|variable| variable.name == name)
}

fn unknown(name: &str) -> Fault {
    Fault::new("unknown_variable", format!("There is no `{name}` in this letter."))
}

/// A statement that is not closed yet.
enum Open<'a> {
    If { otherwise: bool },
    For { item: &'a str, things: &'static [Variable] },
}

/// Every name is one of the letter's; what is opened is closed; a list is gone through once at a time.
fn named(kind: LetterKind, found: &[Piece<'_>]) -> Result<(), Fault> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let unbalanced = |said: &str| Fault::new("unbalanced", format!("`{said}` has no beginning here."));
    for piece in found {
        let value = |name: &str, open: &[Open<'_>]| {
            let inner = open.iter().find_map(|one| match one {
                Open::For { item, things } => {
                    let field = name.strip_prefix(item)?.strip_prefix('.')?;
                    find(things, field)
                }
                Open::If { .. } => None,
            });
            inner.or_else(|| find(kind.variables(), name)).ok_or_else(|| unknown(name))
        };
        match piece {
            Piece::Words(_) => {}
            Piece::Variable(name) => {
                if value(name, &open)?.kind == VariableKind::List {
                    let message = format!("`{name}` is a list: go through it by `for`.");
                    return Err(Fault::new("is_a_list", message));
                }
            }
            Piece::If(name) => {
                value(name, &open)?;
                open.push(Open::If { otherwise: false });
            }
            Piece::Else => match open.last_mut() {
                Some(Open::If { otherwise }) if !*otherwise => *otherwise = true,
                _ => return Err(unbalanced("else")),
            },
            Piece::EndIf => match open.pop() {
                Some(Open::If { .. }) => {}
                _ => return Err(unbalanced("endif")),
            },
            Piece::For { item, list } => {
                if open.iter().any(|one| matches!(one, Open::For { .. })) {
                    return Err(Fault::new("nested_loop", "A `for` cannot stand inside another one."));
                }
                let things = value(list, &open)?;
                open.push(looped(kind, item, things)?);
            }
            Piece::EndFor => match open.pop() {
                Some(Open::For { .. }) => {}
                _ => return Err(unbalanced("endfor")),
            },
        }
        if open.len() > MAX_DEPTH {
            return Err(Fault::new(
                "too_deep",
                format!("At most {MAX_DEPTH} statements inside one another."),
            ));
        }
    }
    match open.last() {
        None => Ok(()),
        Some(Open::If { .. }) => Err(Fault::new("unclosed", "An `if` has no `endif`.")),
        Some(Open::For { .. }) => Err(Fault::new("unclosed", "A `for` has no `endfor`.")),
    }
}

/// Going through a list, each thing of it called `item`.
fn looped<'a>(kind: LetterKind, item: &'a str, list: &'static Variable) -> Result<Open<'a>, Fault> {
    if means_something_else(kind, item) {
        let message = format!("`{item}` means something else already: choose another name.");
        return Err(Fault::new("name_taken", message));
    }
    if list.kind != VariableKind::List {
        return Err(Fault::new("not_a_list", format!("`{}` is no list.", list.name)));
    }
    Ok(Open::For { item, things: list.items })
}

/// Words that templates use themselves (minijinja's language), so that nothing else may be called so.
const RESERVED: [&str; 14] =
    ["and", "else", "endfor", "endif", "false", "for", "if", "in", "is", "loop", "none", "not", "or", "true"];

/// Whether a name is a word of the language, or begins a value of the letter.
fn means_something_else(kind: LetterKind, name: &str) -> bool {
    RESERVED.contains(&name)
        || kind.variables().iter().any(|known| known.name.split('.').next() == Some(name))
}

#[cfg(test)]
mod tests {
    use domain::Locale;

    use super::*;

    fn codes(block: Block) -> Vec<String> {
        let blocks = vec![block];
        let content = Content { locales: vec![LocaleContent { blocks, ..LocaleContent::empty(Locale::En) }] };
        faults(LetterKind::OrderPaid, &content)
            .into_iter()
            .map(|fault| format!("{} {}", fault.field, fault.code))
            .collect()
    }

    fn text(text: &str) -> Vec<String> {
        codes(Block::Text { text: text.into() })
    }

    #[test]
    fn every_name_is_one_of_the_letters() {
        assert!(text("{{ order.number }} {% for p in places %}{{ p.zone }}{% if p.row %}{{ p.row }}{% endif %}{% endfor %}").is_empty());
        for (said, code) in [
            ("{{ order.nunber }}", "unknown_variable"),
            ("{{ payment.before }}", "unknown_variable"),
            ("{{ p.zone }}", "unknown_variable"),
            ("{% for p in places %}{{ p.colour }}{% endfor %}", "unknown_variable"),
            ("{{ places }}", "is_a_list"),
            ("{% for p in order.number %}{% endfor %}", "not_a_list"),
            ("{% for p in places %}{% for q in places %}{% endfor %}{% endfor %}", "nested_loop"),
            ("{% for order in places %}{{ order.number }}{% endfor %}", "name_taken"),
            ("{% for loop in places %}{% endfor %}", "name_taken"),
            ("{% for in in places %}{% endfor %}", "name_taken"),
            ("{% for p in places %}", "unclosed"),
            ("{% if order.number %}{% endfor %}", "unbalanced"),
            ("{% else %}", "unbalanced"),
            ("{{ order.number", "unclosed"),
            ("[a](javascript:alert(1))", "not_an_address"),
            ("**[a]({{ buyer.name }})**", "not_an_address"),
            ("[a](https://x.example/{{ order.number }})", "not_an_address"),
            ("a\u{202e}b", "invalid"),
        ] {
            assert_eq!(text(said), [format!("locales[0].blocks[0].text {code}")], "{said}");
        }
    }

    #[test]
    fn blocks_stand_where_they_may() {
        use super::super::document::Column;
        let columns = |blocks| Block::Columns { columns: vec![Column { blocks }, Column::default()] };
        assert!(codes(columns(vec![Block::Divider {}])).is_empty());
        let at = "locales[0].blocks[0]";
        assert_eq!(
            codes(columns(vec![Block::Tickets {}])),
            [format!("{at}.columns[0].blocks[0] wrong_place")]
        );
        assert_eq!(codes(Block::PaymentCode {}), [format!("{at} wrong_place")]);
        assert_eq!(codes(Block::Columns { columns: Vec::new() }), [format!("{at}.columns out_of_range")]);
        let image = |address: &str, link: &str| Block::Image {
            address: address.into(),
            alt: String::new(),
            link: link.into(),
            width: 7,
        };
        assert_eq!(
            codes(image("http://x.example/a.png", "data:text/html,x")),
            [
                format!("{at}.address not_an_address"),
                format!("{at}.link not_an_address"),
                format!("{at}.width out_of_range")
            ]
        );
    }
}
