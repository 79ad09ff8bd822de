//! What a template may not do, and how it is told.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use miette::Diagnostic;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_report::{
    HtmlMail, HtmlPage, MarkdownPage, Renderer, Scorecard, StandingIndex, TemplateContext,
    Templates, TextMail, compose,
};

fn scorecard() -> Scorecard {
    let report = sample::report(sample::COMPANY_REPORT);
    let standings = sample::company_standings();
    compose(&report, &StandingIndex::of(&standings), &sample::company_facts()).unwrap()
}

fn page(text: &str) -> Result<String, Fault> {
    let file = ProjectFile::new("reports/scorecard/scorecard.html.j2", text);
    let templates = Templates::read(&[file]).map_err(|mut faults| faults.remove(0))?;
    HtmlPage.text(&TemplateContext::of(&scorecard()), &templates)
}

/// The text a fault points at.
fn place(fault: &Fault, text: &str) -> String {
    let span = *fault.labels().unwrap().next().unwrap().inner();
    text[span.offset()..span.offset() + span.len()].to_owned()
}

#[test]
fn a_raw_number_is_refused() {
    let text = "<p>{{ groups[0].lines[0].value }}</p>";
    let fault = page(text).unwrap_err();
    assert_eq!(fault.message(), "a raw number cannot be printed; use its `display` text");
    assert_eq!(place(&fault, text), "[0].value");
}

#[test]
fn a_missing_value_is_refused() {
    let fault = page("{{ segment }}").unwrap_err();
    assert_eq!(fault.message(), "there is no value here; ask with `{% if … %}` before printing it");
}

#[test]
fn an_unknown_name_is_refused_at_its_line() {
    let text = "line one\n{{ verdict.sentense }}\n";
    let fault = page(text).unwrap_err();
    assert!(
        fault.message().starts_with("the scorecard has nothing by this name"),
        "{}",
        fault.message()
    );
    assert_eq!(place(&fault, text), "verdict.sentense");
}

#[test]
fn a_part_at_fault_is_named_itself() {
    let part = "<p>\n{{ nothing }}</p>";
    let files = [
        ProjectFile::new(
            "reports/scorecard/scorecard.html.j2",
            "{% include \"shared/part.html.j2\" %}",
        ),
        ProjectFile::new("reports/shared/part.html.j2", part),
    ];
    let fault = HtmlPage
        .text(&TemplateContext::of(&scorecard()), &Templates::read(&files).unwrap())
        .unwrap_err();
    assert_eq!(place(&fault, part), "nothing");
    let report = format!("{:?}", miette::Report::new(fault));
    assert!(report.contains("reports/shared/part.html.j2:2:4"), "{report}");
}

#[test]
fn escaping_cannot_be_switched_off() {
    let fault = page("{% autoescape false %}{{ title }}{% endautoescape %}").unwrap_err();
    assert_eq!(fault.message(), "a template cannot switch escaping off");
    assert!(page("{{ title | safe }}").is_err());
}

#[test]
fn no_filter_gives_a_text_that_is_not_escaped() {
    for filter in ["safe", "escape", "e", "tojson", "urlencode"] {
        let text = format!("<p>{{{{ company | {filter} }}}}</p>");
        assert!(page(&text).is_err(), "{filter}");
    }
    let text = "{{ \"[a](http://b) <i>*x*\" | quoted }}";
    let file = ProjectFile::new("reports/scorecard/scorecard.md.j2", text);
    let shown = MarkdownPage
        .text(&TemplateContext::of(&scorecard()), &Templates::read(&[file]).unwrap())
        .unwrap();
    assert!(!shown.contains(['<', '[', '*', '`']) && !shown.contains("://"), "{shown}");
}

#[test]
fn what_a_template_writes_is_bounded_whatever_its_arguments() {
    for (text, said) in [
        ("{{ \"a\" | fold(1000000000000) }}", "a line is 1 to 1000 letters wide"),
        ("{{ \"a\" | fold(0) }}", "a line is 1 to 1000 letters wide"),
        ("{{ \"a\" | leader(\"b\", 18446744073709551615) }}", "a line is 1 to 1000 letters wide"),
        ("{% for n in range(400) %}{{ \"x\" * 90000 }}{% endfor %}", "is longer than 16 MiB"),
        ("{{ (\"a\" * 90000) | replace(\"a\", \"b\" * 90000) }}", "a text may have 16 MiB"),
        ("{{ \"a\" * 99999999999 }}", "repeated string is too large"),
    ] {
        let fault = page(text).unwrap_err();
        assert!(fault.message().contains(said), "{text}: {}", fault.message());
    }
    assert!(page("{{ \"a\" | indent(9) }}").is_err() && page("{{ [1] | batch(9) }}").is_err());
}

#[test]
fn a_value_where_no_escaping_helps_is_refused_before_anything_is_rendered() {
    let text = "<p title={{ company }}>";
    let file = ProjectFile::new("reports/scorecard/scorecard.html.j2", text);
    let fault = Templates::read(&[file]).unwrap_err().remove(0);
    assert_eq!(
        fault.message(),
        "a value in an attribute without quotes could add another attribute"
    );
    assert_eq!(place(&fault, text), "{{");
}

