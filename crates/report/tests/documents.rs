//! The documents as they look, for a believable company and for a hostile one.
//!
//! A changed snapshot is read before it is accepted: `INSTA_UPDATE=always cargo test -p scorewright-report`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use std::collections::BTreeMap;

use scorewright_domain::{ChangedPart, Comparison, DeclaredChange, Evidence};
use scorewright_report::{Report, RunFacts, Scorecard, StandingIndex, compose, documents};

fn rendered(
    input: (Report, Vec<scorewright_domain::Standing>, RunFacts),
) -> BTreeMap<String, String> {
    let (report, standings, facts) = input;
    let scorecard = compose(&report, &StandingIndex::of(&standings), &facts).unwrap();
    let all = documents(&report, &scorecard, &sample::templates()).unwrap();
    all.into_iter()
        .map(|document| (document.name, String::from_utf8(document.bytes).unwrap()))
        .collect()
}

fn company() -> (Report, Vec<scorewright_domain::Standing>, RunFacts) {
    (sample::report(sample::COMPANY_REPORT), sample::company_standings(), sample::company_facts())
}

/// The page without its style sheet, which no reader of a snapshot reads.
fn without_style(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}<style>…</style>{after}")
}

#[test]
fn a_company_after_a_bad_week() {
    let documents = rendered(company());
    insta::assert_snapshot!("company_page", without_style(&documents["scorecard.html"]));
    insta::assert_snapshot!("company_markdown", documents["scorecard.md"]);
    insta::assert_snapshot!("company_mail_html", documents["mail.html"]);
    insta::assert_snapshot!("company_mail_text", documents["mail.txt"]);
}

#[test]
fn names_and_numbers_at_their_worst() {
    let documents = rendered(sample::hostile::run());
    insta::assert_snapshot!("hostile_page", without_style(&documents["scorecard.html"]));
    insta::assert_snapshot!("hostile_markdown", documents["scorecard.md"]);
    insta::assert_snapshot!("hostile_mail_html", documents["mail.html"]);
    insta::assert_snapshot!("hostile_mail_text", documents["mail.txt"]);
}

/// The company, one of whose surveys is sent later since the week that is shown.
fn asked_later() -> (Report, Vec<scorewright_domain::Standing>, RunFacts) {
    let (report, mut standings, facts) = company();
    let csat = standings.iter_mut().find(|one| one.current.metric == "csat_top2").unwrap();
    csat.trend_break = Some(DeclaredChange {
        on: jiff::civil::date(2026, 11, 16),
        what: ChangedPart::SendTime,
        says: "Asked <b>a day</b> later".into(),
    });
    (csat.evidence, csat.comparison) = (Evidence::NotComparable, Comparison::default());
    csat.series = vec![csat.current.value];
    (report, standings, facts)
}

#[test]
fn a_declared_change_is_said_where_the_trend_begins_anew() {
    let documents = rendered(asked_later());
    let said = "Time of asking changed on 16 November 2026: Asked &lt;b&gt;a day&lt;/b&gt; later";
    let not_comparable = "not comparable: time of asking changed";
    assert!(documents["scorecard.html"].contains(said));
    assert!(documents["scorecard.md"].contains("Time of asking changed on 16 November 2026"));
    for (name, document) in &documents {
        let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(document.contains(not_comparable), "{name}");
        let is_text = ["scorecard.json", "mail.txt"].contains(&name.as_str());
        assert!(is_text || !document.contains("<b>a day</b>"), "{name}: words are no markup");
    }
}

#[test]
fn a_message_to_a_chat_is_one_text_whatever_names_say() {
    let company = ReportWithChat::of(sample::COMPANY_REPORT, "");
    let link = "\nhttps://scorecards.example.com/2026-W47/scorecard.html";
    assert!(company.text().ends_with(link), "that of the mail: {}", company.text());
    let own = ReportWithChat::of(sample::COMPANY_REPORT, "link = \"https://intranet.example/w\"\n");
    assert!(own.text().ends_with("\nhttps://intranet.example/w"), "{}", own.text());
    assert!(own.documents["mail.txt"].contains("scorecards.example.com"), "the mail has its own");

    let hostile = ReportWithChat::of_run(sample::hostile::run());
    let message: serde_json::Value =
        serde_json::from_str(&hostile.documents["webhook.json"]).unwrap();
    assert_eq!(message.as_object().unwrap().len(), 1, "{message}");
    let text = hostile.text();
    assert!(!text.contains(['<', '>']), "no mention, and no link under another name: {text}");
    assert!(text.contains("&lt;b&gt;card&lt;/b&gt;"), "{text}");
}

/// The documents of a report that posts to a chat.
struct ReportWithChat {
    documents: BTreeMap<String, String>,
}

impl ReportWithChat {
    fn of(report: &str, more: &str) -> Self {
        let text = format!("{report}[webhook]\nurl = {{ env = \"CHAT\" }}\n{more}");
        let (_, standings, facts) = company();
        Self { documents: rendered((sample::report(&text), standings, facts)) }
    }

