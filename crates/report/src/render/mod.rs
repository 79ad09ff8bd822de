//! A scorecard into documents: one renderer for each output, none of which computes.

mod renderer;

mod html;
mod json;
mod mail;
mod markdown;

mod templates;

mod escape;
mod layout;

use scorewright_domain::{Document, Fault};

pub use html::HtmlPage;
pub use json::JsonPage;
pub use mail::{HtmlMail, TextMail};
pub use markdown::MarkdownPage;
pub use renderer::Renderer;
pub use templates::Templates;

use crate::report::Report;
use crate::scorecard::Scorecard;

/// Every output format, in the order of the documents.
const RENDERERS: [&dyn Renderer; 5] = [&JsonPage, &HtmlPage, &MarkdownPage, &HtmlMail, &TextMail];

/// What is wrong with the templates of a report, each output format by itself.
pub fn document_faults(
    report: &Report,
    scorecard: &Scorecard,
    templates: &Templates,
) -> Vec<Fault> {
    let rendered = renderers(report).map(|renderer| renderer.render(scorecard, templates));
    rendered.filter_map(Result::err).collect()
}

/// Every document of a report: JSON, page and Markdown, and the two parts of the mail when it has readers.
///
/// # Errors
///
/// The first template at fault.
pub fn documents(
    report: &Report,
    scorecard: &Scorecard,
    templates: &Templates,
) -> Result<Vec<Document>, Fault> {
    renderers(report).map(|renderer| renderer.render(scorecard, templates)).collect()
}

fn renderers(report: &Report) -> impl Iterator<Item = &'static dyn Renderer> {
    let has_mail = report.mail.is_some();
    RENDERERS.into_iter().filter(move |renderer| has_mail || !renderer.is_mail_part())
}
