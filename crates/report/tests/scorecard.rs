//! What every scorecard.json says; that it fits its schema is checked by `tests/scorecard_schema.py`.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_domain::{CoverageState, Evidence, Standing, Status};
use scorewright_report::{RunFacts, Scorecard, StandingIndex, compose};
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
            serde_json::to_value(compose(report, &StandingIndex::of(standings), facts).unwrap())
                .unwrap()
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

/// The page of the company after an edit of its standings and facts.
fn edited(edit: impl FnOnce(&mut Vec<Standing>, &mut RunFacts)) -> Scorecard {
    let (mut standings, mut facts) = (sample::company_standings(), sample::company_facts());
    edit(&mut standings, &mut facts);
    compose(&sample::report(sample::COMPANY_REPORT), &StandingIndex::of(&standings), &facts)
        .unwrap()
}

#[test]
fn a_revision_is_the_figures_that_are_shown() {
    let figures = edited(|_, _| {}).figures();
    let same = [
        edited(|_, facts| facts.run_id = "2026-11-24-b0b0".into()),
        edited(|_, facts| facts.project = "Acme Clouds".into()),
        edited(|standings, _| standings[0].says = "Another sentence".into()),
        edited(|standings, _| nudge(&mut standings[0], 1e-9)),
    ];
    assert!(same.iter().all(|page| page.figures() == figures));
    let other = [
        edited(|standings, _| nudge(&mut standings[0], 0.1)),
        edited(|standings, _| standings[0].current.n = Some(1_235)),
        edited(|standings, _| standings[0].status = Status::TooLittleData),
        edited(|standings, _| standings[0].evidence = Evidence::TooLittleData),
        edited(|standings, _| standings[0].current.version += 1),
        edited(|standings, _| standings[0].series[3] = None),
        edited(|standings, _| standings.iter_mut().for_each(|one| one.target = None)),
        edited(|standings, _| standings.retain(|one| one.current.segment.value != "Billing")),
        edited(|standings, _| standings[0].coverage.state = CoverageState::Partial),
    ];
    for (at, page) in other.iter().enumerate() {
        assert_ne!(page.figures(), figures, "edit {at} is news");
    }
}

fn nudge(standing: &mut Standing, by: f64) {
    standing.current.value = standing.current.value.map(|value| value * (1.0 + by));
}

#[test]
fn a_revision_has_one_number_everywhere() {
    let page = edited(|_, _| {});
    assert_eq!((page.revision, page.run.revision.as_str()), (1, "r1"));
    let second = page.clone().as_revision(2);
    assert_eq!((second.revision, second.run.revision.as_str()), (2, "r2"));
    assert!(second.run.run_line.contains(", r2, scorecard/v1"), "{}", second.run.run_line);
    assert_eq!(second.as_revision(1), page);
}
