//! Which metrics a page shows: `reports/<report>/report.toml`.

use std::collections::BTreeSet;
use std::fmt;

use scorewright_domain::{Fault, Grain, ProjectFile, nearest};
use serde::Deserialize;

use crate::MetricFacts;

/// A report: the metrics on a page, in order. The folder name is the report's name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Name on the page: `Customer scorecard`.
    pub title: String,
    /// Length of the period shown: the last complete one before the as-of day.
    pub grain: Grain,
    /// Periods in a sparkline.
    #[serde(default = "Report::default_history")]
    pub history: usize,
    /// Parts of the scorecard, in the order of the page.
    pub group: Vec<Group>,
    /// Metrics also shown for each value of a dimension.
    #[serde(default)]
    pub breakdown: Vec<Breakdown>,
    /// Who gets it by mail; absent for a report that is only a page.
    #[serde(default)]
    pub mail: Option<Mail>,
    #[serde(skip)]
    file: Option<Box<ProjectFile>>,
}

/// A part of the scorecard: a heading and its metrics.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Heading: `What customers say`.
    pub title: String,
    /// Metrics, as `metric` or `metric:statistic`.
    pub lines: Vec<String>,
}

/// A metric shown for each value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Metric, as `metric` or `metric:statistic`.
    pub metric: String,
    /// Dimension: a column of the metric's fact, listed in its `by`.
    pub by: String,
}

/// Who gets the report by mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Sender: `Scorewright <scorecards@example.com>`.
    pub from: String,
    /// Recipients, one message each.
    pub to: Vec<String>,
    /// Address of the full page, when it is published somewhere: `https://…`.
    #[serde(default)]
    pub link: Option<String>,
}

/// A figure by name: `csat_top2`, or `full_resolution:median`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineName {
    /// Name of the metric.
    pub metric: String,
    /// Which figure of it; `value` unless the metric has several.
    pub statistic: String,
}

impl LineName {
    /// Reads `metric` or `metric:statistic`.
    pub fn new(text: &str) -> Self {
        let (metric, statistic) = text.split_once(':').unwrap_or((text, "value"));
        Self { metric: metric.into(), statistic: statistic.into() }
    }
}

impl fmt::Display for LineName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.metric)?;
        if self.statistic == "value" { Ok(()) } else { write!(out, ":{}", self.statistic) }
    }
}

impl Report {
    fn default_history() -> usize {
        13
    }

    /// Reads `reports/<report>/report.toml`.
    ///
    /// ```
    /// use scorewright_domain::ProjectFile;
    /// let text = "title = 'Board'\ngrain = 'month'\n[[group]]\ntitle = 'Voice'\nlines = ['nps']\n";
    /// let report = scorewright_report::Report::read(&ProjectFile::new("reports/board/report.toml", text));
    /// assert_eq!(report.expect("it is whole").id(), "board");
    /// ```
    ///
    /// # Errors
    ///
    /// A misspelt key, a report without groups or lines, a figure named twice, or a
    /// link that is not a web address; the fault points at the line.
    pub fn read(file: &ProjectFile) -> Result<Self, Fault> {
        let mut report: Self = file.toml()?;
        report.file = Some(Box::new(file.clone()));
        report.is_whole()?;
        Ok(report)
    }

    /// Name of the report: its folder.
    pub fn id(&self) -> &str {
        let path = self.file.as_ref().map_or("", |file| file.path.as_str());
        path.rsplit('/').nth(1).unwrap_or("report")
    }

    /// Checks that every figure named is one the project measures, by the report's periods or longer ones.
    ///
    /// # Errors
    ///
    /// The first name that no metric has, pointing at its line, with the nearest name that one has.
    pub fn check(&self, metrics: &[MetricFacts]) -> Result<(), Fault> {
        let mut lines = self.group.iter().flat_map(|group| &group.lines);
        lines.try_for_each(|name| self.metric(name, metrics).map(|_| ()))?;
        self.breakdown.iter().try_for_each(|breakdown| self.dimension(breakdown, metrics))
    }

