//! What a page may say, and when.
#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap like the tests themselves")]

mod sample;

use scorewright_domain::{
    AbsentColumn, Benchmark, Comparability, Comparison, Coverage, CoverageState, Direction,
    Evidence, GoalKind, Grain, KpiValue, NullReason, Segment, Standing, Status, Unit,
};
use scorewright_report::{ClaimKind, RefusedFile, RunFacts, Scorecard, StandingIndex, compose};

fn report(lines: &str) -> String {
    format!(
        "title = \"Scorecard\"\ngrain = \"week\"\n[[group]]\ntitle = \"All\"\nlines = [{lines}]\n"
    )
}

fn card(lines: &str, standings: &[Standing]) -> Scorecard {
    card_with(lines, standings, |_| {})
}

fn card_with(lines: &str, standings: &[Standing], change: impl FnOnce(&mut RunFacts)) -> Scorecard {
    let mut facts = sample::company_facts();
    change(&mut facts);
    compose(&sample::report(&report(lines)), &StandingIndex::of(standings), &facts).unwrap()
}

fn standing(name: &str) -> Standing {
    sample::company_standings()
        .into_iter()
        .find(|standing| standing.current.metric == name)
        .unwrap()
}

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[test]
fn the_verdict_names_what_is_off_track() {
    let all = sample::company_standings();
    let scorecard = card("\"csat_top2\", \"nps\"", &all);
    assert_eq!(scorecard.verdict.sentence, "One measure off track: CSAT");
    assert_eq!(scorecard.verdict.subject, "1 off track: CSAT 76.1% (goal 80.0%) - w/e 22 Nov");
    assert_eq!(scorecard.verdict.worst.as_deref(), Some("csat_top2"));
    let scorecard = card("\"nps\", \"ces\"", &all);
    assert_eq!(scorecard.verdict.sentence, "Nothing off track, one at risk: NPS");
    assert_eq!(scorecard.verdict.subject, "1 at risk: NPS 38 (goal 40) - w/e 22 Nov");
}

#[test]
fn all_on_track_is_said_only_of_what_was_judged() {
    let all = sample::company_standings();
    let sentence = |lines: &str| card(lines, &all).verdict.sentence;
    assert_eq!(sentence("\"ces\", \"sla_attainment\""), "All two measures on track");
    assert_eq!(sentence("\"ces\", \"one_touch\""), "The one measure with a target on track");
    assert_eq!(
        sentence("\"ces\", \"sales_growth\""),
        "One measure on track, one without enough data"
    );
    assert_eq!(
        sentence("\"one_touch\", \"average_purchase_value\""),
        "Two measures, no target set"
    );
    assert_eq!(sentence("\"sales_growth\""), "No figures to judge");
}

#[test]
fn the_worst_is_the_one_that_misses_most_for_its_size() {
    let mut churn = standing("logo_churn");
    churn.status = Status::OffTrack;
    let scorecard = card("\"csat_top2\", \"logo_churn\"", &[standing("csat_top2"), churn]);
    assert_eq!(
        scorecard.verdict.worst.as_deref(),
        Some("logo_churn"),
        "36 % over against 5 % short"
    );
    assert_eq!(
        scorecard.verdict.subject,
        "2 off track: Customer churn 0.61% (goal 0.45%) - w/e 22 Nov"
    );
}

#[test]
fn a_long_name_costs_the_goal_and_then_the_value_but_never_the_period() {
    let mut long = standing("csat_top2");
    long.title = "Satisfaction of customers".into();
    let subject =
        |standing: &Standing| card("\"csat_top2\"", std::slice::from_ref(standing)).verdict.subject;
    assert_eq!(subject(&long), "1 off track: Satisfaction of customers 76.1% - w/e 22 Nov");
    long.title = "Satisfaction of customers and of their partners everywhere".into();
    assert_eq!(subject(&long), "1 off track: Satisfaction of... - w/e 22 Nov");
}

#[test]
fn rose_and_fell_are_said_only_of_real_changes() {
    for evidence in [Evidence::Noise, Evidence::NoClearChange, Evidence::TooLittleData] {
        let standings: Vec<Standing> = sample::company_standings()
            .into_iter()
            .map(|standing| Standing { evidence, ..standing })
            .collect();
        let scorecard = card("\"csat_top2\", \"nps\", \"first_reply:median\"", &standings);
        for claim in &scorecard.claims {
            assert!(
                !claim.sentence.contains(" rose ") && !claim.sentence.contains(" fell "),
                "{}",
                claim.sentence
            );
        }
    }
}

