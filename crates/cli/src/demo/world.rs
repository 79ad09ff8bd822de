//! The company behind the extracts: what every writer may look up.

use super::Company;
use super::calendar::{Calendar, Week};
use super::customer::Customer;
use super::draw::{About, Draw};

/// The company as it was: its calendar and its customers, in the order they joined.
#[derive(Debug)]
pub(super) struct World {
    /// The days it is told for.
    pub(super) calendar: Calendar,
    /// Its customers.
    pub(super) customers: Vec<Customer>,
    seed: u64,
}

impl World {
    /// Lets a company of this size and seed live its weeks.
    pub(super) fn new(company: &Company) -> Self {
        let calendar = Calendar::new(company.weeks, company.as_of);
        let customers =
            (0..company.customers).map(|place| Customer::at(place, company, &calendar)).collect();
        Self { calendar, customers, seed: company.seed }
    }

    /// The stream of chance of one customer in one week.
    pub(super) fn draw(&self, about: About, customer: &Customer, week: usize) -> Draw {
        self.stream(about, u64::from(customer.number), week)
    }

    /// The stream of chance of anything else.
    pub(super) fn stream(&self, about: About, thing: u64, week: usize) -> Draw {
        Draw::new(self.seed, about, thing, week)
    }

    /// Every week with its place, oldest first.
    pub(super) fn weeks(&self) -> impl Iterator<Item = (usize, Week)> + '_ {
        self.calendar.weeks.iter().copied().enumerate()
    }

    /// Points of satisfaction above or below the usual, of one customer in one week.
    ///
    /// Service improves slowly over the years; a bad release and trouble of the customer's own spoil it.
    pub(super) fn mood(&self, customer: &Customer, week: usize) -> i32 {
        let weeks = self.calendar.weeks.len();
        let better = i32::try_from(5 * week / weeks.max(1)).expect("at most five");
        let trouble = if customer.life.is_in_trouble(week) { 38 } else { 0 };
        better - self.calendar.weeks[week].upset - trouble + customer.size.mood()
    }

    /// Whether an extract can know of this: it happened before the as-of day, to a customer of that day.
    pub(super) fn is_known(&self, customer: &Customer, moment: i64) -> bool {
        moment < self.calendar.end()
            && customer.life.is_active(moment.div_euclid(super::calendar::DAY))
    }
}