    fn of_run(run: (Report, Vec<scorewright_domain::Standing>, RunFacts)) -> Self {
        let (mut report, standings, facts) = run;
        report.webhook = Self::webhook();
        Self { documents: rendered((report, standings, facts)) }
    }

    fn webhook() -> Option<scorewright_report::ReportWebhook> {
        let text = format!("{}[webhook]\nurl = {{ env = \"CHAT\" }}\n", sample::COMPANY_REPORT);
        sample::report(&text).webhook
    }

    fn text(&self) -> String {
        let message: serde_json::Value =
            serde_json::from_str(&self.documents["webhook.json"]).unwrap();
        message["text"].as_str().unwrap().to_owned()
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(rendered(company()), rendered(company()));
    assert_eq!(rendered(sample::hostile::run()), rendered(sample::hostile::run()));
}

#[test]
fn a_scorecard_read_back_from_its_file_renders_the_same_bytes() {
    for input in [company(), sample::hostile::run()] {
        let report = input.0.clone();
        let first = rendered(input);
        let again: Scorecard = serde_json::from_str(&first["scorecard.json"]).unwrap();
        let second = documents(&report, &again, &sample::templates()).unwrap();
        for document in second {
            assert_eq!(first[&document.name].as_bytes(), document.bytes, "{}", document.name);
        }
    }
}

#[test]
fn every_number_shown_stands_in_the_json() {
    for input in [company(), sample::hostile::run()] {
        let documents = rendered(input);
        let scorecard: serde_json::Value =
            serde_json::from_str(&documents["scorecard.json"]).unwrap();
        let mut known = Vec::new();
        texts(&scorecard, &mut known);
        let known: Vec<String> = known.iter().flat_map(|text| numbers(text)).collect();
        for name in ["scorecard.html", "mail.html", "scorecard.md", "mail.txt"] {
            let shown = visible(name, &documents[name]);
            for number in numbers(&shown) {
                assert!(known.contains(&number), "{number} of {name} is not a display text");
            }
        }
    }
}

/// All texts of the JSON; raw numbers do not count, as no page may print them.
fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        serde_json::Value::Number(count) if count.is_u64() => found.push(count.to_string()),
        _ => {}
    }
}

/// What a reader sees: no tags, no style, entities as letters.
fn visible(name: &str, text: &str) -> String {
    let text =
        if name.contains(".html") { without_tags(&without_style(text)) } else { text.to_owned() };
    let text = if name.contains(".md") { text.replace('\\', "") } else { text };
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ];
    entities.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

fn without_tags(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<').skip(1) {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or("", |(_, after)| after));
    }
    text
}

/// Runs of digits with what joins them: `1,284`, `76.1`, `2026-11-22`.
fn numbers(text: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    let pieces =
        text.split(|letter: char| !is_part(letter)).map(|piece| piece.trim_matches(['.', ',']));
    pieces
        .filter(|piece| piece.contains(|letter: char| letter.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn data_never_becomes_markup() {
    let documents = rendered(sample::hostile::run());
    for name in ["scorecard.html", "mail.html"] {
        let page = &documents[name];
        for markup in ["<script", "<b>card", "<i>Group", "javascript:e\"", "\nSubject:"] {
            assert!(!page.contains(markup), "{markup} in {name}");
        }
    }
    let page = &documents["scorecard.md"];
    for markup in ["<script", "<b>", "a|b", " *one*", "[d](", " www.", "\nSubject:"] {
        assert!(!page.contains(markup), "{markup:?} in scorecard.md");
    }
    for text in documents.values() {
        assert!(!text.contains(['\u{202e}', '\r']), "no text reads differently from what it is");
    }
}

#[test]
fn markdown_tables_have_as_many_cells_as_their_heading() {
    for input in [company(), sample::hostile::run()] {
        let mut columns = None;
        for line in rendered(input)["scorecard.md"].lines() {
            if !line.starts_with('|') {
                columns = None;
                continue;
            }
            let cells = line.replace("\\|", "").matches('|').count();
            assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
        }
    }
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let page = &rendered(company())["scorecard.html"];
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    for word in
        ["<script", "<link", "<img", "url(", "@import", "src=", "http://", "https://", " on"]
    {
        let found =
            page.match_indices(word).filter(|(at, _)| !page[*at..].starts_with(" on")).count();
        assert_eq!(found, 0, "{word}");
    }
    assert!(!page.contains("NaN") && !page.contains(" inf"));
}

#[test]
fn mails_keep_to_their_limits() {
    for input in [company(), sample::hostile::run()] {
        let documents = rendered(input);
        assert!(documents["mail.html"].len() < 90_000);
        let longest = documents["mail.txt"].lines().map(|line| line.chars().count()).max();
        assert!(longest <= Some(76), "{longest:?}");
        let scorecard: Scorecard = serde_json::from_str(&documents["scorecard.json"]).unwrap();
        let subject = &scorecard.verdict.subject;
        assert!(subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{subject}");
        assert!(subject.len() <= 70, "{subject}");
        let rows: usize = scorecard.digest.groups.iter().map(|group| group.lines.len()).sum();
        assert!(rows <= 8);
    }
}