#[test]
fn the_lede_names_the_worst_the_best_and_one_that_is_no_signal() {
    let scorecard =
        card("\"csat_top2\", \"nps\", \"first_reply:median\"", &sample::company_standings());
    let claims: Vec<String> = scorecard.claims.iter().map(|claim| plain(&claim.sentence)).collect();
    assert_eq!(
        claims,
        [
            "CSAT fell by 3.5 pp to 76.1 % (likely real, worse), 3.9 pp short of its target of 80.0 %.",
            "Time to first reply (median) fell by 22 min to 1 h 44 min (likely real, better).",
            "NPS moved by +4 pt, which could be noise.",
        ]
    );
}

#[test]
fn nothing_else_changed_is_said_only_when_nothing_else_did() {
    let sentences = |lines: &str, standings: &[Standing]| -> Vec<String> {
        card(lines, standings).claims.iter().map(|claim| plain(&claim.sentence)).collect()
    };
    let mut worse = standing("ces");
    worse.evidence = Evidence::Real;
    let claims =
        sentences("\"csat_top2\", \"ces\", \"sla_attainment\"", &[standing("csat_top2"), worse]);
    assert_eq!(claims[1], "CES rose by 0.06 to 5.72 (likely real, better).", "{claims:?}");
    let neutral = |name: &str| {
        let mut moved = standing(name);
        (moved.direction, moved.evidence, moved.status) =
            (Direction::Neutral, Evidence::Real, Status::NoTarget);
        moved
    };
    let two = [standing("csat_top2"), neutral("ces"), neutral("one_touch")];
    let lines = "\"csat_top2\", \"ces\", \"one_touch\", \"average_purchase_value\"";
    assert_eq!(
        sentences(lines, &two)[1],
        "CES and Solved in one touch also changed beyond what chance explains."
    );
    let three = [two.to_vec(), vec![neutral("average_purchase_value")]].concat();
    assert_eq!(
        sentences(lines, &three)[1],
        "Three more measures changed beyond what chance explains."
    );
    let claims = sentences("\"csat_top2\", \"sla_attainment\"", &[standing("csat_top2")]);
    assert_eq!(claims[1], "No other measure changed beyond what chance explains.");
}

#[test]
fn without_good_news_the_lede_names_the_next_worst() {
    let mut churn = standing("logo_churn");
    churn.status = Status::OffTrack;
    let mut effort = standing("ces");
    (effort.status, effort.target.as_mut().unwrap().value, effort.gap) =
        (Status::OffTrack, 6.5, Some(-0.78));
    let scorecard =
        card("\"ces\", \"csat_top2\", \"logo_churn\"", &[effort, standing("csat_top2"), churn]);
    let claims: Vec<String> = scorecard.claims.iter().map(|claim| plain(&claim.sentence)).collect();
    assert_eq!(
        claims,
        [
            "Customer churn is 0.61 %, 0.16 pp over its target of 0.45 %.",
            "CSAT fell by 3.5 pp to 76.1 % (likely real, worse), 3.9 pp short of its target of 80.0 %.",
            "Customer churn moved by +0.09 pp, which could be noise.",
        ],
        "CES misses by more for its size, but only CSAT fell"
    );
}

#[test]
fn a_quiet_week_says_so() {
    let scorecard = card("\"ces\", \"sla_attainment\"", &sample::company_standings());
    assert_eq!(scorecard.claims.len(), 1);
    assert_eq!(scorecard.claims[0].kind, ClaimKind::Quiet);
    assert_eq!(scorecard.claims[0].sentence, "No measure changed beyond what chance explains.");
}

#[test]
fn the_preheader_does_not_repeat_the_subject() {
    let scorecard = card("\"csat_top2\", \"nps\"", &sample::company_standings());
    assert!(!scorecard.verdict.preheader.contains("CSAT"), "{}", scorecard.verdict.preheader);
    assert!(scorecard.verdict.preheader.chars().count() <= 110);
}

