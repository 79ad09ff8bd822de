//! What a customer subscribed to, one row of billing each.

use crate::customers::customer::Customer;
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

/// A subscription plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SubscriptionPlan {
    pub(crate) name: &'static str,
    pub(crate) interval: &'static str,
    /// Price of a seat for an interval.
    pub(crate) cents: i64,
}

const STARTER: SubscriptionPlan =
    SubscriptionPlan { name: "starter-monthly", interval: "month", cents: 1900 };
const TEAM: SubscriptionPlan =
    SubscriptionPlan { name: "team-monthly", interval: "month", cents: 3900 };
const BUSINESS: SubscriptionPlan =
    SubscriptionPlan { name: "business-monthly", interval: "month", cents: 5900 };
const ENTERPRISE: SubscriptionPlan =
    SubscriptionPlan { name: "enterprise-yearly", interval: "year", cents: 69_000 };

/// One subscription. Days are those of the calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subscription {
    pub(crate) plan: SubscriptionPlan,
    pub(crate) seats: u32,
    /// First day, of the trial where there is one.
    pub(crate) start: i64,
    /// First day after the trial.
    pub(crate) trial_end: Option<i64>,
    /// Day on which notice was given; access lasts until the end.
    pub(crate) canceled: Option<i64>,
    /// First day without access; may lie after the as-of day.
    pub(crate) ended: Option<i64>,
}

impl Subscription {
    /// Every subscription of a customer, oldest first: abandoned trials, the first one, changes of plan, the return.
    pub(crate) fn of(world: &World, customer: &Customer) -> Vec<Self> {
        let mut random = world.random(StreamKind::Subscription, customer, 0);
        let lifecycle = customer.lifecycle;
        let mut all = Vec::new();
        if random.chance(50) {
            all.push(abandoned_trial(&mut random, customer));
        }
        let trial = random.chance(400);
        all.push(Self {
            plan: plan(customer),
            seats: customer.seats,
            start: lifecycle.joined - if trial { 14 } else { 0 },
            trial_end: trial.then_some(lifecycle.joined),
            canceled: lifecycle.left.map(|left| left - random.days(0, 25)),
            ended: lifecycle.left,
        });
        change_plan(&mut all, &mut random, world, customer);
        if let Some(back) = lifecycle.back {
            let first = all[all.len() - 1];
            all.push(Self { start: back, trial_end: None, canceled: None, ended: None, ..first });
        }
        all
    }
}

fn plan(customer: &Customer) -> SubscriptionPlan {
    customer.size.of(
        ENTERPRISE,
        BUSINESS,
        if customer.number.is_multiple_of(3) { TEAM } else { STARTER },
    )
}

/// A trial that was never paid for, long before the customer came for good.
fn abandoned_trial(random: &mut RandomStream, customer: &Customer) -> Subscription {
    let start = customer.lifecycle.joined - random.days(60, 200);
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
fn change_plan(
    all: &mut Vec<Subscription>,
    random: &mut RandomStream,
    world: &World,
    customer: &Customer,
) {
    let until = customer.lifecycle.left.unwrap_or(world.calendar.until).min(world.calendar.until);
    let from = customer.lifecycle.joined + 90;
    if until - from < 60 || !random.chance(300) {
        return;
    }
    let days = u32::try_from(until - from - 30).expect("more than 30 days");
    let day = from + random.days(0, days);
    let last = all.len() - 1;
    let old = all[last];
    let overlap = if random.chance(300) { 5 } else { 0 };
    all[last] = Subscription { canceled: Some(day), ended: Some(day + overlap), ..old };
    let seats = customer.seats + customer.seats / 4 + 1;
    all.push(Subscription { plan: larger(old.plan), seats, start: day, trial_end: None, ..old });
}

fn larger(plan: SubscriptionPlan) -> SubscriptionPlan {
    if plan == STARTER {
        TEAM
    } else if plan == TEAM {
        BUSINESS
    } else {
        ENTERPRISE
    }
}
