//! What a customer subscribed to, one row of billing each.

use super::customer::Customer;
use super::draw::{About, Draw};
use super::world::World;

/// A subscription plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) name: &'static str,
    pub(super) interval: &'static str,
    /// Price of a seat for an interval.
    pub(super) cents: i64,
}

const STARTER: Plan = Plan { name: "starter-monthly", interval: "month", cents: 1900 };
const TEAM: Plan = Plan { name: "team-monthly", interval: "month", cents: 3900 };
const BUSINESS: Plan = Plan { name: "business-monthly", interval: "month", cents: 5900 };
const ENTERPRISE: Plan = Plan { name: "enterprise-yearly", interval: "year", cents: 69_000 };

/// One subscription. Days are those of the calendar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subscription {
    pub(super) plan: Plan,
    pub(super) seats: u32,
    /// First day, of the trial where there is one.
    pub(super) start: i64,
    /// First day after the trial.
    pub(super) trial_end: Option<i64>,
    /// Day on which notice was given; access lasts until the end.
    pub(super) canceled: Option<i64>,
    /// First day without access; may lie after the as-of day.
    pub(super) ended: Option<i64>,
}

impl Subscription {
    /// Every subscription of a customer, oldest first: abandoned trials, the first one, changes of plan, the return.
    pub(super) fn of(world: &World, customer: &Customer) -> Vec<Self> {
        let mut draw = world.draw(About::Subscription, customer, 0);
        let life = customer.life;
        let mut all = Vec::new();
        if draw.chance(50) {
            all.push(abandoned_trial(&mut draw, customer));
        }
        let trial = draw.chance(400);
        all.push(Self {
            plan: plan(customer),
            seats: customer.seats,
            start: life.joined - if trial { 14 } else { 0 },
            trial_end: trial.then_some(life.joined),
            canceled: life.left.map(|left| left - draw.days(0, 25)),
            ended: life.left,
        });
        change_plan(&mut all, &mut draw, world, customer);
        if let Some(back) = life.back {
            let first = all[all.len() - 1];
            all.push(Self { start: back, trial_end: None, canceled: None, ended: None, ..first });
        }
        all
    }
}

fn plan(customer: &Customer) -> Plan {
    customer.size.of(
        ENTERPRISE,
        BUSINESS,
        if customer.number.is_multiple_of(3) { TEAM } else { STARTER },
    )
}

/// A trial that was never paid for, long before the customer came for good.
fn abandoned_trial(draw: &mut Draw, customer: &Customer) -> Subscription {
    let start = customer.life.joined - draw.days(60, 200);
    let end = Some(start + 14);
    Subscription {
        plan: TEAM,
        seats: 1,
        start,
        trial_end: end,
        canceled: Some(start + 9),
        ended: end,
    }
}

/// Splits the last subscription in two where the customer grew into a larger plan: the old one ends on the day
/// the new one starts, or a few days later.
fn change_plan(all: &mut Vec<Subscription>, draw: &mut Draw, world: &World, customer: &Customer) {
    let until = customer.life.left.unwrap_or(world.calendar.until).min(world.calendar.until);
    let from = customer.life.joined + 90;
    if until - from < 60 || !draw.chance(300) {
        return;
    }
    let days = u32::try_from(until - from - 30).expect("more than 30 days");
    let day = from + draw.days(0, days);
    let last = all.len() - 1;
    let old = all[last];
    let overlap = if draw.chance(300) { 5 } else { 0 };
    all[last] = Subscription { canceled: Some(day), ended: Some(day + overlap), ..old };
    let seats = customer.seats + customer.seats / 4 + 1;
    all.push(Subscription { plan: larger(old.plan), seats, start: day, trial_end: None, ..old });
}

fn larger(plan: Plan) -> Plan {
    if plan == STARTER {
        TEAM
    } else if plan == TEAM {
        BUSINESS
    } else {
        ENTERPRISE
    }
}
