//! The books of every extract of a source after its rows were brought together.

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Books, Landing};

use super::{Candidate, Outcome};
use crate::land::IngestError;
use crate::merge::Tally;
use crate::quarantine::Reason;
use crate::source::{Kind, Source};

impl Outcome<'_> {
    /// The books of the files that were read now, and of those whose rows stay.
    pub(crate) fn books(&self) -> Result<(Vec<Landing>, Vec<Landing>), IngestError> {
        let fresh: Vec<Landing> = self.candidates.iter().map(|candidate| self.fresh(candidate)).collect();
        let stay: Vec<Landing> = self.stay.iter().map(|former| self.carried(former)).collect();
        let unbalanced = fresh.iter().chain(&stay).find(|landing| !landing.books.is_balanced());
        match unbalanced {
            None => Ok((fresh, stay)),
            Some(landing) => Err(IngestError::Unbalanced {
                of: landing.extract.source.clone(),
                file: landing.extract.file.clone(),
                books: Box::new(landing.books.clone()),
            }),
        }
    }

    fn tally(&self, file: &str) -> Tally {
        self.merged.tallies.get(file).cloned().unwrap_or_default()
    }

    fn fresh(&self, candidate: &Candidate) -> Landing {
        let mut books = Books {
            read: candidate.rows.read,
            quarantined: candidate.rows.quarantined.len() as u64,
            ..Books::default()
        };
        for (reason, seen) in &candidate.rows.reasons {
            books.reasons.insert((*reason).to_owned(), seen.rows);
        }
        enter(&mut books, &self.tally(&candidate.file.name()));
        Landing {
            extract: candidate.file.extract.clone(),
            books,
            watermark: watermark(self.plan.source, candidate.rows.watermark),
            unknown_columns: candidate.rows.unknown_columns.clone(),
        }
    }

    /// Rows of an earlier file that a new one made superseded or equal leave its accepted rows.
    fn carried(&self, former: &Landing) -> Landing {
        let mut landing = former.clone();
        enter(&mut landing.books, &self.tally(&former.extract.file.to_string_lossy()));
        landing
    }
}

fn enter(books: &mut Books, tally: &Tally) {
    let conflicts = tally.conflicts.len() as u64;
    books.accepted = tally.kept;
    books.duplicates += tally.duplicates;
    books.superseded += tally.superseded;
    books.quarantined += conflicts;
    if conflicts > 0 {
        *books.reasons.entry(Reason::ConflictingKey.code().into()).or_default() += conflicts;
    }
}

fn watermark(source: &Source, newest: Option<i64>) -> Option<String> {
    let column = &source.columns[source.watermark.as_deref()?];
    if column.kind == Kind::Date {
        let day = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(newest?).ok()?).ok()?;
        return Some(day.to_string());
    }
    Some(Timestamp::from_microsecond(newest?).ok()?.to_string())
}
