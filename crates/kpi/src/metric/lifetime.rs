//! A metric file of kind `model`.

use scorewright_domain::Fault;

use super::kind::{LifetimeMetric, Prediction};
use super::reader::MetricFileReader;

/// Days that are looked ahead where the file does not say.
const HORIZON: u16 = 365;

/// What money is worth less a year later where the file does not say.
const DISCOUNT: f64 = 0.1;

impl MetricFileReader<'_> {
    pub(super) fn lifetime(&self) -> Result<LifetimeMetric, Fault> {
        let raw = self.raw;
        let predicts = raw.predicts.as_ref().ok_or_else(|| self.missing("predicts"))?;
        let is_value = *predicts.get_ref() == Prediction::Value;
        let amount = self.may("amount", raw.amount.as_ref())?;
        if is_value && amount.is_none() {
            return Err(self.missing("amount"));
        }
        let money = [
            raw.amount.as_ref().map(|amount| ("amount", amount.span())),
            raw.discount_per_year.as_ref().map(|discount| ("discount_per_year", discount.span())),
        ];
        if let Some((key, span)) = money.into_iter().flatten().next().filter(|_| !is_value) {
            let fault = self
                .file
                .fault(Some(span), format!("`{key}` means nothing for purchases that are counted"));
            return Err(fault.help("remove it, or write `predicts = \"value\"`"));
        }
        Ok(LifetimeMetric {
            rows: self.event_rows()?,
            entity: self.needs("entity", raw.entity.as_ref())?,
            amount,
            model: *raw.model.as_ref().ok_or_else(|| self.missing("model"))?.get_ref(),
            predicts: *predicts.get_ref(),
            horizon_days: f64::from(self.horizon()?),
            discount_per_year: self.discount()?,
        })
    }

    fn horizon(&self) -> Result<u16, Fault> {
        match &self.raw.horizon_days {
            Some(days) if *days.get_ref() == 0 => {
                Err(self.file.fault(Some(days.span()), "nothing is bought in a horizon of no days"))
            }
            Some(days) => Ok(*days.get_ref()),
            None => Ok(HORIZON),
        }
    }

    fn discount(&self) -> Result<f64, Fault> {
        match &self.raw.discount_per_year {
            Some(rate) if !(0.0..1.0).contains(rate.get_ref()) => {
                let fault =
                    self.file.fault(Some(rate.span()), "a discount is a share from 0 to below 1");
                Err(fault.help("0.1 for ten percent a year"))
            }
            Some(rate) => Ok(*rate.get_ref()),
            None => Ok(DISCOUNT),
        }
    }
}
