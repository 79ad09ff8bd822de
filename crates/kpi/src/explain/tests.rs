//! Counts and queries of an explanation.

use jiff::civil::date;
use scorewright_domain::{Period, ProjectFile, Segment};
use scorewright_warehouse::{Parameters, Session};

use super::{Explanation, explain};
use crate::calendar::Calendar;
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
    let session = Session::without_data().unwrap();
    session.add_fixture(&"fact.survey_answer".parse().unwrap(), ANSWERS).unwrap();
    let metrics = read_metrics(&[ProjectFile::new("pipelines/metrics/csat.toml", CSAT)]).unwrap();
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
