//! Faults that some rows of an extract have, as real ones do.

use super::draw::Draw;

/// Faulty rows in a thousand.
const PER_MILLE: u32 = 2;
/// A row is spoilt only when so many rows before it bear it: no file is refused for its dirt.
const ROWS_FOR_EACH: u64 = 200;

/// One way to spoil a row; the text is the name of the column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoil {
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

impl Spoil {
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
    pub(super) fn replacement(self) -> Option<&'static str> {
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

/// Decides which rows of one file are spoilt.
pub(super) struct Dirt {
    draw: Draw,
    spoils: Vec<(Spoil, usize)>,
}

impl Dirt {
    /// For a file with these columns, spoilt in these ways.
    pub(super) fn new(draw: Draw, columns: &[&str], spoils: &[Spoil]) -> Self {
        let place = |spoil: Spoil| {
            let name = spoil.column()?;
            Some(
                columns
                    .iter()
                    .position(|column| *column == name)
                    .expect("a spoilt column stands in the header"),
            )
        };
        let spoils =
            spoils.iter().map(|spoil| (*spoil, place(*spoil).unwrap_or(usize::MAX))).collect();
        Self { draw, spoils }
    }

    /// How to spoil the next row, if at all, after so many rows and so many spoilt ones.
    pub(super) fn next(&mut self, rows: u64, spoilt: u64) -> Option<(Spoil, usize)> {
        let is_spoilt = self.draw.chance(PER_MILLE) && (spoilt + 1) * ROWS_FOR_EACH <= rows;
        is_spoilt.then(|| self.draw.pick(&self.spoils))
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::About;
    use super::*;

    #[test]
    fn a_small_file_stays_clean_and_a_large_one_has_its_share() {
        let mut dirt = Dirt::new(Draw::new(1, About::Dirt, 0, 0), &[], &[Spoil::Twice]);
        let mut spoilt = 0;
        for row in 1..=50_000 {
            spoilt += u64::from(dirt.next(row, spoilt).is_some());
            assert!(spoilt * ROWS_FOR_EACH <= row);
        }
        assert!((70..130).contains(&spoilt), "{spoilt} of 50000");
    }
}
