//! A rendered report as delivery takes it: documents, and the mail with its addresses.

use scorewright_delivery::{ChatMessage, Email, Hold, Issue, Mailbox};
use scorewright_domain::{Document, Period};
use scorewright_project::Project;
use scorewright_report::attached_page;

use super::render::RenderedReport;
use super::sample::mailbox_faults;
use crate::exit::{ExitStatus, Failure};

/// The document that is posted to a chat.
pub(super) const MESSAGE: &str = "webhook.json";

/// A rendered report as delivery takes it.
pub(crate) fn issue(project: &Project, rendered: &RenderedReport<'_>) -> Result<Issue, Failure> {
    let is_page =
        |document: &&Document| !document.name.starts_with("mail.") && document.name != MESSAGE;
    let period = Period::from_label(&rendered.scorecard.period.label);
    Ok(Issue {
        report: rendered.report.id().into(),
        period: period.map_err(|bad| {
            Failure::usage(bad.to_string(), "a report shows weeks, months, quarters or years")
        })?,
        revision: rendered.scorecard.revision,
        figures: rendered.scorecard.figures(),
        documents: rendered.documents.iter().filter(is_page).cloned().collect(),
        email: email(project, rendered)?,
        message: message(rendered),
        hold: hold(rendered),
    })
}

/// The message of a report to its chat, if it has one.
fn message(rendered: &RenderedReport<'_>) -> Option<ChatMessage> {
    let channel = rendered.report.webhook.as_ref()?.name.clone();
    let document = rendered.documents.iter().find(|document| document.name == MESSAGE)?;
    Some(ChatMessage { channel, document: document.clone() })
}

/// How mail and message wait, where the period is not whole.
fn hold(rendered: &RenderedReport<'_>) -> Option<Hold> {
    let (report, scorecard) = (rendered.report, &rendered.scorecard);
    let quality = &scorecard.data_quality;
    // A hyphen between days: a subject of ASCII is shown by every mail program.
    let days = || scorecard.period.words.replace('–', "-");
    let subject = || format!("{}, {}", report.title, days());
    quality.is_partial.then(|| Hold {
        reason: quality.banner.clone().unwrap_or_else(|| "data of the period is missing".into()),
        span: report.held_for(),
        notice: report.has_hold_notice().then(subject),
    })
}

/// The mail of a report, if it has any.
fn email(project: &Project, rendered: &RenderedReport<'_>) -> Result<Option<Email>, Failure> {
    let Some(mail) = &rendered.report.mail else { return Ok(None) };
    let faults = mailbox_faults(project, rendered.report);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    Ok(Some(Email {
        from: mailbox(&mail.from)?,
        to: mail.to.iter().map(|address| mailbox(address)).collect::<Result<_, _>>()?,
        reply_to: mail.reply_to.as_deref().map(mailbox).transpose()?,
        attachment: attached_page(rendered.report, &rendered.documents).cloned(),
        subject: rendered.scorecard.verdict.subject.clone(),
        date: project.midnight(rendered.scorecard.run.as_of),
        text: text_of(rendered, "mail.txt"),
        html: text_of(rendered, "mail.html"),
    }))
}

pub(super) fn mailbox(address: &str) -> Result<Mailbox, Failure> {
    address.parse().map_err(|bad| Failure::new(ExitStatus::Configuration, bad))
}

/// A document as text; empty when the report has none of this name.
fn text_of(rendered: &RenderedReport<'_>, name: &str) -> String {
    let document = rendered.documents.iter().find(|document| document.name == name);
    document
        .map(|document| String::from_utf8_lossy(&document.bytes).into_owned())
        .unwrap_or_default()
}
