//! Versions: who writes over whom, what is published, whose things stay whose.

use contract::endpoints::{
    CREATE_TEMPLATE, DELETE_TEMPLATE, GET_TEMPLATE, LIST_TEMPLATES, PUBLISH_TEMPLATE, REVERT_TEMPLATE,
    SAVE_DRAFT, UPDATE_TEMPLATE,
};
use contract::templates::{Block, Content, LocaleContent, TemplateSummary, TemplateVersion, VersionState};
use contract::{ErrorCode, Page};
use domain::{Locale, Role};
use serde_json::json;

use super::{House, in_locale, saying};

#[tokio::test]
async fn versions_follow_one_another() {
    let house = House::new().await;
    let template = house.published("One").await;
    let id = template.summary.id;
    assert_eq!((template.summary.published, template.summary.draft), (Some(1), None));

    let draft = house.save(id, 0, &saying("Two")).await;
    assert_eq!(
        (draft.summary.number, draft.summary.revision, draft.summary.state),
        (2, 1, VersionState::Draft)
    );
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("One"), "a draft writes no letters");
    let template = house.publish(id, 1).await;
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("Two"));
    let states: Vec<_> = template.versions.iter().map(|one| (one.number, one.state)).collect();
    assert_eq!(states, [(2, VersionState::Published), (1, VersionState::Retired)]);
    let newest = &template.versions[0];
    assert_eq!(
        (newest.author_id, newest.author.as_deref()),
        (Some(house.writer.user_id), Some("Demo Person"))
    );

    let body = json!({"revision": 0});
    let path = [&id.to_string()[..], "1"];
    let again: TemplateVersion =
        house.app.to(REVERT_TEMPLATE, &path).by(&house.writer).json(&body).ok().await;
    assert_eq!((again.summary.number, &again.content), (3, &saying("One")));
    house.publish(id, 1).await;
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("One"));
}

#[tokio::test]
async fn of_two_editors_the_second_is_told() {
    let house = House::new().await;
    let id = house.template().await.summary.id;
    let other = house.app.member(house.org, Role::Admin).await;
    house.save(id, 1, &saying("First")).await;
    let late = json!({"revision": 1, "content": saying("Second")});
    let path = [&id.to_string()[..]];
    house.app.to(SAVE_DRAFT, &path).by(&other).json(&late).problem(ErrorCode::ChangedMeanwhile).await;
    house
        .app
        .to(PUBLISH_TEMPLATE, &path)
        .by(&other)
        .json(&json!({"revision": 1}))
        .problem(ErrorCode::ChangedMeanwhile)
        .await;
    assert_eq!(house.version(id, 1).await.content, saying("First"));
    house.publish(id, 2).await;
    house
        .app
        .to(PUBLISH_TEMPLATE, &path)
        .by(&other)
        .json(&json!({"revision": 0}))
        .problem(ErrorCode::WrongState)
        .await;
    let late = json!({"revision": 2, "content": saying("Second")});
    house.app.to(SAVE_DRAFT, &path).by(&other).json(&late).problem(ErrorCode::ChangedMeanwhile).await;
}

#[tokio::test]
async fn what_is_not_complete_is_not_published() {
    let house = House::new().await;
    let id = house.template().await.summary.id;
    let path = [&id.to_string()[..]];
    let refused = async |revision: i32| {
        let body = json!({ "revision": revision });
        let problem = house
            .app
            .to(PUBLISH_TEMPLATE, &path)
            .by(&house.writer)
            .json(&body)
            .problem(ErrorCode::InvalidFields)
            .await;
        (problem.fields[0].field.clone(), problem.fields[0].code.clone())
    };
    house.save(id, 1, &Content { locales: vec![in_locale(Locale::Th, "ไทย")] }).await;
    assert_eq!(refused(2).await, ("locales.en".into(), "locale_incomplete".into()));
    let empty =
        LocaleContent { blocks: vec![Block::Text { text: String::new() }], ..in_locale(Locale::En, "") };
    house.save(id, 2, &Content { locales: vec![empty] }).await;
    assert_eq!(refused(3).await, ("locales.en".into(), "locale_incomplete".into()));
    let lost = LocaleContent {
        blocks: vec![Block::Text { text: "Thank you.".into() }],
        ..in_locale(Locale::En, "")
    };
    house.save(id, 3, &Content { locales: vec![lost] }).await;
    assert_eq!(refused(4).await, ("locales.en".into(), "order_missing".into()));
}

