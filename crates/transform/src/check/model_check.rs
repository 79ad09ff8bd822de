//! A check that a companion file states of its model's rows.

use std::ops::Range;

use scorewright_domain::{
    CheckId, CheckOutcome, CheckVerdict, Fault, ProjectFile, Severity, TableName,
};
use scorewright_warehouse::{Parameters, Session, SqlFault};

use super::check_file::{CheckFile, CheckKind, ReferenceFile};
use super::count::{query_count, tolerated};
use super::rule::{ForeignKey, RowBalance, Rule};
use super::samples::samples;
use super::table_counts::TableCounts;

/// One check, ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is asked: `not_null(customer_id)`.
    pub id: CheckId,
    /// What a failure means.
    pub severity: Severity,
    /// Share of rows that may offend.
    pub tolerance: f64,
    /// Columns it looks at, for pointing at them.
    pub columns: Vec<String>,
    rule: Rule,
}

impl Check {
    /// The grain's own checks, then those of the companion file.
    pub(crate) fn all(
        grain: &[String],
        written: &[CheckFile],
        companion: &ProjectFile,
    ) -> Result<Vec<Self>, Fault> {
        let mut checks: Vec<Self> = grain.iter().map(|column| Self::not_null(column)).collect();
        checks.push(Self::unique(grain));
        let of_grain = checks.len();
        for entry in written {
            for check in Self::from_file(entry, grain, companion)? {
                match checks.iter().position(|known| known.id == check.id) {
                    None => checks.push(check),
                    // The grain's own check asks at least as much.
                    Some(place) if place < of_grain || checks[place] == check => {}
                    Some(_) => return Err(check.asked_twice(companion)),
                }
            }
        }
        Ok(checks)
    }

    fn from_file(
        written: &CheckFile,
        grain: &[String],
        companion: &ProjectFile,
    ) -> Result<Vec<Self>, Fault> {
        let kind = written.kind().ok_or_else(|| not_one_thing(companion))?;
        if let Some(key) = kind.empty_key() {
            return Err(empty(key, companion));
        }
        let checks = match kind {
            CheckKind::NotNull(columns) => {
                columns.iter().map(|column| Self::not_null(column)).collect()
            }
            CheckKind::Unique(columns) => vec![Self::unique(columns)],
            CheckKind::Accepted(accepted) => {
                let id = CheckId::accepted(&accepted.column);
                vec![Self::of_column(id, &accepted.column, Rule::accepted(accepted))]
            }
            CheckKind::Range(range) => {
                let id = CheckId::range(&range.column);
                vec![Self::of_column(id, &range.column, Rule::range(range))]
            }
            CheckKind::Reference(reference) => vec![Self::reference(reference, companion)?],
            CheckKind::RowBalance(other) => vec![Self::row_balance(other, grain, companion)?],
        };
        let (severity, tolerance) = (written.severity, written.tolerance);
        if !(0.0..=1.0).contains(&tolerance) {
            let fault =
                companion.fault(companion.find("tolerance"), "`tolerance` is a share from 0 to 1");
            return Err(fault.help("0.01 tolerates one offending row in a hundred"));
        }
        Ok(checks.into_iter().map(|check| Self { severity, tolerance, ..check }).collect())
    }

    /// Of two checks with one name only one could be told from the other.
    fn asked_twice(&self, companion: &ProjectFile) -> Fault {
        let message = format!("`{}` is asked twice, each time otherwise", self.id);
        let fault = companion.fault(self.toml_span(companion), message);
        fault.help(
            "ask it once; a second limit of the same column is a query in `pipelines/checks/`",
        )
    }

    fn new(id: CheckId, columns: Vec<String>, rule: Rule) -> Self {
        Self { id, severity: Severity::Error, tolerance: 0.0, columns, rule }
    }

    fn of_column(id: CheckId, column: &str, rule: Rule) -> Self {
        Self::new(id, vec![column.into()], rule)
    }

    fn not_null(column: &str) -> Self {
        Self::of_column(CheckId::not_null(column), column, Rule::not_null(column))
    }

    fn unique(columns: &[String]) -> Self {
        Self::new(CheckId::unique(columns), columns.to_vec(), Rule::Unique(columns.to_vec()))
    }

