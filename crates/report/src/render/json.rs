//! `scorecard.json`: the scorecard itself.

use scorewright_domain::Fault;

use super::renderer::Renderer;
use super::template_context::TemplateContext;
use super::templates::Templates;

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
        let text = serde_json::to_string_pretty(page.scorecard)
            .expect("a scorecard holds text and finite numbers only");
        Ok(text + "\n")
    }
}
