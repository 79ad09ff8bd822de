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
    let wanted = |renderer: &&dyn Renderer| report.mail.is_some() || !renderer.is_mail_part();
    let renderers = RENDERERS.into_iter().filter(wanted);
    renderers.map(|renderer| renderer.render(scorecard, templates)).collect()
}
