//! From blocks to a letter with holes for its values: MJML makes the tables that mail programs need, the
//! styles are put into the elements, and the same blocks without layout become the part without markup.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::Context as _;
use contract::templates::{Block, Content, LocaleContent};
use css_inline::CSSInliner;
use domain::Locale;
use mrml::prelude::render::RenderOptions;
use serde::{Deserialize, Serialize};

use super::inline::{Links, escaped, line, markup};
use crate::letters::render::leading;

/// A letter of one language, with holes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Compiled {
    /// The subject line.
    pub subject: String,
    /// The page.
    pub html: String,
    /// The same without layout, as markup: the part without markup is made of it when it is sent.
    pub text: String,
}

/// The letters of all languages that are complete.
pub(super) type AllCompiled = BTreeMap<String, Compiled>;

const TEXT: &str = "Inter,'Noto Sans Thai',-apple-system,'Segoe UI',Helvetica,Arial,sans-serif";
const DISPLAY: &str = "'Barlow Condensed','Arial Narrow','Noto Sans Thai',Arial,sans-serif";

/// Put into the elements themselves: some mail programs read no style sheet.
const INLINED: &str = "
h1, h2, h3 { margin: 0; font: inherit; }
a.letter-link { color: #1F5FBF; text-decoration: underline; }
";

/// Stays a style sheet: what asks for the reader's screen cannot be put into an element.
const DARK: &str = "
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  body, .letter-ground { background-color: #0B0D11 !important; }
  .letter-card, .letter-card > table { background: #171A20 !important; background-color: #171A20 !important; }
  .letter-text div, .letter-text div td { color: #F2F0EA !important; }
  .letter-small div, .letter-text [style*='#6B6F76'] { color: #A9AFB8 !important; }
  .letter-card p, .letter-text td { border-color: #3A3F48 !important; }
  a.letter-link { color: #8FB8F2 !important; }
}
";

static INLINER: LazyLock<CSSInliner<'static>> = LazyLock::new(|| {
    CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(true)
        .extra_css(Some(INLINED.into()))
        .build()
});

/// Compiles every complete language of a content that was checked.
///
/// # Errors
/// A content that was not.
pub(super) fn compile_all(content: &Content) -> anyhow::Result<AllCompiled> {
    let complete = content.locales.iter().filter(|one| one.is_complete());
    complete.map(|one| Ok((one.locale.code().to_owned(), compile(one)?))).collect()
}

/// Compiles one language, whether it is complete or not.
///
/// # Errors
/// A content that was not checked before.
pub(super) fn compile(content: &LocaleContent) -> anyhow::Result<Compiled> {
    let parsed = mrml::parse(mjml(content)?).context("the blocks make no MJML")?;
    // No font of another house's server: whoever opens a letter tells nobody.
    let options =
        RenderOptions { disable_comments: false, social_icon_origin: None, fonts: Default::default() };
    let page = parsed.element.render(&options).context("the MJML makes no page")?;
    Ok(Compiled {
        subject: content.subject.clone(),
        html: INLINER.inline(&page).context("the styles cannot be put into the page")?,
        text: plain(content)?,
    })
}

fn mjml(content: &LocaleContent) -> anyhow::Result<String> {
    let leading = leading(content.locale);
    let (lang, subject, preview) =
        (content.locale.code(), line(&content.subject)?, line(&content.preheader)?);
    let body = sections(&content.blocks, content.locale)?;
    Ok(format!(
        r#"<mjml lang="{lang}"><mj-head><mj-title>{subject}</mj-title><mj-preview>{preview}</mj-preview>
<mj-attributes><mj-all font-family="{TEXT}" />
<mj-text font-size="16px" line-height="{leading}" color="{INK}" padding="0 0 12px" css-class="letter-text" />
<mj-section padding="0" /><mj-column padding="0" />
<mj-button background-color="{RED}" color="{WHITE}" border-radius="6px" font-size="16px" font-weight="600" inner-padding="14px 28px" padding="8px 0 20px" align="left" />
<mj-divider border-width="1px" border-color="{LINE}" padding="8px 0 20px" /><mj-image padding="4px 0 16px" align="left" />
</mj-attributes><mj-style>{DARK}</mj-style></mj-head>
<mj-body width="600px" background-color="{CANVAS}" css-class="letter-ground"><mj-section padding="12px 0 0"><mj-column><mj-spacer height="12px" /></mj-column></mj-section>
<mj-section background-color="{INK}" border-radius="12px 12px 0 0" padding="16px 28px"><mj-column><mj-text css-class="letter-shop" padding="0" color="{WHITE}" font-family="{DISPLAY}" font-weight="600" font-size="17px" letter-spacing="1px">{{{{ shop.name }}}}</mj-text></mj-column></mj-section>
{body}<mj-section background-color="{WHITE}" css-class="letter-card" border-radius="0 0 12px 12px"><mj-column><mj-spacer height="20px" /></mj-column></mj-section>
<mj-section><mj-column><mj-spacer height="24px" /></mj-column></mj-section></mj-body></mjml>"#
    ))
}

const RED: &str = "#D7263D";
const INK: &str = "#0E1116";
const WHITE: &str = "#FFFFFF";
const CANVAS: &str = "#F7F5F0";
const QUIET: &str = "#6B6F76";
const LINE: &str = "#E4E0D6";

/// Blocks that follow one another share a section; a poster and columns have their own.
fn sections(blocks: &[Block], locale: Locale) -> anyhow::Result<String> {
    let mut made = String::new();
    let mut run = String::new();
    let mut first = true;
    let close = |made: &mut String, run: &mut String, first: &mut bool| {
        if !run.is_empty() {
            let top = if *first { 28 } else { 8 };
            *made += &format!(
                r#"<mj-section background-color="{WHITE}" css-class="letter-card" padding="{top}px 28px 0"><mj-column>{run}</mj-column></mj-section>"#
            );
            run.clear();
            *first = false;
        }
    };
    for block in blocks {
        match block {
            Block::Event {} => {
                close(&mut made, &mut run, &mut first);
                made += &format!(
                    r#"<mj-section background-color="{INK}"><mj-column><mj-text css-class="letter-poster" padding="0" color="{WHITE}">{{{{ block.event }}}}</mj-text></mj-column></mj-section>"#
                );
                first = true;
            }
            Block::Columns { columns } => {
                close(&mut made, &mut run, &mut first);
                made += &format!(
                    r#"<mj-section background-color="{WHITE}" css-class="letter-card" padding="8px 20px 0">"#
                );
                for column in columns {
                    made += r#"<mj-column padding="0 8px">"#;
                    for block in &column.blocks {
                        made += &element(block, locale)?;
                    }
                    made += "</mj-column>";
                }
                made += "</mj-section>";
                first = false;
            }
            _ => run += &element(block, locale)?,
        }
    }
    close(&mut made, &mut run, &mut first);
    Ok(made)
}

fn element(block: &Block, locale: Locale) -> anyhow::Result<String> {
    let address = |text: &str| line(text);
    Ok(match block {
        Block::Heading { text, level } => {
            let level = (*level).clamp(1, 3);
            let size = [34, 26, 20][usize::from(level) - 1];
            let height = if locale == Locale::Th { "1.4" } else { "1.2" };
            let text = line(text)?;
            format!(
                r#"<mj-text font-family="{DISPLAY}" font-weight="700" font-size="{size}px" line-height="{height}"><h{level}>{text}</h{level}></mj-text>"#
            )
        }
        Block::Text { text } => format!("<mj-text>{}</mj-text>", markup(text, Links::Live)?),
        Block::Footer { text } => format!(
            r#"<mj-divider padding="8px 0 16px" /><mj-text font-size="13px" color="{QUIET}" css-class="letter-small">{}</mj-text>"#,
            markup(text, Links::Live)?
        ),
        Block::Button { label, address: to } => {
            format!(r#"<mj-button href="{}">{}</mj-button>"#, address(to)?, line(label)?)
        }
        Block::Image { address: source, alt, link, width } => {
            let link = if link.is_empty() { String::new() } else { format!(r#" href="{}""#, address(link)?) };
            let (source, alt) = (escaped(source), line(alt)?);
            format!(r#"<mj-image src="{source}" alt="{alt}" width="{width}px"{link} />"#)
        }
        Block::Divider {} => "<mj-divider />".to_owned(),
        Block::Spacer { height } => format!(r#"<mj-spacer height="{height}px" />"#),
        Block::Places {} => "<mj-text>{{ block.places }}</mj-text>".to_owned(),
        Block::Tickets {} => "<mj-text>{{ block.tickets }}</mj-text>".to_owned(),
        Block::PaymentCode {} => "<mj-text>{{ block.payment_code }}</mj-text>".to_owned(),
        // They have sections of their own and do not stand in columns.
        Block::Event {} | Block::Columns { .. } => String::new(),
    })
}

/// The blocks without layout, as the simplest markup there is.
fn plain(content: &LocaleContent) -> anyhow::Result<String> {
    content.blocks.iter().map(plain_block).collect()
}

fn plain_block(block: &Block) -> anyhow::Result<String> {
    let paragraph = |text: String| format!("<p>{text}</p>");
    Ok(match block {
        Block::Heading { text, .. } => paragraph(line(text)?),
        Block::Text { text } | Block::Footer { text } => paragraph(markup(text, Links::WrittenOut)?),
        Block::Button { label, address } => paragraph(format!("{}: {}", line(label)?, line(address)?)),
        Block::Image { alt, link, .. } if link.is_empty() => paragraph(format!("[{}]", line(alt)?)),
        Block::Image { alt, link, .. } => paragraph(format!("[{}]: {}", line(alt)?, line(link)?)),
        Block::Divider {} => paragraph("* * *".to_owned()),
        Block::Spacer { .. } | Block::PaymentCode {} => String::new(),
        Block::Columns { columns } => columns
            .iter()
            .flat_map(|column| &column.blocks)
            .map(plain_block)
            .collect::<anyhow::Result<_>>()?,
        Block::Event {} => "<pre>{{ block.event_text }}</pre>".to_owned(),
        Block::Places {} | Block::Tickets {} => "<pre>{{ block.places_text }}</pre>".to_owned(),
    })
}
