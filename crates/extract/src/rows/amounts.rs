//! The money of a file's rows: how much of it stands in bad ones.

/// Sums over rows, in the smallest unit that the column keeps, without signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Of good rows.
    pub good: u128,
    /// Good rows with an amount.
    pub good_rows: u64,
    /// Of bad rows, as far as it can be read.
    pub bad: u128,
    /// Bad rows whose amount cannot be read.
    pub unread_rows: u64,
}

impl Amounts {
    /// Adds the amount of one row.
    pub(crate) fn add_row(&mut self, amount: Option<i128>, is_good: bool) {
        match (amount.map(i128::unsigned_abs), is_good) {
            (Some(amount), true) => {
                self.good = self.good.saturating_add(amount);
                self.good_rows += 1;
            }
            (Some(amount), false) => self.bad = self.bad.saturating_add(amount),
            (None, false) => self.unread_rows += 1,
            (None, true) => {}
        }
    }

    /// Adds those of other rows.
    pub(crate) fn add(&mut self, other: Self) {
        self.good = self.good.saturating_add(other.good);
        self.good_rows += other.good_rows;
        self.bad = self.bad.saturating_add(other.bad);
        self.unread_rows += other.unread_rows;
    }

    /// The same with so much of the money of good rows in rows that turned out to be bad.
    #[must_use]
    pub fn with_bad(self, amount: u128) -> Self {
        let amount = amount.min(self.good);
        Self { good: self.good - amount, bad: self.bad + amount, ..self }
    }

    /// Share of the money in bad rows, from 0 to 1; one whose amount cannot be read counts as a good row has on average.
    #[allow(clippy::cast_precision_loss, reason = "a share of sums")]
    pub fn bad_share(&self) -> f64 {
        let average = self.good as f64 / self.good_rows.max(1) as f64;
        let bad = self.bad as f64 + average * self.unread_rows as f64;
        let all = bad + self.good as f64;
        if all > 0.0 { bad / all } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected: (50 + 30) / (50 + 30 + 10 + 50) by hand.
    #[test]
    fn rows_without_a_readable_amount_count_as_an_average_one() {
        let mut amounts = Amounts::default();
        for (amount, is_good) in [(10, true), (-50, true), (50, false)] {
            amounts.add_row(Some(amount), is_good);
        }
        amounts.add_row(None, false);
        amounts.add_row(None, true);
        assert!((amounts.bad_share() - 80.0 / 140.0).abs() < 1e-12);
        assert!(Amounts::default().bad_share().abs() < 1e-12);
    }
}