#[test]
fn a_target_met_exactly_is_met() {
    let mut level = standing("csat_top2");
    level.current.value = Some(0.8);
    level.status = Status::OnTrack;
    level.gap = Some(0.0);
    let line = card("\"csat_top2\"", &[level.clone()]).groups.remove(0).lines.remove(0);
    assert_eq!(line.display.gap.as_deref(), Some("just met"));
    level.current.value = Some(0.7999);
    level.gap = Some(-0.0001);
    let line = card("\"csat_top2\"", &[level]).groups.remove(0).lines.remove(0);
    assert_eq!(line.display.gap.as_deref(), Some("just short"), "never `0.0 pp short`");
}

#[test]
fn less_is_better_where_the_metric_says_so() {
    let line =
        card("\"logo_churn\"", &sample::company_standings()).groups.remove(0).lines.remove(0);
    assert_eq!(line.direction, Direction::LowerIsBetter);
    assert_eq!(plain(line.display.goal.as_deref().unwrap()), "at most 0.45 %");
    assert_eq!(plain(line.display.gap.as_deref().unwrap()), "0.16 pp over");
    let mut real = standing("logo_churn");
    real.evidence = Evidence::Real;
    let line = card("\"logo_churn\"", &[real]).groups.remove(0).lines.remove(0);
    assert_eq!(line.display.evidence, "likely real, worse");
}

#[test]
fn a_goal_to_reach_names_its_day() {
    let mut reach = standing("csat_top2");
    let target = reach.target.as_mut().unwrap();
    target.kind = GoalKind::Reach;
    target.due = Some(jiff::civil::date(2026, 12, 31));
    let line = card("\"csat_top2\"", &[reach]).groups.remove(0).lines.remove(0);
    assert_eq!(plain(line.display.goal.as_deref().unwrap()), "at least 80.0 % by 31 Dec 2026");
    assert_eq!(plain(line.display.gap.as_deref().unwrap()), "3.9 pp to go");
}

#[test]
fn a_metric_without_a_standing_has_a_line_that_says_so() {
    let line = card("\"csat_top2\"", &[]).groups.remove(0).lines.remove(0);
    assert_eq!((line.value, line.status), (None, Status::NoData));
    assert_eq!(line.missing.unwrap().reason, NullReason::NoRows);
    assert_eq!(line.display.value, "n/a");
}

#[test]
fn a_number_that_is_none_is_missing() {
    let mut broken = standing("csat_top2");
    broken.current.value = Some(f64::NAN);
    broken.comparison.change = Some(f64::INFINITY);
    let line = card("\"csat_top2\"", &[broken]).groups.remove(0).lines.remove(0);
    assert_eq!((line.value, line.change), (None, None));
    assert!(line.missing.is_some());
}

#[test]
fn standings_of_other_segments_are_passed_over() {
    let mut team = standing("csat_top2");
    team.current.segment = Segment::of("team", "Billing");
    team.current.value = Some(0.2);
    let line =
        card("\"csat_top2\"", &[team, standing("csat_top2")]).groups.remove(0).lines.remove(0);
    assert_eq!(plain(&line.display.value), "76.1 %");
}

#[test]
fn a_series_is_cut_to_the_history_and_named_by_its_periods() {
    let text = report("\"csat_top2\"").replace("grain", "history = 3\ngrain");
    let scorecard = compose(
        &sample::report(&text),
        &StandingIndex::of(&sample::company_standings()),
        &sample::company_facts(),
    )
    .unwrap();
    let periods: Vec<&str> =
        scorecard.groups[0].lines[0].series.iter().map(|point| point.period.as_str()).collect();
    assert_eq!(periods, ["2026-W45", "2026-W46", "2026-W47"]);
}

#[test]
fn a_missing_source_marks_the_mail_and_names_what_rests_on_it() {
    let mut standings = sample::company_standings();
    for standing in &mut standings {
        late(standing, "2026-11-19T23:00:00Z");
    }
    let scorecard = card_with("\"csat_top2\", \"nps\", \"ces\"", &standings, |facts| {
        facts.sources[2].reach = Some(sample::reach("qualtrics", "2026-11-19T23:00:00Z"));
    });
    assert_eq!(scorecard.verdict.subject, "[Partial] No verdict yet: 3 partial - w/e 22 Nov");
    assert_eq!(scorecard.verdict.sentence, "No verdict yet, three partial");
    assert_eq!(
        scorecard.data_quality.banner.as_deref(),
        Some(
            "Qualtrics survey ends on Thursday 19 November; Customer satisfaction (CSAT), Net promoter score (NPS) and Customer effort (CES) rest on it."
        )
    );
    let scorecard = card_with("\"nps\"", &sample::company_standings(), |facts| {
        facts.sources[4].refused =
            vec![RefusedFile { file: "orders.parquet".into(), reason: "it is empty".into() }];
    });
    assert_eq!(
        plain(scorecard.data_quality.banner.as_deref().unwrap()),
        "Shop orders: 1 extract refused."
    );
}

