//! What a report file may not say, and where its faults point.

use miette::Diagnostic;
use scorewright_domain::{Direction, Unit};

use super::*;

const TEXT: &str = "title = \"Scorecard\"\ngrain = \"week\"\n[[group]]\ntitle = \"Voice\"\nlines = [\"csat\", \"resolution:median\"]\n";

fn file(text: &str) -> ProjectFile {
    ProjectFile::new("reports/board/report.toml", text)
}

fn metric(name: &str, statistics: &[&str]) -> MetricFacts {
    MetricFacts {
        metric: name.into(),
        version: 1,
        title: name.into(),
        says: String::new(),
        unit: Unit::Share,
        direction: Direction::HigherIsBetter,
        statistics: statistics.iter().map(|name| (*name).to_owned()).collect(),
        by: vec!["team".into()],
        grains: vec![Grain::Week],
        formula: String::new(),
        decided: None,
        interval: scorewright_domain::IntervalMethod::Wilson,
        minimum_sample: 30,
        sources: Vec::new(),
        absent_columns: BTreeSet::new(),
    }
}

fn help(fault: &Fault) -> String {
    fault.help().unwrap().to_string()
}

#[test]
fn the_folder_is_the_name() {
    let report = Report::read(&file(TEXT)).unwrap();
    assert_eq!(report.id(), "board");
    assert_eq!(report.history, 13);
}

#[test]
fn an_unknown_metric_points_at_its_line_and_names_the_nearest() {
    let report = Report::read(&file(TEXT)).unwrap();
    let fault =
        report.check(&[metric("csat_top2", &["value"]), metric("csa", &["value"])]).unwrap_err();
    assert_eq!(fault.message(), "no metric is called `csat`");
    assert_eq!(help(&fault), "did you mean `csa`? known: csat_top2, csa");
    let span = *fault.labels().unwrap().next().unwrap().inner();
    assert_eq!(&TEXT[span.offset()..span.offset() + span.len()], "csat");
}

#[test]
fn an_unknown_figure_of_a_metric_names_those_it_has() {
    let report = Report::read(&file(TEXT)).unwrap();
    let metrics = [metric("csat", &["value"]), metric("resolution", &["medians", "p90"])];
    let fault = report.check(&metrics).unwrap_err();
    assert_eq!(fault.message(), "metric `resolution` has no figure `median`");
    assert_eq!(help(&fault), "did you mean `medians`? known: medians, p90");
}

#[test]
fn a_metric_of_shorter_periods_is_refused_and_one_of_longer_periods_is_not() {
    let report = Report::read(&file(&TEXT.replace("week", "month"))).unwrap();
    let fault = report.check(&[metric("csat", &["value"])]).unwrap_err();
    assert_eq!(fault.message(), "metric `csat` is not measured by month or longer");
    assert_eq!(help(&fault), "it is measured by week; add `month` to its `grains`");
    let by_year = |name: &str, figures: &[&str]| MetricFacts {
        grains: vec![Grain::Week, Grain::Year],
        ..metric(name, figures)
    };
    let metrics = [by_year("csat", &["value"]), by_year("resolution", &["median"])];
    assert!(report.check(&metrics).is_ok());
}

#[test]
fn a_breakdown_by_an_unknown_dimension_names_the_nearest() {
    let text = format!("{TEXT}[[breakdown]]\nmetric = \"csat\"\nby = \"teams\"\n");
    let report = Report::read(&file(&text)).unwrap();
    let metrics = [metric("csat", &["value"]), metric("resolution", &["median"])];
    let fault = report.check(&metrics).unwrap_err();
    assert_eq!(fault.message(), "metric `csat` is not measured by `teams`");
    assert_eq!(help(&fault), "did you mean `team`? known: team");
}

#[test]
fn a_figure_is_shown_once() {
    let fault = Report::read(&file(&TEXT.replace("resolution:median", "csat:value"))).unwrap_err();
    assert_eq!(fault.message(), "`csat:value` is shown twice");
}

#[test]
fn a_link_is_a_web_address() {
    let mail = "[mail]\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\nlink = \"javascript:alert(1)\"\n";
    let fault = Report::read(&file(&format!("{TEXT}{mail}"))).unwrap_err();
    assert_eq!(fault.message(), "`javascript:alert(1)` is not a web address");
}

#[test]
fn a_misspelt_key_is_refused() {
    let fault = Report::read(&file(&format!("histori = 3\n{TEXT}"))).unwrap_err();
    assert_eq!(fault.message(), "unknown key `histori`");
}

