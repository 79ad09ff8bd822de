//! The books of every extract of a source after its rows were brought together.

use jiff::Timestamp;
use jiff::civil::Date;
use scorewright_domain::{Books, Extract, Landing, Reason, ReplacedContent};
use scorewright_extract::{Kind, Source};

use super::attempt::MergeAttempt;
use super::read_files::ReadFile;
use crate::error::IngestError;
use crate::merge::{Tallies, Tally};
use crate::undeclared;

impl MergeAttempt<'_> {
    /// The books of the files that were read now, and of those whose rows stay.
    pub(crate) fn books(
        &self,
        tallies: &Tallies,
    ) -> Result<(Vec<Landing>, Vec<Landing>), IngestError> {
        let fresh: Vec<Landing> = self.files.iter().map(|file| self.fresh(file, tallies)).collect();
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

    /// The contents that a file takes the place of; a file that is only read again keeps those it had replaced.
    fn replaced(&self, file: &ReadFile) -> Vec<ReplacedContent> {
        let is_former = |former: &&Landing| self.plan.replaces(file.file, former);
        let Some(former) = self.plan.former.iter().find(is_former) else { return Vec::new() };
        let Extract { file: path, fingerprint, bytes, .. } = &former.extract;
        let is_other = *fingerprint != file.extract.fingerprint;
        let last = is_other.then(|| ReplacedContent {
            file: path.clone(),
            fingerprint: fingerprint.clone(),
            bytes: *bytes,
        });
        former.replaced.iter().cloned().chain(last).collect()
    }

    fn fresh(&self, file: &ReadFile, tallies: &Tallies) -> Landing {
        let mut books = Books {
            read: file.summary.read,
            accepted: file.summary.read - file.summary.rejected - file.summary.not_sampled,
            quarantined: file.summary.rejected - file.summary.not_data(),
            not_data: file.summary.not_data(),
            not_sampled: file.summary.not_sampled,
            ..Books::default()
        };
        for (reason, seen) in &file.summary.reasons {
            books.reasons.insert(reason.clone(), seen.rows);
        }
        books.reasons.remove(Reason::NotData.code());
        apply(&mut books, tallies.get(&file.name));
        let (unknown_columns, further_unknown_columns) =
            undeclared::kept(self.plan.source, &file.summary.unknown_columns);
        Landing {
            extract: file.extract.clone(),
            books,
            watermark: watermark(self.plan.source, file.summary.watermark),
            marked_at: file.file.marked_at,
            absent_columns: file.summary.absent_columns.clone(),
            unmet_columns: file.summary.unmet_columns.clone(),
            unknown_columns,
            further_unknown_columns,
            first_seen: self.plan.first_seen(&file.extract.fingerprint),
            replaced: self.replaced(file),
            rounded: file.summary.rounded,
            row_sample: file.buffer.row_sample(),
        }
    }
}

/// Rows of an earlier file that a new one made superseded or equal leave its accepted rows.
fn corrected(former: &Landing, tallies: &Tallies) -> Landing {
    let mut landing = former.clone();
    apply(&mut landing.books, tallies.get(former.extract.file.to_string_lossy().as_ref()));
    landing
}

fn apply(books: &mut Books, tally: Option<&Tally>) {
    let Some(tally) = tally else { return };
    let conflicts = tally.conflicts.len() as u64;
    books.accepted = books.accepted + tally.returned - tally.gone();
    books.duplicates += tally.duplicates;
    books.superseded = books.superseded + tally.superseded - tally.returned;
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
