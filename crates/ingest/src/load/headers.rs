//! What the headers of a source's extracts had so far: a column that vanishes while another comes was renamed.

use scorewright_domain::Landing;
use scorewright_extract::{FileSummary, Refusal, RenamedColumn};

use crate::plan::Plan;

/// What one extract did not have, and what it had besides.
struct Header {
    absent: Vec<String>,
    unknown: Vec<String>,
}

/// The headers of extracts of one source, in the order in which they came.
pub(super) struct Headers(Vec<Header>);

impl Headers {
    /// Those of extracts that landed by the source file as it is.
    pub(super) fn of(plan: &Plan) -> Self {
        let header = |landing: &Landing| Header {
            absent: landing.absent_columns.clone(),
            unknown: landing.unknown_columns.clone(),
        };
        let former = plan.former.iter().filter(|_| !plan.is_source_changed);
        Self(former.map(header).collect())
    }

    /// Refuses a file that lacks a column which each one before it had, while it brings one that none had.
    pub(super) fn admit(&mut self, plan: &Plan, summary: &FileSummary) -> Result<(), Refusal> {
        let (vanished, fresh) = (self.vanished(plan, summary), self.fresh(summary));
        if !vanished.is_empty() && !fresh.is_empty() {
            let path = plan.source.path.clone();
            let renamed = RenamedColumn { vanished, fresh, path };
            return Err(Refusal::RenamedColumn(Box::new(renamed)));
        }
        self.0.push(Header {
            absent: summary.absent_columns.clone(),
            unknown: summary.unknown_columns.clone(),
        });
        Ok(())
    }

    /// Columns that were always there and are not, each with the first name it is looked for under.
    fn vanished(&self, plan: &Plan, summary: &FileSummary) -> Vec<(String, String)> {
        let was_there = |column: &&String| {
            !self.0.is_empty() && self.0.iter().all(|header| !header.absent.contains(column))
        };
        let named = |column: &String| {
            let names = plan.source.columns[column].names(column);
            (column.clone(), names[0].to_owned())
        };
        summary.absent_columns.iter().filter(was_there).map(named).collect()
    }

    /// Columns that nobody declares and that were never there.
    fn fresh(&self, summary: &FileSummary) -> Vec<String> {
        let is_known = |name: &String| self.0.iter().any(|header| header.unknown.contains(name));
        summary.unknown_columns.iter().filter(|name| !is_known(name)).cloned().collect()
    }
}
