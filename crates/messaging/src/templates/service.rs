//! The rules of templates.

use contract::templates::{
    Content, CreateTemplate, LetterKind, LetterKindEntry, Template, TemplateSummary, TemplateVersion,
    UpdateTemplate, check,
};
use contract::{ErrorCode, Page};
use domain::{Locale, ids};
use platform::audit::Change;
use platform::db::{Conn, Tx};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

use super::compile::{Compiled, compile_all};
use super::queries::{self, Said, Version};
use super::{render, starting, values};
use crate::deliveries::Mail;
use crate::letters::{self, Written};

/// What was checked and compiled, ready to be kept.
pub(super) struct Made {
    content: Value,
    compiled: Value,
}

/// The letters an organisation may put into its own words, and what may be said in each.
pub(super) async fn kinds(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<LetterKindEntry>> {
    let templates = queries::list(conn, org).await?;
    let entry = |kind: LetterKind| LetterKindEntry {
        kind,
        blocks: kind.blocks().into_iter().map(str::to_owned).collect(),
        variables: kind.variables().iter().map(Into::into).collect(),
        template_id: templates.iter().find(|template| template.kind == kind).map(|template| template.id),
    };
    Ok(LetterKind::ALL.into_iter().map(entry).collect())
}

/// The organisation's templates: one of each kind at most, so one page.
pub(super) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Page<TemplateSummary>> {
    Ok(Page { items: queries::list(conn, org).await?, next: None })
}

/// A template with its versions.
pub(super) async fn get(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<Template> {
    let summary = queries::find(conn, org, id).await?;
    let versions = queries::versions(conn, summary.id).await?;
    Ok(Template { summary, versions })
}

/// What a version says.
pub(super) async fn get_version(
    conn: &mut Conn,
    org: Uuid,
    id: Uuid,
    number: i32,
) -> ApiResult<TemplateVersion> {
    let template = get(conn, org, id).await?;
    let version = queries::version(conn, id, number).await?;
    let summary = template.versions.into_iter().find(|one| one.number == number);
    let summary = summary.ok_or(ErrorCode::NotFound)?;
    Ok(TemplateVersion { summary, content: content_of(&version)? })
}

/// What a version says, as it was written.
pub(super) fn content_of(version: &Version) -> ApiResult<Content> {
    Ok(serde_json::from_value(version.content.clone())?)
}

/// The version of that number; without one the draft, else the one that is published.
pub(super) async fn chosen(
    conn: &mut Conn,
    template: &TemplateSummary,
    number: Option<i32>,
) -> ApiResult<Version> {
    let number = number.or(template.draft).or(template.published).ok_or(ErrorCode::NotFound)?;
    queries::version(conn, template.id, number).await
}

/// Sets a template up; its draft says what Ringside's own letter says.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    org: Uuid,
    author: Option<Uuid>,
    body: &CreateTemplate,
) -> ApiResult<Template> {
    let (id, now) = (ids::new_id(), tx.now());
    let made = made(body.kind, &starting::content(body.kind))?;
    queries::insert(tx, (id, org), body.kind, &body.name, now).await?;
    queries::insert_draft(tx, id, &made.said(author), now).await?;
    tx.audit(Change::new(Some(org), "template.created", id).after(body.kind));
    get(tx, org, id).await
}

impl Made {
    const fn said(&self, author: Option<Uuid>) -> Said<'_> {
        Said { content: &self.content, compiled: &self.compiled, author }
    }
}

/// Checks and compiles on a thread that may take its time: MJML is work for the processor.
///
/// # Errors
/// `invalid_fields` with every fault by its field.
pub(super) async fn make(kind: LetterKind, content: Content) -> ApiResult<Made> {
    tokio::task::spawn_blocking(move || made(kind, &content)).await.map_err(ApiError::internal)?
}

fn made(kind: LetterKind, content: &Content) -> ApiResult<Made> {
    checked(kind, content)?;
    let compiled = compile_all(content)?;
    let faults = render::try_all(kind, &compiled)?;
    if !faults.is_empty() {
        return Err(ApiError::new(ErrorCode::InvalidFields).fields(faults));
    }
    Ok(Made { content: serde_json::to_value(content)?, compiled: serde_json::to_value(compiled)? })
}

