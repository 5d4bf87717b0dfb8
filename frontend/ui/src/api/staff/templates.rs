//! Letters in the organisation's own words.

use contract::Page;
use contract::endpoints;
use contract::templates::{
    AskPreview, CreateTemplate, Experiment, OfDraft, Preview, SaveDraft, SendTest, StartExperiment, Template,
    TemplateSummary, TemplateVersion, TestSent, UpdateTemplate,
};

use crate::api::{Failure, to};

/// The organisation's templates.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn list() -> Result<Page<TemplateSummary>, Failure> {
    to(endpoints::LIST_TEMPLATES).send().await
}

/// Sets a template up.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn create(wish: &CreateTemplate, intent: &str) -> Result<Template, Failure> {
    to(endpoints::CREATE_TEMPLATE).intent(intent).body(wish).send().await
}

/// A template with its versions.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn find(template: &str) -> Result<Template, Failure> {
    to(endpoints::GET_TEMPLATE).at(&[template]).send().await
}

/// Renames a template and chooses the language that stands in.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn update(template: &str, change: &UpdateTemplate) -> Result<Template, Failure> {
    to(endpoints::UPDATE_TEMPLATE).at(&[template]).body(change).send().await
}

/// Deletes a template.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn delete(template: &str) -> Result<contract::endpoint::Nothing, Failure> {
    to(endpoints::DELETE_TEMPLATE).at(&[template]).send().await
}

/// What a version says.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn version(template: &str, number: i32) -> Result<TemplateVersion, Failure> {
    to(endpoints::GET_TEMPLATE_VERSION).at(&[template, &number.to_string()]).send().await
}

/// Saves the draft.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn save(template: &str, draft: &SaveDraft) -> Result<TemplateVersion, Failure> {
    to(endpoints::SAVE_DRAFT).at(&[template]).body(draft).send().await
}

/// Makes an older version the draft.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn revert(template: &str, number: i32, of: OfDraft) -> Result<TemplateVersion, Failure> {
    to(endpoints::REVERT_TEMPLATE).at(&[template, &number.to_string()]).body(&of).send().await
}

/// Publishes the draft.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn publish(template: &str, of: OfDraft) -> Result<Template, Failure> {
    to(endpoints::PUBLISH_TEMPLATE).at(&[template]).body(&of).send().await
}

/// Shows how a letter looks.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn preview(template: &str, ask: &AskPreview) -> Result<Preview, Failure> {
    to(endpoints::PREVIEW_TEMPLATE).at(&[template]).body(ask).send().await
}

/// Sends a version to whoever asks.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn send_test(template: &str, wish: SendTest, intent: &str) -> Result<TestSent, Failure> {
    to(endpoints::SEND_TEST).at(&[template]).intent(intent).body(&wish).send().await
}

/// Compares the draft with the published version.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn compare(template: &str, wish: StartExperiment, intent: &str) -> Result<Experiment, Failure> {
    to(endpoints::START_EXPERIMENT).at(&[template]).intent(intent).body(&wish).send().await
}

/// How the latest comparison stands.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn comparison(template: &str) -> Result<Experiment, Failure> {
    to(endpoints::GET_EXPERIMENT).at(&[template]).send().await
}

/// Ends the comparison.
///
/// # Errors
/// [`Failure`], like every call.
pub async fn stop_comparison(template: &str) -> Result<Experiment, Failure> {
    to(endpoints::STOP_EXPERIMENT).at(&[template]).send().await
}
