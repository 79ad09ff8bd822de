//! Values and changes as text, by unit.

use scorewright_domain::Unit;

use super::decimal::{NBSP, fixed, is_zero};
use super::duration;

/// What stands where there is no value.
pub(crate) const NO_VALUE: &str = "n/a";

/// A minus sign as wide as a plus sign, so that columns of changes line up.
const MINUS: char = '\u{2212}';

/// Formats values of every unit, in the currency of a project.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberFormat<'a> {
    currency: &'a str,
}

/// A figure as pages show it, with plain blanks: `14 h 9 min`, `81.2 %`.
///
/// - `currency`: that of the project, as three capital letters.
///
/// ```
/// use scorewright_domain::Unit;
/// assert_eq!(scorewright_report::figure_words("EUR", Unit::Duration, 50_940.0), "14 h 9 min");
/// ```
pub fn figure_words(currency: &str, unit: Unit, value: f64) -> String {
    NumberFormat::new(currency).value(unit, value).replace(NBSP, " ")
}

impl<'a> NumberFormat<'a> {
    pub(crate) fn new(currency: &'a str) -> Self {
        Self { currency }
    }

    /// A value: `81.2 %`, `41`, `3 h 12 min`, `€1,204`.
    pub(crate) fn value(self, unit: Unit, value: f64) -> String {
        let amount = self.amount(unit, value.abs());
        match (unit, sign(value, &amount)) {
            (Unit::Growth, None) if is_zero(&amount) => amount,
            (Unit::Growth, None) => format!("+{amount}"),
            (_, None) => amount,
            (_, Some(minus)) => format!("{minus}{amount}"),
        }
    }

    /// A change of what is now `value`: `+1.8 pp`, `−42 min`; `unchanged` where rounding leaves nothing.
    pub(crate) fn change(self, unit: Unit, change: f64, value: f64) -> String {
        let step = self.step(unit, change, value);
        match sign(change, &step) {
            _ if is_zero(&step) => "unchanged".into(),
            None => format!("+{step}"),
            Some(minus) => format!("{minus}{step}"),
        }
    }

    /// The size of a change, without its sign, as precise as the value it stands beside: `1.8 pp`.
    pub(crate) fn step(self, unit: Unit, change: f64, value: f64) -> String {
        match unit {
            Unit::Share => format!("{}{NBSP}pp", fixed(change.abs() * 100.0, decimals(value))),
            Unit::Growth | Unit::Ratio => format!("{}{NBSP}pp", fixed(change.abs() * 100.0, 1)),
            Unit::Points => format!("{}{NBSP}pt", fixed(change.abs(), 0)),
            Unit::Count if value.fract() == 0.0 => fixed(change.abs(), count_decimals(change)),
            Unit::Count => fixed(change.abs(), count_decimals(value)),
            Unit::PerYear => per_year(&fixed(change.abs(), rate_decimals(value))),
            _ => self.amount(unit, change.abs()),
        }
    }

    /// Two values as a range: `79.0 % to 83.2 %`, `7.7 to 13.0 a year`.
    pub(crate) fn range(self, unit: Unit, low: f64, high: f64) -> String {
        let (low, high) = (self.value(unit, low), self.value(unit, high));
        format!("{} to {high}", low.strip_suffix(&per_year("")).unwrap_or(&low))
    }

    fn amount(self, unit: Unit, amount: f64) -> String {
        match unit {
            Unit::Share => percentage(amount),
            Unit::Points => fixed(amount, 0),
            Unit::Score => fixed(amount, 2),
            Unit::Duration => duration::words(amount),
            Unit::Money => self.money(amount),
            Unit::Count => fixed(amount, count_decimals(amount)),
            Unit::PerYear => per_year(&fixed(amount, rate_decimals(amount))),
            Unit::Growth | Unit::Ratio => {
                format!("{}{NBSP}%", fixed(amount * 100.0, u8::from(amount < 10.0)))
            }
        }
    }

