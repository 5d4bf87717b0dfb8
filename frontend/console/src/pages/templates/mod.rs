//! Letters in the organisation's own words: which there are, and the editor of one.

mod editor;
mod list;

pub use editor::TemplatePage;
pub use list::TemplateList;
