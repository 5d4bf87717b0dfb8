//! Every statement about templates and their versions.

use chrono::{DateTime, Utc};
use contract::templates::{LetterKind, TemplateSummary, VersionState, VersionSummary};
use db_schema::{message_templates, template_experiments, template_versions};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::Locale;
use platform::db::{Conn, sql};
use platform::error::{ApiError, ApiResult};
use serde_json::Value;
use uuid::Uuid;

#[derive(QueryableByName)]
struct TemplateRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    default_locale: String,
    #[diesel(sql_type = Nullable<Integer>)]
    published: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    draft: Option<i32>,
    #[diesel(sql_type = Bool)]
    experimenting: bool,
    #[diesel(sql_type = Timestamptz)]
    changed_at: DateTime<Utc>,
}

impl TryFrom<TemplateRow> for TemplateSummary {
    type Error = ApiError;

    fn try_from(row: TemplateRow) -> ApiResult<Self> {
        Ok(Self {
            id: row.id,
            kind: LetterKind::from_name(&row.kind).ok_or_else(|| unknown("kind", &row.kind))?,
            name: row.name,
            default_locale: locale(&row.default_locale)?,
            published: row.published,
            draft: row.draft,
            experimenting: row.experimenting,
            changed_at: row.changed_at,
        })
    }
}

fn unknown(what: &str, value: &str) -> ApiError {
    ApiError::internal(anyhow::anyhow!("a template has the unknown {what} {value}"))
}

fn locale(code: &str) -> ApiResult<Locale> {
    Locale::from_tag(code).ok_or_else(|| unknown("language", code))
}

const TEMPLATES: &str = "
SELECT t.id, t.kind, t.name, t.default_locale, p.number AS published, d.number AS draft,
       EXISTS (SELECT FROM template_experiments e WHERE e.template_id = t.id AND e.state = 'running')
           AS experimenting,
       t.changed_at
FROM message_templates t
LEFT JOIN template_versions p ON p.id = t.published_id
LEFT JOIN template_versions d ON d.template_id = t.id AND d.state = 'draft'
WHERE t.org_id = $1 AND ($2::uuid IS NULL OR t.id = $2)
ORDER BY t.kind";

async fn templates(conn: &mut Conn, org: Uuid, id: Option<Uuid>) -> ApiResult<Vec<TemplateSummary>> {
    let query = sql(TEMPLATES).bind::<SqlUuid, _>(org).bind::<Nullable<SqlUuid>, _>(id);
    let rows: Vec<TemplateRow> = query.load(conn).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The organisation's templates, by kind.
pub(super) async fn list(conn: &mut Conn, org: Uuid) -> ApiResult<Vec<TemplateSummary>> {
    templates(conn, org, None).await
}

/// One of them.
pub(super) async fn find(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<TemplateSummary> {
    templates(conn, org, Some(id)).await?.pop().ok_or_else(|| contract::ErrorCode::NotFound.into())
}

/// Keeps others from changing a template until the transaction ends; `not_found` when there is none.
pub(super) async fn lock(conn: &mut Conn, org: Uuid, id: Uuid) -> ApiResult<()> {
    message_templates::table
        .filter(message_templates::org_id.eq(org).and(message_templates::id.eq(id)))
        .select(message_templates::id)
        .for_update()
        .first::<Uuid>(conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Integer)]
    revision: i32,
    #[diesel(sql_type = Array<Text>)]
    locales: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    author_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    author: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    changed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<DateTime<Utc>>,
}

impl TryFrom<VersionRow> for VersionSummary {
    type Error = ApiError;

    fn try_from(row: VersionRow) -> ApiResult<Self> {
        Ok(Self {
            number: row.number,
            state: VersionState::from_name(&row.state).ok_or_else(|| unknown("state", &row.state))?,
            revision: row.revision,
            locales: row.locales.iter().map(|code| locale(code)).collect::<ApiResult<_>>()?,
            author_id: row.author_id,
            author: row.author,
            changed_at: row.changed_at,
            published_at: row.published_at,
        })
    }
}

/// The versions of a template found before, newest first.
pub(super) async fn versions(conn: &mut Conn, template: Uuid) -> ApiResult<Vec<VersionSummary>> {
    let query = sql("
SELECT v.number, v.state, v.revision, v.author_id, p.name AS author, v.changed_at, v.published_at,
       ARRAY(SELECT l ->> 'locale' FROM jsonb_array_elements(v.content -> 'locales') AS l) AS locales
FROM template_versions v LEFT JOIN people p ON p.id = v.author_id
WHERE v.template_id = $1 ORDER BY v.number DESC")
    .bind::<SqlUuid, _>(template);
    let rows: Vec<VersionRow> = query.load(conn).await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A version as the rules see it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = template_versions)]
pub(super) struct Version {
    pub id: Uuid,
    pub number: i32,
    pub revision: i32,
    pub content: Value,
}

/// The version of that number; `not_found` when there is none.
pub(super) async fn version(conn: &mut Conn, template: Uuid, number: i32) -> ApiResult<Version> {
    Ok(template_versions::table
        .filter(template_versions::template_id.eq(template).and(template_versions::number.eq(number)))
        .select(Version::as_select())
        .first(conn)
        .await?)
}

/// The draft, if there is one.
pub(super) async fn draft(conn: &mut Conn, template: Uuid) -> ApiResult<Option<Version>> {
    Ok(template_versions::table
        .filter(template_versions::template_id.eq(template))
        .filter(template_versions::state.eq(VersionState::Draft.name()))
        .select(Version::as_select())
        .first(conn)
        .await
        .optional()?)
}

/// Who says what.
pub(super) struct Said<'a> {
    pub content: &'a Value,
    pub compiled: &'a Value,
    pub author: Option<Uuid>,
}

