//! What must hold of a table's rows, and the SQL that counts the rows that offend.

use scorewright_domain::{CheckOutcome, Fault, ProjectFile, Severity, SqlName, SqlText, TableName};
use scorewright_warehouse::{Parameters, Session, SqlFault};
use serde::Deserialize;

use crate::model::ModelFile;

/// A check as a companion file writes it: exactly one of the first five keys.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckFile {
    not_null: Option<Vec<String>>,
    unique: Option<Vec<String>>,
    accepted: Option<Accepted>,
    range: Option<Range>,
    reference: Option<Reference>,
    #[serde(default)]
    severity: Severity,
    #[serde(default)]
    tolerance: f64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    column: String,
    values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    column: String,
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reference {
    column: String,
    to: String,
}

/// One check, ready to run.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// What is asked: `not_null(customer_id)`.
    pub title: String,
    /// What a failure means.
    pub severity: Severity,
    /// Share of rows that may offend.
    pub tolerance: f64,
    /// Columns it looks at, for pointing at them.
    pub columns: Vec<String>,
    rule: Rule,
}

/// What a row must satisfy.
#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// A SQL condition that offending rows meet.
    Row(String),
    /// Columns that no two rows may share.
    Unique(Vec<String>),
    /// A column whose values must exist in a column of another table.
    Reference { column: String, table: TableName, target: String },
}

/// A check that cannot run, in the file that states it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CheckFault(pub SqlFault);

impl Check {
    /// The grain's own checks, then those of the companion file.
    pub(crate) fn all(settings: &ModelFile, file: &ProjectFile) -> Result<Vec<Self>, Fault> {
        let mut checks: Vec<Self> =
            settings.grain.iter().map(|column| Self::not_null(column)).collect();
        checks.push(Self::unique(settings.grain.clone()));
        for written in &settings.checks {
            for check in Self::from_file(written, file)? {
                if !checks.iter().any(|known| known.title == check.title) {
                    checks.push(check);
                }
            }
        }
        Ok(checks)
    }

    fn from_file(written: &CheckFile, file: &ProjectFile) -> Result<Vec<Self>, Fault> {
        let mut checks = Vec::new();
        checks.extend(written.not_null.iter().flatten().map(|column| Self::not_null(column)));
        checks.extend(written.unique.iter().map(|columns| Self::unique(columns.clone())));
        checks.extend(written.accepted.iter().map(Self::accepted));
        checks.extend(written.range.iter().map(Self::range));
        if let Some(reference) = &written.reference {
            checks.push(Self::reference(reference, file)?);
        }
        let kinds = [
            written.not_null.is_some(),
            written.unique.is_some(),
            written.accepted.is_some(),
            written.range.is_some(),
            written.reference.is_some(),
        ];
        if kinds.iter().filter(|is_set| **is_set).count() != 1 {
            let fault =
                file.fault(file.find("checks"), "each `[[checks]]` entry asks exactly one thing");
            return Err(fault.help("one of: not_null, unique, accepted, range, reference"));
        }
        for check in &mut checks {
            check.severity = written.severity;
            check.tolerance = written.tolerance;
        }
        Ok(checks)
    }

    fn new(title: String, columns: Vec<String>, rule: Rule) -> Self {
        Self { title, severity: Severity::Error, tolerance: 0.0, columns, rule }
    }

    fn not_null(column: &str) -> Self {
        let rule = Rule::Row(format!("{} IS NULL", SqlName(column)));
        Self::new(format!("not_null({column})"), vec![column.into()], rule)
    }

    fn unique(columns: Vec<String>) -> Self {
        Self::new(format!("unique({})", columns.join(", ")), columns.clone(), Rule::Unique(columns))
    }

    fn accepted(accepted: &Accepted) -> Self {
        let column = SqlName(&accepted.column);
        let values: Vec<String> =
            accepted.values.iter().map(|value| SqlText(value).to_string()).collect();
        let rule = format!(
            "{column} IS NOT NULL AND CAST({column} AS VARCHAR) NOT IN ({})",
            values.join(", ")
        );
        Self::new(
            format!("accepted({})", accepted.column),
            vec![accepted.column.clone()],
            Rule::Row(rule),
        )
    }

    fn range(range: &Range) -> Self {
        let column = SqlName(&range.column);
        let low = range.min.map(|min| format!("{column} < {min}"));
        let high = range.max.map(|max| format!("{column} > {max}"));
        let rule = low.into_iter().chain(high).collect::<Vec<_>>().join(" OR ");
        let rule = if rule.is_empty() { "false".into() } else { rule };
        Self::new(format!("range({})", range.column), vec![range.column.clone()], Rule::Row(rule))
    }

