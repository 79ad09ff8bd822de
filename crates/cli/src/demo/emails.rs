//! The newsletter: what became of each message, as `HubSpot` lists e-mail events. Compressed.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::{DAY, Week};
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::names::{self, Person};
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;

static FORM: Form = Form {
    file: "email_events.csv.gz",
    dialect: Dialect::Lean,
    columns: &[
        "id",
        "created",
        "type",
        "recipient",
        "email_campaign_id",
        "sent_by_created",
        "filtered_event",
        "device_type",
    ],
    spoils: &[
        Spoil::BadDate("created"),
        Spoil::Missing("id"),
        Spoil::Unknown("type"),
        Spoil::Unknown("filtered_event"),
        Spoil::TooShort,
        Spoil::TooLong,
        Spoil::Twice,
    ],
};

/// What happened to a message, how many seconds after it was sent, and whether a machine did it.
type Event = (&'static str, i64, bool);

/// Writes the events of a newsletter every fourth week.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    let mut number = 0;
    for (week, this) in world.weeks().step_by(4) {
        for customer in &world.customers {
            let sent = sent(customer, this);
            for (kind, after, is_machine) in events(world, customer, week, sent) {
                number += 1;
                fill(sheet.row(), customer, number, week, sent, (kind, after, is_machine));
                sheet.end_row()?;
            }
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

/// Tuesday morning, a few messages each second.
fn sent(customer: &Customer, week: Week) -> i64 {
    (week.monday + 1) * DAY + 8 * 3600 + i64::from(customer.number % 3600)
}

fn events(world: &World, customer: &Customer, week: usize, sent: i64) -> Vec<Event> {
    let mut draw = world.draw(About::Emails, customer, week);
    if !draw.chance(650) || !world.is_known(customer, sent) {
        return Vec::new();
    }
    let mut events = vec![("SENT", 0, false)];
    if draw.chance(17) {
        events.push(("BOUNCE", 3, false));
    } else {
        events.push(("DELIVERED", 2, false));
        react(&mut draw, world.mood(customer, week), &mut events);
    }
    events.retain(|(_, after, _)| sent + after < world.calendar.end());
    events
}

fn react(draw: &mut Draw, mood: i32, events: &mut Vec<Event>) {
    let later = |draw: &mut Draw| i64::from(draw.around(4 * 3600));
    if draw.chance(220) {
        // Mail programs fetch pictures before anybody looks.
        events.push(("OPEN", 20, true));
    }
    let interest = u32::try_from((300 + mood * 3).max(50)).expect("at least 50");
    if draw.chance(interest) {
        let opened = later(draw);
        events.push(("OPEN", opened, false));
        if draw.chance(230) {
            events.push(("CLICK", opened + 30, false));
        }
    }
    if draw.chance(3) {
        events.push(("UNSUBSCRIBE", later(draw), false));
    }
}

fn fill(
    row: &mut Row<'_>,
    customer: &Customer,
    number: u64,
    week: usize,
    sent: i64,
    (kind, after, is_machine): Event,
) {
    let mut draw = Draw::new(3, About::Emails, u64::from(customer.number), 0);
    row.number(900_000_000 + number);
    row.moment(sent + after, Stamp::Zulu);
    row.text(kind);
    row.text(&Person::draw(&mut draw).email(&names::domain(customer)));
    row.number(4100 + week);
    row.moment(sent, Stamp::Zulu);
    row.flag(is_machine);
    row.text(match kind {
        "OPEN" | "CLICK" if number.is_multiple_of(2) => "COMPUTER",
        "OPEN" | "CLICK" => "MOBILE",
        _ => "",
    });
}
