//! Standings and run facts into a scorecard: the one place where a page is worded.

mod benchmark;
mod breakdown;
mod claim;
mod digest;
mod display;
mod line;
mod note;
mod quality;
mod subject;
mod verdict;

use scorewright_domain::{Fault, Grain, Period, Segment, Standing};

use crate::scorecard::{LineGroup, SCHEMA, Scorecard, StatedPeriod};
use crate::wording::{Numbers, clean, history_words, period_name, period_words};
use crate::{LineName, MetricFacts, Report, RunFacts};

/// Puts the standings of a report's period on a page.
///
/// - Shows the last complete period before the as-of day; standings of other periods are passed over.
/// - Pure: the same report, standings and facts give the same scorecard.
/// - A metric that has no standing for the period has a line that says so.
///
/// # Errors
///
/// A name in `report.toml` that no metric has, or a period no metric is measured for.
pub fn compose(report: &Report, standings: &[Standing], facts: &RunFacts) -> Result<Scorecard, Fault> {
    report.check(&facts.metrics)?;
    let page = Page::new(report, standings, facts);
    let groups = page.groups()?;
    let breakdowns = breakdown::tables(&page)?;
    let data_quality = quality::data_quality(facts, &groups);
    let claims = claim::claims(&groups, facts);
    let verdict = verdict::verdict(&page, &groups, &claims, &data_quality);
    Ok(Scorecard {
        schema: SCHEMA.into(),
        report_id: report.id().into(),
        title: clean(&report.title),
        project: clean(&facts.project),
        run_id: clean(&facts.run_id),
        generated_at: clean(&facts.generated_at),
        revision: facts.revision,
        period: page.stated(page.period),
        compare: page.previous().map(|period| page.stated(period)),
        segment: None,
        verdict,
        claims,
        digest: digest::digest(report, &groups),
        breakdowns,
        data_quality,
        benchmarks: benchmark::each_once(&groups),
        definitions: note::definitions(&groups, facts),
        inputs: quality::inputs(facts),
        run: note::run(&page),
        groups,
    })
}

/// What a page is composed from.
#[derive(Debug, Clone, Copy)]
struct Page<'a> {
    report: &'a Report,
    standings: &'a [Standing],
    facts: &'a RunFacts,
    numbers: Numbers<'a>,
    period: Period,
}

impl<'a> Page<'a> {
    fn new(report: &'a Report, standings: &'a [Standing], facts: &'a RunFacts) -> Self {
        let numbers = Numbers::new(&facts.currency);
        Self { report, standings, facts, numbers, period: shown(report.grain, standings, facts) }
    }

    fn groups(&self) -> Result<Vec<LineGroup>, Fault> {
        let group = |group: &crate::Group| {
            let lines = group.lines.iter().map(|name| self.line(name)).collect::<Result<_, Fault>>()?;
            Ok(LineGroup { title: clean(&group.title), lines })
        };
        self.report.group.iter().map(group).collect()
    }

    fn line(&self, name: &str) -> Result<crate::Line, Fault> {
        let metric = self.report.metric(name, &self.facts.metrics)?;
        Ok(line::line(self, &self.standing(&LineName::new(name), metric)))
    }

    /// The standing of everybody, or one that says there is none.
    fn standing(&self, name: &LineName, metric: &MetricFacts) -> Standing {
        let found = self.of_period(name).find(|standing| standing.current.segment.is_total());
        found.cloned().unwrap_or_else(|| line::absent(name, metric, self.period, Segment::total()))
    }

    /// The standings of a figure in the period shown, for everybody and for each segment.
    fn of_period(&self, name: &LineName) -> impl Iterator<Item = &'a Standing> {
        let (period, name) = (self.period, name.clone());
        self.standings.iter().filter(move |standing| {
            let current = &standing.current;
            current.metric == name.metric && current.statistic == name.statistic && current.period == period
        })
    }

    fn previous(&self) -> Option<Period> {
        (self.period.grain != Grain::All).then(|| self.period.previous())
    }

    fn stated(&self, period: Period) -> StatedPeriod {
        StatedPeriod {
            label: period.label(),
            from: period.from,
            until: period.until,
            grain: period.grain,
            time_zone: clean(&self.facts.time_zone),
            name: period_name(period),
            words: period_words(period),
            history: history_words(period.grain, self.report.history),
        }
    }
}

/// The last complete period; for all time, the one the standings are stated for.
fn shown(grain: Grain, standings: &[Standing], facts: &RunFacts) -> Period {
    let all =
        || standings.iter().map(|standing| standing.current.period).find(|period| period.grain == Grain::All);
    let complete = Period::last_complete(grain, facts.as_of);
    if grain == Grain::All { all().unwrap_or(complete) } else { complete }
}
