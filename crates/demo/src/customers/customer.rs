//! Who the customers are.

use super::lifecycle::Lifecycle;
use super::size::CustomerSize;
use crate::calendar::CompanyCalendar;
use crate::company::Company;
use crate::random::{RandomStream, StreamKind};

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
pub(crate) struct Customer {
    /// Its number, from 1, in the order of joining.
    pub(crate) number: u32,
    pub(crate) size: CustomerSize,
    pub(crate) region: &'static str,
    pub(crate) country: &'static str,
    pub(crate) industry: &'static str,
    /// People of the customer who use the product.
    pub(crate) seats: u32,
    /// Whether it is one of our own test accounts.
    pub(crate) is_test: bool,
    /// Whether the CRM knows its number in the help desk; otherwise only the domain shows it.
    pub(crate) is_linked_to_desk: bool,
    /// Whether the CRM knows its number in billing; otherwise only the domain shows it.
    pub(crate) is_linked_to_billing: bool,
    /// Records of the same customer that were merged into this one.
    pub(crate) duplicates: u32,
    pub(crate) lifecycle: Lifecycle,
}

impl Customer {
    /// The customer at a place of the order of joining.
    pub(crate) fn at(place: u32, company: &Company, calendar: &CompanyCalendar) -> Self {
        let number = place + 1;
        let mut random =
            RandomStream::new(company.seed, StreamKind::Customer, u64::from(number), 0);
        let size = CustomerSize::ALL[random.weighted(&[10, 30, 60])];
        let (region, countries) = REGIONS[random.weighted(&[34, 20, 18, 16, 12])];
        let mut chance = RandomStream::new(company.seed, StreamKind::Life, u64::from(number), 0);
        let joined = joined(place, company.customers, calendar) + chance.days(0, 6);
        Self {
            number,
            size,
            region,
            country: random.pick(countries),
            industry: random.pick(&INDUSTRIES),
            seats: random.around(size.of(120, 28, 6)).min(4000),
            is_test: random.chance(8),
            is_linked_to_desk: !random.chance(15),
            is_linked_to_billing: !random.chance(10),
            duplicates: if random.chance(20) { random.between(1, 2) } else { 0 },
            lifecycle: Lifecycle::live(&mut chance, calendar, size, joined),
        }
    }
}

/// Day of joining: three fifths were there before the first week, the rest came evenly since.
fn joined(place: u32, customers: u32, calendar: &CompanyCalendar) -> i64 {
    let (place, customers) = (i64::from(place), i64::from(customers));
    let before = customers * 3 / 5;
    let (years, weeks) = (3 * 365, calendar.until - calendar.first());
    if place < before {
        calendar.first() - years + years * place / before
    } else {
        calendar.first() + weeks * (place - before) / (customers - before)
    }
}
