//! Who the customers are.

use super::Company;
use super::calendar::Calendar;
use super::draw::{About, Draw};
use super::life::Life;

/// How large a customer is: the segment of the scorecards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Enterprise,
    MidMarket,
    Small,
}

impl Size {
    const ALL: [Self; 3] = [Self::Enterprise, Self::MidMarket, Self::Small];

    /// The segment as the CRM spells it.
    pub(super) fn segment(self) -> &'static str {
        match self {
            Self::Enterprise => "Enterprise",
            Self::MidMarket => "Mid-market",
            Self::Small => "Small business",
        }
    }

    /// The figure of this size.
    pub(super) fn of<T>(self, enterprise: T, mid_market: T, small: T) -> T {
        match self {
            Self::Enterprise => enterprise,
            Self::MidMarket => mid_market,
            Self::Small => small,
        }
    }

    /// Points of satisfaction above the usual: larger customers know whom to call.
    pub(super) fn mood(self) -> i32 {
        self.of(4, 1, -2)
    }
}

/// Sales regions with their countries.
const REGIONS: [(&str, &[&str]); 5] = [
    ("Central Europe", &["Germany", "Austria", "Switzerland", "Poland"]),
    ("Nordics", &["Sweden", "Norway", "Denmark", "Finland"]),
    ("UK & Ireland", &["United Kingdom", "Ireland"]),
    ("Southern Europe", &["France", "Italy", "Spain", "Portugal"]),
    ("North America", &["United States", "Canada"]),
];
const INDUSTRIES: [&str; 6] =
    ["Manufacturing", "Retail", "Software", "Healthcare", "Logistics", "Public sector"];

/// One customer: who it is and how it fared. Small, since a large company keeps all of them at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer {
    /// Its number, from 1, in the order of joining.
    pub(super) number: u32,
    pub(super) size: Size,
    pub(super) region: &'static str,
    pub(super) country: &'static str,
    pub(super) industry: &'static str,
    /// People of the customer who use the product.
    pub(super) seats: u32,
    /// Whether it is one of our own test accounts.
    pub(super) is_test: bool,
    /// Whether the CRM knows its number in the help desk; otherwise only the domain tells.
    pub(super) is_linked_to_desk: bool,
    /// Whether the CRM knows its number in billing; otherwise only the domain tells.
    pub(super) is_linked_to_billing: bool,
    /// Records of the same customer that were merged into this one.
    pub(super) duplicates: u32,
    pub(super) life: Life,
}

impl Customer {
    /// The customer at a place of the order of joining.
    pub(super) fn at(place: u32, company: &Company, calendar: &Calendar) -> Self {
        let number = place + 1;
        let mut draw = Draw::new(company.seed, About::Customer, u64::from(number), 0);
        let size = Size::ALL[draw.weighted(&[10, 30, 60])];
        let (region, countries) = REGIONS[draw.weighted(&[34, 20, 18, 16, 12])];
        let mut chance = Draw::new(company.seed, About::Life, u64::from(number), 0);
        let joined = joined(place, company.customers, calendar) + chance.days(0, 6);
        Self {
            number,
            size,
            region,
            country: draw.pick(countries),
            industry: draw.pick(&INDUSTRIES),
            seats: draw.around(size.of(120, 28, 6)).min(4000),
            is_test: draw.chance(8),
            is_linked_to_desk: !draw.chance(15),
            is_linked_to_billing: !draw.chance(10),
            duplicates: if draw.chance(20) { draw.between(1, 2) } else { 0 },
            life: Life::live(&mut chance, calendar, size, joined),
        }
    }
}

/// Day of joining: three fifths were there before the first week, the rest came evenly since.
fn joined(place: u32, customers: u32, calendar: &Calendar) -> i64 {
    let (place, customers) = (i64::from(place), i64::from(customers));
    let before = customers * 3 / 5;
    let (years, weeks) = (3 * 365, calendar.until - calendar.first());
    if place < before {
        calendar.first() - years + years * place / before
    } else {
        calendar.first() + weeks * (place - before) / (customers - before)
    }
}
