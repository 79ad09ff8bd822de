//! What every output format implements.

use scorewright_domain::{Document, Fault};

use super::template_context::TemplateContext;
use super::templates::Templates;

/// Who a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Readers of the page.
    Page,
    /// Recipients of the mail: a part of it, made only for a report that has one.
    Mail,
    /// A chat: its message, made only for a report that has a webhook.
    Chat,
}

/// One output format.
///
/// Rendering is pure: the same scorecard and templates give the same bytes.
pub trait Renderer {
    /// File name of the document: `scorecard.html`.
    fn name(&self) -> &'static str;

    /// Media type of the document.
    fn media_type(&self) -> &'static str;

    /// Who the document is for: readers of the page.
    fn audience(&self) -> Audience {
        Audience::Page
    }

    /// The text of the document.
    ///
    /// # Errors
    ///
    /// A template that is missing, names something the scorecard does not have, or prints a
    /// number that is not a display string; the fault points at the line.
    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault>;

    /// The document.
    ///
    /// # Errors
    ///
    /// As [`Renderer::text`].
    fn render(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<Document, Fault> {
        let bytes = self.text(page, templates)?.into_bytes();
        Ok(Document { name: self.name().into(), media_type: self.media_type().into(), bytes })
    }
}