    fn money(self, amount: f64) -> String {
        let text = match amount {
            amount if amount < 999.995 => fixed(amount, if self.has_cents() { 2 } else { 0 }),
            amount if amount < 9_999_999.5 => fixed(amount, 0),
            amount if amount < 9.999_5e9 => format!("{}{NBSP}M", fixed(amount / 1e6, 1)),
            amount => format!("{}{NBSP}bn", fixed(amount / 1e9, 1)),
        };
        match self.currency {
            "EUR" => format!("€{text}"),
            "USD" => format!("${text}"),
            "GBP" => format!("£{text}"),
            "JPY" => format!("¥{text}"),
            code => format!("{code}{NBSP}{text}"),
        }
    }

    fn has_cents(self) -> bool {
        !matches!(self.currency, "CLP" | "HUF" | "ISK" | "JPY" | "KRW" | "VND")
    }
}

/// A share as a percentage; more decimals where one would claim none or all of it.
fn percentage(share: f64) -> String {
    let percent = share * 100.0;
    let is_honest = |text: &str| {
        let is_all = text.strip_prefix("100.").is_some_and(is_zero);
        is_zero(text) == (share == 0.0) && is_all == (share.to_bits() == 1.0_f64.to_bits())
    };
    let honest = |decimals: &u8| is_honest(&format!("{percent:.*}", usize::from(*decimals)));
    format!("{}{NBSP}%", fixed(percent, (decimals(share)..=4).find(honest).unwrap_or(1)))
}

/// One count as a percentage of another; [`NO_VALUE`] when there is nothing to divide by.
#[allow(
    clippy::cast_precision_loss,
    reason = "a percentage of at most four decimals needs no more than 52 bits"
)]
pub(crate) fn share_of(count: u64, total: u64) -> String {
    if total == 0 { NO_VALUE.into() } else { percentage(count as f64 / total as f64) }
}

/// A hundredth of a percent matters beside almost none and almost all: a weekly churn of 0.45 %.
fn decimals(share: f64) -> u8 {
    let is_near = |end: f64| (share - end).abs() < 0.01 && share.to_bits() != end.to_bits();
    if is_near(0.0) || is_near(1.0) { 2 } else { 1 }
}

/// Decimals of a count: none of a whole one; a mean of a few has two, so that 0.94 is not 0.9.
fn count_decimals(count: f64) -> u8 {
    match count.abs() {
        count if count.fract() == 0.0 || count >= 1000.0 => 0,
        count if count < 10.0 => 2,
        _ => 1,
    }
}

/// Decimals of how many a year.
fn rate_decimals(rate: f64) -> u8 {
    match rate.abs() {
        rate if rate < 10.0 => 2,
        rate => u8::from(rate < 100.0),
    }
}

fn per_year(rate: &str) -> String {
    format!("{rate}{NBSP}a{NBSP}year")
}

