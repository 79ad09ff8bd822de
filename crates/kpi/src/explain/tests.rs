//! Counts and queries of an explanation.

use jiff::civil::date;
use scorewright_domain::{Grain, Period, ProjectFile, Segment};
use scorewright_warehouse::{Parameters, Session};

use super::{Explanation, explain};
use crate::calendar::Calendar;
use crate::measure::FormerValues;
use crate::metric::read_metrics;

const ANSWERS: &str = "response_id,question,team,answered_at:timestamp,score:integer
r1,csat,A,2026-11-02T10:00:00Z,5
r2,nps,A,2026-11-02T10:00:00Z,9
r3,csat,B,2026-11-03T10:00:00Z,1
r4,csat,,2026-11-03T10:00:00Z,1
r5,csat,A,2026-11-09T10:00:00Z,4
r6,csat,A,,4
";

const CSAT: &str = r#"title = "CSAT"
says = "Share of good answers"
unit = "share"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.survey_answer"
time = "answered_at"
filter = "question = 'csat'"
numerator = "count(*) FILTER (WHERE score >= 4)"
denominator = "count(score)"
by = ["team"]
"#;

fn explained(segment: &Segment) -> (Explanation, Session) {
    explained_by(CSAT, segment)
}

fn explained_by(text: &str, segment: &Segment) -> (Explanation, Session) {
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.survey_answer".parse().unwrap(), ANSWERS).unwrap();
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/csat.toml", text)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 16), "Europe/Berlin").unwrap();
    let week = Period::from_label("2026-W45").unwrap();
    (explain(&metrics[0], week, segment, &session, &calendar).unwrap(), session)
}

#[test]
fn every_row_is_used_or_excluded_for_one_reason() {
    let (explanation, _) = explained(&Segment::of("team", "A"));
    let counts: Vec<(&str, u64)> =
        explanation.counts.iter().map(|count| (count.what.as_str(), count.rows)).collect();
    // by hand from the six rows above
    assert_eq!(
        counts,
        [
            ("rows of the fact", 6),
            ("without `answered_at`", 1),
            ("outside 2026-W45", 1),
            ("not `question = 'csat'`", 1),
            ("not team=A", 2),
            ("rows used", 1),
        ]
    );
}

#[test]
fn rows_of_the_others_are_those_of_no_segment_by_name() {
    let text = CSAT.replace("by = [", "segments = { team = [\"A\"] }\nby = [");
    for (team, used) in [("(other)", 1), ("A", 1), ("(none)", 1)] {
        let (explanation, _) = explained_by(&text, &Segment::of("team", team));
        let count = explanation.counts.last().unwrap();
        assert_eq!((count.what.as_str(), count.rows), ("rows used", used), "{team}");
    }
}

/// Rows are as many as are listed, and the value is made of as many.
fn latest(period: Period, segment: &Segment) -> (Vec<(String, u64)>, Vec<String>) {
    let repeated = "r7,csat,A,2026-11-03T11:00:00Z,2\nr8,csat,B,2026-11-03T11:00:00Z,2\nr9,csat,A,2026-11-10T11:00:00Z,2\n";
    let session = Session::without_data().unwrap();
    let answers = format!("{ANSWERS}{repeated}");
    session.add_fixture(&"fact.survey_answer".parse().unwrap(), &answers).unwrap();
    let text = format!("{CSAT}grains = [\"week\", \"all\"]\nlatest_of = [\"team\"]\n");
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/csat.toml", text)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 16), "Europe/Berlin").unwrap();
    let explanation = explain(&metrics[0], period, segment, &session, &calendar).unwrap();
    let listed = session.query(&explanation.rows_sql.unwrap(), &Parameters::new()).unwrap();
    let at = listed.column("response_id").unwrap();
    let mut listed: Vec<String> = listed.rows.iter().map(|row| row[at].to_string()).collect();
    listed.sort();
    let values = crate::measure::measure(
        &metrics,
        &session,
        &crate::MetricCoverage::whole(calendar.clone()),
        usize::MAX,
        &FormerValues::default(),
    )
    .unwrap()
    .values;
    let value = values.iter().find(|it| it.period == period && it.segment == *segment).unwrap();
    assert_eq!(value.n, Some(listed.len() as u64), "every answer here has a score");
    assert!(session.query(&explanation.sql.unwrap(), &Parameters::new()).is_ok());
    assert_eq!(explanation.definition[3], ("latest_of", "team".to_owned()));
    let counts = explanation.counts.into_iter().map(|count| (count.what, count.rows));
    (counts.collect(), listed)
}

