//! Faults that some rows of an extract have, as real ones do.

use crate::random::RandomStream;

/// Faulty rows in a thousand.
const PER_MILLE: u32 = 2;
/// A row is defective only when so many rows before it bear it: no file is refused for its defects.
const ROWS_FOR_EACH: u64 = 200;

/// One way a row can be defective; the text is the name of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// A date that no calendar has.
    BadDate(&'static str),
    /// No value where one must be.
    Missing(&'static str),
    /// A value that the system's manual does not know.
    Unknown(&'static str),
    /// A number beyond its scale.
    OutOfRange(&'static str),
    /// A quoted text with quotes inside that were not doubled.
    StrayQuote(&'static str),
    /// Half of the row is missing.
    TooShort,
    /// Two fields too many.
    TooLong,
    /// The same row once more.
    Twice,
}

impl Defect {
    fn column(self) -> Option<&'static str> {
        match self {
            Self::BadDate(name)
            | Self::Missing(name)
            | Self::Unknown(name)
            | Self::OutOfRange(name)
            | Self::StrayQuote(name) => Some(name),
            Self::TooShort | Self::TooLong | Self::Twice => None,
        }
    }

    /// What stands in the field instead, byte for byte.
    pub(crate) fn replacement(self) -> Option<&'static str> {
        match self {
            Self::BadDate(_) => Some("2026-02-31 25:61:00"),
            Self::Missing(_) => Some(""),
            Self::Unknown(_) => Some("#N/A"),
            Self::OutOfRange(_) => Some("99"),
            Self::StrayQuote(_) => Some("\"the \"new\" screen"),
            Self::TooShort | Self::TooLong | Self::Twice => None,
        }
    }
}

/// Decides which rows of one file are defective.
pub(crate) struct DefectInjector {
    random: RandomStream,
    defects: Vec<(Defect, usize)>,
}

impl DefectInjector {
    /// For a file with these columns, whose rows may have these defects.
    pub(crate) fn new(random: RandomStream, columns: &[&str], defects: &[Defect]) -> Self {
        let place = |defect: Defect| {
            let name = defect.column()?;
            Some(
                columns
                    .iter()
                    .position(|column| *column == name)
                    .expect("a defective column stands in the header"),
            )
        };
        let defects =
            defects.iter().map(|defect| (*defect, place(*defect).unwrap_or(usize::MAX))).collect();
        Self { random, defects }
    }

    /// The defect of the next row, if it has one, after so many rows and so many defective ones.
    pub(crate) fn next(&mut self, rows: u64, defective: u64) -> Option<(Defect, usize)> {
        let is_defective = self.random.chance(PER_MILLE) && (defective + 1) * ROWS_FOR_EACH <= rows;
        is_defective.then(|| self.random.pick(&self.defects))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::StreamKind;

    #[test]
    fn a_small_file_stays_clean_and_a_large_one_has_its_share() {
        let mut injector = DefectInjector::new(
            RandomStream::new(1, StreamKind::Defects, 0, 0),
            &[],
            &[Defect::Twice],
        );
        let mut defective = 0;
        for row in 1..=50_000 {
            defective += u64::from(injector.next(row, defective).is_some());
            assert!(defective * ROWS_FOR_EACH <= row);
        }
        assert!((70..130).contains(&defective), "{defective} of 50000");
    }
}
