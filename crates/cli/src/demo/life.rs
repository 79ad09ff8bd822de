//! When a customer came, struggled, left and returned.

use super::calendar::Calendar;
use super::customer::Size;
use super::draw::Draw;

/// Weeks a customer's trouble lasts.
const TROUBLE: usize = 6;

/// The story of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    /// First paid day.
    pub(super) joined: i64,
    /// First day without access; may lie after the as-of day when notice was given.
    pub(super) left: Option<i64>,
    /// Day of return after leaving.
    pub(super) back: Option<i64>,
    trouble: Option<usize>,
}

impl Life {
    /// Lives week by week: trouble makes leaving many times as likely as it is without.
    pub(super) fn live(draw: &mut Draw, calendar: &Calendar, size: Size, joined: i64) -> Self {
        let mut life = Self { joined, left: None, back: None, trouble: None };
        for week in calendar.week_of(joined)..calendar.weeks.len() {
            life.live_week(draw, calendar, size, week);
            if let Some(left) = life.left {
                let back = left + draw.days(45, 200);
                life.back = Some(back).filter(|back| draw.chance(120) && *back < calendar.until);
                break;
            }
        }
        life
    }

    fn live_week(&mut self, draw: &mut Draw, calendar: &Calendar, size: Size, week: usize) {
        let monday = calendar.weeks[week].monday.max(self.joined);
        let onset = if week == calendar.release { 7000 } else { 190 };
        if self.trouble.is_none() && draw.below(100_000) < onset {
            self.trouble = Some(week);
            self.left = draw.chance(500).then(|| monday + draw.days(24, 60));
        } else if draw.below(100_000) < size.of(50, 110, 190) {
            self.left = Some(monday + draw.days(1, 6));
        }
    }

    /// Whether the customer has access on a day.
    pub(super) fn is_active(&self, day: i64) -> bool {
        let stays = self.left.is_none_or(|left| day < left);
        let returned = self.back.is_some_and(|back| back <= day);
        self.joined <= day && (stays || returned)
    }

    /// Whether support goes badly for the customer in a week.
    pub(super) fn is_in_trouble(&self, week: usize) -> bool {
        self.trouble.is_some_and(|from| (from..from + TROUBLE).contains(&week))
    }

    /// Whether trouble ever befell the customer.
    #[cfg(test)]
    pub(super) fn knew_trouble(&self) -> bool {
        self.trouble.is_some()
    }
}
