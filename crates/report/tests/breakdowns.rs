//! Which values of a dimension get a row, and what is said of the others.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_domain::{Segment, Standing, Status};
use scorewright_report::{BreakdownTable, Omitted, StandingIndex, compose};

const REPORT: &str = "title = \"Scorecard\"\ngrain = \"week\"\n[[group]]\ntitle = \"All\"\nlines = [\"csat_top2\"]\n\
    [[breakdown]]\nmetric = \"csat_top2\"\nby = \"team\"\n";

fn table(standings: &[Standing]) -> BreakdownTable {
    compose(&sample::report(REPORT), &StandingIndex::of(standings), &sample::company_facts())
        .unwrap()
        .breakdowns
        .remove(0)
}

fn names(table: &BreakdownTable) -> Vec<&str> {
    table.slices.iter().map(|slice| slice.segment.as_str()).collect()
}

/// Everybody, and one team for each count of answers.
fn teams(answers: &[(&str, u64)]) -> Vec<Standing> {
    let everybody = sample::company_standings().remove(0);
    let team = |(name, n): &(&str, u64)| {
        let mut team = everybody.clone();
        team.current.segment = Segment::of("team", *name);
        team.current.n = Some(*n);
        team.target = None;
        team.status = if *n < 30 { Status::TooLittleData } else { Status::NoTarget };
        team
    };
    std::iter::once(everybody.clone()).chain(answers.iter().map(team)).collect()
}

#[test]
fn those_with_most_answers_come_first_and_the_smallest_are_named_below() {
    let table = table(&sample::company_standings());
    assert_eq!(names(&table), ["Billing", "Onboarding", "Technical support", "Accounts"]);
    assert_eq!(
        table.display.omitted.as_deref(),
        Some("Too little data to show: Partner desk (n = 22).")
    );
    assert_eq!(table.display.total.replace('\u{a0}', " "), "All: 76.1 %, target 80.0 %");
}

#[test]
fn sixteen_hundred_sellers_are_a_few_rows_and_one_line() {
    let sellers: Vec<String> = (0..1600).map(|seller| format!("seller {seller}")).collect();
    let answers: Vec<(&str, u64)> = sellers
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), if at < 6 { 90 } else { 2 }))
        .collect();
    let table = table(&teams(&answers));
    assert_eq!(table.slices.len(), 6);
    assert_eq!(table.omitted, Omitted { too_little_data: 1594, ..Omitted::default() });
    assert_eq!(
        table.display.omitted.as_deref(),
        Some("And 1,594 more with too little data to show.")
    );
}

#[test]
fn twelve_rows_at_most_and_those_that_miss_their_target_among_them() {
    let sellers: Vec<String> = (0..20).map(|seller| format!("seller {seller:02}")).collect();
    let mut answers: Vec<(&str, u64)> =
        (0_u64..).zip(&sellers).map(|(at, name)| (name.as_str(), 100 - at)).collect();
    answers.push(("tiny", 3));
    let mut standings = teams(&answers);
    standings[20].status = Status::OffTrack;
    let table = table(&standings);
    assert_eq!(
        (table.slices.len(), names(&table)[10], names(&table)[11]),
        (12, "seller 10", "seller 19")
    );
    assert_eq!(table.omitted, Omitted { too_little_data: 1, too_few_people: 0, others: 8 });
    assert_eq!(
        table.display.omitted.as_deref(),
        Some("And 8 more, and 1 with too little data to show.")
    );
}

#[test]
fn a_dimension_of_which_nothing_can_be_shown_has_no_rows() {
    let table = table(&teams(&[("one", 4), ("two", 0)]));
    assert_eq!((table.slices.len(), table.scale.is_none()), (0, true));
    assert_eq!(
        table.display.omitted.as_deref(),
        Some("Too little data to show: one (n = 4) and two (n = 0).")
    );
}
