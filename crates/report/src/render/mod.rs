//! A scorecard into documents: one renderer for each output, none of which computes.

mod escape;
mod html;
mod json;
mod layout;
mod mail;
mod markdown;
mod templates;

use scorewright_domain::{Document, Fault};

pub use html::HtmlPage;
pub use json::JsonPage;
pub use mail::{HtmlMail, TextMail};
pub use markdown::MarkdownPage;
pub use templates::Templates;

use crate::{Report, Scorecard};

/// One output format.
///
/// Rendering is pure: the same scorecard and templates give the same bytes.
pub trait Renderer {
    /// File name of the document: `scorecard.html`.
    fn name(&self) -> &'static str;

    /// Media type of the document.
    fn media_type(&self) -> &'static str;

    /// The text of the document.
    ///
    /// # Errors
    ///
    /// A template that is missing, names something the scorecard does not have, or prints a
    /// number that is not a display string; the fault points at the line.
    fn text(&self, scorecard: &Scorecard, templates: &Templates) -> Result<String, Fault>;

    /// The document.
    ///
    /// # Errors
    ///
    /// As [`Renderer::text`].
    fn render(&self, scorecard: &Scorecard, templates: &Templates) -> Result<Document, Fault> {
        let bytes = self.text(scorecard, templates)?.into_bytes();
        Ok(Document { name: self.name().into(), media_type: self.media_type().into(), bytes })
    }
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
    let pages: [&dyn Renderer; 3] = [&JsonPage, &HtmlPage, &MarkdownPage];
    let mails: [&dyn Renderer; 2] = [&HtmlMail, &TextMail];
    let chosen = pages.into_iter().chain(mails.into_iter().filter(|_| report.mail.is_some()));
    chosen.map(|renderer| renderer.render(scorecard, templates)).collect()
}
