//! A scorecard into documents: one renderer for each output, none of which computes.

mod renderer;

mod html;
mod json;
mod mail;
mod markdown;
mod webhook;

mod template_context;

mod templates;
mod twins;
mod unsafe_places;

mod escape;
mod layout;

use scorewright_domain::{Document, Fault};

pub use html::HtmlPage;
pub use json::JsonPage;
pub use mail::{HtmlMail, TextMail};
pub use markdown::MarkdownPage;
pub use renderer::{Audience, Renderer};
pub use template_context::TemplateContext;
pub use templates::Templates;
pub use webhook::WebhookMessage;

use crate::report::Report;
use crate::scorecard::{Digest, Scorecard};

/// Every output format, in the order of the documents.
const RENDERERS: [&dyn Renderer; 6] =
    [&JsonPage, &HtmlPage, &MarkdownPage, &HtmlMail, &TextMail, &WebhookMessage];

/// Bytes of a page that goes with a mail at most.
const LARGEST_ATTACHMENT: usize = 500_000;

/// What is wrong with the templates of a report, each output format by itself.
pub fn document_faults(
    report: &Report,
    scorecard: &Scorecard,
    templates: &Templates,
) -> Vec<Fault> {
    let page = TemplateContext::of(scorecard);
    let rendered = renderers(report).map(|renderer| renderer.render(&page, templates));
    let mut faults: Vec<Fault> = rendered.filter_map(Result::err).collect();
    // A mail with its note on the attached page is what a run makes.
    if faults.is_empty() {
        faults.extend(documents(report, scorecard, templates).err());
    }
    faults
}

/// Every document of a report: JSON, page and Markdown, the two parts of the mail when it has readers, and the message
/// to a chat when it has one.
///
/// # Errors
///
/// The first template at fault.
pub fn documents(
    report: &Report,
    scorecard: &Scorecard,
    templates: &Templates,
) -> Result<Vec<Document>, Fault> {
    let of = |audience| renderers(report).filter(move |one| one.audience() == audience);
    let page = TemplateContext::of(scorecard);
    let pages = of(Audience::Page).map(|renderer| renderer.render(&page, templates));
    let mut all: Vec<Document> = pages.collect::<Result<_, _>>()?;
    let noted = page.with_digest(&noted(scorecard, &all));
    for renderer in of(Audience::Mail) {
        all.push(renderer.render(&noted, templates)?);
    }
    for renderer in of(Audience::Chat) {
        let linked = page.with_digest(&linked(report, scorecard));
        all.push(renderer.render(&linked, templates)?);
    }
    Ok(all)
}

/// The page that goes with the mail: where it has no address, and is no larger than mail servers like.
pub fn attached_page<'a>(report: &Report, documents: &'a [Document]) -> Option<&'a Document> {
    let has_link = report.mail.as_ref().is_none_or(|mail| mail.link.is_some());
    let page = full_page(documents).filter(|_| !has_link);
    page.filter(|page| page.bytes.len() <= LARGEST_ATTACHMENT)
}

/// Why the page of a report does not go with its mail, although it has no address: how large it is.
pub fn page_too_large_to_attach(report: &Report, documents: &[Document]) -> Option<String> {
    let has_link = report.mail.as_ref().is_none_or(|mail| mail.link.is_some());
    let page = full_page(documents).filter(|_| !has_link);
    page.filter(|page| page.bytes.len() > LARGEST_ATTACHMENT).map(kilobytes)
}

fn full_page(documents: &[Document]) -> Option<&Document> {
    documents.iter().find(|document| document.name == HtmlPage.name())
}

fn kilobytes(document: &Document) -> String {
    format!("{} KB", document.bytes.len().div_ceil(1000))
}

/// The digest as templates of mails get it: with a note on the page that has no address.
fn noted(scorecard: &Scorecard, pages: &[Document]) -> Digest {
    let page = full_page(pages).filter(|_| scorecard.digest.link.is_none());
    let attachment = page.map(|page| {
        if page.bytes.len() <= LARGEST_ATTACHMENT {
            "The full scorecard is attached.".into()
        } else {
            let size = kilobytes(page);
            format!("The full scorecard has {size}, which is too large to attach.")
        }
    });
    Digest { attachment, ..scorecard.digest.clone() }
}

/// The digest as the template of a message gets it: with the address of the page that the chat is given.
fn linked(report: &Report, scorecard: &Scorecard) -> Digest {
    let link = report.webhook.as_ref().and_then(|webhook| webhook.link.clone());
    let digest = scorecard.digest.clone();
    Digest { link: link.or(digest.link), ..digest }
}

fn renderers(report: &Report) -> impl Iterator<Item = &'static dyn Renderer> {
    let (has_mail, has_chat) = (report.mail.is_some(), report.webhook.is_some());
    RENDERERS.into_iter().filter(move |renderer| match renderer.audience() {
        Audience::Page => true,
        Audience::Mail => has_mail,
        Audience::Chat => has_chat,
    })
}
