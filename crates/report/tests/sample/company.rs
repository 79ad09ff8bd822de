//! The measures of a believable company, and how they stand.

use jiff::civil::date;
use scorewright_domain::{
    Benchmark, Comparability, Direction, Evidence, GoalKind, Segment, Standing, Status, Unit,
};

use super::line::{SampleLine, standing};

fn shares(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(value / 100.0)).collect()
}

fn hours(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(value * 3600.0)).collect()
}

fn plain(values: &[f64]) -> Vec<Option<f64>> {
    values.iter().copied().map(Some).collect()
}

/// The lines of a made-up company after a bad release week.
#[allow(clippy::too_many_lines, reason = "a table of sample lines")]
pub fn company_lines() -> Vec<SampleLine> {
    use Direction::{HigherIsBetter, LowerIsBetter};
    use Evidence::{NoClearChange, Noise, Real, TooLittleData};
    use Status::{AtRisk, NoData, NoTarget, OffTrack, OnTrack};
    let line = SampleLine {
        name: "",
        title: "",
        says: "",
        unit: Unit::Share,
        direction: HigherIsBetter,
        n: 0,
        series: Vec::new(),
        width: 0.0,
        target: None,
        status: OnTrack,
        evidence: NoClearChange,
        formula: "",
        interval: "wilson",
        minimum: 30,
        sources: &[],
        period: "2026-W47",
    };
    vec![
        SampleLine {
            name: "csat_top2",
            title: "Customer satisfaction (CSAT)",
            says: "Share of 1–5 ratings that are 4 or 5",
            n: 1284,
            series: shares(&[
                81.9, 82.4, 81.2, 82.9, 83.0, 82.2, 82.8, 81.7, 82.5, 82.1, 81.4, 79.6, 76.1,
            ]),
            width: 0.0235,
            target: Some(0.80),
            status: OffTrack,
            evidence: Real,
            formula: "count(*) FILTER (WHERE score >= 4) / count(score), where question = 'csat'",
            sources: &["zendesk_ratings", "qualtrics"],
            ..line.clone()
        },
        SampleLine {
            name: "nps",
            title: "Net promoter score (NPS)",
            says: "Promoters (9–10) minus detractors (0–6), per 100 answers",
            unit: Unit::Points,
            n: 212,
            series: plain(&[
                38.0, 41.0, 36.0, 44.0, 40.0, 39.0, 43.0, 37.0, 42.0, 40.0, 41.0, 34.2, 38.1,
            ]),
            width: 10.6,
            target: Some(40.0),
            status: AtRisk,
            evidence: Noise,
            formula: "100 * (promoters - detractors) / answers, where question = 'nps'",
            interval: "adjusted_wald",
            minimum: 50,
            sources: &["qualtrics"],
            ..line.clone()
        },
        SampleLine {
            name: "ces",
            title: "Customer effort (CES)",
            says: "Mean answer to “it was easy”, 1 to 7, high is easy",
            unit: Unit::Score,
            n: 318,
            series: vec![
                Some(5.61),
                Some(5.58),
                Some(5.7),
                None,
                Some(5.66),
                Some(5.62),
                Some(5.71),
                Some(5.69),
                Some(5.74),
                Some(5.7),
                Some(5.68),
                Some(5.66),
                Some(5.72),
            ],
            width: 0.14,
            target: Some(5.5),
            status: OnTrack,
            evidence: NoClearChange,
            formula: "sum(score) / count(score), where question = 'ces'",
            interval: "student_t",
            sources: &["qualtrics"],
            ..line.clone()
        },
        SampleLine {
            name: "first_reply:median",
            title: "Time to first reply",
            says: "From opening a ticket to our first public answer",
            unit: Unit::Duration,
            direction: LowerIsBetter,
            n: 3471,
            series: hours(&[2.9, 2.8, 3.0, 2.7, 2.75, 2.6, 2.65, 2.5, 2.45, 2.5, 2.4, 2.1, 1.74]),
            width: 420.0,
            target: Some(4.0 * 3600.0),
            status: OnTrack,
            evidence: Real,
            formula: "median of first_reply_seconds",
            interval: "order_statistics",
            sources: &["zendesk_tickets"],
            ..line.clone()
        },
        SampleLine {
            name: "full_resolution:median",
            title: "Time to full resolution",
            says: "From opening a ticket to its last solution",
            unit: Unit::Duration,
            direction: LowerIsBetter,
            n: 3168,
            series: hours(&[
                19.0, 18.2, 20.5, 19.4, 18.8, 19.2, 18.0, 18.9, 19.6, 18.4, 19.1, 22.4, 23.2,
            ]),
            width: 2800.0,
            target: Some(24.0 * 3600.0),
            status: OnTrack,
            evidence: Noise,
            formula: "median of resolution_seconds",
            interval: "order_statistics",
            sources: &["zendesk_tickets"],
            ..line.clone()
        },
        SampleLine {
            name: "full_resolution:p90",
            title: "Time to full resolution",
            says: "From opening a ticket to its last solution",
            unit: Unit::Duration,
            direction: LowerIsBetter,
            n: 3168,
            series: hours(&[
                71.0, 74.0, 70.0, 76.0, 72.0, 75.0, 71.0, 73.0, 70.0, 74.0, 75.0, 88.0, 97.0,
            ]),
            width: 15_000.0,
            target: Some(96.0 * 3600.0),
            status: AtRisk,
            evidence: Real,
            formula: "90th percentile of resolution_seconds",
            interval: "order_statistics",
            sources: &["zendesk_tickets"],
            ..line.clone()
        },
        SampleLine {
            name: "one_touch",
            title: "Solved in one touch",
            says: "Share of solved tickets with one reply and no reopening",
            n: 3168,
            series: shares(&[
                61.2, 60.8, 62.0, 61.5, 61.9, 62.4, 61.0, 61.7, 62.2, 62.0, 61.8, 60.9, 61.3,
            ]),
            width: 0.017,
            target: None,
            status: NoTarget,
            evidence: NoClearChange,
            formula: "count(*) FILTER (WHERE is_one_touch) / count(*)",
            sources: &["zendesk_tickets"],
            ..line.clone()
        },
        SampleLine {
            name: "reopen_rate",
            title: "Reopened tickets",
            says: "Share of tickets first solved in the period that were reopened later",
            direction: LowerIsBetter,
            n: 3120,
            series: shares(&[6.1, 5.8, 6.4, 6.0, 5.9, 6.2, 6.3, 5.7, 6.1, 6.0, 6.2, 6.6, 7.9]),
            width: 0.0095,
            target: Some(0.065),
            status: OffTrack,
            evidence: Real,
            formula: "count(*) FILTER (WHERE is_reopened) / count(*)",
            sources: &["zendesk_tickets"],
            period: "2026-W46",
            ..line.clone()
        },
        SampleLine {
            name: "sla_attainment",
            title: "Answered within the agreed time (SLA)",
            says: "Share of due tickets answered in time",
            n: 3402,
            series: shares(&[
                95.8, 96.1, 96.4, 95.9, 96.0, 96.3, 96.6, 96.2, 96.5, 96.4, 96.1, 95.2, 95.0,
            ]),
            width: 0.0075,
            target: Some(0.95),
            status: OnTrack,
            evidence: NoClearChange,
            formula: "count(*) FILTER (WHERE is_sla_met) / count(is_sla_met)",
            sources: &["zendesk_tickets"],
            ..line.clone()
        },
        SampleLine {
            name: "logo_churn",
            title: "Customer churn",
            says: "Customers at the start of the week who had left at its end",
            direction: LowerIsBetter,
            n: 5210,
            series: shares(&[
                0.41, 0.38, 0.44, 0.40, 0.37, 0.42, 0.39, 0.43, 0.40, 0.41, 0.44, 0.52, 0.61,
            ]),
            width: 0.0022,
            target: Some(0.0045),
            status: AtRisk,
            evidence: Noise,
            formula: "count(*) FILTER (WHERE at_start AND NOT at_end) / count(*) FILTER (WHERE at_start)",
            sources: &["stripe_subscriptions"],
            ..line.clone()
        },
        SampleLine {
            name: "average_purchase_value",
            title: "Average purchase value",
            says: "Net revenue per order",
            unit: Unit::Money,
            n: 8906,
            series: plain(&[
                84.2, 85.1, 83.9, 84.8, 85.5, 86.0, 85.2, 86.4, 86.1, 87.0, 86.8, 87.9, 88.4,
            ]),
            width: 1.1,
            target: None,
            status: NoTarget,
            evidence: NoClearChange,
            formula: "sum(net) / count(*)",
            interval: "student_t",
            sources: &["orders"],
            ..line.clone()
        },
        SampleLine {
            name: "purchase_frequency",
            title: "Purchase frequency",
            says: "Orders a customer places in a year",
            unit: Unit::PerYear,
            n: 5198,
            series: plain(&[7.1, 7.3, 7.2, 7.4, 7.0, 6.9, 7.2, 7.3, 7.1, 7.4, 7.5, 7.3, 7.2]),
            width: 0.3,
            target: None,
            status: NoTarget,
            evidence: NoClearChange,
            formula: "orders / active_customers",
            interval: "none",
            sources: &["orders"],
            period: "2026-10",
            ..line.clone()
        },
        SampleLine {
            name: "sales_growth",
            title: "Sales growth on the year before",
            says: "Revenue against the same week of the year before",
            unit: Unit::Growth,
            n: 8906,
            series: vec![None; 13],
            width: 0.0,
            target: Some(0.08),
            status: NoData,
            evidence: TooLittleData,
            formula: "revenue / revenue a year earlier - 1",
            interval: "none",
            sources: &["orders"],
            ..line
        },
    ]
}