fn sign(number: f64, shown: &str) -> Option<char> {
    (number < 0.0 && !is_zero(shown)).then_some(MINUS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(unit: Unit, value: f64) -> String {
        NumberFormat::new("EUR").value(unit, value).replace(NBSP, " ")
    }

    fn changed(unit: Unit, value: f64) -> String {
        NumberFormat::new("EUR").change(unit, value, 0.5).replace(NBSP, " ")
    }

    #[test]
    fn a_share_is_a_percentage_and_its_change_is_points() {
        assert_eq!(formatted(Unit::Share, 0.8124), "81.2 %");
        assert_eq!(changed(Unit::Share, 0.018), "+1.8 pp");
        assert_eq!(changed(Unit::Share, -0.018), "−1.8 pp");
    }

    #[test]
    fn almost_all_is_not_all_and_almost_none_is_not_none() {
        assert_eq!(formatted(Unit::Share, 0.9997), "99.97 %");
        assert_eq!(formatted(Unit::Share, 1.0), "100.0 %");
        assert_eq!(formatted(Unit::Share, 0.0003), "0.03 %");
        assert_eq!(formatted(Unit::Share, 0.0), "0.0 %");
        assert_eq!(formatted(Unit::Share, 0.0045), "0.45 %");
        assert_eq!(formatted(Unit::Share, 0.01), "1.0 %");
    }

    #[test]
    fn points_never_carry_a_percent_sign() {
        assert_eq!(formatted(Unit::Points, 41.3), "41");
        assert_eq!(formatted(Unit::Points, -6.6), "−7");
        assert_eq!(formatted(Unit::Points, -0.2), "0", "no minus before a zero");
        assert_eq!(changed(Unit::Points, 3.4), "+3 pt");
    }

    #[test]
    fn a_change_is_as_precise_as_its_value() {
        let change = NumberFormat::new("EUR").change(Unit::Share, 0.000_86, 0.0061);
        assert_eq!(change.replace(NBSP, " "), "+0.09 pp");
    }

    #[test]
    fn a_change_that_rounds_away_is_unchanged() {
        assert_eq!(changed(Unit::Share, 0.0), "unchanged");
        assert_eq!(changed(Unit::Share, -0.0004), "unchanged");
        assert_eq!(changed(Unit::Duration, 0.0), "unchanged");
    }

    #[test]
    fn money_is_grouped_and_shortened_when_huge() {
        assert_eq!(formatted(Unit::Money, 48.2), "€48.20");
        assert_eq!(formatted(Unit::Money, -1204.4), "−€1,204");
        assert_eq!(formatted(Unit::Money, 12_345_678.0), "€12.3 M");
        assert_eq!(formatted(Unit::Money, 1e12), "€1,000.0 bn");
        assert_eq!(NumberFormat::new("CHF").value(Unit::Money, 5.0).replace(NBSP, " "), "CHF 5.00");
        assert_eq!(NumberFormat::new("JPY").value(Unit::Money, 5.0), "¥5");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(formatted(Unit::Count, 1_234_567.0), "1,234,567");
    }

    #[test]
    fn a_mean_of_few_has_two_decimals_and_so_has_its_change() {
        assert_eq!(formatted(Unit::Count, 0.94), "0.94");
        assert_eq!(formatted(Unit::Count, 2.5), "2.50");
        assert_eq!(formatted(Unit::Count, 12.345), "12.3");
        assert_eq!(formatted(Unit::Count, 7.0), "7");
        let change =
            |change: f64, value: f64| NumberFormat::new("EUR").change(Unit::Count, change, value);
        assert_eq!(change(0.04, 0.94), "+0.04");
        assert_eq!(change(-0.04, 1.0), "−0.04", "a whole value may be a mean by chance");
        assert_eq!(change(-3.0, 632.0), "−3");
        assert_eq!(change(0.0, 632.0), "unchanged");
        assert_eq!(change(0.25, 12.345), "+0.2");
    }

    #[test]
    fn growth_always_carries_its_sign() {
        assert_eq!(formatted(Unit::Growth, 0.052), "+5.2 %");
        assert_eq!(formatted(Unit::Growth, -0.052), "−5.2 %");
        assert_eq!(formatted(Unit::Growth, 0.0), "0.0 %");
        assert_eq!(formatted(Unit::Growth, 638.26), "+63,826 %");
    }

    #[test]
    fn scores_have_two_decimals_and_rates_their_year() {
        assert_eq!(formatted(Unit::Score, 4.316), "4.32");
        assert_eq!(formatted(Unit::PerYear, 3.44), "3.44 a year");
        assert_eq!(formatted(Unit::PerYear, 11.54), "11.5 a year");
        let range = NumberFormat::new("EUR").range(Unit::PerYear, 7.7, 13.0);
        assert_eq!(range.replace(NBSP, " "), "7.70 to 13.0 a year");
    }
}
