//! The e-mail that says that a report is held, and until when.

use crate::entry::{OutboxEntry, words_of};
use crate::issue::{Email, Issue};

/// What the recipient of a held mail is told at once; `None` when the report tells nothing.
pub(crate) fn of(issue: &Issue, mail: &OutboxEntry) -> Option<Email> {
    let hold = issue.hold.as_ref()?;
    let (subject, until) = (hold.notice.as_ref()?, words_of(mail.waits_until()?));
    let text = format!(
        "{subject} is held, because its data is not whole yet.\n\n{}\n\nIt is sent once the rest has \
         arrived. If that has not happened by {until}, the first run after that sends it as it is, \
         marked [Partial].\n",
        hold.reason
    );
    // One form only: there is nothing to lay out.
    let (subject, html) = (format!("[Held] {subject}"), String::new());
    Some(Email { subject, text, html, attachment: None, ..issue.email.clone()? })
}