fn slice(
    line: &SampleLine,
    dimension: &str,
    name: &'static str,
    n: u64,
    values: [f64; 2],
    width: f64,
) -> Standing {
    let has_enough = n >= line.minimum;
    let is_met = line.target.is_none_or(|target| line.direction.is_met(values[1], target));
    let may_be_chance = line.target.is_some_and(|target| (values[1] - target).abs() <= width);
    let status = match (has_enough, line.target.is_some(), is_met, may_be_chance) {
        (false, ..) => Status::TooLittleData,
        (_, false, ..) => Status::NoTarget,
        (_, _, true, _) => Status::OnTrack,
        (_, _, _, true) => Status::AtRisk,
        _ => Status::OffTrack,
    };
    let evidence = match ((values[1] - values[0]).abs() > 1.4 * width, has_enough) {
        (_, false) => Evidence::TooLittleData,
        (true, _) => Evidence::Real,
        _ => Evidence::Noise,
    };
    let line = SampleLine { n, series: plain(&values), width, status, evidence, ..line.clone() };
    standing(&line, Segment::of(dimension, name))
}

pub fn company_standings() -> Vec<Standing> {
    let lines = company_lines();
    let mut standings: Vec<Standing> =
        lines.iter().map(|line| standing(line, Segment::total())).collect();
    let benchmark =
        |metric: &str, value: f64, year: i16, comparability: Comparability, notes: &str| {
            Benchmark {
                metric: metric.into(),
                statistic: "value".into(),
                value,
                publisher: "Example Institute".into(),
                source: "Service quality in business software".into(),
                year,
                population: "412 software companies in Europe, median".into(),
                retrieved: date(2026, 3, 2),
                comparability,
                notes: (!notes.is_empty()).then(|| notes.to_owned()),
            }
        };
    standings[0].benchmarks = vec![benchmark("csat_top2", 0.84, 2025, Comparability::Same, "")];
    standings[1].benchmarks = vec![benchmark(
        "nps",
        30.0,
        2025,
        Comparability::Context,
        "Mean of company scores, not pooled answers",
    )];
    let lowest = Benchmark { value: -6.0, ..standings[1].benchmarks[0].clone() };
    standings[1].benchmarks.push(lowest);
    standings[10].benchmarks =
        vec![benchmark("average_purchase_value", 71.0, 2022, Comparability::Same, "")];
    if let Some(reach) = standings[1].target.as_mut() {
        reach.kind = GoalKind::Reach;
        reach.baseline = Some(31.0);
        reach.due = Some(date(2026, 12, 31));
    }
    let (csat, resolution) = (&lines[0], &lines[4]);
    for (team, n, values, width) in [
        ("Billing", 402, [0.781, 0.655], 0.046),
        ("Onboarding", 371, [0.822, 0.831], 0.038),
        ("Technical support", 344, [0.803, 0.789], 0.043),
        ("Accounts", 145, [0.858, 0.862], 0.056),
        ("Partner desk", 22, [0.8, 0.773], 0.17),
    ] {
        standings.push(slice(csat, "team", team, n, values, width));
    }
    for (segment, n, values, width) in [
        ("Small business", 741, [0.789, 0.741], 0.032),
        ("Mid-market", 388, [0.801, 0.776], 0.042),
        ("Enterprise", 155, [0.823, 0.819], 0.06),
    ] {
        standings.push(slice(csat, "segment", segment, n, values, width));
    }
    for (team, n, values, width) in [
        ("Technical support", 1310, [25.1, 27.4], 1.6),
        ("Billing", 968, [21.7, 25.9], 1.9),
        ("Onboarding", 610, [15.2, 14.6], 1.2),
        ("Accounts", 251, [12.0, 11.3], 1.7),
        (Segment::NONE, 29, [8.0, 9.0], 4.0),
    ] {
        standings.push(slice(
            resolution,
            "team",
            team,
            n,
            values.map(|hours| hours * 3600.0),
            width * 3600.0,
        ));
    }
    standings
}
