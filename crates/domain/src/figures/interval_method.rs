//! How the interval of a value was computed.

use serde::{Deserialize, Serialize};

/// How the interval of a value was computed: the column `interval_method` of `kpi.value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalMethod {
    /// Wilson score interval of a share.
    Wilson,
    /// Net score with three pseudo-answers.
    AdjustedWald,
    /// Mean of whole numbers, by Student's t.
    StudentT,
    /// Two observations that enclose a quantile.
    OrderStatistics,
    /// Ratio of sums over few clusters, drawn with a fixed seed.
    Bootstrap,
    /// Ratio of sums over many clusters, by its linear approximation.
    Linearised,
    /// Share or time of what part of goes on, by the product-limit estimate.
    Greenwood,
    /// No interval: a census, or a figure made of figures.
    None,
}

impl IntervalMethod {
    /// All of them, in the order of the reference.
    pub const ALL: [Self; 8] = [
        Self::Wilson,
        Self::AdjustedWald,
        Self::StudentT,
        Self::OrderStatistics,
        Self::Bootstrap,
        Self::Linearised,
        Self::Greenwood,
        Self::None,
    ];

    /// Its name in files and tables: `adjusted_wald`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::AdjustedWald => "adjusted_wald",
            Self::StudentT => "student_t",
            Self::OrderStatistics => "order_statistics",
            Self::Bootstrap => "bootstrap",
            Self::Linearised => "linearised",
            Self::Greenwood => "greenwood",
            Self::None => "none",
        }
    }

    /// The method of a name; `None` for any other text.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn a_method_has_one_name_for_tables_and_serde() {
        for method in IntervalMethod::ALL {
            let name: StrDeserializer<'_, Error> = method.name().into_deserializer();
            assert_eq!(IntervalMethod::deserialize(name), Ok(method));
            assert_eq!(IntervalMethod::from_name(method.name()), Some(method));
        }
        assert_eq!(IntervalMethod::from_name("Wilson"), None);
    }
}
