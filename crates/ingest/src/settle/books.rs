//! The books of every extract of a source after its rows were brought together.

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Books, Fingerprint, Landing};

use super::{Attempt, Candidate, Tallies};
use crate::contract;
use crate::land::IngestError;
use crate::merge::Tally;
use crate::source::{Kind, Source};
use scorewright_domain::Reason;

impl Attempt<'_> {
    /// The books of the files that were read now, and of those whose rows stay.
    pub(crate) fn books(
        &self,
        tallies: &Tallies,
    ) -> Result<(Vec<Landing>, Vec<Landing>), IngestError> {
        let fresh: Vec<Landing> =
            self.candidates.iter().map(|candidate| self.fresh(candidate, tallies)).collect();
        let stay: Vec<Landing> =
            self.stay.iter().map(|former| corrected(former, tallies)).collect();
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

    /// The content that a file takes the place of; a file that is only read again keeps what it had replaced.
    fn replaced(&self, candidate: &Candidate) -> Option<Fingerprint> {
        let former =
            self.plan.former.iter().find(|former| self.plan.replaces(candidate.file, former))?;
        if former.extract.fingerprint == candidate.extract.fingerprint {
            return former.replaces.clone();
        }
        Some(former.extract.fingerprint.clone())
    }

    fn fresh(&self, candidate: &Candidate, tallies: &Tallies) -> Landing {
        let mut books = Books {
            read: candidate.rows.read,
            accepted: candidate.rows.read - candidate.rows.quarantined.len() as u64,
            quarantined: candidate.rows.quarantined.len() as u64,
            ..Books::default()
        };
        for (reason, seen) in &candidate.rows.reasons {
            books.reasons.insert((*reason).to_owned(), seen.rows);
        }
        enter(&mut books, tallies.get(&candidate.name));
        let (unknown_columns, further_unknown_columns) =
            contract::kept(self.plan.source, &candidate.rows.unknown_columns);
        Landing {
            extract: candidate.extract.clone(),
            books,
            watermark: watermark(self.plan.source, candidate.rows.watermark),
            unknown_columns,
            further_unknown_columns,
            replaces: self.replaced(candidate),
        }
    }
}

/// Rows of an earlier file that a new one made superseded or equal leave its accepted rows.
fn corrected(former: &Landing, tallies: &Tallies) -> Landing {
    let mut landing = former.clone();
    enter(&mut landing.books, tallies.get(former.extract.file.to_string_lossy().as_ref()));
    landing
}

fn enter(books: &mut Books, tally: Option<&Tally>) {
    let Some(tally) = tally else { return };
    let conflicts = tally.conflicts.len() as u64;
    books.accepted -= tally.gone();
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
        let day = Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().try_days(newest?).ok()?)
            .ok()?;
        return Some(day.to_string());
    }
    Some(Timestamp::from_microsecond(newest?).ok()?.to_string())
}
