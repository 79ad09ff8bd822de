//! From the file as written to a metric whose kind has all it needs.

use scorewright_domain::{Fault, Grain, ProjectFile};
use toml::Spanned;

use crate::metric::raw::{KindWord, MetricFile};
use crate::metric::{Expression, Kind, Metric, Rows, Spells, Statistic};

/// Reads one metric file.
pub(super) fn read_metric(file: &ProjectFile) -> Result<Metric, Fault> {
    let raw: MetricFile = file.toml()?;
    let reader = Reader { file, raw: &raw };
    let name = reader.name()?;
    reader.refuse_foreign_keys()?;
    reader.check_orientation()?;
    let kind = reader.kind()?;
    Ok(Metric {
        name,
        version: raw.version,
        title: raw.title.clone(),
        says: raw.says.clone(),
        unit: *raw.unit.get_ref(),
        direction: *raw.direction.get_ref(),
        by: reader.dimensions()?,
        grains: reader.grains()?,
        minimum_sample: reader.minimum_sample()?,
        interval: reader.interval(&kind)?,
        matures_after_days: raw.matures_after_days.as_ref().map_or(0, |days| *days.get_ref()),
        orientation: raw.orientation.as_ref().map(|orientation| *orientation.get_ref()),
        decided: raw.decided.clone(),
        kind,
        file: file.clone(),
    })
}

/// A file with its contents, as written.
pub(super) struct Reader<'a> {
    pub(super) file: &'a ProjectFile,
    pub(super) raw: &'a MetricFile,
}

