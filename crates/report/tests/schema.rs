//! `docs/scorecard.schema.json` describes what is composed, and nothing else.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_report::compose;
use serde_json::Value;

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/scorecard.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn scorecards() -> Vec<Value> {
    let company =
        (sample::report(sample::COMPANY_REPORT), sample::company_standings(), sample::company_facts());
    let nothing = (sample::report(sample::COMPANY_REPORT), Vec::new(), sample::company_facts());
    let all = [company, sample::hostile(), nothing];
    all.iter()
        .map(|(report, standings, facts)| {
            serde_json::to_value(compose(report, standings, facts).unwrap()).unwrap()
        })
        .collect()
}

#[test]
fn every_scorecard_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for scorecard in scorecards() {
        let faults: Vec<String> = validator
            .iter_errors(&scorecard)
            .map(|fault| format!("{}: {fault}", fault.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

#[test]
fn what_the_schema_does_not_know_is_refused() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut extra = scorecards().remove(0);
    extra["groups"][0]["lines"][0]["colour"] = "red".into();
    assert!(!validator.is_valid(&extra), "an unknown key");
    let mut wrong = scorecards().remove(0);
    wrong["groups"][0]["lines"][0]["value"] = "76.1 %".into();
    assert!(!validator.is_valid(&wrong), "a text in place of a number");
    let mut absent = scorecards().remove(0);
    absent["verdict"].as_object_mut().unwrap().remove("worst");
    assert!(!validator.is_valid(&absent), "what is missing is null, never absent");
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
