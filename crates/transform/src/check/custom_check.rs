//! A check of the project's own: SQL that returns the rows that offend.

use std::collections::BTreeSet;

use scorewright_domain::{
    CheckId, CheckOutcome, CheckVerdict, Fault, ProjectFile, Severity, TableName,
};
use scorewright_warehouse::{ModelSql, Parameters, Session, SqlFault};

use super::samples::samples;
use crate::tables_read::tables_read;

/// The comment that makes a check a warning.
const WARNING: &str = "severity: warn";

/// `pipelines/checks/<check>.sql`: no rows, no offence.
///
/// A first line `-- severity: warn` makes it a warning; the other comments it begins with are shown when it fails.
#[derive(Debug, Clone)]
pub struct CustomCheck {
    /// Its name; the stem of its file.
    pub name: String,
    /// The SELECT.
    pub sql: ProjectFile,
    /// What a row means.
    pub severity: Severity,
    /// Tables it reads.
    pub reads: BTreeSet<TableName>,
}

impl CustomCheck {
    /// Reads a check from its file.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub fn read(name: String, sql: ProjectFile) -> Result<Self, Fault> {
        let parsed = ModelSql::read(&sql.text).map_err(|fault| fault.in_file(&sql))?;
        let reads = tables_read(&parsed, &sql)?;
        let severity = severity(&sql)?;
        Ok(Self { name, sql, severity, reads })
    }

    /// What it says of itself: the comment it begins with.
    pub(crate) fn says(&self) -> String {
        let lines: Vec<&str> = first_comments(&self.sql).filter(|line| *line != WARNING).collect();
        lines.join(" ")
    }

    /// The tables it reads, for people.
    pub(crate) fn tables(&self) -> String {
        self.reads.iter().map(ToString::to_string).collect::<Vec<_>>().join("`, `")
    }

    /// Collects the rows that offend.
    ///
    /// # Errors
    ///
    /// A [`SqlFault`] when its SQL does not run.
    pub(crate) fn run(
        &self,
        session: &Session,
        parameters: &Parameters,
    ) -> Result<CheckOutcome, SqlFault> {
        let offenders = session.query(&self.sql.text, parameters)?;
        let offending = offenders.len() as u64;
        Ok(CheckOutcome {
            check: CheckId::custom(&self.name),
            offending,
            tolerated: 0,
            looked_at: None,
            verdict: CheckVerdict::of(offending, 0, self.severity),
            samples: samples(&offenders),
        })
    }
}

/// The comments that a file begins with.
fn severity(sql: &ProjectFile) -> Result<Severity, Fault> {
    match first_comments(sql).find(|line| line.starts_with("severity:")) {
        Some(WARNING) => Ok(Severity::Warn),
        None | Some("severity: error") => Ok(Severity::Error),
        Some(line) => {
            let span = sql.text.find(line).map(|at| at..at + line.len());
            let fault = sql.fault(span, format!("there is no `{line}`"));
            Err(fault.help("write `-- severity: warn`, or leave the line out for an error"))
        }
    }
}

fn first_comments(sql: &ProjectFile) -> impl Iterator<Item = &str> {
    sql.text.lines().map_while(|line| line.strip_prefix("--")).map(str::trim)
}