impl Reader<'_> {
    fn name(&self) -> Result<String, Fault> {
        let stem = self.file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
        if is_word(stem) {
            return Ok(stem.to_owned());
        }
        let message = format!("`{stem}` is not a name for a metric");
        Err(self
            .file
            .fault(None, message)
            .help("name the file in lower-case letters, digits and underscores"))
    }

    fn kind(&self) -> Result<Kind, Fault> {
        let raw = self.raw;
        Ok(match raw.kind.get_ref() {
            KindWord::Ratio => Kind::Ratio {
                rows: self.rows()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                denominator: self.needs("denominator", raw.denominator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
                sum_of_squares: self.may("sum_of_squares", raw.sum_of_squares.as_ref())?,
                scale: self.scale()?,
                per_year: raw.per_year.as_ref().is_some_and(|flag| *flag.get_ref()),
                cluster: self.may("cluster", raw.cluster.as_ref())?,
            },
            KindWord::Total => Kind::Total {
                rows: self.rows()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
            },
            KindWord::Quantile => Kind::Quantile {
                rows: self.rows()?,
                value: self.needs("value", raw.value.as_ref())?,
                statistics: self.statistics()?,
            },
            KindWord::Movement => Kind::Movement {
                spells: self.spells()?,
                entity: self.needs("entity", raw.entity.as_ref())?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                denominator: self.needs("denominator", raw.denominator.as_ref())?,
            },
            KindWord::State => Kind::State {
                spells: self.spells()?,
                numerator: self.needs("numerator", raw.numerator.as_ref())?,
                denominator: self.may("denominator", raw.denominator.as_ref())?,
                sample: self.may("sample", raw.sample.as_ref())?,
            },
            KindWord::Derived => Kind::Derived {
                formula: self.needs("formula", raw.formula.as_ref())?,
                parameters: raw
                    .parameters
                    .as_ref()
                    .map(|all| all.get_ref().clone())
                    .unwrap_or_default(),
                per_year: raw.per_year.as_ref().is_some_and(|flag| *flag.get_ref()),
            },
            KindWord::Growth => Kind::Growth { of: self.needs("of", raw.of.as_ref())? },
        })
    }

    fn rows(&self) -> Result<Rows, Fault> {
        Ok(Rows {
            fact: self.fact()?,
            time: self.needs("time", self.raw.time.as_ref())?,
            filter: self.may("filter", self.raw.filter.as_ref())?,
        })
    }

    fn spells(&self) -> Result<Spells, Fault> {
        Ok(Spells {
            fact: self.fact()?,
            from: self.needs("from", self.raw.from.as_ref())?,
            until: self.needs("until", self.raw.until.as_ref())?,
            filter: self.may("filter", self.raw.filter.as_ref())?,
        })
    }

    fn fact(&self) -> Result<Expression, Fault> {
        let fact = self.raw.fact.as_ref().ok_or_else(|| self.missing("fact"))?;
        Ok(Expression { key: "fact", text: fact.get_ref().to_string(), span: fact.span() })
    }

    fn needs(
        &self,
        key: &'static str,
        written: Option<&Spanned<String>>,
    ) -> Result<Expression, Fault> {
        self.may(key, written)?.ok_or_else(|| self.missing(key))
    }

    fn may(
        &self,
        key: &'static str,
        written: Option<&Spanned<String>>,
    ) -> Result<Option<Expression>, Fault> {
        match written {
            Some(written) if written.get_ref().trim().is_empty() => {
                Err(self.file.fault(Some(written.span()), format!("`{key}` is empty")))
            }
            Some(written) => Ok(Some(Expression::new(key, written))),
            None => Ok(None),
        }
    }

    fn missing(&self, key: &str) -> Fault {
        let word = self.kind_word();
        let message = format!("a metric of kind `{word}` needs `{key}`");
        self.at_kind(message).help(format!("add a line `{key} = ...`; {}", what_it_is(key)))
    }

    fn at_kind(&self, message: impl Into<String>) -> Fault {
        self.file.fault(Some(self.raw.kind.span()), message)
    }

    pub(super) fn kind_word(&self) -> &str {
        self.file.text[self.raw.kind.span()].trim_matches(['"', '\''])
    }

    fn scale(&self) -> Result<f64, Fault> {
        match &self.raw.scale {
            Some(scale) if !scale.get_ref().is_finite() || *scale.get_ref() == 0.0 => {
                Err(self.file.fault(Some(scale.span()), "a scale of nothing leaves nothing"))
            }
            Some(scale) => Ok(*scale.get_ref()),
            None => Ok(1.0),
        }
    }

    fn statistics(&self) -> Result<Vec<Statistic>, Fault> {
        let Some(written) = &self.raw.statistics else {
            return Ok(vec![Statistic::Median, Statistic::P90, Statistic::Mean]);
        };
        let all = written.get_ref();
        let is_repeated = all.iter().enumerate().any(|(index, one)| all[..index].contains(one));
        if all.is_empty() || is_repeated {
            let message = if is_repeated {
                "a statistic is named twice"
            } else {
                "no statistic is asked for"
            };
            return Err(self
                .file
                .fault(Some(written.span()), message)
                .help("name some of: median, p90, mean"));
        }
        Ok(all.clone())
    }

    fn dimensions(&self) -> Result<Vec<Expression>, Fault> {
        let mut all: Vec<Expression> = Vec::new();
        for written in &self.raw.by {
            let name = written.get_ref();
            if !is_word(name) {
                let message = format!("`{name}` is not a dimension: name one column of the fact");
                return Err(self.file.fault(Some(written.span()), message));
            }
            if all.iter().any(|earlier| &earlier.text == name) {
                let message = format!("dimension `{name}` is named twice");
                return Err(self.file.fault(Some(written.span()), message));
            }
            all.push(Expression::new("by", written));
        }
        Ok(all)
    }

    fn grains(&self) -> Result<Vec<Grain>, Fault> {
        if self.raw.grains.is_empty() {
            return Ok(vec![Grain::Week, Grain::Month]);
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

    fn minimum_sample(&self) -> Result<u64, Fault> {
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

fn what_it_is(key: &str) -> &'static str {
    match key {
        "fact" => "the table it counts, such as \"fact.ticket\"",
        "time" => "the timestamp or date column that puts a row into a period",
        "numerator" => "the top of the quotient, such as \"count(*) FILTER (WHERE score >= 4)\"",
        "denominator" => "the bottom of the quotient, such as \"count(score)\"",
        "value" => "the whole number on each row, such as \"resolution_seconds\"",
        "entity" => "what comes and goes, such as \"customer_id\"",
        "from" => "the timestamp or date at which a row begins to hold",
        "until" => "the timestamp or date at which it ends, empty while it lasts",
        "formula" => "arithmetic over names of metrics, such as \"revenue / customers\"",
        _ => "the name of another metric, such as \"revenue\"",
    }
}

/// Lower-case letters, digits and underscores, starting with a letter: fit for SQL and for a file name.
fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && text
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}
