//! The newsletter: what became of each message, as `HubSpot` lists e-mail events. Compressed.

use std::io;
use std::path::Path;

use crate::calendar::{DAY, Week};
use crate::customers::customer::Customer;
use crate::customers::names::{self, Person};
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "email_events.csv.gz",
    style: CsvStyle::Lean,
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
    defects: &[
        Defect::BadDate("created"),
        Defect::Missing("id"),
        Defect::Unknown("type"),
        Defect::Unknown("filtered_event"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
    ],
};

/// Something that happened to a message.
#[derive(Clone, Copy)]
struct EmailEvent {
    kind: &'static str,
    /// Seconds after it was sent.
    after: i64,
    is_machine: bool,
}

impl EmailEvent {
    /// What a person did, or nobody in particular.
    fn new(kind: &'static str, after: i64) -> Self {
        Self { kind, after, is_machine: false }
    }
}

/// Writes the events of a newsletter every fourth week.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    let mut number = 0;
    for (week, this) in world.weeks().step_by(4) {
        for customer in &world.customers {
            let sent = sent(customer, this);
            for event in events(world, customer, week, sent) {
                number += 1;
                fill(export.row(), customer, number, week, sent, event);
                export.end_row()?;
            }
        }
    }
    Ok(vec![export.finish()?])
}

/// Tuesday morning, a few messages each second.
fn sent(customer: &Customer, week: Week) -> i64 {
    (week.monday + 1) * DAY + 8 * 3600 + i64::from(customer.number % 3600)
}

fn events(world: &World, customer: &Customer, week: usize, sent: i64) -> Vec<EmailEvent> {
    let mut random = world.random(StreamKind::Emails, customer, week);
    if !random.chance(650) || !world.is_known(customer, sent) {
        return Vec::new();
    }
    let mut events = vec![EmailEvent::new("SENT", 0)];
    if random.chance(17) {
        events.push(EmailEvent::new("BOUNCE", 3));
    } else {
        events.push(EmailEvent::new("DELIVERED", 2));
        react(&mut random, world.mood(customer, week), &mut events);
    }
    events.retain(|event| sent + event.after < world.calendar.end());
    events
}

fn react(random: &mut RandomStream, mood: i32, events: &mut Vec<EmailEvent>) {
    if random.chance(220) {
        // Mail programs fetch pictures before anybody looks.
        events.push(EmailEvent { is_machine: true, ..EmailEvent::new("OPEN", 20) });
    }
    let interest = u32::try_from((300 + mood * 3).max(50)).expect("at least 50");
    if random.chance(interest) {
        let opened = later(random);
        events.push(EmailEvent::new("OPEN", opened));
        if random.chance(230) {
            events.push(EmailEvent::new("CLICK", opened + 30));
        }
    }
    if random.chance(3) {
        events.push(EmailEvent::new("UNSUBSCRIBE", later(random)));
    }
}

/// Hours until a person reacts, in seconds.
fn later(random: &mut RandomStream) -> i64 {
    i64::from(random.around(4 * 3600))
}

fn fill(
    row: &mut ExportRow<'_>,
    customer: &Customer,
    number: u64,
    week: usize,
    sent: i64,
    event: EmailEvent,
) {
    let mut random = RandomStream::new(3, StreamKind::Emails, u64::from(customer.number), 0);
    row.number(900_000_000 + number);
    row.moment(sent + event.after, TimestampStyle::Zulu);
    row.text(event.kind);
    row.text(&Person::random(&mut random).email(&names::domain(customer)));
    row.number(4100 + week);
    row.moment(sent, TimestampStyle::Zulu);
    row.flag(event.is_machine);
    row.text(match event.kind {
        "OPEN" | "CLICK" if number.is_multiple_of(2) => "COMPUTER",
        "OPEN" | "CLICK" => "MOBILE",
        _ => "",
    });
}
