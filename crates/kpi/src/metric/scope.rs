//! What a metric is stated for: segments, periods, which rows of them, and how large a sample.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, Grain};
use toml::Spanned;

use super::expression::Expression;
use super::file::KindWord;
use super::reader::MetricFileReader;

impl MetricFileReader<'_> {
    pub(super) fn dimensions(&self) -> Result<Vec<Expression>, Fault> {
        self.columns("by", "dimension", &self.raw.by)
    }

    /// Columns in which rows agree of which one counts.
    pub(super) fn latest_of(&self) -> Result<Vec<Expression>, Fault> {
        match &self.raw.latest_of {
            Some(written) if written.get_ref().is_empty() => {
                let fault = self.file.fault(Some(written.span()), "`latest_of` names no column");
                Err(fault.help(
                    "name what the latest row is wanted of, such as [\"source\", \"question\", \"respondent\"], or leave the line out",
                ))
            }
            Some(written) => self.columns("latest_of", "column", written.get_ref()),
            None => Ok(Vec::new()),
        }
    }

    /// Names of columns of the fact, each once.
    fn columns(
        &self,
        key: &'static str,
        noun: &str,
        written: &[Spanned<String>],
    ) -> Result<Vec<Expression>, Fault> {
        let mut all: Vec<Expression> = Vec::new();
        for written in written {
            let name = written.get_ref();
            if !is_word(name) {
                let message = format!("`{name}` is not a {noun}: name one column of the fact");
                return Err(self.file.fault(Some(written.span()), message));
            }
            if all.iter().any(|earlier| &earlier.text == name) {
                let message = format!("{noun} `{name}` is named twice");
                return Err(self.file.fault(Some(written.span()), message));
            }
            all.push(Expression::new(key, written));
        }
        Ok(all)
    }

    /// Of some dimensions the values that are stated by name.
    pub(super) fn segments(&self) -> Result<BTreeMap<String, Vec<String>>, Fault> {
        let Some(written) = &self.raw.segments else { return Ok(BTreeMap::new()) };
        let at = |message: String| Err(self.file.fault(Some(written.span()), message));
        if matches!(self.raw.kind.get_ref(), KindWord::Derived | KindWord::Growth) {
            return at(
                "a metric made of metrics has their segments: `segments` stands there".into()
            );
        }
        for (dimension, values) in written.get_ref() {
            let names: BTreeSet<&String> = values.iter().collect();
            if !self.raw.by.iter().any(|by| by.get_ref() == dimension) {
                return at(format!("`segments` names `{dimension}`, and `by` does not"));
            }
            if names.is_empty() || names.len() < values.len() {
                return at(format!("`segments` names no value of `{dimension}`, or one twice"));
            }
        }
        Ok(written.get_ref().clone())
    }

    pub(super) fn grains(&self) -> Result<Vec<Grain>, Fault> {
        if self.raw.grains.is_empty() {
            return Ok(match self.raw.kind.get_ref() {
                KindWord::Model => vec![Grain::All],
                _ => vec![Grain::Week, Grain::Month],
            });
        }
        let mut all = Vec::new();
        for written in &self.raw.grains {
            let grain = *written.get_ref();
            if let Some(why) = self.why_not(grain, &all) {
                return Err(self.file.fault(Some(written.span()), why));
            }
            all.push(grain);
        }
        all.sort_unstable();
        Ok(all)
    }

    fn why_not(&self, grain: Grain, earlier: &[Grain]) -> Option<String> {
        let is_all = grain == Grain::All;
        match self.raw.kind.get_ref() {
            _ if earlier.contains(&grain) => {
                Some(format!("grain `{}` is named twice", grain.name()))
            }
            KindWord::Model if !is_all => {
                Some("a model looks ahead from the as-of day: it is stated by `all` alone".into())
            }
            KindWord::Movement if is_all => Some(
                "a movement compares the start of a period with its end: `all` has no start".into(),
            ),
            KindWord::Growth if is_all => {
                Some("growth compares with a year earlier: `all` has none".into())
            }
            _ if is_all && self.raw.matures_after_days.is_some() => Some(
                "`all` always holds days too young for `matures_after_days`: leave one of them out"
                    .into(),
            ),
            _ => None,
        }
    }

    /// Of whom the metric is, as one word.
    pub(super) fn population(&self) -> Result<Option<String>, Fault> {
        let Some(written) = &self.raw.population else { return Ok(None) };
        let word = written.get_ref();
        if is_word(word) {
            return Ok(Some(word.clone()));
        }
        let message = format!("`{word}` is not a name for a population");
        let fault = self.file.fault(Some(written.span()), message);
        Err(fault.help("write one word of lower-case letters, digits and underscores: `customer`"))
    }

    /// A figure of fewer people than three tells each of them what the others said.
    ///
    /// Periods must lie within each other, and end: else sums of some less sums of others tell of a few days.
    pub(super) fn minimum_group(&self) -> Result<Option<u64>, Fault> {
        let Some(written) = &self.raw.minimum_group else { return Ok(None) };
        let at = |message: &str| self.file.fault(Some(written.span()), message);
        let grains = self.grains()?;
        if *written.get_ref() < 3 {
            let fault = at("a group of fewer than 3 hides nobody");
            return Err(fault.help("write at least 3; 5 is usual, and 10 for what is delicate"));
        }
        if grains.contains(&Grain::All) {
            let fault = at("small groups cannot be protected beside the grain `all`");
            return Err(fault.help(
                "it grows every day, and what it grew by is a small group: name months, quarters and years in `grains`",
            ));
        }
        if grains.len() > 1 && grains.iter().any(|grain| *grain <= Grain::Week) {
            let fault =
                at("small groups cannot be protected in days or weeks beside longer periods");
            return Err(fault.help(
                "weeks reach from one month into the next, so that the difference is a few days, as a day is itself: write `grains = [\"week\"]`, or months, quarters and years",
            ));
        }
        Ok(Some(*written.get_ref()))
    }

    pub(super) fn minimum_sample(&self) -> Result<u64, Fault> {
        match &self.raw.minimum_sample {
            Some(written) if *written.get_ref() == 0 => {
                let fault = self.file.fault(
                    Some(written.span()),
                    "a minimum sample of 0 lets nobody speak for everybody",
                );
                Err(fault.help("write at least 1, or leave the line out"))
            }
            Some(written) => Ok(*written.get_ref()),
            // A count or a balance is a census: there is nobody who was not asked.
            None if matches!(self.raw.kind.get_ref(), KindWord::Total | KindWord::State) => Ok(0),
            None => Ok(30),
        }
    }
}

/// Lower-case letters, digits and underscores, starting with a letter: fit for SQL and for a file name.
pub(super) fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}
