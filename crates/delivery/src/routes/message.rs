//! A letter as a MIME message: the same bytes for the same letter and label.

use std::time::SystemTime;

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};

use scorewright_domain::Fingerprint;

use crate::mailbox::{is_unprintable, plain};
use crate::{BadIssue, Label, Letter, Mailbox};

/// Letters of a subject; a longer one is cut.
const SUBJECT_LENGTH: usize = 200;

/// The message for one recipient, with CR LF line ends.
pub(crate) fn write(letter: &Letter, to: &Mailbox, label: &Label) -> Result<Vec<u8>, BadIssue> {
    let report = || label.report.clone();
    if letter.date.as_second() < 0 {
        return Err(BadIssue::Date { report: report(), date: letter.date });
    }
    let subject = subject(letter, label).ok_or_else(|| BadIssue::NoSubject { report: report() })?;
    let refused = |why: &dyn ToString| BadIssue::Letter {
        report: report(),
        to: to.to_string(),
        why: why.to_string(),
    };
    let (from, to) = (letter.from.for_header(), to.for_header());
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]);
    let message = Message::builder()
        .from(from)
        .to(to)
        .subject(subject)
        .date(SystemTime::from(letter.date))
        .raw_header(raw("Message-ID", message_id(letter, label)))
        .raw_header(raw("List-Id", list_id(letter, label)))
        .raw_header(raw("Auto-Submitted", "auto-generated".into()))
        .envelope(envelope.map_err(|bad| refused(&bad))?)
        .multipart(body(letter, label))
        .map_err(|bad| refused(&bad))?;
    Ok(message.formatted())
}

/// Both forms of the letter; by the standard, the plainest comes first.
fn body(letter: &Letter, label: &Label) -> MultiPart {
    // `=_` occurs neither in quoted-printable nor in base64, so no line of a part is a boundary.
    MultiPart::alternative()
        .boundary(format!("=_{}", label.key))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.html))
}

/// One form of the letter. Never sent as it is: a bare CR or LF in a 7bit or 8bit part could end
/// the message early on its way (RUSTSEC-2026-0561).
fn part(kind: ContentType, text: &str) -> SinglePart {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let beyond_ascii = text.bytes().filter(|byte| !byte.is_ascii()).count();
    // Quoted-printable stays readable and triples such bytes; past a sixth of them base64 is shorter.
    let encoding = if beyond_ascii * 6 > text.len() {
        ContentTransferEncoding::Base64
    } else {
        ContentTransferEncoding::QuotedPrintable
    };
    SinglePart::builder().header(kind).header(encoding).body(text.trim_end_matches('\n').to_owned())
}

/// The subject on one line, a correction announced in front; `None` when nothing is left of it.
fn subject(letter: &Letter, label: &Label) -> Option<String> {
    let spaced: String = letter
        .subject
        .chars()
        .map(|letter| if is_unprintable(letter) { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let subject: String = plain(&words.join(" ")).chars().take(SUBJECT_LENGTH).collect();
    let announced = if label.is_correction() { "Correction: " } else { "" };
    (!subject.is_empty()).then(|| format!("{announced}{subject}"))
}

/// The same for the same delivery and words, so that a mail sent twice can be told.
fn message_id(letter: &Letter, label: &Label) -> String {
    let words = [letter.subject.as_str(), &letter.text, &letter.html].join("\0");
    format!(
        "<{}.{}@{}>",
        label.key,
        Fingerprint::of(words.as_bytes()).short(16),
        letter.from.domain()
    )
}

fn list_id(letter: &Letter, label: &Label) -> String {
    format!("<{}.scorewright.{}>", label.report.replace('.', "-"), letter.from.domain())
}

/// A header of printable ASCII only, which needs no encoding and would be harmed by any.
fn raw(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}