    fn dimension(&self, breakdown: &Breakdown, metrics: &[MetricFacts]) -> Result<(), Fault> {
        let metric = self.metric(&breakdown.metric, metrics)?;
        if metric.by.contains(&breakdown.by) {
            return Ok(());
        }
        let known: Vec<&str> = metric.by.iter().map(String::as_str).collect();
        let message = format!("metric `{}` is not measured by `{}`", metric.metric, breakdown.by);
        Err(self.unknown(&breakdown.by, message, &breakdown.by, &known))
    }

    /// The definition behind a line name.
    pub(crate) fn metric<'a>(
        &self,
        name: &str,
        metrics: &'a [MetricFacts],
    ) -> Result<&'a MetricFacts, Fault> {
        let line = LineName::new(name);
        let Some(metric) = metrics.iter().find(|metric| metric.metric == line.metric) else {
            let known: Vec<&str> = metrics.iter().map(|metric| metric.metric.as_str()).collect();
            return Err(self.unknown(
                name,
                format!("no metric is called `{}`", line.metric),
                &line.metric,
                &known,
            ));
        };
        if !metric.statistics.contains(&line.statistic) {
            let known: Vec<&str> = metric.statistics.iter().map(String::as_str).collect();
            let message = format!("metric `{}` has no figure `{}`", line.metric, line.statistic);
            return Err(self.unknown(name, message, &line.statistic, &known));
        }
        if metric.grains.iter().all(|grain| *grain < self.grain) {
            let own = self.grain.name();
            let message = format!("metric `{}` is not measured by {own} or longer", metric.metric);
            let grains: Vec<&str> = metric.grains.iter().map(|grain| grain.name()).collect();
            return Err(self.fault(name, message).help(format!(
                "it is measured by {}; add `{own}` to its `grains`",
                grains.join(", ")
            )));
        }
        Ok(metric)
    }

    fn unknown(&self, name: &str, message: String, word: &str, known: &[&str]) -> Fault {
        let help = match nearest(word, known) {
            Some(near) => format!("did you mean `{near}`? known: {}", known.join(", ")),
            None => format!("known: {}", known.join(", ")),
        };
        self.fault(name, message).help(help)
    }

    fn fault(&self, word: &str, message: impl Into<String>) -> Fault {
        let file =
            self.file.as_deref().cloned().unwrap_or_else(|| ProjectFile::new("report.toml", ""));
        let span = file.find(&format!("\"{word}\"")).map(|quoted| quoted.start + 1..quoted.end - 1);
        file.fault(span.or_else(|| file.find(word)), message)
    }

    fn is_whole(&self) -> Result<(), Fault> {
        if self.group.is_empty() {
            return Err(self
                .fault("title", "the report shows nothing")
                .help("add a `[[group]]` with `lines`"));
        }
        if !(2..=104).contains(&self.history) {
            return Err(self
                .fault("history", format!("a history of {} periods cannot be drawn", self.history))
                .help("write a number from 2 to 104"));
        }
        let mut seen = BTreeSet::new();
        for group in &self.group {
            if group.lines.is_empty() {
                return Err(
                    self.fault(&group.title, format!("the group `{}` has no lines", group.title))
                );
            }
            if let Some(again) = group.lines.iter().find(|line| !seen.insert(LineName::new(line))) {
                return Err(self
                    .fault(again, format!("`{again}` is shown twice"))
                    .help("keep one of the two"));
            }
        }
        let link = self.mail.as_ref().and_then(|mail| mail.link.as_deref());
        match link {
            Some(link) if !is_web_address(link) => Err(self
                .fault(link, format!("`{link}` is not a web address"))
                .help("write it as `https://…`, without spaces")),
            _ => Ok(()),
        }
    }
}

