//! `scorecard.md`: the page as GitHub-flavoured Markdown.

use scorewright_domain::Fault;

use super::renderer::Renderer;
use super::template_context::TemplateContext;
use super::templates::Templates;

/// The page as Markdown: for a repository, where issues of it can be compared line by line.
#[derive(Debug, Clone, Copy)]
pub struct MarkdownPage;

impl Renderer for MarkdownPage {
    fn name(&self) -> &'static str {
        "scorecard.md"
    }

    fn media_type(&self) -> &'static str {
        "text/markdown; charset=utf-8"
    }

    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault> {
        templates.render("scorecard.md.j2", page)
    }
}
