use std::collections::BTreeMap;

use scorewright_domain::{IntervalMethod, KpiValue, NullReason, Period, ProjectFile, Segment};

use super::protect;
use crate::metric::{Metric, read_metrics};

const METRIC: &str = r#"title = "Mood"
says = "Share of answers that are good"
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.answer"
time = "answered_at"
numerator = "count(*) FILTER (WHERE is_good)"
denominator = "count(*)"
by = ["team"]
minimum_group = 5
"#;

fn metric() -> Metric {
    let text = format!("{METRIC}grains = [\"month\", \"quarter\"]\n");
    read_metrics(&[ProjectFile::new("pipelines/metrics/mood.toml", text)]).unwrap().remove(0)
}

/// Answers and good ones of a team in a period; of everybody where the team is empty.
type Cell<'a> = (&'a str, &'a str, u32, u32);

fn value(&(label, team, n, good): &Cell) -> KpiValue {
    let segment = if team.is_empty() { Segment::total() } else { Segment::of("team", team) };
    KpiValue {
        metric: "mood".into(),
        version: 1,
        statistic: "value".into(),
        period: Period::from_label(label).unwrap(),
        segment,
        numerator: Some(good.into()),
        denominator: Some(n.into()),
        n: Some(n.into()),
        value: Some(f64::from(good) / f64::from(n)),
        low: Some(0.0),
        high: Some(1.0),
        interval: IntervalMethod::Wilson,
        null_reason: None,
        tested_change: None,
    }
}

/// What is shown: `2026-10 A` with its count, or without one where it is hidden.
fn shown(cells: &[Cell], before: &[KpiValue]) -> (Vec<KpiValue>, BTreeMap<String, Option<u64>>) {
    let (values, _) = protect(&metric(), cells.iter().map(value).collect(), before);
    let name = |value: &KpiValue| format!("{} {}", value.period.label(), value.segment.value);
    let counts = values.iter().map(|value| (name(value), value.n)).collect();
    (values, counts)
}

fn hidden(cells: &[Cell], before: &[KpiValue]) -> Vec<String> {
    let (values, counts) = shown(cells, before);
    let is_hidden =
        |value: &&KpiValue| value.null_reason == Some(NullReason::Suppressed) && value.n.is_none();
    let tells = |value: &&KpiValue| {
        value.value.is_some() || value.numerator.is_some() || value.low.is_some()
    };
    assert!(!values.iter().filter(is_hidden).any(|value| tells(&value)));
    let without = counts.into_iter().filter(|(_, n)| n.is_none());
    without.map(|(name, _)| name.trim_end().to_owned()).collect()
}

#[test]
fn a_small_group_and_the_smallest_beside_it_are_hidden() {
    let october = [
        ("2026-10", "", 29, 20),
        ("2026-10", "A", 12, 9),
        ("2026-10", "B", 9, 7),
        ("2026-10", "C", 8, 4),
    ];
    assert!(hidden(&october, &[]).is_empty());
    let smaller = [
        ("2026-10", "", 24, 18),
        ("2026-10", "A", 12, 9),
        ("2026-10", "B", 9, 7),
        ("2026-10", "C", 3, 2),
    ];
    assert_eq!(hidden(&smaller, &[]), ["2026-10 B", "2026-10 C"]);
}

#[test]
fn two_small_groups_that_are_few_together_need_a_third() {
    let cells = [
        ("2026-10", "", 24, 18),
        ("2026-10", "A", 11, 9),
        ("2026-10", "B", 9, 7),
        ("2026-10", "C", 2, 1),
        ("2026-10", "D", 2, 1),
    ];
    assert_eq!(hidden(&cells, &[]), ["2026-10 B", "2026-10 C", "2026-10 D"]);
}

#[test]
fn a_few_of_everybody_are_hidden_with_all_their_groups() {
    let cells = [("2026-10", "", 4, 4), ("2026-10", "A", 3, 3), ("2026-10", "B", 1, 1)];
    assert_eq!(hidden(&cells, &[]), ["2026-10", "2026-10 A", "2026-10 B"]);
}

/// The quarter has 30 of A and 24 of B; without a second hidden month it would give B's October away.
#[test]
fn a_month_does_not_follow_from_its_quarter() {
    let cells = [
        ("2026-Q4", "", 54, 40),
        ("2026-Q4", "A", 30, 22),
        ("2026-Q4", "B", 24, 18),
        ("2026-10", "", 13, 10),
        ("2026-10", "A", 10, 8),
        ("2026-10", "B", 3, 2),
        ("2026-11", "", 20, 15),
        ("2026-11", "A", 10, 7),
        ("2026-11", "B", 10, 8),
        ("2026-12", "", 21, 15),
        ("2026-12", "A", 10, 7),
        ("2026-12", "B", 11, 8),
    ];
    assert_eq!(hidden(&cells, &[]), ["2026-10 A", "2026-10 B", "2026-11 A", "2026-11 B"]);
}