    fn reference(reference: &Reference, file: &ProjectFile) -> Result<Self, Fault> {
        let bad = || {
            let fault = file.fault(
                file.find(&reference.to),
                format!("`{}` is not a column of a table", reference.to),
            );
            fault.help("write it as layer.table.column: dim.customer.customer_id")
        };
        let (table, target) = reference.to.rsplit_once('.').ok_or_else(bad)?;
        let table: TableName = table.parse().map_err(|_| bad())?;
        let title = format!("reference({} -> {})", reference.column, reference.to);
        let rule =
            Rule::Reference { column: reference.column.clone(), table, target: target.into() };
        Ok(Self::new(title, vec![reference.column.clone()], rule))
    }

    /// Another table the check reads.
    pub fn reads(&self) -> Option<&TableName> {
        if let Rule::Reference { table, .. } = &self.rule { Some(table) } else { None }
    }

    /// SQL that counts the rows of `table` that offend.
    pub fn counting_sql(&self, table: &TableName) -> String {
        match &self.rule {
            Rule::Row(condition) => {
                format!("SELECT count(*) AS offending FROM {table} WHERE {condition}")
            }
            Rule::Unique(columns) => {
                let columns = list(columns);
                format!(
                    "SELECT coalesce(sum(repeats - 1), 0) AS offending FROM \
                     (SELECT count(*) AS repeats FROM {table} GROUP BY {columns} HAVING count(*) > 1) AS repeated"
                )
            }
            Rule::Reference { .. } => {
                format!("SELECT count(*) AS offending {}", self.offenders(table))
            }
        }
    }

    /// SQL that lists up to five rows that offend, by the given columns.
    pub fn listing_sql(&self, table: &TableName, grain: &[String]) -> String {
        let mut columns = grain.to_vec();
        columns.extend(self.columns.iter().filter(|column| !grain.contains(column)).cloned());
        let columns = list(&columns);
        match &self.rule {
            Rule::Row(condition) => {
                format!(
                    "SELECT {columns} FROM {table} WHERE {condition} ORDER BY {columns} LIMIT 5"
                )
            }
            Rule::Unique(repeated) => {
                let repeated = list(repeated);
                format!(
                    "SELECT {repeated} FROM {table} GROUP BY {repeated} HAVING count(*) > 1 ORDER BY {repeated} LIMIT 5"
                )
            }
            Rule::Reference { .. } => {
                format!("SELECT {columns} {} ORDER BY {columns} LIMIT 5", self.offenders(table))
            }
        }
    }

    fn offenders(&self, table: &TableName) -> String {
        let Rule::Reference { column, table: other, target } = &self.rule else {
            return String::new();
        };
        let (column, target) = (SqlName(column), SqlName(target));
        format!(
            "FROM {table} LEFT ANTI JOIN (SELECT {target} AS referenced FROM {other}) AS referenced_rows \
             ON {table}.{column} = referenced_rows.referenced WHERE {column} IS NOT NULL"
        )
    }

    /// Counts the rows that offend.
    ///
    /// # Errors
    ///
    /// A [`CheckFault`] when the check names what the table does not have.
    pub fn run(
        &self,
        session: &Session,
        table: &TableName,
        grain: &[String],
        rows: u64,
    ) -> Result<CheckOutcome, CheckFault> {
        let none = Parameters::new();
        let counted = session.query(&self.counting_sql(table), &none).map_err(CheckFault)?;
        let counted = counted.rows.first().and_then(|row| row[0].as_u64()).unwrap_or(0);
        #[allow(
            clippy::cast_precision_loss,
            reason = "a tolerated share needs no more than 52 bits"
        )]
        let is_tolerated = counted as f64 <= self.tolerance * rows as f64;
        let mut samples = Vec::new();
        if !is_tolerated {
            let listed =
                session.query(&self.listing_sql(table, grain), &none).map_err(CheckFault)?;
            samples = listed.rows.iter().map(|row| sample(&listed.columns, row)).collect();
        }
        let offending = if is_tolerated { 0 } else { counted };
        Ok(CheckOutcome {
            check: self.title.clone(),
            severity: self.severity,
            offending,
            looked_at: rows,
            samples,
        })
    }
}

/// A row as a person reads it: `ticket_id=7 status=open`.
pub(crate) fn sample(columns: &[String], row: &[scorewright_warehouse::Cell]) -> String {
    let shown = columns.iter().zip(row).map(|(column, cell)| {
        let text: String = cell
            .to_string()
            .chars()
            .take(60)
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        format!("{column}={}", if cell.is_null() { "(null)" } else { &text })
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn list(columns: &[String]) -> String {
    columns.iter().map(|column| SqlName(column).to_string()).collect::<Vec<_>>().join(", ")
}
