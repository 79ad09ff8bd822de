//! How a change was tested.

use serde::{Deserialize, Serialize};

/// The change from the value of the period before, with its test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TestedChange {
    /// 95 % interval of the change.
    pub interval: (f64, f64),
    /// Standard error of the change; half the length over 1.96 of an interval that is not symmetric.
    pub standard_error: f64,
    /// How likely a change this large is when there is none, before allowing for how many are looked at.
    pub probability: f64,
    /// How it was tested.
    pub test: ChangeTest,
}

/// How a change was tested: the column `test` of `kpi.value` and `kpi.standing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeTest {
    /// Two shares: z with one share for both; the interval is Newcombe's.
    #[serde(alias = "newcombe")]
    PooledZ,
    /// Two shares of which little is expected: Fisher's exact test; the interval is Newcombe's.
    Fisher,
    /// Two net scores: z on the counts with three pseudo-answers.
    AdjustedZ,
    /// Two means: Welch's t.
    Welch,
    /// Two medians: Mann and Whitney's test; the interval is that of the shift of Hodges and Lehmann.
    MannWhitney,
    /// Two times that part of what is looked at has not reached: the log-rank test; the interval is made of both intervals.
    LogRank,
    /// Two figures with intervals: their variances, recovered from the intervals.
    CombinedIntervals,
    /// A figure without interval: the usual change from one period to the next.
    MovingRange,
}

impl ChangeTest {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::PooledZ,
        Self::Fisher,
        Self::AdjustedZ,
        Self::Welch,
        Self::MannWhitney,
        Self::LogRank,
        Self::CombinedIntervals,
        Self::MovingRange,
    ];

    /// Its name in tables: `adjusted_z`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PooledZ => "pooled_z",
            Self::Fisher => "fisher",
            Self::AdjustedZ => "adjusted_z",
            Self::Welch => "welch",
            Self::MannWhitney => "mann_whitney",
            Self::LogRank => "log_rank",
            Self::CombinedIntervals => "combined_intervals",
            Self::MovingRange => "moving_range",
        }
    }

    /// The test of a name in a table.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|test| test.name() == name)
    }

    /// Whether it was made from the rows of both periods, and cannot be made again from the values.
    pub fn is_of_rows(self) -> bool {
        matches!(self, Self::MannWhitney | Self::LogRank)
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
            assert_eq!(ChangeTest::from_name(test.name()), Some(test));
        }
    }
}
