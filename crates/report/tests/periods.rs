//! Lines that are stated for another period than their page.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_domain::{Evidence, Grain, Segment, Standing, Status};
use scorewright_report::{ClaimKind, RunFacts, Scorecard, ScorecardLine, StandingIndex, compose};

fn card(line: &str, standings: &[Standing], facts: &RunFacts) -> Scorecard {
    let report = format!(
        "title = \"Scorecard\"\ngrain = \"week\"\n[[group]]\ntitle = \"All\"\nlines = [\"{line}\"]\n\
        [[breakdown]]\nmetric = \"{line}\"\nby = \"team\"\n"
    );
    compose(&sample::report(&report), &StandingIndex::of(standings), facts).unwrap()
}

fn line(name: &str, standings: &[Standing]) -> ScorecardLine {
    card(name, standings, &sample::company_facts()).groups.remove(0).lines.remove(0)
}

fn standing(name: &str) -> Standing {
    sample::company_standings()
        .into_iter()
        .find(|standing| standing.current.metric == name)
        .unwrap()
}

fn at(mut standing: Standing, label: &str, value: f64) -> Standing {
    standing.current.period = sample::period(label);
    standing.current.value = Some(value);
    standing
}

#[test]
fn a_metric_judged_later_shows_its_last_period_and_says_so() {
    let line = line("reopen_rate", &[standing("reopen_rate")]);
    assert_eq!(line.period.label, "2026-W46");
    assert_eq!(line.period.words, "Week 46, 9–15 November 2026");
    assert_eq!(line.display.period.as_deref(), Some("week 46"));
    assert_eq!(
        line.display.period_note.as_deref(),
        Some("week 46, the last one old enough to judge")
    );
    assert_eq!(line.display.history, None, "its series is of weeks like the page's");
    let periods: Vec<&str> = line.series.iter().map(|point| point.period.as_str()).collect();
    assert_eq!((periods[0], periods[12]), ("2026-W34", "2026-W46"));
    assert_eq!(line.status, Status::OffTrack);
}

#[test]
fn a_metric_of_longer_periods_shows_its_last_one_and_says_so() {
    let line = line("purchase_frequency", &[standing("purchase_frequency")]);
    assert_eq!(line.period.label, "2026-10");
    assert_eq!(line.display.period_note.as_deref(), Some("October 2026, not measured by week"));
    assert_eq!(line.display.history.as_deref().unwrap().replace('\u{a0}', " "), "13 months");
    assert_eq!(line.series[0].period, "2025-10");
    assert!(line.display.alt.contains("on the month before"), "{}", line.display.alt);
}

#[test]
fn a_series_of_longer_periods_begins_with_its_first_value() {
    let mut short = standing("purchase_frequency");
    short.series = vec![None, None, Some(2.9), None, Some(7.2)];
    let line = line("purchase_frequency", &[short]);
    let periods: Vec<&str> = line.series.iter().map(|point| point.period.as_str()).collect();
    assert_eq!(periods, ["2026-08", "2026-09", "2026-10"]);
    assert_eq!(line.period.history.replace('\u{a0}', " "), "3 months");
}

#[test]
fn noise_of_an_older_period_is_no_news() {
    let mut yearly = standing("purchase_frequency");
    yearly.evidence = Evidence::Noise;
    let claims = card("purchase_frequency", &[yearly], &sample::company_facts()).claims;
    assert!(claims.iter().all(|claim| claim.kind != ClaimKind::Noise), "{claims:?}");
}

#[test]
fn the_pages_own_period_comes_first_and_has_no_note() {
    let own = standing("csat_top2");
    let standings = [
        at(own.clone(), "2026-10", 0.1),
        at(own.clone(), "2026-W46", 0.2),
        own.clone(),
        at(own, "2026-W48", 0.3),
    ];
    let line = line("csat_top2", &standings);
    assert_eq!(
        (line.period.label.as_str(), line.display.value.as_str()),
        ("2026-W47", "76.1\u{a0}%")
    );
    assert_eq!(
        (&line.display.period, &line.display.period_note, &line.display.history),
        (&None, &None, &None)
    );
}

#[test]
fn the_shortest_of_the_longer_periods_is_shown() {
    let own = standing("csat_top2");
    let line = line(
        "csat_top2",
        &[at(own.clone(), "2025", 0.5), at(own.clone(), "2026-10", 0.6), at(own, "2026-09", 0.7)],
    );
    assert_eq!((line.period.label.as_str(), line.value), ("2026-10", Some(0.6)));
}

#[test]
fn a_yearly_metric_without_a_value_still_says_which_year() {
    let mut facts = sample::company_facts();
    let metric = facts.metrics.iter_mut().find(|metric| metric.metric == "nps").unwrap();
    metric.grains = vec![Grain::Year, Grain::All];
    let line = card("nps", &[], &facts).groups.remove(0).lines.remove(0);
    assert_eq!(line.display.period_note.as_deref(), Some("2025, not measured by week"));
}

#[test]
fn sentences_and_subject_name_the_other_period() {
    let verdict = |name: &str| card(name, &[standing(name)], &sample::company_facts());
    let late = verdict("reopen_rate");
    assert_eq!(
        late.verdict.subject,
        "1 off track: Reopened tickets (w/e 15 Nov) 7.9% - w/e 22 Nov"
    );
    let sentence = late.claims[0].sentence.replace('\u{a0}', " ");
    assert_eq!(
        sentence,
        "Reopened tickets in week 46 rose by 1.3 pp to 7.9 % (likely real, worse), 1.4 pp over its target of 6.5 %."
    );
}

#[test]
fn a_breakdown_is_of_the_same_period_as_its_line() {
    let mut team = standing("reopen_rate");
    team.current.segment = Segment::of("team", "Billing");
    let newer = at(team.clone(), "2026-W47", 0.9);
    let standings = [standing("reopen_rate"), team];
    let table = card("reopen_rate", &standings, &sample::company_facts()).breakdowns.remove(0);
    assert_eq!(table.period.label, "2026-W46");
    assert_eq!(table.slices.len(), 1);
    assert_eq!(
        table.display.period_note.as_deref(),
        Some("week 46, the last one old enough to judge")
    );
    let mixed = [standings.to_vec(), vec![newer]].concat();
    let table = card("reopen_rate", &mixed, &sample::company_facts()).breakdowns.remove(0);
    assert_eq!((table.period.label.as_str(), table.slices.len()), ("2026-W46", 1));
}
