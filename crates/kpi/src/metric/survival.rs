//! A metric file of kind `survival`.

use scorewright_domain::{Fault, Unit};

use super::kind::{Lasting, SurvivalMetric};
use super::reader::MetricFileReader;
use super::rows::EventRows;
use super::statistic::Statistic;

impl MetricFileReader<'_> {
    pub(super) fn survival(&self) -> Result<SurvivalMetric, Fault> {
        Ok(SurvivalMetric {
            rows: EventRows {
                fact: self.fact()?,
                time: self.needs("from", self.raw.from.as_ref())?,
                filter: self.may("filter", self.raw.filter.as_ref())?,
                left_out: self.left_out(),
                latest_of: Vec::new(),
            },
            until: self.needs("until", self.raw.until.as_ref())?,
            lasting: self.lasting()?,
        })
    }

    /// A share after some days, or the times within which some have ended.
    fn lasting(&self) -> Result<Lasting, Fault> {
        let raw = self.raw;
        let at = |span, message: &str| self.file.fault(Some(span), message);
        match (*raw.unit.get_ref(), &raw.after_days, &raw.statistics) {
            (Unit::Share, Some(_), Some(statistics)) => {
                Err(at(statistics.span(), "a share after some days has no `statistics`"))
            }
            (Unit::Share, Some(days), None) => Ok(Lasting::After(*days.get_ref())),
            (Unit::Share, None, _) => Err(self.missing("after_days")),
            (Unit::Duration, Some(days), _) => {
                let fault = at(days.span(), "a time has no `after_days`");
                Err(fault.help("write `unit = \"share\"` for the share that lasts so long"))
            }
            (Unit::Duration, None, None) => Ok(Lasting::For(vec![Statistic::Median])),
            (Unit::Duration, None, Some(_)) => self.times().map(Lasting::For),
            _ => {
                let message = "a metric of kind `survival` is a time or a share";
                Err(at(raw.unit.span(), message)
                    .help("write `unit = \"duration\"`, or `unit = \"share\"` with `after_days`"))
            }
        }
    }

    /// What goes on has no mean time.
    fn times(&self) -> Result<Vec<Statistic>, Fault> {
        let statistics = self.statistics()?;
        if !statistics.contains(&Statistic::Mean) {
            return Ok(statistics);
        }
        let span = self.raw.statistics.as_ref().map(toml::Spanned::span);
        let fault = self.file.fault(span, "there is no mean of times that are not over");
        Err(fault.help("name some of: median, p90"))
    }
}