/// Only web addresses become links: `javascript:` and the like never do.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|letter| letter.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use miette::Diagnostic;
    use scorewright_domain::{Direction, Unit};

    use super::*;

    const TEXT: &str = "title = \"Scorecard\"\ngrain = \"week\"\n[[group]]\ntitle = \"Voice\"\nlines = [\"csat\", \"resolution:median\"]\n";

    fn file(text: &str) -> ProjectFile {
        ProjectFile::new("reports/board/report.toml", text)
    }

    fn metric(name: &str, statistics: &[&str]) -> MetricFacts {
        MetricFacts {
            metric: name.into(),
            version: 1,
            title: name.into(),
            says: String::new(),
            unit: Unit::Share,
            direction: Direction::HigherIsBetter,
            statistics: statistics.iter().map(|name| (*name).to_owned()).collect(),
            by: vec!["team".into()],
            grains: vec![Grain::Week],
            formula: String::new(),
            decided: None,
            interval: scorewright_domain::IntervalMethod::Wilson,
            minimum_sample: 30,
            sources: Vec::new(),
        }
    }

    fn help(fault: &Fault) -> String {
        fault.help().unwrap().to_string()
    }

    #[test]
    fn the_folder_is_the_name() {
        let report = Report::read(&file(TEXT)).unwrap();
        assert_eq!(report.id(), "board");
        assert_eq!(report.history, 13);
    }

    #[test]
    fn an_unknown_metric_points_at_its_line_and_names_the_nearest() {
        let report = Report::read(&file(TEXT)).unwrap();
        let fault = report
            .check(&[metric("csat_top2", &["value"]), metric("csa", &["value"])])
            .unwrap_err();
        assert_eq!(fault.message(), "no metric is called `csat`");
        assert_eq!(help(&fault), "did you mean `csa`? known: csat_top2, csa");
        let span = *fault.labels().unwrap().next().unwrap().inner();
        assert_eq!(&TEXT[span.offset()..span.offset() + span.len()], "csat");
    }

    #[test]
    fn an_unknown_figure_of_a_metric_names_those_it_has() {
        let report = Report::read(&file(TEXT)).unwrap();
        let metrics = [metric("csat", &["value"]), metric("resolution", &["medians", "p90"])];
        let fault = report.check(&metrics).unwrap_err();
        assert_eq!(fault.message(), "metric `resolution` has no figure `median`");
        assert_eq!(help(&fault), "did you mean `medians`? known: medians, p90");
    }

    #[test]
    fn a_metric_of_shorter_periods_is_refused_and_one_of_longer_periods_is_not() {
        let report = Report::read(&file(&TEXT.replace("week", "month"))).unwrap();
        let fault = report.check(&[metric("csat", &["value"])]).unwrap_err();
        assert_eq!(fault.message(), "metric `csat` is not measured by month or longer");
        assert_eq!(help(&fault), "it is measured by week; add `month` to its `grains`");
        let by_year = |name: &str, figures: &[&str]| MetricFacts {
            grains: vec![Grain::Week, Grain::Year],
            ..metric(name, figures)
        };
        let metrics = [by_year("csat", &["value"]), by_year("resolution", &["median"])];
        assert!(report.check(&metrics).is_ok());
    }

    #[test]
    fn a_breakdown_by_an_unknown_dimension_names_the_nearest() {
        let text = format!("{TEXT}[[breakdown]]\nmetric = \"csat\"\nby = \"teams\"\n");
        let report = Report::read(&file(&text)).unwrap();
        let metrics = [metric("csat", &["value"]), metric("resolution", &["median"])];
        let fault = report.check(&metrics).unwrap_err();
        assert_eq!(fault.message(), "metric `csat` is not measured by `teams`");
        assert_eq!(help(&fault), "did you mean `team`? known: team");
    }

    #[test]
    fn a_figure_is_shown_once() {
        let fault =
            Report::read(&file(&TEXT.replace("resolution:median", "csat:value"))).unwrap_err();
        assert_eq!(fault.message(), "`csat:value` is shown twice");
    }

    #[test]
    fn a_link_is_a_web_address() {
        let mail = "[mail]\nfrom = \"a@example.com\"\nto = []\nlink = \"javascript:alert(1)\"\n";
        let fault = Report::read(&file(&format!("{TEXT}{mail}"))).unwrap_err();
        assert_eq!(fault.message(), "`javascript:alert(1)` is not a web address");
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let fault = Report::read(&file(&format!("histori = 3\n{TEXT}"))).unwrap_err();
        assert_eq!(fault.message(), "unknown key `histori`");
    }
}
