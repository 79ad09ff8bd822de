//! The interval a metric file asks for.

use scorewright_domain::IntervalMethod;
use serde::Deserialize;

/// How the interval of a metric is to be found: the key `interval` of its file.
///
/// Not every [`IntervalMethod`] can be asked for: which one a value carries also
/// depends on the statistic and on the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntervalChoice {
    /// Share of hits among asked.
    Wilson,
    /// Net score with three pseudo-answers.
    AdjustedWald,
    /// Mean of whole numbers.
    StudentT,
    /// Two observations that enclose a quantile; the mean of a quantile metric is `student_t`.
    OrderStatistics,
    /// Ratio of sums over clusters: drawn where they are few, linearised where they are many.
    Bootstrap,
    /// Share or time of what part of goes on.
    Greenwood,
    /// No interval: a census, or a figure made of figures.
    None,
}

impl IntervalChoice {
    /// The method of the same name.
    pub fn method(self) -> IntervalMethod {
        match self {
            Self::Wilson => IntervalMethod::Wilson,
            Self::AdjustedWald => IntervalMethod::AdjustedWald,
            Self::StudentT => IntervalMethod::StudentT,
            Self::OrderStatistics => IntervalMethod::OrderStatistics,
            Self::Bootstrap => IntervalMethod::Bootstrap,
            Self::Greenwood => IntervalMethod::Greenwood,
            Self::None => IntervalMethod::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    /// First column of the table under "## Intervals" of a page.
    fn documented(page: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(page);
        let text = fs::read_to_string(path).unwrap();
        let section = text.split("\n## Intervals\n").nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let cells = section.lines().filter_map(|line| line.strip_prefix("| `"));
        let names = cells.map(|rest| rest.split('`').next().unwrap().to_owned());
        names.filter(|name| !name.starts_with("interval")).collect()
    }

    fn choice(method: IntervalMethod) -> Option<IntervalChoice> {
        let name: StrDeserializer<'_, Error> = method.name().into_deserializer();
        IntervalChoice::deserialize(name).ok()
    }

    #[test]
    fn every_method_is_documented_and_no_other() {
        assert_eq!(documented("numbers.md"), IntervalMethod::ALL.map(IntervalMethod::name));
    }

    #[test]
    fn every_choice_is_documented_and_has_the_name_of_its_method() {
        let choices = IntervalMethod::ALL.into_iter().filter(|method| choice(*method).is_some());
        let names: Vec<&str> = choices.map(IntervalMethod::name).collect();
        assert_eq!(documented("reference/metric.md"), names);
        assert!(
            IntervalMethod::ALL
                .into_iter()
                .all(|method| { choice(method).is_none_or(|choice| choice.method() == method) })
        );
    }
}