#[test]
fn the_latest_of_each_is_listed_for_its_period_and_the_others_are_counted() {
    let week = Period::from_label("2026-W45").unwrap();
    let (counts, listed) = latest(week, &Segment::total());
    // by hand: r7 and r8 supersede r1 and r3, and r4 has no team
    assert_eq!(listed, ["r4", "r7", "r8"]);
    let superseded = counts.iter().find(|(what, _)| what == "not the latest of `team`");
    assert_eq!(superseded.map(|(_, rows)| *rows), Some(2));
    assert_eq!(latest(week, &Segment::of("team", "A")).1, ["r7"]);
    let all = Period { grain: Grain::All, from: date(2026, 11, 2), until: date(2026, 11, 16) };
    assert_eq!(latest(all, &Segment::total()).1, ["r4", "r8", "r9"]);
}

#[test]
fn rows_that_are_left_out_are_told_by_reason_and_listed() {
    let marked: String = ANSWERS
        .lines()
        .zip(["left_out", "", "spam", "", "spam", "spam", ""])
        .map(|(line, reason)| format!("{line},{reason}\n"))
        .collect();
    let more = "r7,csat,A,2026-11-04T10:00:00Z,5,o'test\n";
    let session = Session::without_data().unwrap();
    let fact = "fact.survey_answer".parse().unwrap();
    session.add_fixture(&fact, &format!("{marked}{more}")).unwrap();
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/csat.toml", CSAT)]).unwrap();
    let calendar = Calendar::new(date(2026, 11, 16), "Europe/Berlin").unwrap();
    let week = Period::from_label("2026-W45").unwrap();
    let explained = explain(&metrics[0], week, &Segment::total(), &session, &calendar).unwrap();
    let counts: Vec<(&str, u64)> =
        explained.counts.iter().map(|count| (count.what.as_str(), count.rows)).collect();
    // by hand: of the five rows of the week two are spam, and one is a test
    assert_eq!(
        counts,
        [
            ("rows of the fact", 7),
            ("without `answered_at`", 1),
            ("outside 2026-W45", 1),
            ("left out: spam", 2),
            ("left out: o'test", 1),
            ("not `question = 'csat'`", 0),
            ("rows used", 2),
        ]
    );
    let listed = |sql: &str| {
        let answer = session.query(sql, &Parameters::new()).unwrap();
        let at = answer.column("response_id").unwrap();
        let mut ids: Vec<String> = answer.rows.iter().map(|row| row[at].to_string()).collect();
        ids.sort();
        ids
    };
    assert_eq!(listed(&explained.left_out_sql.unwrap()), ["r2", "r4", "r7"]);
    assert_eq!(listed(&explained.rows_sql.unwrap()), ["r1", "r3"]);
}

#[test]
fn the_queries_run_as_they_are_shown() {
    let (explanation, session) = explained(&Segment::of("team", Segment::NONE));
    let listed = session.query(&explanation.rows_sql.unwrap(), &Parameters::new()).unwrap();
    let at = listed.column("response_id").unwrap();
    assert_eq!(listed.rows.iter().map(|row| row[at].to_string()).collect::<Vec<_>>(), ["r4"]);
    assert!(session.query(&explanation.sql.unwrap(), &Parameters::new()).is_ok());
}

#[test]
fn the_definition_is_in_reading_order() {
    let (explanation, _) = explained(&Segment::total());
    let keys: Vec<&str> = explanation.definition.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, ["fact", "time", "filter", "numerator", "denominator"]);
}
