//! Standings and run facts into a scorecard: the one place where a page is worded.

mod benchmark;
mod breakdown;
mod claim;
mod digest;
mod display;
mod line;
mod note;
mod period;
mod quality;
mod subject;
mod verdict;

use scorewright_domain::{Fault, Grain, Period, Segment, Standing};

use crate::scorecard::{LineGroup, SCHEMA, Scorecard};
use crate::wording::{Numbers, clean};
use crate::{LineName, MetricFacts, Report, RunFacts};

/// Puts the standings of a report's period on a page.
///
/// - Shows the last complete period before the as-of day. A metric judged later, or only for longer periods, is
///   shown for its own last period, and the line says which.
/// - Pure: the same report, standings and facts give the same scorecard.
/// - A metric that has no standing has a line that says so.
///
/// # Errors
///
/// A name in `report.toml` that no metric has, or a metric measured only for periods shorter than the report's.
pub fn compose(
    report: &Report,
    standings: &[Standing],
    facts: &RunFacts,
) -> Result<Scorecard, Fault> {
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
        period: period::stated(&page, page.period),
        compare: page.previous().map(|previous| period::stated(&page, previous)),
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
        Self {
            report,
            standings,
            facts,
            numbers,
            period: period::shown(report.grain, standings, facts),
        }
    }

    fn groups(&self) -> Result<Vec<LineGroup>, Fault> {
        let group = |group: &crate::Group| {
            let lines =
                group.lines.iter().map(|name| self.line(name)).collect::<Result<_, Fault>>()?;
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
        let judged = period::judged(self, name, metric);
        let found = self.of_figure(name).find(|standing| {
            standing.current.segment.is_total() && standing.current.period == judged
        });
        found.cloned().unwrap_or_else(|| line::absent(name, metric, judged, Segment::total()))
    }

    /// The standings of a figure, for everybody and for each segment, in every period.
    fn of_figure(&self, name: &LineName) -> impl Iterator<Item = &'a Standing> {
        let name = name.clone();
        self.standings.iter().filter(move |standing| {
            standing.current.metric == name.metric && standing.current.statistic == name.statistic
        })
    }

    fn previous(&self) -> Option<Period> {
        (self.period.grain != Grain::All).then(|| self.period.previous())
    }
}
