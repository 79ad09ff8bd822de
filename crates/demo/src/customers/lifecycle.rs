//! When a customer came, struggled, left and returned.

use super::size::CustomerSize;
use crate::calendar::CompanyCalendar;
use crate::random::RandomStream;

/// Weeks a customer's trouble lasts.
const TROUBLE: usize = 6;

/// The story of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lifecycle {
    /// First paid day.
    pub(crate) joined: i64,
    /// First day without access; may lie after the as-of day when notice was given.
    pub(crate) left: Option<i64>,
    /// Day of return after leaving.
    pub(crate) back: Option<i64>,
    trouble: Option<usize>,
}

impl Lifecycle {
    /// Lives week by week: trouble makes leaving many times as likely as it is without.
    pub(crate) fn live(
        random: &mut RandomStream,
        calendar: &CompanyCalendar,
        size: CustomerSize,
        joined: i64,
    ) -> Self {
        let mut lifecycle = Self { joined, left: None, back: None, trouble: None };
        for week in calendar.week_of(joined)..calendar.weeks.len() {
            lifecycle.live_week(random, calendar, size, week);
            if let Some(left) = lifecycle.left {
                let back = left + random.days(45, 200);
                lifecycle.back =
                    Some(back).filter(|back| random.chance(120) && *back < calendar.until);
                break;
            }
        }
        lifecycle
    }

    fn live_week(
        &mut self,
        random: &mut RandomStream,
        calendar: &CompanyCalendar,
        size: CustomerSize,
        week: usize,
    ) {
        let monday = calendar.weeks[week].monday.max(self.joined);
        let onset = if week == calendar.release { 7000 } else { 190 };
        if self.trouble.is_none() && random.below(100_000) < onset {
            self.trouble = Some(week);
            self.left = random.chance(500).then(|| monday + random.days(24, 60));
        } else if random.below(100_000) < size.of(50, 110, 190) {
            self.left = Some(monday + random.days(1, 6));
        }
    }

    /// Whether the customer has access on a day.
    pub(crate) fn is_active(&self, day: i64) -> bool {
        let stays = self.left.is_none_or(|left| day < left);
        let returned = self.back.is_some_and(|back| back <= day);
        self.joined <= day && (stays || returned)
    }

    /// Whether support goes badly for the customer in a week.
    pub(crate) fn is_in_trouble(&self, week: usize) -> bool {
        self.trouble.is_some_and(|from| (from..from + TROUBLE).contains(&week))
    }

    /// Whether trouble ever befell the customer.
    #[cfg(test)]
    pub(crate) fn knew_trouble(&self) -> bool {
        self.trouble.is_some()
    }
}