/// Refuses what may not stand in a template of that kind.
pub(super) fn checked(kind: LetterKind, content: &Content) -> ApiResult<()> {
    let faults = check::faults(kind, content);
    if faults.is_empty() { Ok(()) } else { Err(ApiError::new(ErrorCode::InvalidFields).fields(faults)) }
}

/// Renames a template and chooses the language that stands in.
pub(super) async fn update(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    body: &UpdateTemplate,
) -> ApiResult<Template> {
    queries::lock(tx, org, id).await?;
    let before = queries::find(tx, org, id).await?;
    queries::rename(tx, id, &body.name, body.default_locale).await?;
    let note = |name: &str, locale: Locale| serde_json::json!({ "name": name, "default_locale": locale });
    tx.audit(
        Change::new(Some(org), "template.changed", id)
            .between(note(&before.name, before.default_locale), note(&body.name, body.default_locale)),
    );
    get(tx, org, id).await
}

/// Deletes a template: Ringside's own letter is sent again.
pub(super) async fn delete(tx: &mut Tx<'_>, org: Uuid, id: Uuid) -> ApiResult<()> {
    queries::lock(tx, org, id).await?;
    let before = queries::find(tx, org, id).await?;
    queries::delete(tx, id).await?;
    tx.audit(Change::new(Some(org), "template.deleted", id).before(before.kind));
    Ok(())
}

/// Saves the draft; the first save after a version was published begins the next one. Of two editors
/// the second is told `changed_meanwhile`.
pub(super) async fn save(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    author: Option<Uuid>,
    revision: i32,
    made: &Made,
) -> ApiResult<TemplateVersion> {
    let draft = draft_as_read(tx, org, id, revision).await?;
    let (now, said) = (tx.now(), made.said(author));
    let number = match draft {
        Some(draft) => {
            queries::update_draft(tx, draft.id, &said, now).await?;
            draft.number
        }
        None => queries::insert_draft(tx, id, &said, now).await?,
    };
    queries::touch(tx, id, now).await?;
    tx.audit(Change::new(Some(org), "template.saved", id).after(number));
    get_version(tx, org, id, number).await
}

/// Locks the template and gives its draft, if that is the one somebody has read: 0 means none.
pub(super) async fn draft_as_read(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    revision: i32,
) -> ApiResult<Option<Version>> {
    queries::lock(tx, org, id).await?;
    let draft = queries::draft(tx, id).await?;
    if draft.as_ref().map_or(0, |draft| draft.revision) != revision {
        return Err(ErrorCode::ChangedMeanwhile.into());
    }
    Ok(draft)
}

/// Makes what an older version says the draft. It is checked and compiled anew: what was good then may
/// not be now.
pub(super) async fn revert(
    tx: &mut Tx<'_>,
    org: Uuid,
    id: Uuid,
    author: Option<Uuid>,
    (number, revision): (i32, i32),
) -> ApiResult<TemplateVersion> {
    let kind = queries::find(tx, org, id).await?.kind;
    let content = content_of(&queries::version(tx, id, number).await?)?;
    save(tx, org, id, author, revision, &made(kind, &content)?).await
}

/// Lets letters be written by the draft from now on.
pub(super) async fn publish(tx: &mut Tx<'_>, org: Uuid, id: Uuid, revision: i32) -> ApiResult<Template> {
    let draft = ready(tx, org, id, revision).await?;
    let now = tx.now();
    if let Some(before) = queries::published_id(tx, id).await? {
        queries::retire(tx, before).await?;
    }
    queries::release(tx, draft.id, now).await?;
    queries::set_published(tx, id, draft.id).await?;
    queries::touch(tx, id, now).await?;
    tx.audit(Change::new(Some(org), "template.published", id).after(draft.number));
    get(tx, org, id).await
}

