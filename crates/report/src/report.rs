//! Which metrics a page shows: `reports/<report>/report.toml`.

mod mail_age;
mod mail_hold;
mod verify;
mod webhook;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use scorewright_domain::{Environment, Fault, Grain, ProjectFile, did_you_mean};
use serde::Deserialize;

use crate::facts::MetricFacts;
use crate::line_name::LineName;
pub use mail_hold::MailHold;
pub use webhook::ReportWebhook;

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
    /// Groups of lines, in the order of the page.
    pub group: Vec<ReportGroup>,
    /// Metrics also shown for each value of a dimension.
    #[serde(default)]
    pub breakdown: Vec<Breakdown>,
    /// Who gets it by mail; absent for a report that is only a page.
    #[serde(default)]
    pub mail: Option<Mail>,
    /// The chat that gets a message for each period; absent for a report that posts none.
    #[serde(default)]
    pub webhook: Option<ReportWebhook>,
    /// How mail and message of a period that is not whole wait; absent, they are held for a day.
    #[serde(default)]
    pub hold: Option<MailHold>,
    #[serde(skip)]
    file: Option<Box<ProjectFile>>,
}

/// A group of the scorecard: a heading and its metrics.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportGroup {
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
    #[serde(default)]
    pub to: Vec<String>,
    /// Those of `to` that come from `reports/recipients.toml`.
    #[serde(skip)]
    pub listed: Vec<String>,
    /// Roles whose people are recipients too: those of `reports/recipients.toml`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Who reads what recipients answer; the sender when absent.
    #[serde(default)]
    pub reply_to: Option<String>,
    /// Address of the full page, when it is published somewhere: `https://…`.
    #[serde(default)]
    pub link: Option<String>,
    /// How long after the end of its period a report is mailed at most, unless it is asked for: `40d`.
    #[serde(default)]
    pub stale_after: Option<String>,
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
    /// A misspelt key, a folder that cannot be a name, a report without groups or lines, a mail that
    /// is stale after no time, a hold without a mail or of no time, a figure named twice, or a link that is not a web address; the fault points at the line.
    pub fn read(file: &ProjectFile) -> Result<Self, Fault> {
        Self::read_in(file, &Environment::none())
    }

    /// The same, with the values of the environment variables that sender, recipients and link name.
    ///
    /// # Errors
    ///
    /// A name without a value, too.
    pub fn read_in(file: &ProjectFile, environment: &Environment) -> Result<Self, Fault> {
        let mut report: Self = file.toml()?;
        report.file = Some(Box::new(file.clone()));
        report.expand(environment)?;
        report.verify()?;
        Ok(report)
    }

    fn expand(&mut self, environment: &Environment) -> Result<(), Fault> {
        if let Some(mut webhook) = self.webhook.take() {
            if let Some(link) = &mut webhook.link {
                *link = self.expanded(link, environment)?;
            }
            self.webhook = Some(webhook);
        }
        let Some(mut mail) = self.mail.take() else { return Ok(()) };
        let addresses = [&mut mail.from].into_iter().chain(&mut mail.to);
        let addresses = addresses.chain(&mut mail.link).chain(&mut mail.reply_to);
        for address in addresses {
            *address = self.expanded(address, environment)?;
        }
        self.mail = Some(mail);
        Ok(())
    }

    fn expanded(&self, address: &str, environment: &Environment) -> Result<String, Fault> {
        let expanded = environment.expand(address);
        expanded.map_err(|unset| self.fault(address, unset.to_string()).help("set it for the run"))
    }

    /// Name of the report: its folder.
    pub fn id(&self) -> &str {
        let path = self.file.as_ref().map_or("", |file| file.path.as_str());
        path.rsplit('/').nth(1).unwrap_or("report")
    }

    /// How long its mail is held at most while a period is not whole: a day where it does not say.
    pub fn held_for(&self) -> SignedDuration {
        let span = self.hold.as_ref().and_then(MailHold::span);
        span.unwrap_or(mail_hold::DEFAULT)
    }

    /// Whether recipients are told at once that the mail is held.
    pub fn has_hold_notice(&self) -> bool {
        self.hold.as_ref().is_some_and(|hold| hold.notice)
    }

    /// Days after the end of a period in which it is mailed without being asked for.
    ///
    /// - 40 where it does not say; never less than the longest period of its grain and ten days, so that a run for
    ///   today always mails the last period.
    pub fn stale_after_days(&self) -> i64 {
        let said = self.mail.as_ref().and_then(|mail| mail.stale_after.as_deref());
        let asked = said.and_then(mail_age::days);
        asked.unwrap_or(mail_age::DEFAULT).max(self.grain.most_days() + mail_age::LEAST_BEYOND)
    }

    /// The same report with further recipients.
    #[must_use]
    pub fn mailed_to(mut self, more: impl IntoIterator<Item = String>) -> Self {
        if let Some(mail) = &mut self.mail {
            mail.listed.extend(more);
            mail.to.extend(mail.listed.iter().cloned());
        }
        self
    }

    /// What is wrong with a mail that nobody gets.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when it has no recipient.
    pub fn check_recipients(&self) -> Result<(), Fault> {
        match &self.mail {
            Some(mail) if mail.to.is_empty() => Err(self
                .fault("to", "the mail has no recipient")
                .help("name one in `to`, or in `reports/recipients.toml`, or remove `[mail]`")),
            _ => Ok(()),
        }
    }

    /// The same report as a page alone.
    #[must_use]
    pub fn without_mail(self) -> Self {
        Self { mail: None, webhook: None, hold: None, ..self }
    }

    /// The same report without its message to a chat.
    #[must_use]
    pub fn without_webhook(self) -> Self {
        let hold = self.hold.filter(|_| self.mail.is_some());
        Self { webhook: None, hold, ..self }
    }

    /// Whether it is sent to anybody, by mail or to a chat.
    pub fn is_sent(&self) -> bool {
        self.mail.is_some() || self.webhook.is_some()
    }

    /// The same report without some metrics: its pages can be tried while their files are at fault.
    #[must_use]
    pub fn without(&self, metrics: &BTreeSet<String>) -> Self {
        let is_kept = |name: &String| !metrics.contains(&LineName::new(name).metric);
        let mut report = self.clone();
        for group in &mut report.group {
            group.lines.retain(is_kept);
        }
        report.group.retain(|group| !group.lines.is_empty());
        report.breakdown.retain(|breakdown| is_kept(&breakdown.metric));
        report
    }

    /// The metrics that it shows, by line and by breakdown; one may come several times.
    pub fn metrics(&self) -> impl Iterator<Item = String> {
        let lines = self.group.iter().flat_map(|group| &group.lines);
        let breakdowns = self.breakdown.iter().map(|breakdown| &breakdown.metric);
        lines.chain(breakdowns).map(|name| LineName::new(name).metric)
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
        let list = format!("known: {}", known.join(", "));
        self.fault(name, message).help(did_you_mean(word, known, &list))
    }

    /// Its file.
    pub fn file(&self) -> Option<&ProjectFile> {
        self.file.as_deref()
    }

    /// A fault of `report.toml` that points at a word of it, quoted where it is.
    pub fn fault(&self, word: &str, message: impl Into<String>) -> Fault {
        let file =
            self.file.as_deref().cloned().unwrap_or_else(|| ProjectFile::new("report.toml", ""));
        let span = file.find(&format!("\"{word}\"")).map(|quoted| quoted.start + 1..quoted.end - 1);
        file.fault(span.or_else(|| file.find(word)), message)
    }
}

#[cfg(test)]
mod tests;
