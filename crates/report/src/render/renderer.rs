//! What every output format implements.

use scorewright_domain::{Document, Fault};

use super::templates::Templates;
use crate::scorecard::Scorecard;

/// One output format.
///
/// Rendering is pure: the same scorecard and templates give the same bytes.
pub trait Renderer {
    /// File name of the document: `scorecard.html`.
    fn name(&self) -> &'static str;

    /// Media type of the document.
    fn media_type(&self) -> &'static str;

    /// Whether the document is a part of the mail, made only for a report that has one, and no page.
    fn is_mail_part(&self) -> bool {
        false
    }

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
