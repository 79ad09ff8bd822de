//! The figures of a quantile metric.

/// A figure of a quantile metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statistic {
    /// Half of the observations do not exceed it.
    Median,
    /// Nine in ten do not exceed it.
    P90,
    /// Sum over count.
    Mean,
}

impl Statistic {
    /// Its name in files and columns: `p90`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Median => "median",
            Self::P90 => "p90",
            Self::Mean => "mean",
        }
    }
}
