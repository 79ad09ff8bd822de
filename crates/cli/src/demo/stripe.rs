//! Stripe: the subscriptions, as the dashboard exports them.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::DAY;
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::identity;
use super::names::{self, Person};
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::subscription::Subscription;
use super::world::World;

static FORM: Form = Form {
    file: "stripe_subscriptions.csv",
    dialect: Dialect::Lean,
    columns: &[
        "id",
        "Customer ID",
        "Customer Description",
        "Customer Email",
        "Customer Name",
        "Plan",
        "Product",
        "Quantity",
        "Currency",
        "Interval",
        "Amount",
        "Status",
        "Created (UTC)",
        "Start (UTC)",
        "Start Date (UTC)",
        "Current Period Start (UTC)",
        "Current Period End (UTC)",
        "Trial Start (UTC)",
        "Trial End (UTC)",
        "Canceled At (UTC)",
        "Ended At (UTC)",
        "Cancel At Period End",
        "Cancellation Reason",
    ],
    spoils: &[
        Spoil::BadDate("Start Date (UTC)"),
        Spoil::Missing("Customer ID"),
        Spoil::Unknown("Status"),
        Spoil::TooShort,
        Spoil::TooLong,
        Spoil::Twice,
    ],
};

/// Writes every subscription that had started by the as-of day.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    for customer in &world.customers {
        let known = Subscription::of(world, customer)
            .into_iter()
            .filter(|one| one.start < world.calendar.until);
        for (which, subscription) in (0..).zip(known) {
            fill(sheet.row(), world, customer, which, &subscription);
            sheet.end_row()?;
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn fill(row: &mut Row<'_>, world: &World, customer: &Customer, which: u32, one: &Subscription) {
    let until = world.calendar.until;
    let ended = one.ended.filter(|ended| *ended < until);
    let canceled = one.canceled.filter(|canceled| *canceled < until);
    let mut draw = Draw::new(1, About::Subscription, u64::from(customer.number), 0);
    row.text(&identity::subscription(customer, which));
    row.text(&identity::billing(customer));
    row.text(&identity::number(customer));
    row.text(&Person::draw(&mut draw).email(&names::domain(customer)));
    row.text(&names::company(customer));
    row.text(one.plan.name);
    row.text("Acme Cloud");
    row.number(one.seats);
    row.text("eur");
    row.text(one.plan.interval);
    row.cents(one.plan.cents);
    row.text(status(customer, one, ended, until));
    (0..3).for_each(|_| row.moment(at(customer, one.start), Stamp::Minutes));
    let (from, to) = paid_period(one, ended.unwrap_or(until - 1));
    row.moment(at(customer, from), Stamp::Minutes);
    row.moment(at(customer, to), Stamp::Minutes);
    row.maybe_moment(one.trial_end.map(|_| at(customer, one.start)), Stamp::Minutes);
    row.maybe_moment(one.trial_end.map(|day| at(customer, day)), Stamp::Minutes);
    row.maybe_moment(canceled.map(|day| at(customer, day)), Stamp::Minutes);
    row.maybe_moment(ended.map(|day| at(customer, day)), Stamp::Minutes);
    row.flag(canceled.is_some() && ended.is_none());
    row.text(if canceled.is_some() { "cancellation_requested" } else { "" });
}

/// Billing works at one time of day for each customer.
fn at(customer: &Customer, day: i64) -> i64 {
    day * DAY + 60 * i64::from(customer.number * 7 % 1200)
}

fn status(customer: &Customer, one: &Subscription, ended: Option<i64>, until: i64) -> &'static str {
    let is_on_trial = one.trial_end.is_some_and(|end| end >= until);
    match ended {
        Some(_) => "canceled",
        None if is_on_trial => "trialing",
        None if customer.number.is_multiple_of(83) => "past_due",
        None => "active",
    }
}

/// The paid period that holds a day: thirty days, or a year.
fn paid_period(one: &Subscription, day: i64) -> (i64, i64) {
    let length = if one.plan.interval == "year" { 365 } else { 30 };
    let from = one.start + (day - one.start).max(0) / length * length;
    (from, from + length)
}
