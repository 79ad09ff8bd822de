//! `scorecard.json`: the scorecard itself.

use scorewright_domain::Fault;

use super::renderer::Renderer;
use super::template_context::TemplateContext;
use super::templates::Templates;

/// Bytes that are ready for a document from its beginning: one has about as many.
const USUAL: usize = 128 << 10;

/// The scorecard as JSON, for machines and for rendering again; schema `scorecard/v1`.
#[derive(Debug, Clone, Copy)]
pub struct JsonPage;

impl Renderer for JsonPage {
    fn name(&self) -> &'static str {
        "scorecard.json"
    }

    fn media_type(&self) -> &'static str {
        "application/json"
    }

    fn text(&self, page: &TemplateContext<'_>, _templates: &Templates) -> Result<String, Fault> {
        let mut text = Vec::with_capacity(USUAL);
        serde_json::to_writer_pretty(&mut text, page.scorecard)
            .expect("a scorecard holds text and finite numbers only");
        text.push(b'\n');
        text.shrink_to_fit();
        Ok(String::from_utf8(text).expect("JSON is text"))
    }
}