#[tokio::test]
async fn one_template_of_a_kind_and_ringsides_own_when_it_is_gone() {
    let house = House::new().await;
    let id = house.published("Ours").await.summary.id.to_string();
    let body = json!({"kind": "order_paid", "name": "Another"});
    house.app.to(CREATE_TEMPLATE, &[]).by(&house.writer).json(&body).problem(ErrorCode::NameTaken).await;
    let list: Page<TemplateSummary> = house.app.to(LIST_TEMPLATES, &[]).by(&house.writer).ok().await;
    assert_eq!(list.items.len(), 1);
    assert!(house.letter("Demo Fan", Locale::En).await.text.contains("Ours"));
    house.app.to(DELETE_TEMPLATE, &[&id]).by(&house.writer).no_content().await;
    assert!(!house.letter("Demo Fan", Locale::En).await.text.contains("Ours"));
    house.app.to(GET_TEMPLATE, &[&id]).by(&house.writer).problem(ErrorCode::NotFound).await;
}

#[tokio::test]
async fn others_find_nothing_and_viewers_change_nothing() {
    let house = House::new().await;
    let id = house.template().await.summary.id.to_string();
    let stranger_org = house.app.org("Other Promotions").await;
    let stranger = house.app.member(stranger_org, Role::Owner).await;
    let viewer = house.app.member(house.org, Role::Viewer).await;
    let scanner = house.app.member(house.org, Role::Scanner).await;
    let (of_draft, draft) = (json!({"revision": 1}), json!({"revision": 1, "content": saying("Mine now")}));
    let rename = json!({"name": "x", "default_locale": "en"});
    for path in ["", "/versions/1", "/experiment"] {
        house.app.get(&format!("/templates/{id}{path}")).by(&stranger).problem(ErrorCode::NotFound).await;
        house.app.get(&format!("/templates/{id}{path}")).by(&scanner).problem(ErrorCode::NotPermitted).await;
    }
    for (by, code) in [(&stranger, ErrorCode::NotFound), (&viewer, ErrorCode::NotPermitted)] {
        house.app.to(SAVE_DRAFT, &[&id]).by(by).json(&draft).problem(code).await;
        house.app.to(PUBLISH_TEMPLATE, &[&id]).by(by).json(&of_draft).problem(code).await;
        house.app.to(UPDATE_TEMPLATE, &[&id]).by(by).json(&rename).problem(code).await;
        house.app.to(REVERT_TEMPLATE, &[&id, "1"]).by(by).json(&of_draft).problem(code).await;
        house.app.to(DELETE_TEMPLATE, &[&id]).by(by).problem(code).await;
        house
            .app
            .post(&format!("/templates/{id}/test"))
            .by(by)
            .json(&json!({"locale": "en"}))
            .problem(code)
            .await;
        house.app.delete(&format!("/templates/{id}/experiment")).by(by).problem(code).await;
    }
    house
        .app
        .post(&format!("/templates/{id}/preview"))
        .by(&stranger)
        .json(&json!({"locale": "en"}))
        .problem(ErrorCode::NotFound)
        .await;
    house.app.get(&format!("/templates/{id}/versions/9")).by(&viewer).problem(ErrorCode::NotFound).await;
    house.app.get(&format!("/templates/{id}")).by(&viewer).await.expect(200);
    house.app.get("/templates").problem(ErrorCode::NotSignedIn).await;
}