/// The same standing where one of its sources ends too early.
fn late(standing: &mut Standing, until: &str) {
    standing.status = Status::Partial;
    standing.comparison = Comparison::default();
    standing.coverage = Coverage {
        state: CoverageState::Partial,
        until: Some(until.parse().unwrap()),
        sources: vec!["qualtrics".into()],
    };
}

#[test]
fn a_part_is_shown_with_its_reach_and_no_change() {
    let mut share = standing("csat_top2");
    late(&mut share, "2026-11-19T23:00:00Z");
    let line = card("\"csat_top2\"", &[share.clone()]).groups.remove(0).lines.remove(0);
    let display = (&*line.display.value, &*line.display.change, &*line.display.evidence);
    assert_eq!(display, ("76.1\u{a0}%", "n/a", "until Thursday 19 November"));
    let mut total = share;
    total.unit = Unit::Money;
    total.current = KpiValue {
        value: None,
        numerator: Some(510.0),
        denominator: None,
        null_reason: Some(NullReason::NotCovered),
        tested_change: None,
        ..total.current
    };
    let words = |standing: &Standing| {
        let line =
            card("\"csat_top2\"", std::slice::from_ref(standing)).groups.remove(0).lines.remove(0);
        (line.display.value, plain(&line.missing.unwrap().words))
    };
    assert_eq!(words(&total), ("n/a".into(), "€510.00 until Thursday 19 November".into()));
    total.coverage.state = CoverageState::Missing;
    assert_eq!(words(&total), ("n/a".into(), "nothing after Thursday 19 November".into()));
}

#[test]
fn what_has_arrived_is_computed() {
    let sentence = |edit: &dyn Fn(&mut RunFacts)| {
        let scorecard = card_with("\"nps\"", &sample::company_standings(), edit);
        let sentence = scorecard.data_quality.sentence;
        sentence.split_once("; ").map(|(first, rest)| (plain(first), plain(rest))).unwrap()
    };
    assert_eq!(sentence(&|_| {}).0, "All 5 sources arrived");
    let (arrived, rest) = sentence(&|facts| {
        facts.sources[1].reach = Some(sample::reach("x", "2026-11-15T22:00:00Z"));
        facts.sources[4].reach.as_mut().unwrap().until = None;
    });
    assert_eq!(arrived, "3 of 5 sources arrived");
    let titles: Vec<String> =
        sample::company_facts().sources.iter().map(|source| source.title.clone()).collect();
    let expected =
        format!("{} ends on Saturday 14 November; freshness of {} unknown; ", titles[1], titles[4]);
    assert!(rest.starts_with(&expected), "{rest}");
}

#[test]
fn figures_that_stand_on_earlier_extracts_are_named() {
    let lines = "\"csat_top2\", \"nps\", \"ces\"";
    let scorecard = card_with(lines, &sample::company_standings(), |facts| {
        facts.sources[2].is_as_before = true;
        facts.sources[2].refused =
            vec![RefusedFile { file: "survey.csv".into(), reason: "it has no rows".into() }];
    });
    let quality = scorecard.data_quality;
    assert_eq!(
        plain(quality.banner.as_deref().unwrap()),
        "Qualtrics survey: 1 extract refused; Customer satisfaction (CSAT), Net promoter score (NPS) and \
         Customer effort (CES) stand on rows of earlier extracts."
    );
    assert!(!quality.is_partial, "what is refused holds no mail");
    assert_eq!(plain(&quality.sources[2].display.state), "1 extract refused, rows as before");
    assert_eq!(quality.sources[2].refused, ["survey.csv: it has no rows"]);
}

#[test]
fn the_books_are_added_up_over_the_extracts_of_a_source() {
    // By hand: 91,204 + 72,817 rows; 141 + 22 + 149 set aside; 312 / 164,021 = 0.1902 %.
    let quality = card("\"nps\"", &[]).data_quality;
    let tickets = &quality.sources[0];
    assert_eq!((tickets.read, tickets.quarantined, tickets.accepted), (164_021, 312, 163_709));
    assert_eq!(plain(&tickets.display.share), "0.19 %");
    assert_eq!(tickets.display.watermark.as_deref(), Some("22 Nov 2026, 22:58 UTC"));
    assert_eq!(plain(&tickets.reasons[0].display), "290 not a timestamp");
}