    fn reference(reference: &ReferenceFile, companion: &ProjectFile) -> Result<Self, Fault> {
        let (column, to) = (reference.column.clone(), &reference.to);
        let parsed = to.rsplit_once('.').and_then(|(table, target)| {
            Some(ForeignKey { column, table: table.parse().ok()?, target: target.into() })
        });
        let key = parsed.ok_or_else(|| {
            let message = format!("`{to}` is not a column of a table");
            let fault = companion.fault(companion.find(to), message);
            fault.help("write it as layer.table.column: dim.customer.customer_id")
        })?;
        let id = CheckId::reference(&reference.column, to);
        Ok(Self::of_column(id, &reference.column, Rule::Reference(key)))
    }

    fn row_balance(other: &str, grain: &[String], companion: &ProjectFile) -> Result<Self, Fault> {
        let table = other.parse().map_err(|_| {
            let fault = companion.fault(companion.find(other), format!("`{other}` is not a table"));
            fault.help("write it as layer.table: staging.ticket")
        })?;
        let balance = RowBalance { other: table, grain: grain.to_vec() };
        let id = CheckId::row_balance(other);
        Ok(Self::new(id, grain.to_vec(), Rule::RowBalance(balance)))
    }

    /// Another table the check reads.
    pub fn reads(&self) -> Option<&TableName> {
        match &self.rule {
            Rule::Reference(key) => Some(&key.table),
            Rule::RowBalance(balance) => Some(&balance.other),
            Rule::Condition(_) | Rule::Unique(_) => None,
        }
    }

    /// Where its companion file first names a column of it, for pointing at it.
    pub(crate) fn toml_span(&self, companion: &ProjectFile) -> Option<Range<usize>> {
        companion.find(self.columns.first()?)
    }

    /// SQL whose column `offending` counts the rows of `table` that offend.
    pub fn counting_sql(&self, table: &TableName) -> String {
        self.rule.counting_sql(table)
    }

    /// SQL that lists up to five rows that offend, by the given columns and those it looks at.
    pub fn listing_sql(&self, table: &TableName, grain: &[String]) -> String {
        let further = self.columns.iter().filter(|column| !grain.contains(column));
        let columns: Vec<String> = grain.iter().chain(further).cloned().collect();
        self.rule.listing_sql(table, &columns)
    }

    /// The SQL condition that offending rows meet, where the check looks at each row alone.
    pub(crate) fn condition(&self) -> Option<&str> {
        match &self.rule {
            Rule::Condition(condition) => Some(condition),
            _ => None,
        }
    }

    /// The table that must have as many rows.
    pub(crate) fn balanced_with(&self) -> Option<&TableName> {
        match &self.rule {
            Rule::RowBalance(balance) => Some(&balance.other),
            _ => None,
        }
    }

    /// Says whether as many rows may offend as do; counts these unless they are known.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when the check names what the table does not have.
    pub(crate) fn run(
        &self,
        session: &Session,
        table: &TableName,
        grain: &[String],
        counts: &TableCounts,
    ) -> Result<CheckOutcome, SqlFault> {
        let count = || query_count(session, &self.counting_sql(table), "offending");
        let offending = counts.offending(&self.id).map_or_else(count, Ok)?;
        let tolerated = tolerated(counts.rows, self.tolerance);
        let samples = if offending == 0 {
            Vec::new()
        } else {
            samples(&session.query(&self.listing_sql(table, grain), &Parameters::new())?)
        };
        Ok(CheckOutcome {
            check: self.id.clone(),
            offending,
            tolerated,
            looked_at: Some(counts.rows),
            verdict: CheckVerdict::of(offending, tolerated, self.severity),
            samples,
        })
    }
}

/// Points at the first use of the key, which need not be the empty one.
fn empty(key: &str, companion: &ProjectFile) -> Fault {
    let fault = companion.fault(companion.find(key), format!("a check `{key}` asks nothing"));
    fault.help(match key {
        "accepted" => "name the accepted `values`, or remove the check",
        "range" => "give `min`, `max` or both, or remove the check",
        _ => "name the columns, or remove the check",
    })
}

fn not_one_thing(companion: &ProjectFile) -> Fault {
    let span = companion.find("checks");
    let fault = companion.fault(span, "each `[[checks]]` entry asks exactly one thing");
    fault.help("one of: not_null, unique, accepted, range, reference, row_balance")
}
