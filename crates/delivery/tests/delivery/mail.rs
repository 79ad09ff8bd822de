//! What a mail program makes of our mails, and what a hostile name cannot.

use crate::fixture::{Home, header, issue, night};
use scorewright_delivery::{BadIssue, DeliveryError, Issue, Mailbox, deliver};
use scorewright_domain::Document;

fn mail(change: impl FnOnce(&mut Issue)) -> String {
    let (home, mut issue) = (Home::new(), issue("csat 0.81"));
    issue.email.as_mut().unwrap().to.truncate(1);
    change(&mut issue);
    home.deliver(&issue);
    home.mails().pop().unwrap().1
}

#[test]
fn the_text_comes_first_and_nothing_goes_out_as_it_is() {
    let mail = mail(|_| ());
    let boundary = header(&mail, "Content-Type");
    let boundary =
        boundary.strip_prefix("multipart/alternative; boundary=\"").unwrap().trim_end_matches('"');
    let parts: Vec<&str> = mail.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "headers, text, html, end");
    assert!(parts[1].starts_with("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
    assert!(parts[1].ends_with("\r\n\r\nAll 2 on track.\r\n"));
    assert!(parts[2].starts_with("\r\nContent-Type: text/html; charset=utf-8\r\n"));
    assert_eq!(parts[3], "--\r\n");
    assert!(
        parts[1..3]
            .iter()
            .all(|part| part.contains("Content-Transfer-Encoding: quoted-printable\r\n"))
    );
}

#[test]
fn the_headers_are_those_of_a_report_nobody_answers() {
    let mail = mail(|_| ());
    assert_eq!(header(&mail, "From"), "Scorewright <scorecards@example.com>");
    assert_eq!(header(&mail, "To"), "Board <board@example.com>");
    // 23 November 2026 is a Monday: `date -d 2026-11-23 +%a`.
    assert_eq!(header(&mail, "Date"), "Mon, 23 Nov 2026 06:00:00 +0000");
    assert_eq!(header(&mail, "Subject"), "All 2 on track - w/e 22 Nov");
    assert_eq!(header(&mail, "List-Id"), "<customer.scorewright.example.com>");
    assert_eq!(header(&mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&mail, "MIME-Version"), "1.0");
    let unsubscribe = "<mailto:scorecards@example.com?subject=unsubscribe%20customer>";
    assert_eq!(header(&mail, "List-Unsubscribe"), unsubscribe);
    assert!(!mail.contains("Reply-To:"), "answers go to the sender");
}

#[test]
fn answers_and_requests_to_be_left_out_go_to_who_reads_them() {
    let mail = mail(|issue| {
        let reader = "Ann <ann+50%off?&x@example.com>".parse().unwrap();
        issue.email.as_mut().unwrap().reply_to = Some(reader);
    });
    assert_eq!(header(&mail, "Reply-To"), "Ann <ann+50%off?&x@example.com>");
    let unsubscribe = "<mailto:ann%2B50%25off%3F%26x@example.com?subject=unsubscribe%20customer>";
    assert_eq!(header(&mail, "List-Unsubscribe"), unsubscribe);
}

#[test]
fn a_page_goes_with_the_mail_under_a_name_that_says_what_it_is() {
    let page = Document {
        name: "scorecard.html".into(),
        media_type: "text/html; charset=utf-8".into(),
        bytes: "<p>81 % \r\n.\r\nü</p>\n".repeat(50).into_bytes(),
    };
    let mail = mail(|issue| issue.email.as_mut().unwrap().attachment = Some(page.clone()));
    assert!(header(&mail, "Content-Type").starts_with("multipart/mixed; boundary="));
    let (_, part) = mail.split_once("filename=\"customer-2026-W47.html\"\r\n").unwrap();
    let (headers, body) = part.split_once("\r\n\r\n").unwrap();
    assert_eq!(headers, "Content-Transfer-Encoding: base64");
    let body = body.split_once("\r\n--").unwrap().0.replace("\r\n", "");
    let text = String::from_utf8(page.bytes).unwrap();
    assert_eq!(body, crate::smtp::base64(&text));
    assert!(mail.is_ascii() && mail.lines().all(|line| line.len() < 998));
    assert_eq!(mail.matches("Content-Type: multipart/alternative").count(), 1);
}

#[test]
fn a_message_id_follows_the_recipient_and_the_words() {
    let id = |change: &dyn Fn(&mut Issue)| header(&mail(change), "Message-ID");
    let first = id(&|_| ());
    assert!(first.ends_with("@example.com>"));
    assert_eq!(first, id(&|issue| issue.documents.clear()), "pages are not in the mail");
    assert_ne!(first, id(&|issue| issue.email.as_mut().unwrap().text = "other".into()));
    assert_ne!(
        first,
        id(&|issue| issue.email.as_mut().unwrap().to = vec![mailbox("x@example.com")])
    );
}

#[test]
fn a_subject_never_becomes_a_header() {
    let mail = mail(|issue| {
        issue.email.as_mut().unwrap().subject =
            "Churn\r\nBcc: all@example.com\r\n\r\n<script>\u{202E}\0 =?utf-8?b?Qg==?=".into();
    });
    let subject = header(&mail, "Subject");
    assert_eq!(subject, "Churn Bcc: all@example.com <script> = ?utf-8?b?Qg== ?=");
    assert!(!mail.contains("\r\nBcc:"));
}

#[test]
fn any_name_that_is_printable_can_be_written_to() {
    let names = [
        "Müller, \\\"Ann\\\"".to_owned(),
        "=?utf-8?b?DQpCY2M6IHhAeS56?=".into(),
        "a\\\\b; c: d, e@f".into(),
        "🎈 שלום ".into(),
        "<script>alert(1)</script>".into(),
        "long ".repeat(60),
        "x".repeat(300),
        "é".repeat(150),
    ];
    for name in names {
        let mail = mail(|issue| {
            let to = format!("\"{name}\" <board@example.com>");
            issue.email.as_mut().unwrap().to = vec![mailbox(&to)];
        });
        let to = header(&mail, "To");
        assert!(to.is_ascii() && to.ends_with("<board@example.com>"), "{to}");
        assert!(mail.lines().all(|line| line.len() < 998), "{name}");
        header(&mail, "Subject");
    }
}

#[test]
fn a_body_cannot_end_the_message_or_start_a_part() {
    let hostile = "a\r\n.\r\nQUIT\rb\n.\nc\0\u{7f}\r\n--=_0\r\nContent-Type: text/html\r\n";
    let mail = mail(|issue| {
        let email = issue.email.as_mut().unwrap();
        (email.text, email.html) = (hostile.into(), "ж\n.\n".repeat(200));
    });
    assert!(mail.is_ascii() && !mail.contains('\0'));
    let without_pairs = mail.replace("\r\n", "");
    assert!(!without_pairs.contains(['\r', '\n']), "a bare CR or LF");
    assert_eq!(mail.matches("Content-Transfer-Encoding: base64").count(), 1, "much beyond ASCII");
    assert!(mail.contains("\r\n--=3D_0\r\n"), "what looks like a boundary is encoded");
    assert!(mail.lines().all(|line| line.len() <= 76 + 20), "no long lines");
}

#[test]
fn what_no_mail_can_carry_is_refused_before_anything_is_written() {
    type IssueChange = fn(&mut Issue);
    let cases: [(IssueChange, &str); 2] = [
        (|issue| issue.email.as_mut().unwrap().subject = "\r\n\u{200B}".into(), "no subject"),
        (
            |issue| issue.email.as_mut().unwrap().date = "1969-12-31T23:59:59Z".parse().unwrap(),
            "before the year 1970",
        ),
    ];
    for (change, message) in cases {
        let (home, mut issue) = (Home::new(), issue("csat 0.81"));
        change(&mut issue);
        let refused = deliver(&home.folders(), &home.routes(), &issue, night(1)).unwrap_err();
        assert!(matches!(
            &refused,
            DeliveryError::Issue(BadIssue::NoSubject { .. } | BadIssue::Date { .. })
        ));
        assert!(refused.to_string().contains(message), "{refused}");
        assert!(home.mails().is_empty() && home.names("").iter().all(|name| name == "outbox"));
    }
}

fn mailbox(text: &str) -> Mailbox {
    text.parse().unwrap()
}
