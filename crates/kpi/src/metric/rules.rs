//! What must agree within one metric file.

use std::ops::Range;

use scorewright_domain::{Direction, Fault, Unit};
use toml::Spanned;

use crate::metric::raw::KindWord;
use crate::metric::reading::Reader;
use crate::metric::{Kind, Method, Orientation, Question};

impl Reader<'_> {
    pub(super) fn check_orientation(&self) -> Result<(), Fault> {
        let raw = self.raw;
        let is_ces = raw.question.as_ref().filter(|question| *question.get_ref() == Question::Ces);
        match (is_ces, &raw.orientation) {
            (Some(question), None) => {
                let message = "a CES metric must say its orientation: `ease` when a high answer means easy, `effort` when it means much effort";
                let fault = self.file.fault(Some(question.span()), message);
                Err(fault.help("look at the question as it was asked, then add `orientation = \"ease\"` or `orientation = \"effort\"`"))
            }
            (None, Some(orientation)) => {
                let message = "only a CES metric has an orientation";
                Err(self
                    .file
                    .fault(Some(orientation.span()), message)
                    .help("add `question = \"ces\"`"))
            }
            (Some(_), Some(orientation)) => self.agree(*orientation.get_ref()),
            (None, None) => Ok(()),
        }
    }

    /// A mean score points where its question points; a share of good answers may point either way.
    fn agree(&self, orientation: Orientation) -> Result<(), Fault> {
        let (word, expected) = match orientation {
            Orientation::Ease => ("ease", Direction::HigherIsBetter),
            Orientation::Effort => ("effort", Direction::LowerIsBetter),
        };
        if *self.raw.unit.get_ref() == Unit::Share || *self.raw.direction.get_ref() == expected {
            return Ok(());
        }
        let right = if expected == Direction::HigherIsBetter {
            "higher_is_better"
        } else {
            "lower_is_better"
        };
        let message = format!("the direction contradicts the orientation `{word}`");
        let fault = self.file.fault(Some(self.raw.direction.span()), message);
        Err(fault.help(format!("write `direction = \"{right}\"`, or correct the orientation")))
    }

    pub(super) fn interval(&self, kind: &Kind) -> Result<Method, Fault> {
        let Some(written) = &self.raw.interval else {
            return Ok(self.usual_interval(kind));
        };
        let method = *written.get_ref();
        match why_not(method, kind) {
            Some(why) => Err(self.file.fault(Some(written.span()), why)),
            None => Ok(method),
        }
    }

    fn usual_interval(&self, kind: &Kind) -> Method {
        let is_share = *self.raw.unit.get_ref() == Unit::Share;
        match kind {
            Kind::Quantile { .. } => Method::OrderStatistics,
            Kind::Ratio { .. } | Kind::Movement { .. }
                if is_share && why_not(Method::Wilson, kind).is_none() =>
            {
                Method::Wilson
            }
            _ => Method::None,
        }
    }

    pub(super) fn refuse_foreign_keys(&self) -> Result<(), Fault> {
        let allowed = keys_of(*self.raw.kind.get_ref());
        match self.written_keys().into_iter().find(|(key, _)| !allowed.contains(key)) {
            None => Ok(()),
            Some((key, span)) => {
                let message =
                    format!("`{key}` means nothing for a metric of kind `{}`", self.kind_word());
                Err(self
                    .file
                    .fault(Some(span), message)
                    .help(format!("this kind takes: {}", allowed.join(", "))))
            }
        }
    }

    fn written_keys(&self) -> Vec<(&'static str, Range<usize>)> {
        fn span<T>(written: Option<&Spanned<T>>) -> Option<Range<usize>> {
            written.map(Spanned::span)
        }
        let raw = self.raw;
        let all = [
            ("fact", span(raw.fact.as_ref())),
            ("time", span(raw.time.as_ref())),
            ("filter", span(raw.filter.as_ref())),
            ("numerator", span(raw.numerator.as_ref())),
            ("denominator", span(raw.denominator.as_ref())),
            ("scale", span(raw.scale.as_ref())),
            ("sum_of_squares", span(raw.sum_of_squares.as_ref())),
            ("sample", span(raw.sample.as_ref())),
            ("per_year", span(raw.per_year.as_ref())),
            ("cluster", span(raw.cluster.as_ref())),
            ("matures_after_days", span(raw.matures_after_days.as_ref())),
            ("question", span(raw.question.as_ref())),
            ("orientation", span(raw.orientation.as_ref())),
            ("value", span(raw.value.as_ref())),
            ("statistics", span(raw.statistics.as_ref())),
            ("entity", span(raw.entity.as_ref())),
            ("from", span(raw.from.as_ref())),
            ("until", span(raw.until.as_ref())),
            ("formula", span(raw.formula.as_ref())),
            ("parameters", span(raw.parameters.as_ref())),
            ("of", span(raw.of.as_ref())),
        ];
        all.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
    }
}

