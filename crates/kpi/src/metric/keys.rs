//! Which keys belong to which kind.

use std::ops::Range;

use scorewright_domain::Fault;
use toml::Spanned;

use super::file::KindWord;
use super::reader::MetricFileReader;

impl MetricFileReader<'_> {
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
            ("include_left_out", span(raw.include_left_out.as_ref())),
            ("latest_of", span(raw.latest_of.as_ref())),
            ("numerator", span(raw.numerator.as_ref())),
            ("denominator", span(raw.denominator.as_ref())),
            ("scale", span(raw.scale.as_ref())),
            ("sum_of_squares", span(raw.sum_of_squares.as_ref())),
            ("sample", span(raw.sample.as_ref())),
            ("per_year", span(raw.per_year.as_ref())),
            ("minimum_group", span(raw.minimum_group.as_ref())),
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
            ("after_days", span(raw.after_days.as_ref())),
            ("of", span(raw.of.as_ref())),
            ("model", span(raw.model.as_ref())),
            ("predicts", span(raw.predicts.as_ref())),
            ("amount", span(raw.amount.as_ref())),
            ("horizon_days", span(raw.horizon_days.as_ref())),
            ("discount_per_year", span(raw.discount_per_year.as_ref())),
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
            "include_left_out",
            "latest_of",
            "numerator",
            "denominator",
            "sample",
            "sum_of_squares",
            "scale",
            "per_year",
            "cluster",
            "minimum_group",
            "matures_after_days",
            "question",
            "orientation",
        ],
        KindWord::Total => &[
            "fact",
            "time",
            "filter",
            "include_left_out",
            "latest_of",
            "numerator",
            "sample",
            "minimum_group",
            "matures_after_days",
        ],
        KindWord::Quantile => &[
            "fact",
            "time",
            "filter",
            "include_left_out",
            "latest_of",
            "value",
            "statistics",
            "minimum_group",
            "matures_after_days",
            "question",
            "orientation",
        ],
        KindWord::Movement => &[
            "fact",
            "filter",
            "include_left_out",
            "entity",
            "from",
            "until",
            "amount",
            "numerator",
            "denominator",
            "sample",
            "matures_after_days",
        ],
        KindWord::State => &[
            "fact",
            "filter",
            "include_left_out",
            "from",
            "until",
            "numerator",
            "denominator",
            "sample",
            "matures_after_days",
        ],
        KindWord::Survival => &[
            "fact",
            "filter",
            "include_left_out",
            "from",
            "until",
            "statistics",
            "after_days",
            "matures_after_days",
        ],
        KindWord::Model => &[
            "fact",
            "time",
            "filter",
            "include_left_out",
            "entity",
            "model",
            "predicts",
            "amount",
            "horizon_days",
            "discount_per_year",
        ],
        KindWord::Derived => &["formula", "parameters", "per_year"],
        KindWord::Growth => &["of"],
    }
}
