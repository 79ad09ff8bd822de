//! What every scorecard.json says; that it fits its schema is checked by `tests/scorecard_schema.py`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_report::compose;
use serde_json::Value;

fn scorecards() -> Vec<Value> {
    let company = (
        sample::report(sample::COMPANY_REPORT),
        sample::company_standings(),
        sample::company_facts(),
    );
    let nothing = (sample::report(sample::COMPANY_REPORT), Vec::new(), sample::company_facts());
    let all = [company, sample::hostile::run(), nothing];
    all.iter()
        .map(|(report, standings, facts)| {
            serde_json::to_value(compose(report, standings, facts).unwrap()).unwrap()
        })
        .collect()
}

#[test]
fn a_value_is_missing_exactly_when_a_reason_is_given() {
    for scorecard in scorecards() {
        for group in scorecard["groups"].as_array().unwrap() {
            for line in group["lines"].as_array().unwrap() {
                assert_eq!(line["value"].is_null(), !line["missing"].is_null(), "{}", line["id"]);
            }
        }
    }
}