#[test]
fn a_late_answer_changes_nothing_until_five_have_come() {
    let first = [("2026-10", "", 20, 15), ("2026-10", "A", 12, 9), ("2026-10", "B", 8, 6)];
    let (before, counts) = shown(&first, &[]);
    assert_eq!(counts["2026-10 B"], Some(8));
    let late = [("2026-10", "", 21, 15), ("2026-10", "A", 12, 9), ("2026-10", "B", 9, 6)];
    let (held, counts) = shown(&late, &before);
    assert_eq!((counts["2026-10 "], counts["2026-10 B"]), (Some(20), Some(8)));
    let enough = [("2026-10", "", 25, 18), ("2026-10", "A", 12, 9), ("2026-10", "B", 13, 9)];
    let (_, counts) = shown(&enough, &held);
    assert_eq!((counts["2026-10 "], counts["2026-10 B"]), (Some(25), Some(13)));
}

/// Five more of A and one of B: the total would tell of the one.
#[test]
fn a_late_answer_does_not_follow_from_those_of_others() {
    let first = [("2026-10", "", 20, 15), ("2026-10", "A", 12, 9), ("2026-10", "B", 8, 6)];
    let (before, _) = shown(&first, &[]);
    let late = [("2026-10", "", 26, 19), ("2026-10", "A", 17, 13), ("2026-10", "B", 9, 6)];
    let (_, counts) = shown(&late, &before);
    let told = ["2026-10 ", "2026-10 A", "2026-10 B"].map(|cell| counts[cell].unwrap());
    assert_eq!(told, [20, 12, 8]);
}

#[test]
fn an_answer_that_is_corrected_is_one_of_a_few() {
    let first = [("2026-10", "", 20, 15), ("2026-10", "A", 12, 9), ("2026-10", "B", 8, 6)];
    let (before, _) = shown(&first, &[]);
    let corrected = [("2026-10", "", 20, 14), ("2026-10", "A", 12, 9), ("2026-10", "B", 8, 5)];
    let (values, held) = protect(&metric(), corrected.iter().map(value).collect(), &before);
    assert_eq!(held, 2);
    assert!(values.iter().all(|value| before.contains(value)));
}

#[test]
fn what_was_hidden_stays_hidden() {
    let first = [
        ("2026-10", "", 24, 18),
        ("2026-10", "A", 12, 9),
        ("2026-10", "B", 9, 7),
        ("2026-10", "C", 3, 2),
    ];
    let (before, _) = shown(&first, &[]);
    let grown = [
        ("2026-10", "", 30, 18),
        ("2026-10", "A", 12, 9),
        ("2026-10", "B", 9, 7),
        ("2026-10", "C", 9, 2),
    ];
    assert_eq!(hidden(&grown, &before), ["2026-10 B", "2026-10 C"]);
}

fn refused(keys: &str) -> (String, String) {
    use miette::Diagnostic as _;
    let text = METRIC.replace("minimum_group = 5\n", keys);
    let faults =
        read_metrics(&[ProjectFile::new("pipelines/metrics/mood.toml", text)]).unwrap_err();
    (faults.to_string(), faults.help().map(|help| help.to_string()).unwrap_or_default())
}

#[test]
fn what_cannot_be_protected_is_refused() {
    let (message, help) = refused("minimum_group = 2\ngrains = [\"month\"]\n");
    assert_eq!(message, "a group of fewer than 3 hides nobody");
    assert!(help.starts_with("write at least 3"), "{help}");
    let (message, help) = refused("minimum_group = 5\n");
    assert_eq!(message, "small groups cannot be protected in days or weeks beside longer periods");
    assert!(help.contains("`grains = [\"week\"]`"), "{help}");
    let (message, _) = refused("minimum_group = 5\ngrains = [\"month\", \"all\"]\n");
    assert_eq!(message, "small groups cannot be protected beside the grain `all`");
}

#[test]
fn another_metric_of_the_same_people_must_hide_them_too() {
    use miette::Diagnostic as _;
    let protected = format!("{METRIC}grains = [\"month\"]\n");
    let open = protected.replace("minimum_group = 5\n", "");
    let files = [("mood", protected), ("answers", open)]
        .map(|(name, text)| ProjectFile::new(format!("pipelines/metrics/{name}.toml"), text));
    let faults = read_metrics(&files).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "`mood` shows nothing of fewer than 5 people of the same fact, and this metric would in `pipelines/metrics/answers.toml`"
    );
    let help = faults.help().unwrap().to_string();
    assert!(help.starts_with("add `minimum_group = 5` here too"), "{help}");
}
