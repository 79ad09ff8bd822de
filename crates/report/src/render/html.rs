//! `scorecard.html`: one self-contained page.

use scorewright_domain::Fault;

use super::renderer::Renderer;
use super::template_context::TemplateContext;
use super::templates::Templates;

/// The full page: no script, no network, readable on a phone, in the dark and on paper.
#[derive(Debug, Clone, Copy)]
pub struct HtmlPage;

impl Renderer for HtmlPage {
    fn name(&self) -> &'static str {
        "scorecard.html"
    }

    fn media_type(&self) -> &'static str {
        "text/html; charset=utf-8"
    }

    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault> {
        templates.render("scorecard.html.j2", page)
    }
}
