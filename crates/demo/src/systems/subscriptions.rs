//! Stripe: the subscriptions, as the dashboard exports them.

use std::io;
use std::path::Path;

use crate::activity::subscription::Subscription;
use crate::calendar::DAY;
use crate::customers::customer::Customer;
use crate::customers::ids;
use crate::customers::names::{self, Person};
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "stripe_subscriptions.csv",
    style: CsvStyle::Lean,
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
    defects: &[
        Defect::BadDate("Start Date (UTC)"),
        Defect::Missing("Customer ID"),
        Defect::Unknown("Status"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
    ],
};

/// Writes every subscription that had started by the as-of day.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    for customer in &world.customers {
        let known = Subscription::of(world, customer)
            .into_iter()
            .filter(|one| one.start < world.calendar.until);
        for (which, subscription) in (0..).zip(known) {
            fill(export.row(), world, customer, which, &subscription);
            export.end_row()?;
        }
    }
    Ok(vec![export.finish()?])
}

fn fill(
    row: &mut ExportRow<'_>,
    world: &World,
    customer: &Customer,
    which: u32,
    one: &Subscription,
) {
    let until = world.calendar.until;
    let ended = one.ended.filter(|ended| *ended < until);
    let canceled = one.canceled.filter(|canceled| *canceled < until);
    let mut random = RandomStream::new(1, StreamKind::Subscription, u64::from(customer.number), 0);
    row.text(&ids::subscription(customer, which));
    row.text(&ids::billing(customer));
    row.text(&ids::number(customer));
    row.text(&Person::random(&mut random).email(&names::domain(customer)));
    row.text(&names::company(customer));
    row.text(one.plan.name);
    row.text("Acme Cloud");
    row.number(one.seats);
    row.text("eur");
    row.text(one.plan.interval);
    row.cents(one.plan.cents);
    row.text(status(customer, one, ended, until));
    (0..3).for_each(|_| row.moment(at(customer, one.start), TimestampStyle::Minutes));
    let (from, to) = paid_period(one, ended.unwrap_or(until - 1));
    row.moment(at(customer, from), TimestampStyle::Minutes);
    row.moment(at(customer, to), TimestampStyle::Minutes);
    row.maybe_moment(one.trial_end.map(|_| at(customer, one.start)), TimestampStyle::Minutes);
    row.maybe_moment(one.trial_end.map(|day| at(customer, day)), TimestampStyle::Minutes);
    row.maybe_moment(canceled.map(|day| at(customer, day)), TimestampStyle::Minutes);
    row.maybe_moment(ended.map(|day| at(customer, day)), TimestampStyle::Minutes);
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