#[test]
fn a_benchmark_is_compared_only_when_it_is_ours_and_fresh() {
    let comparison = |year: i16, comparability: Comparability| {
        let mut own = standing("csat_top2");
        own.benchmarks = vec![Benchmark { year, comparability, ..own.benchmarks[0].clone() }];
        let line =
            card("\"csat_top2\"", &[own]).groups.remove(0).lines.remove(0).benchmarks.remove(0);
        (plain(&line.comparison), line.gap.is_some())
    };
    assert_eq!(comparison(2025, Comparability::Same), ("7.9 pp behind".into(), true));
    assert_eq!(comparison(2025, Comparability::Context), ("for orientation".into(), false));
    assert_eq!(
        comparison(2024, Comparability::Same),
        ("7.9 pp behind".into(), true),
        "24 months after its year"
    );
    assert_eq!(comparison(2023, Comparability::Same), ("out of date".into(), false));
}

#[test]
fn a_mail_keeps_the_worst_eight_under_their_headings() {
    let scorecard = compose(
        &sample::report(sample::COMPANY_REPORT),
        &StandingIndex::of(&sample::company_standings()),
        &sample::company_facts(),
    )
    .unwrap();
    let groups: Vec<(&str, Vec<&str>)> = scorecard
        .digest
        .groups
        .iter()
        .map(|group| (group.title.as_str(), group.lines.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(
        groups,
        [
            ("What customers say", vec!["csat_top2", "nps", "ces"]),
            ("How well we help", vec!["reopen_rate", "full_resolution:p90", "first_reply:median"]),
            ("Whether they stay and buy", vec!["logo_churn", "sales_growth"]),
        ]
    );
    assert_eq!(
        scorecard.digest.omitted.as_deref(),
        Some("Five more measures are in the full scorecard.")
    );
}

#[test]
fn months_and_days_have_their_own_words() {
    let text = report("\"nps\"").replace("week", "month");
    let scorecard =
        compose(&sample::report(&text), &StandingIndex::of(&[]), &sample::company_facts()).unwrap();
    assert_eq!(
        scorecard.verdict.period_line,
        "October 2026, compared with the month before (September 2026)"
    );
    assert_eq!(scorecard.verdict.subject, "No verdict: 1 without enough data - Oct 2026");
    let mut facts = sample::company_facts();
    facts.metrics[1].grains.push(Grain::Day);
    let text = report("\"nps\"").replace("week", "day");
    let scorecard = compose(&sample::report(&text), &StandingIndex::of(&[]), &facts).unwrap();
    assert_eq!(
        scorecard.verdict.period_line,
        "Sunday 22 November 2026, compared with the day before (21 November 2026)"
    );
}

#[test]
fn a_figure_without_a_value_names_the_columns_that_extracts_came_without() {
    let absent =
        |source: &str, column: &str| AbsentColumn { source: source.into(), column: column.into() };
    let words = |reason: NullReason, value: Option<f64>| {
        let mut standing = standing("csat_top2");
        standing.current.value = value;
        standing.current.null_reason = value.is_none().then_some(reason);
        let card = card_with("\"csat_top2\"", &[standing], |facts| {
            let metric = facts.metrics.iter_mut().find(|metric| metric.metric == "csat_top2");
            metric.unwrap().absent_columns = [
                absent("qualtrics", "csat"),
                absent("zendesk_tickets", "rated_at"),
                absent("zendesk_tickets", "score"),
            ]
            .into();
        });
        let line = card.groups[0].lines[0].clone();
        assert_eq!(line.missing.as_ref().map(|it| it.words.clone()), line.display.missing);
        line.display.missing
    };
    let all = "Zendesk tickets came without rated_at and score, Qualtrics survey came without csat";
    let expected = |reason: &str| Some(format!("{reason}: {all}"));
    assert_eq!(words(NullReason::NoRows, None), expected("no rows in the period"));
    assert_eq!(words(NullReason::EmptyDenominator, None), expected("nothing to divide by"));
    assert_eq!(words(NullReason::Immature, None), Some("too early to tell".into()));
    assert_eq!(words(NullReason::NoRows, Some(0.8)), None);
}
