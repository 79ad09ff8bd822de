//! `mail.html` and `mail.txt`: the two parts of the weekly mail. The subject is `verdict.subject`.

use scorewright_domain::Fault;

use super::renderer::{Audience, Renderer};
use super::template_context::TemplateContext;
use super::templates::Templates;

/// Mail programs cut longer messages off; the largest of them near 102 KB.
const LARGEST: usize = 90_000;

/// The HTML part: tables, inline styles, at most eight rows.
#[derive(Debug, Clone, Copy)]
pub struct HtmlMail;

/// The text part: the same in 76 columns, for reading without markup.
#[derive(Debug, Clone, Copy)]
pub struct TextMail;

impl Renderer for HtmlMail {
    fn name(&self) -> &'static str {
        "mail.html"
    }

    fn media_type(&self) -> &'static str {
        "text/html; charset=utf-8"
    }

    fn audience(&self) -> Audience {
        Audience::Mail
    }

    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault> {
        let text = templates.render("mail.html.j2", page)?;
        if text.len() <= LARGEST {
            return Ok(text);
        }
        let message = format!(
            "the mail has {} bytes; beyond {LARGEST} it is cut off by mail programs",
            text.len()
        );
        Err(templates
            .fault(page.scorecard, "mail.html.j2", message)
            .help("leave long parts to the full scorecard"))
    }
}

impl Renderer for TextMail {
    fn name(&self) -> &'static str {
        "mail.txt"
    }

    fn media_type(&self) -> &'static str {
        "text/plain; charset=utf-8"
    }

    fn audience(&self) -> Audience {
        Audience::Mail
    }

    fn text(&self, page: &TemplateContext<'_>, templates: &Templates) -> Result<String, Fault> {
        templates.render("mail.txt.j2", page)
    }
}
