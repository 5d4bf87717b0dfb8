//! How a letter looks, and a test of it to oneself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::ErrorCode;
use contract::templates::{
    AskPreview, Content, LetterKind, LocaleContent, Preview, SendTest, TemplateSummary, TestSent,
};
use domain::{Locale, ids};
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use uuid::Uuid;

use super::compile::{Compiled, compile};
use super::{example, queries, render, service};
use crate::deliveries::{Mail, Recipient, post};
use crate::letters::{Letter, Written};

/// What a preview is of.
pub(super) struct Subject {
    pub template: TemplateSummary,
    content: Content,
}

/// Finds what somebody wants to see.
pub(super) async fn subject(conn: &mut Conn, org: Uuid, id: Uuid, body: &AskPreview) -> ApiResult<Subject> {
    let template = queries::find(conn, org, id).await?;
    let content = match &body.content {
        Some(content) => content.clone(),
        None => service::content_of(&service::chosen(conn, &template, body.version).await?)?,
    };
    Ok(Subject { template, content })
}

impl Subject {
    /// The language a reader of `asked` gets. One that is not complete is shown when it is the one asked
    /// for or there is no other: somebody is writing it.
    fn taken(&self, asked: Locale, being_written: bool) -> Option<&LocaleContent> {
        let own = self.content.of(asked).filter(|one| being_written && !one.blocks.is_empty());
        own.or_else(|| self.content.taken(asked, self.template.default_locale))
            .or_else(|| self.content.locales.first())
    }

    /// The letter as it would be sent, with what goes into it.
    pub(super) async fn show(self, body: &AskPreview, real: Option<Letter>) -> ApiResult<Preview> {
        let kind = self.template.kind;
        service::checked(kind, &self.content)?;
        let taken = self.taken(body.locale, body.content.is_some()).cloned().ok_or_else(nothing_said)?;
        let locale = taken.locale;
        let order = real.as_ref().map(reference);
        let letter = real.unwrap_or_else(|| example::letter(kind, locale));
        let written = tokio::task::spawn_blocking(move || compiled_and_written(&taken, &letter))
            .await
            .map_err(ApiError::internal)??;
        Ok(Preview {
            subject: written.subject.clone(),
            html: with_pictures(&written),
            text: written.text,
            locale,
            order,
        })
    }
}

fn compiled_and_written(content: &LocaleContent, letter: &Letter) -> ApiResult<Written> {
    let compiled = compile(content)?;
    render::write(&compiled, letter, content.locale, None).map_err(|error| {
        if render::is_out_of_fuel(&error) {
            ApiError::new(ErrorCode::InvalidFields).fields([render::too_much(content.locale.code())])
        } else {
            ApiError::internal(error)
        }
    })
}

fn nothing_said() -> ApiError {
    let why = "Nothing is said in any language.";
    ApiError::new(ErrorCode::InvalidFields).field_fault("content", "missing", why)
}

fn reference(letter: &Letter) -> String {
    match letter {
        Letter::OrderPlaced { order, .. } | Letter::OrderPaid { order, .. } => order.reference.clone(),
        Letter::Account { .. } => String::new(),
    }
}

/// The page with its pictures in it, so that it can be shown as it is.
fn with_pictures(written: &Written) -> String {
    let mut html = written.html.clone();
    for file in &written.attachments {
        if let Some(cid) = &file.inline {
            let data = format!("data:{};base64,{}", file.media_type, STANDARD.encode(&file.bytes));
            html = html.replace(&format!("\"cid:{cid}\""), &format!("\"{data}\""));
        }
    }
    html
}

/// What a test is filled with, found before its transaction.
pub(super) struct Test {
    compiled: Compiled,
    locale: Locale,
    kind: LetterKind,
}

/// Finds the version that somebody wants to have sent.
pub(super) async fn test(conn: &mut Conn, org: Uuid, id: Uuid, body: &SendTest) -> ApiResult<Test> {
    let template = queries::find(conn, org, id).await?;
    let version = service::chosen(conn, &template, body.version).await?;
    let locales = [body.locale.code(), template.default_locale.code(), Locale::En.code()];
    let found = queries::compiled(conn, version.id, &locales).await?.ok_or_else(|| {
        let why = "Neither this language nor one that stands in for it is complete.";
        let field = format!("locales.{}", body.locale.code());
        ApiError::new(ErrorCode::InvalidFields).field_fault(field, "locale_incomplete", why)
    })?;
    Ok(Test {
        compiled: serde_json::from_value(found.letter)?,
        locale: Locale::from_tag(&found.locale).unwrap_or(body.locale),
        kind: template.kind,
    })
}

/// Sends a test, marked as one, about an order that nobody placed.
pub(super) async fn send(tx: &mut Tx<'_>, org: Uuid, address: &str, test: &Test) -> ApiResult<TestSent> {
    let id = ids::new_id();
    let letter = example::letter(test.kind, test.locale);
    // No version is noted: tests do not count when two versions are compared.
    let mut written = render::write(&test.compiled, &letter, test.locale, None)?;
    written.subject = format!("[Test] {}", written.subject);
    let mail = Mail {
        org_id: Some(org),
        to: Recipient { name: address.to_owned(), address: address.to_owned() },
        locale: test.locale,
        letter,
        cause: format!("template_test:{id}"),
    };
    post(tx, id, &mail, written).await?;
    Ok(TestSent { id, to: address.to_owned(), locale: test.locale })
}