/// The draft somebody has read, when letters may be written by it: no comparison runs, the language that
/// stands in for others is complete, and every language leads the buyer to their order.
///
/// # Errors
/// `changed_meanwhile`, `wrong_state`, `invalid_fields`.
pub(super) async fn ready(tx: &mut Tx<'_>, org: Uuid, id: Uuid, revision: i32) -> ApiResult<Version> {
    let draft = draft_as_read(tx, org, id, revision).await?;
    let draft = draft.ok_or_else(|| ApiError::new(ErrorCode::WrongState).detail("There is no draft."))?;
    let template = queries::find(tx, org, id).await?;
    if template.experimenting {
        return Err(
            ApiError::new(ErrorCode::WrongState).detail("Two versions are being compared: end that first.")
        );
    }
    let content = content_of(&draft)?;
    let refusal = |field: String, code: &str, why: &str| {
        Err(ApiError::new(ErrorCode::InvalidFields).field_fault(field, code, why))
    };
    if content.of(template.default_locale).is_none_or(|one| !one.is_complete()) {
        let why = "The language that stands in for others is not complete.";
        return refusal(format!("locales.{}", template.default_locale.code()), "locale_incomplete", why);
    }
    for one in content.locales.iter().filter(|one| one.is_complete()) {
        let said = serde_json::to_string(&one.blocks)?;
        if !["{{ order.url }}", "{{order.url}}", "\"tickets\"", "\"payment_code\""]
            .iter()
            .any(|way| said.contains(way))
        {
            let why =
                "The letter does not lead to the order: add a button to it, the tickets or the payment code.";
            return refusal(format!("locales.{}", one.locale.code()), "order_missing", why);
        }
    }
    Ok(draft)
}

/// Writes a letter out: by the organisation's published version, or by one of the two that are compared;
/// by Ringside's own template when there is none, or when theirs fails.
///
/// # Errors
/// The database, or one of Ringside's own templates that does not fit its letter.
pub(crate) async fn write(conn: &mut Conn, delivery: Uuid, mail: &Mail) -> ApiResult<Written> {
    if let (Some(org), Some(kind)) = (mail.org_id, values::kind_of(&mail.letter)) {
        match own(conn, delivery, (org, kind), mail).await? {
            Some(Ok(written)) => return Ok(written),
            Some(Err(error)) => {
                tracing::error!(%org, kind = kind.name(), error = format!("{error:#}"), "a template failed; Ringside's own letter is sent");
            }
            None => {}
        }
    }
    Ok(letters::render(&mail.letter, mail.locale)?)
}

async fn own(
    conn: &mut Conn,
    delivery: Uuid,
    (org, kind): (Uuid, LetterKind),
    mail: &Mail,
) -> ApiResult<Option<anyhow::Result<Written>>> {
    let Some(writers) = queries::writers(conn, org, kind).await? else { return Ok(None) };
    let version = match (writers.share, writers.second) {
        (Some(share), Some(second)) if is_second(delivery, share) => second,
        _ => writers.first,
    };
    let locales = [mail.locale.code(), &writers.default_locale, Locale::En.code()];
    let Some(found) = queries::compiled(conn, version, &locales).await? else { return Ok(None) };
    let locale = Locale::from_tag(&found.locale).unwrap_or(mail.locale);
    let written = match serde_json::from_value::<Compiled>(found.letter) {
        Ok(compiled) => render::write(&compiled, &mail.letter, locale, Some(version)),
        Err(error) => Err(error.into()),
    };
    Ok(Some(written))
}

/// Whether a delivery's letter is written by the second of two versions: always the same for the same
/// delivery, and as often as `share` of a hundred says. The last bits of an id are random (RFC 9562).
fn is_second(delivery: Uuid, share: i16) -> bool {
    let random = delivery.as_u128() & ((1 << 62) - 1);
    random % 100 < u128::from(share.unsigned_abs())
}

/// What a save is about: the template's kind, by which it is checked.
pub(super) async fn kind(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<LetterKind> {
    Ok(queries::find(conn, org, id).await?.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_kept_and_a_delivery_stays_where_it_is() {
        let ids: Vec<Uuid> = (0..4_000).map(|_| ids::new_id()).collect();
        for share in [1, 30, 50, 99] {
            let second = ids.iter().filter(|id| is_second(**id, share)).count();
            let expected = ids.len() * usize::from(share.unsigned_abs()) / 100;
            // Five standard deviations of a fair draw of 4,000 are 158.
            assert!(second.abs_diff(expected) < 160, "{share}: {second}");
        }
        assert_eq!(is_second(ids[0], 50), is_second(ids[0], 50));
    }
}
