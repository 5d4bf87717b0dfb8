//! A tiny area that stands for all of them: notes that are written, listed and counted.

use std::time::Duration;

use actix_web::{get, post, web};
use contract::live::Present;
use contract::{ErrorCode, Page};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;
use domain::Fact;
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use garde::Validate;
use platform::db::{Db, sql};
use platform::guard::{EventsManage, Public, SignedIn};
use platform::live::{Entry, Rooms, Shows};
use platform::{Actor, ApiError, ApiResult, Body, Created, Guard, Job, JobContext, Paged, Path, Registry};
use serde::{Deserialize, Serialize};
use testkit::{Setup, TestApp};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Validate, QueryableByName)]
#[serde(deny_unknown_fields)]
pub struct Note {
    #[garde(length(chars, min = 1, max = 20))]
    #[diesel(sql_type = Text)]
    pub text: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Copy {
    pub text: String,
}

impl Job for Copy {
    const KIND: &'static str = "copy";
    const MAX_ATTEMPTS: i16 = 3;
}

#[utoipa::path]
#[post("/notes")]
async fn write_note(guard: Guard<Public>, body: Body<Note>) -> ApiResult<Created<Note>> {
    guard
        .create(&body, async |tx| {
            if body.text == "refused" {
                return Err(ApiError::new(ErrorCode::WrongState).detail("as asked"));
            }
            sql("INSERT INTO notes (text) VALUES ($1)").bind::<Text, _>(&body.text).execute(tx).await?;
            tx.emit(Uuid::nil(), Fact::EventChanged { event_id: Uuid::nil() }).await?;
            tx.enqueue(&Copy { text: body.text.clone() }).await?;
            if body.text == "broken" {
                return Err(ApiError::internal(std::io::Error::other("a secret of ours")));
            }
            Ok(Note { text: body.text.clone() })
        })
        .await
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    text: String,
}

#[utoipa::path(params(Paged))]
#[get("/notes")]
async fn list_notes(guard: Guard<Public>, paged: Paged) -> ApiResult<web::Json<Page<String>>> {
    let after: i64 = paged.position()?.unwrap_or(0);
    let rows = guard
        .db
        .read(async |conn| {
            Ok(sql("SELECT id, text FROM notes WHERE id > $1 ORDER BY id LIMIT $2")
                .bind::<BigInt, _>(after)
                .bind::<BigInt, _>(paged.fetch())
                .load::<Row>(conn)
                .await?)
        })
        .await?;
    let page = platform::http::next_page(&paged, rows, |row| row.id)?;
    let items = page.items.into_iter().map(|row| row.text).collect();
    Ok(web::Json(Page { items, next: page.next }))
}

#[utoipa::path]
#[get("/notes/{id}")]
async fn get_note(_: Guard<Public>, id: Path<Uuid>) -> String {
    id.to_string()
}

#[utoipa::path]
#[get("/mine")]
async fn mine(guard: Guard<SignedIn>) -> String {
    guard.user_id().map(|id| id.to_string()).unwrap_or_default()
}

#[utoipa::path]
#[get("/managed")]
async fn managed(guard: Guard<EventsManage>) -> String {
    guard.org().to_string()
}

fn configure(config: &mut ServiceConfig) {
    config.service(write_note).service(list_notes).service(get_note).service(mine).service(managed);
}

fn jobs(registry: &mut Registry) {
    registry.on(async |context: JobContext, job: Copy| {
        anyhow::ensure!(job.text != "fails", "asked to fail");
        assert!(job.text != "panics", "asked to panic");
        context
            .db
            .statement(async |conn| {
                sql("INSERT INTO copies (text) VALUES ($1)").bind::<Text, _>(&job.text).execute(conn).await?;
                Ok(())
            })
            .await?;
        Ok(())
    });
    registry.every("tick", Duration::from_secs(60), async |context| {
        context
            .db
            .statement(async |conn| {
                sql("INSERT INTO copies (text) VALUES ('tick')").execute(conn).await?;
                Ok(())
            })
            .await?;
        Ok(())
    });
    registry.when("event_changed", |_, tx| {
        async move {
            sql("INSERT INTO copies (text) VALUES ('heard')").execute(tx).await?;
            Ok(())
        }
        .boxed_local()
    });
    registry.live(|told| vec![("notes".to_owned(), told.fact.clone())]);
}

/// Everybody may hear of notes and is counted on the page; members may hear of themselves, and people see
/// each other behind it.
struct Everything;

impl Rooms for Everything {
    fn enter<'a>(
        &'a self,
        _: &'a Db,
        actor: &'a Actor,
        topic: &'a str,
    ) -> LocalBoxFuture<'a, ApiResult<Option<Entry>>> {
        let entry = match (topic, actor.person()) {
            ("page", _) => Some(Entry { room: "page".to_owned(), shows: Shows::Number }),
            ("behind", Some(person)) => {
                let me = Present { name: person.email.clone(), id: person.user_id };
                let shows = Shows::People { me, audience: "page".to_owned() };
                Some(Entry { room: "behind".to_owned(), shows })
            }
            // As asked by somebody who shows a secret; it is the same room.
            ("notes:secret", _) => Some(Entry::unseen("notes")),
            ("members", _) => actor.member().is_some().then(|| Entry::unseen(topic)),
            _ => topic.starts_with("notes").then(|| Entry::unseen(topic)),
        };
        async move { Ok(entry) }.boxed_local()
    }
}

pub fn setup() -> Setup {
    Setup::new().routes(configure).jobs(jobs).rooms(|_| std::sync::Arc::new(Everything))
}

pub async fn prepare(app: &TestApp) {
    app.execute(
        "CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL CONSTRAINT events_slug_key CHECK (text <> 'taken'));
         CREATE TABLE copies (text text NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY)",
    )
    .await;
}

pub async fn start() -> TestApp {
    let app = setup().start().await;
    prepare(&app).await;
    app
}

pub fn note(text: &str) -> Note {
    Note { text: text.to_owned() }
}