/// Keys that belong to a kind, beside those every metric has.
fn keys_of(kind: KindWord) -> &'static [&'static str] {
    match kind {
        KindWord::Ratio => &[
            "fact",
            "time",
            "filter",
            "numerator",
            "denominator",
            "sample",
            "sum_of_squares",
            "scale",
            "per_year",
            "cluster",
            "matures_after_days",
            "question",
            "orientation",
        ],
        KindWord::Total => &["fact", "time", "filter", "numerator", "sample", "matures_after_days"],
        KindWord::Quantile => &[
            "fact",
            "time",
            "filter",
            "value",
            "statistics",
            "matures_after_days",
            "question",
            "orientation",
        ],
        KindWord::Movement => &[
            "fact",
            "filter",
            "entity",
            "from",
            "until",
            "numerator",
            "denominator",
            "matures_after_days",
        ],
        KindWord::State => &[
            "fact",
            "filter",
            "from",
            "until",
            "numerator",
            "denominator",
            "sample",
            "matures_after_days",
        ],
        KindWord::Derived => &["formula", "parameters", "per_year"],
        KindWord::Growth => &["of"],
    }
}

/// Why an interval method does not fit a kind, in words.
fn why_not(method: Method, kind: &Kind) -> Option<String> {
    let fits = match (method, kind) {
        (Method::None, _)
        | (Method::OrderStatistics, Kind::Quantile { .. })
        | (Method::Wilson, Kind::Movement { .. }) => true,
        (Method::Wilson, Kind::Ratio { scale, per_year, .. }) => {
            (scale - 1.0).abs() < f64::EPSILON && !per_year
        }
        (Method::AdjustedWald | Method::StudentT, Kind::Ratio { sum_of_squares, per_year, .. }) => {
            sum_of_squares.is_some() && !per_year
        }
        (Method::Bootstrap, Kind::Ratio { cluster, .. }) => cluster.is_some(),
        _ => false,
    };
    let needed = match method {
        Method::Wilson => {
            "a plain share: kind `ratio` or `movement` without `scale` and `per_year`"
        }
        Method::AdjustedWald => {
            "kind `ratio` with `sum_of_squares`, the count of answers that are not between"
        }
        Method::StudentT => "kind `ratio` with `sum_of_squares`",
        Method::OrderStatistics => "kind `quantile`",
        Method::Bootstrap => "kind `ratio` with `cluster`, the column whose rows belong together",
        Method::None => "",
    };
    (!fits).then(|| format!("an interval `{}` needs {needed}", method.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Metric;
    use crate::metric::reading::read_metric;
    use miette::Diagnostic;
    use scorewright_domain::ProjectFile;

    const CES: &str = r#"title = "Effort"
says = "Mean effort"
unit = "score"
direction = "higher_is_better"
kind = "ratio"
fact = "fact.survey_answer"
time = "answered_at"
numerator = "sum(score)"
denominator = "count(score)"
question = "ces"
orientation = "ease"
"#;

    fn read(text: &str) -> Result<Metric, Fault> {
        read_metric(&ProjectFile::new("pipelines/metrics/ces.toml", text))
    }

    /// Message, help, and the text pointed at.
    fn refused(text: &str) -> (String, String, String) {
        let fault = read(text).unwrap_err();
        let label = fault.labels().and_then(|mut labels| labels.next());
        let place = label.map_or("", |label| &text[label.offset()..label.offset() + label.len()]);
        let help = Diagnostic::help(&fault).map(|help| help.to_string()).unwrap_or_default();
        (fault.message().to_owned(), help, place.to_owned())
    }

    #[test]
    fn a_ces_metric_must_say_its_orientation() {
        let (message, help, place) = refused(&CES.replace("orientation = \"ease\"\n", ""));
        assert_eq!(
            message,
            "a CES metric must say its orientation: `ease` when a high answer means easy, `effort` when it means much effort"
        );
        assert!(help.contains("orientation = \"effort\""));
        assert_eq!(place, "\"ces\"");
    }

    #[test]
    fn the_direction_follows_the_orientation() {
        let (message, help, place) = refused(&CES.replace("\"ease\"", "\"effort\""));
        assert_eq!(message, "the direction contradicts the orientation `effort`");
        assert!(help.contains("lower_is_better"));
        assert_eq!(place, "\"higher_is_better\"");
        assert!(read(&CES.replace("\"ease\"", "\"effort\"").replace("higher", "lower")).is_ok());
    }

    #[test]
    fn a_share_of_good_answers_may_point_either_way() {
        let low_effort_rate =
            CES.replace("\"ease\"", "\"effort\"").replace("\"score\"", "\"share\"");
        assert!(read(&low_effort_rate).is_ok());
    }

    #[test]
    fn a_ratio_needs_its_bottom() {
        let (message, help, place) = refused(&CES.replace("denominator = \"count(score)\"\n", ""));
        assert_eq!(message, "a metric of kind `ratio` needs `denominator`");
        assert!(help.contains("count(score)"));
        assert_eq!(place, "\"ratio\"");
    }

    #[test]
    fn a_quantile_needs_its_value_and_takes_no_numerator() {
        let text = CES.replace("\"ratio\"", "\"quantile\"");
        assert_eq!(refused(&text).0, "`numerator` means nothing for a metric of kind `quantile`");
        let text = text.replace("numerator = \"sum(score)\"\ndenominator = \"count(score)\"\n", "");
        assert_eq!(refused(&text).0, "a metric of kind `quantile` needs `value`");
    }

    #[test]
    fn an_interval_must_fit_the_kind() {
        let (message, _, place) = refused(&format!("{CES}interval = \"student_t\"\n"));
        assert_eq!(message, "an interval `student_t` needs kind `ratio` with `sum_of_squares`");
        assert_eq!(place, "\"student_t\"");
        let (message, _, place) = refused(&format!("{CES}interval = \"wilsn\"\n"));
        assert_eq!(message, "`wilsn` is not accepted here");
        assert_eq!(place, "\"wilsn\"");
    }

    #[test]
    fn shares_and_quantiles_have_an_interval_unless_the_file_says_none() {
        assert_eq!(read(CES).unwrap().interval, Method::None);
        let share = CES.replace("\"score\"", "\"share\"");
        assert_eq!(read(&share).unwrap().interval, Method::Wilson);
        assert_eq!(read(&format!("{share}interval = \"none\"\n")).unwrap().interval, Method::None);
    }

    #[test]
    fn a_minimum_sample_of_zero_is_refused_and_thirty_is_usual() {
        let (message, _, place) = refused(&format!("{CES}minimum_sample = 0\n"));
        assert_eq!(message, "a minimum sample of 0 lets nobody speak for everybody");
        assert_eq!(place, "0");
        assert_eq!(read(CES).unwrap().minimum_sample, 30);
    }

    #[test]
    fn a_misspelt_key_names_the_nearest() {
        let (message, help, place) = refused(&CES.replace("denominator", "denominater"));
        assert_eq!(message, "unknown key `denominater`");
        assert!(help.starts_with("did you mean `denominator`?"), "{help}");
        assert_eq!(place, "denominater");
    }

    #[test]
    fn everything_cannot_wait_to_mature() {
        let (message, ..) = refused(&format!("{CES}matures_after_days = 7\ngrains = [\"all\"]\n"));
        assert!(message.starts_with("`all` always holds days too young"), "{message}");
    }

    #[test]
    fn a_dimension_is_one_column() {
        let (message, _, place) = refused(&format!("{CES}by = [\"team\", \"a b\"]\n"));
        assert_eq!(message, "`a b` is not a dimension: name one column of the fact");
        assert_eq!(place, "\"a b\"");
    }
}
