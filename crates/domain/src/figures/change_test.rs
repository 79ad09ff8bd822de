//! How a change was tested.

use serde::{Deserialize, Serialize};

/// How a change was tested: the column `test` of `kpi.standing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeTest {
    /// Two shares: Newcombe's interval of their difference.
    Newcombe,
    /// Two net scores: z on the counts with three pseudo-answers.
    AdjustedZ,
    /// Two means: Welch's t.
    Welch,
    /// Two figures with intervals: their variances, recovered from the intervals.
    CombinedIntervals,
    /// A figure without interval: the usual change from one period to the next.
    MovingRange,
}

impl ChangeTest {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 5] =
        [Self::Newcombe, Self::AdjustedZ, Self::Welch, Self::CombinedIntervals, Self::MovingRange];

    /// Its name in tables: `adjusted_z`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newcombe => "newcombe",
            Self::AdjustedZ => "adjusted_z",
            Self::Welch => "welch",
            Self::CombinedIntervals => "combined_intervals",
            Self::MovingRange => "moving_range",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn a_test_has_one_name_for_tables_and_serde() {
        for test in ChangeTest::ALL {
            let name: StrDeserializer<'_, Error> = test.name().into_deserializer();
            assert_eq!(ChangeTest::deserialize(name), Ok(test));
        }
    }
}