/// Adds a template, with nothing in it.
pub(super) async fn insert(
    conn: &mut Conn,
    (id, org): (Uuid, Uuid),
    kind: LetterKind,
    name: &str,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::insert_into(message_templates::table)
        .values((
            message_templates::id.eq(id),
            message_templates::org_id.eq(org),
            message_templates::kind.eq(kind.name()),
            message_templates::name.eq(name),
            message_templates::created_at.eq(now),
            message_templates::changed_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a draft under the next number.
pub(super) async fn insert_draft(
    conn: &mut Conn,
    template: Uuid,
    said: &Said<'_>,
    now: DateTime<Utc>,
) -> ApiResult<i32> {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = Integer)]
        number: i32,
    }
    let query = sql("
INSERT INTO template_versions (id, template_id, number, content, compiled, author_id, created_at, changed_at)
SELECT $1, $2, 1 + coalesce(max(number), 0), $3, $4, $5, $6, $6 FROM template_versions WHERE template_id = $2
RETURNING number")
    .bind::<SqlUuid, _>(domain::ids::new_id())
    .bind::<SqlUuid, _>(template)
    .bind::<Jsonb, _>(said.content)
    .bind::<Jsonb, _>(said.compiled)
    .bind::<Nullable<SqlUuid>, _>(said.author)
    .bind::<Timestamptz, _>(now);
    let row: Number = query.get_result(conn).await?;
    Ok(row.number)
}

/// Saves a draft over itself.
pub(super) async fn update_draft(
    conn: &mut Conn,
    draft: Uuid,
    said: &Said<'_>,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    diesel::update(template_versions::table.find(draft))
        .set((
            template_versions::content.eq(said.content),
            template_versions::compiled.eq(said.compiled),
            template_versions::author_id.eq(said.author),
            template_versions::changed_at.eq(now),
            template_versions::revision.eq(template_versions::revision + 1),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Names a template, and the language that stands in.
pub(super) async fn rename(conn: &mut Conn, id: Uuid, name: &str, default: Locale) -> ApiResult<()> {
    diesel::update(message_templates::table.find(id))
        .set((message_templates::name.eq(name), message_templates::default_locale.eq(default.code())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Says that a template was changed just now.
pub(super) async fn touch(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    diesel::update(message_templates::table.find(id))
        .set(message_templates::changed_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes a template away with its versions and comparisons.
pub(super) async fn delete(conn: &mut Conn, id: Uuid) -> ApiResult<()> {
    diesel::update(message_templates::table.find(id))
        .set(message_templates::published_id.eq(None::<Uuid>))
        .execute(conn)
        .await?;
    diesel::delete(template_experiments::table.filter(template_experiments::template_id.eq(id)))
        .execute(conn)
        .await?;
    diesel::delete(message_templates::table.find(id)).execute(conn).await?;
    Ok(())
}

/// The version letters are written by.
pub(super) async fn published_id(conn: &mut Conn, id: Uuid) -> ApiResult<Option<Uuid>> {
    Ok(message_templates::table.find(id).select(message_templates::published_id).first(conn).await?)
}

/// Lets letters be written by a version from now on.
pub(super) async fn set_published(conn: &mut Conn, id: Uuid, version: Uuid) -> ApiResult<()> {
    diesel::update(message_templates::table.find(id))
        .set(message_templates::published_id.eq(version))
        .execute(conn)
        .await?;
    Ok(())
}

/// A draft becomes a version that may write letters.
pub(super) async fn release(conn: &mut Conn, version: Uuid, now: DateTime<Utc>) -> ApiResult<()> {
    diesel::update(template_versions::table.find(version))
        .set((
            template_versions::state.eq(VersionState::Published.name()),
            template_versions::published_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// A version writes no letters any more.
pub(super) async fn retire(conn: &mut Conn, version: Uuid) -> ApiResult<()> {
    diesel::update(template_versions::table.find(version))
        .set(template_versions::state.eq(VersionState::Retired.name()))
        .execute(conn)
        .await?;
    Ok(())
}

/// Which versions may write a letter.
#[derive(Debug, QueryableByName)]
pub(super) struct Writers {
    #[diesel(sql_type = Text)]
    pub default_locale: String,
    #[diesel(sql_type = SqlUuid)]
    pub first: Uuid,
    /// Of a hundred letters so many are written by the second.
    #[diesel(sql_type = Nullable<diesel::sql_types::SmallInt>)]
    pub share: Option<i16>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub second: Option<Uuid>,
}

/// Who writes an organisation's letters of a kind; none: Ringside does.
pub(super) async fn writers(conn: &mut Conn, org: Uuid, kind: LetterKind) -> ApiResult<Option<Writers>> {
    let query = sql("
SELECT t.default_locale, t.published_id AS first, e.share, e.second_id AS second
FROM message_templates t
LEFT JOIN template_experiments e ON e.template_id = t.id AND e.state = 'running'
WHERE t.org_id = $1 AND t.kind = $2 AND t.published_id IS NOT NULL")
    .bind::<SqlUuid, _>(org)
    .bind::<Text, _>(kind.name());
    Ok(query.load::<Writers>(conn).await?.pop())
}

/// A compiled letter, and its language.
#[derive(Debug, QueryableByName)]
pub(super) struct InLocale {
    #[diesel(sql_type = Text)]
    pub locale: String,
    #[diesel(sql_type = Jsonb)]
    pub letter: Value,
}

/// The first of the languages in which a version is complete.
pub(super) async fn compiled(
    conn: &mut Conn,
    version: Uuid,
    locales: &[&str],
) -> ApiResult<Option<InLocale>> {
    let query = sql("
SELECT l.code AS locale, v.compiled -> l.code AS letter
FROM template_versions v, unnest($2) WITH ORDINALITY AS l (code, place)
WHERE v.id = $1 AND v.compiled ? l.code ORDER BY l.place LIMIT 1")
    .bind::<SqlUuid, _>(version)
    .bind::<Array<Text>, _>(locales);
    Ok(query.load::<InLocale>(conn).await?.pop())
}

/// The comparisons that run, in all organisations: for the timer.
pub(super) async fn running_everywhere(conn: &mut Conn) -> ApiResult<Vec<Uuid>> {
    Ok(template_experiments::table
        .filter(template_experiments::state.eq("running"))
        .select(template_experiments::id)
        .load(conn)
        .await?)
}