const MAIL: &str = "[mail]\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n";

#[test]
fn a_mail_is_held_for_a_day_unless_the_report_says_otherwise() {
    for (hold, hours, has_notice) in [
        ("", 24, false),
        ("[hold]\n", 24, false),
        ("[hold]\nnotice = true\n", 24, true),
        ("[hold]\nfor = \"0h\"\n", 0, false),
        ("[hold]\nfor = \"720h\"\n", 720, false),
        ("[hold]\nfor = \"PT36H\"\nnotice = false\n", 36, false),
    ] {
        let report = Report::read(&file(&format!("{TEXT}{MAIL}{hold}"))).unwrap();
        let held = (report.held_for().as_hours(), report.has_hold_notice());
        assert_eq!(held, (hours, has_notice), "{hold}");
    }
}

#[test]
fn a_hold_is_a_time_and_points_at_its_line() {
    for time in ["-1h", "soon", "", "24", "30d", "720h 1s", "99999999999999h"] {
        let text = format!("{TEXT}{MAIL}[hold]\nfor = \"{time}\"\n");
        let fault = Report::read(&file(&text)).unwrap_err();
        assert_eq!(fault.message(), format!("`{time}` is no time of up to 30 days"));
        assert!(help(&fault).contains("`0h` sends the mail at once"));
        assert!(fault.position().ends_with(":10"), "{}", fault.position());
    }
}

#[test]
fn a_hold_without_a_mail_is_refused() {
    let fault = Report::read(&file(&format!("{TEXT}[hold]\nfor = \"1h\"\n"))).unwrap_err();
    assert_eq!(fault.message(), "`[hold]` is of mails, and the report has none");
    assert!(fault.position().ends_with(":6"), "{}", fault.position());
}

#[test]
fn a_misspelt_key_of_a_hold_is_refused() {
    let text = format!("{TEXT}{MAIL}[hold]\nuntil = \"1h\"\n");
    assert_eq!(Report::read(&file(&text)).unwrap_err().message(), "unknown key `until`");
}

#[test]
fn a_period_is_mailed_for_forty_days_and_always_for_its_own_length_and_ten_more() {
    for (grain, stale_after, days) in [
        ("day", "stale_after = \"0d\"\n", 11),
        ("week", "", 40),
        ("month", "", 41),
        ("quarter", "", 102),
        ("year", "", 376),
        ("week", "stale_after = \"0d\"\n", 17),
        ("week", "stale_after = \"8w 1d\"\n", 57),
        ("quarter", "stale_after = \"120d\"\n", 120),
    ] {
        let text = TEXT.replace("week", grain);
        let report = Report::read(&file(&format!("{text}{MAIL}{stale_after}"))).unwrap();
        assert_eq!(report.stale_after_days(), days, "{grain} {stale_after}");
    }
}

#[test]
fn no_issue_is_of_everything_known() {
    let fault = Report::read(&file(&TEXT.replace("week", "all"))).unwrap_err();
    assert_eq!(fault.message(), "a report has no issue of everything known");
}

#[test]
fn a_mail_is_stale_after_days_and_points_at_its_line() {
    for time in ["-1d", "soon", "", "40", "36h", "1mo", "3661d", "99999999999999d"] {
        let text = format!("{TEXT}{MAIL}stale_after = \"{time}\"\n");
        let fault = Report::read(&file(&text)).unwrap_err();
        assert_eq!(fault.message(), format!("`{time}` is no number of days up to 3660"));
        assert!(fault.position().ends_with(":9"), "{}", fault.position());
    }
}

#[test]
fn a_message_to_a_chat_is_held_without_a_mail_and_is_not_sent_without_a_chat() {
    let text = format!("{TEXT}[webhook]\nurl = {{ env = \"CHAT\" }}\n[hold]\nfor = \"2h\"\n");
    let report = Report::read(&file(&text)).unwrap();
    assert!(report.is_sent() && report.mail.is_none());
    assert_eq!(report.webhook.as_ref().unwrap().name, "chat");
    let page = report.without_webhook();
    assert!(!page.is_sent() && page.hold.is_none(), "nothing is left to hold");
    let fault = Report::read(&file(&format!("{TEXT}[hold]\nfor = \"2h\"\n"))).unwrap_err();
    assert_eq!(fault.message(), "`[hold]` is of mails, and the report has none");
    let unnamed = text.replace("[hold]", "name = \"a b\"\n[hold]");
    let fault = Report::read(&file(&unnamed)).unwrap_err();
    assert_eq!(fault.message(), "`a b` cannot be the name of a webhook");
}
