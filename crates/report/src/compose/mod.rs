//! Standings and run facts into a scorecard: every word of a page is chosen here.

mod context;
mod period;
mod standing;

mod line;

mod breakdown;
mod digest;
mod verdict;

mod note;
mod quality;

mod terms;

use scorewright_domain::Fault;

use crate::facts::RunFacts;
use crate::format::clean;
use crate::report::Report;
use crate::scorecard::{SCHEMA, Scorecard};
use crate::standing_index::StandingIndex;
use context::PageContext;

/// Puts the standings of a report's period on a page.
///
/// - Shows the last complete period before the as-of day. A metric judged later, or only for longer periods, is
///   shown for its own last period, and the line says which.
/// - Pure: the same report, standings and facts give the same scorecard.
/// - The page is the first revision of its period: [`Scorecard::as_revision`] makes it another.
/// - A metric that has no standing has a line that says so.
///
/// # Errors
///
/// A name in `report.toml` that no metric has, or a metric measured only for periods shorter than the report's.
pub fn compose(
    report: &Report,
    standings: &StandingIndex<'_>,
    facts: &RunFacts,
) -> Result<Scorecard, Fault> {
    report.check(&facts.metrics)?;
    let page = PageContext::new(report, standings, facts);
    let groups = line::groups(&page)?;
    let breakdowns = breakdown::tables(&page)?;
    let data_quality = quality::data_quality(&page, &groups);
    let claims = verdict::claims(&groups, page.numbers);
    let verdict = verdict::verdict(&page, &groups, &claims, &data_quality);
    Ok(Scorecard {
        schema: SCHEMA.into(),
        report_id: report.id().into(),
        title: clean(&report.title),
        project: clean(&facts.project),
        run_id: clean(&facts.run_id),
        generated_at: clean(&facts.generated_at),
        revision: 1,
        period: period::stated(&page, page.period),
        compare: Some(period::stated(&page, page.previous())),
        segment: None,
        verdict,
        claims,
        digest: digest::digest(report, &groups),
        breakdowns,
        data_quality,
        benchmarks: line::benchmarks(&groups),
        definitions: note::definitions(&groups, facts),
        inputs: quality::inputs(facts),
        run: note::run(&page),
        groups,
    })
}
