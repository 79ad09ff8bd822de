//! An e-mail as a MIME message: the same bytes for the same e-mail and label.

use std::time::SystemTime;

use lettre::address::Envelope;
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{MultiPart, SinglePart};
use lettre::{Address, Message};
use scorewright_domain::{Document, Fingerprint};

use crate::issue::{BadIssue, Email};
use crate::label::Label;
use crate::mailbox::{Mailbox, is_unprintable, plain};

/// Most characters of a subject; a longer one is truncated.
const SUBJECT_LENGTH: usize = 200;

/// The message for one recipient, with CR LF line ends; of one part where the e-mail is text alone.
pub(crate) fn write(email: &Email, to: &Mailbox, label: &Label) -> Result<Vec<u8>, BadIssue> {
    let report = || label.report.clone();
    if email.date.as_second() < 0 {
        return Err(BadIssue::Date { report: report(), date: email.date });
    }
    let subject = subject(email, label).ok_or_else(|| BadIssue::NoSubject { report: report() })?;
    let refused = |why: &dyn ToString| BadIssue::Email {
        report: report(),
        to: to.to_string(),
        why: why.to_string(),
    };
    let (from, to) = (email.from.for_header(), to.for_header());
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()]);
    let mut builder = Message::builder().from(from).to(to);
    if let Some(reply_to) = &email.reply_to {
        builder = builder.reply_to(reply_to.for_header());
    }
    let builder = builder
        .subject(subject)
        .date(SystemTime::from(email.date))
        .raw_header(raw("Message-ID", message_id(email, label)))
        .raw_header(raw("List-Id", list_id(email, label)))
        .raw_header(raw("List-Unsubscribe", list_unsubscribe(email, label)))
        .raw_header(raw("Auto-Submitted", "auto-generated".into()))
        .envelope(envelope.map_err(|bad| refused(&bad))?);
    let written = match &email.attachment {
        _ if email.html.is_empty() => {
            builder.singlepart(part(ContentType::TEXT_PLAIN, &email.text))
        }
        Some(document) => builder.multipart(
            MultiPart::mixed()
                .boundary(format!("=_{}_", label.key))
                .multipart(body(email, label))
                .singlepart(attached(document, label)),
        ),
        None => builder.multipart(body(email, label)),
    };
    Ok(written.map_err(|bad| refused(&bad))?.formatted())
}

/// The address that a message says it is from.
pub(crate) fn sender(message: &[u8]) -> Option<Address> {
    let text = std::str::from_utf8(message).ok()?;
    let unfolded = text.split_once("\r\n\r\n")?.0.replace("\r\n ", " ");
    let from = unfolded.lines().find_map(|line| line.strip_prefix("From: "))?;
    let address = from.rsplit_once('<').map_or(from, |(_, address)| address.trim_end_matches('>'));
    address.parse().ok()
}

/// Both forms of the body; RFC 2046 wants the plainest first.
fn body(email: &Email, label: &Label) -> MultiPart {
    // `=_` occurs neither in quoted-printable nor in base64, so no line of a part is a boundary.
    MultiPart::alternative()
        .boundary(format!("=_{}", label.key))
        .singlepart(part(ContentType::TEXT_PLAIN, &email.text))
        .singlepart(part(ContentType::TEXT_HTML, &email.html))
}

/// A document beside the body, under a name that says what it is of.
fn attached(document: &Document, label: &Label) -> SinglePart {
    let Label { report, period, .. } = label;
    let ending = document.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = ContentType::parse(&document.media_type);
    let kind = kind.unwrap_or(ContentType::TEXT_PLAIN);
    SinglePart::builder()
        .header(kind)
        .header(ContentDisposition::attachment(&format!("{report}-{period}.{ending}")))
        .header(ContentTransferEncoding::Base64)
        .body(document.bytes.clone())
}

/// One form of the body. Always encoded: a bare CR or LF in a 7bit or 8bit part could end the
/// message early on its way (RUSTSEC-2026-0561).
fn part(kind: ContentType, text: &str) -> SinglePart {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let beyond_ascii = text.bytes().filter(|byte| !byte.is_ascii()).count();
    // Quoted-printable stays readable but triples such bytes; past a sixth of them base64 is shorter.
    let encoding = if beyond_ascii * 6 > text.len() {
        ContentTransferEncoding::Base64
    } else {
        ContentTransferEncoding::QuotedPrintable
    };
    SinglePart::builder().header(kind).header(encoding).body(text.trim_end_matches('\n').to_owned())
}

/// The subject on one line, with what it is to who has an earlier one in front; `None` when nothing is left of it.
fn subject(email: &Email, label: &Label) -> Option<String> {
    let spaced: String = email
        .subject
        .chars()
        .map(|letter| if is_unprintable(letter) { ' ' } else { letter })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let subject: String = plain(&words.join(" ")).chars().take(SUBJECT_LENGTH).collect();
    (!subject.is_empty()).then(|| format!("{}{subject}", label.announcement()))
}

/// The same for the same delivery and text, so that a mail program recognises a repeat.
fn message_id(email: &Email, label: &Label) -> String {
    let words = [email.subject.as_str(), &email.text, &email.html].join("\0");
    format!(
        "<{}.{}@{}>",
        label.key,
        Fingerprint::of(words.as_bytes()).short(16),
        email.from.domain()
    )
}

/// Where a recipient asks to be taken off the list: the one who reads answers.
fn list_unsubscribe(email: &Email, label: &Label) -> String {
    let reader = email.reply_to.as_ref().unwrap_or(&email.from);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "@.-_~".contains(letter);
    let encoded = reader.address().chars().map(|letter| {
        if is_plain(letter) { letter.to_string() } else { format!("%{:02X}", u32::from(letter)) }
    });
    format!("<mailto:{}?subject=unsubscribe%20{}>", encoded.collect::<String>(), label.report)
}

fn list_id(email: &Email, label: &Label) -> String {
    format!("<{}.scorewright.{}>", label.report.replace('.', "-"), email.from.domain())
}

/// A header of printable ASCII only: encoding would break it.
fn raw(name: &'static str, value: String) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value)
}