#[test]
fn a_template_without_end_is_stopped() {
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    assert_eq!(page(endless).unwrap_err().message(), "the template does not come to an end");
}

#[test]
fn a_syntax_error_is_told_before_anything_is_rendered() {
    let text = "<p>\n{% if title %}";
    let file = ProjectFile::new("reports/scorecard/scorecard.html.j2", text);
    let other = ProjectFile::new("reports/board/scorecard.html.j2", "{{ }}");
    let faults = Templates::read(&[file, other]).unwrap_err();
    assert_eq!(faults.iter().filter(|fault| fault.labels().is_some()).count(), 2);
}

#[test]
fn a_report_without_a_template_says_which() {
    let fault = MarkdownPage
        .text(&TemplateContext::of(&scorecard()), &Templates::read(&[]).unwrap())
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "report `scorecard` has no template `scorecard.md.j2` in `reports/scorecard/scorecard.md.j2`"
    );
}

#[test]
fn a_mail_that_would_be_cut_off_is_refused() {
    let text = "{% for a in range(9000) %}0123456789{% endfor %}{{ title }}";
    let file = ProjectFile::new("reports/scorecard/mail.html.j2", text);
    let fault = HtmlMail
        .text(&TemplateContext::of(&scorecard()), &Templates::read(&[file]).unwrap())
        .unwrap_err();
    assert_eq!(
        fault.message(),
        "the mail has 90018 bytes; beyond 90000 it is cut off by mail programs"
    );
}

#[test]
fn the_standard_report_is_whole() {
    let text = include_str!("../../../reports/scorecard/report.toml");
    let report = sample::report(text);
    assert_eq!(report.id(), "scorecard");
    assert!(report.mail.is_some());
}

#[test]
fn a_project_changes_a_template_and_nothing_else() {
    let file = ProjectFile::new("reports/scorecard/mail.txt.j2", "{{ verdict.sentence }}\n");
    let text = TextMail
        .text(&TemplateContext::of(&scorecard()), &Templates::read(&[file]).unwrap())
        .unwrap();
    assert_eq!(text, "Two measures off track: CSAT and Reopened tickets\n");
}

#[test]
fn copies_of_a_report_share_templates_and_show_their_own_pages() {
    let text = "{% include \"shared/part.html.j2\" %} of {{ report_id }}";
    let file = |path: &str, text: &str| ProjectFile::new(path, text);
    let files = [
        file("reports/scorecard/scorecard.html.j2", text),
        file("reports/copy/scorecard.html.j2", text),
        file("reports/copy/part.html.j2", "{{ title }}"),
        file("reports/shared/part.html.j2", "{{ title }}"),
    ];
    let templates = Templates::read(&files).unwrap();
    let shown = |report: &str| {
        let scorecard = Scorecard { report_id: report.into(), ..scorecard() };
        HtmlPage.text(&TemplateContext::of(&scorecard), &templates).unwrap()
    };
    assert_eq!(shown("scorecard"), format!("{} of scorecard", scorecard().title));
    assert_eq!(shown("copy"), format!("{} of copy", scorecard().title));
}

#[test]
fn a_fault_of_a_copy_names_the_copy() {
    let text = "line one\n{{ verdict.sentense }}";
    let paths = ["reports/scorecard/scorecard.html.j2", "reports/copy/scorecard.html.j2"];
    let templates = Templates::read(&paths.map(|path| ProjectFile::new(path, text))).unwrap();
    for path in paths {
        let report = path.split('/').nth(1).unwrap().to_owned();
        let scorecard = Scorecard { report_id: report, ..scorecard() };
        let fault = HtmlPage.text(&TemplateContext::of(&scorecard), &templates).unwrap_err();
        assert_eq!(fault.position(), format!("{path}:2"));
        assert_eq!(place(&fault, text), "verdict.sentense");
    }
    let broken = paths.map(|path| ProjectFile::new(path, "{% if %}"));
    let faults = Templates::read(&broken).unwrap_err();
    let positions: Vec<String> = faults.iter().map(Fault::position).collect();
    assert_eq!(positions, paths.map(|path| format!("{path}:1")), "each is told by itself");
}

#[test]
fn of_two_templates_of_one_path_the_later_one_holds_and_copies_of_the_former_stay() {
    let file = |path: &str, text: &str| ProjectFile::new(path, text);
    let files = [
        file("reports/scorecard/scorecard.html.j2", "former"),
        file("reports/copy/scorecard.html.j2", "former"),
        file("reports/scorecard/scorecard.html.j2", "later"),
    ];
    let templates = Templates::read(&files).unwrap();
    let shown = |report: &str| {
        let scorecard = Scorecard { report_id: report.into(), ..scorecard() };
        HtmlPage.text(&TemplateContext::of(&scorecard), &templates).unwrap()
    };
    assert_eq!((shown("scorecard"), shown("copy")), ("later".into(), "former".into()));
}
