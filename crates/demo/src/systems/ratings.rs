//! Zendesk: the satisfaction ratings.

use std::io;

use crate::activity::ticket::Ticket;
use crate::customers::customer::Customer;
use crate::customers::ids;
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::StreamKind;
use crate::world::World;

/// The file.
pub(crate) static LAYOUT: ExportLayout = ExportLayout {
    file: "zendesk_satisfaction_ratings.csv",
    style: CsvStyle::Lean,
    columns: &[
        "id",
        "ticket_id",
        "assignee_id",
        "group_id",
        "requester_id",
        "score",
        "reason",
        "comment",
        "created_at",
        "updated_at",
    ],
    defects: &[
        Defect::BadDate("created_at"),
        Defect::Missing("ticket_id"),
        Defect::Unknown("score"),
        Defect::StrayQuote("comment"),
        Defect::TooShort,
        Defect::Twice,
    ],
};

/// A ticket that was rated.
pub(crate) struct RatedTicket<'a> {
    pub(crate) ticket_id: u64,
    pub(crate) customer: &'a Customer,
    pub(crate) ticket: &'a Ticket,
    pub(crate) is_good: bool,
}

/// Writes the rating; some change their mind: their first answer stays in the list, the later one counts.
pub(crate) fn write(
    export: &mut ExportFile<'_>,
    world: &World,
    rated: &RatedTicket<'_>,
) -> io::Result<()> {
    let mut random = world.stream(StreamKind::Tickets, rated.ticket_id, usize::MAX);
    let at = rated.ticket.after(rated.ticket.solved) + 240 * 60 - i64::from(random.below(200)) * 60;
    if random.chance(20) {
        fill(export.row(), rated, 0, !rated.is_good, at - 1800);
        export.end_row()?;
    }
    fill(export.row(), rated, 1, rated.is_good, at);
    export.end_row()
}

fn fill(row: &mut ExportRow<'_>, rated: &RatedTicket<'_>, which: u64, is_good: bool, at: i64) {
    row.number(rated.ticket_id * 10 + which);
    row.number(rated.ticket_id);
    row.number(370_000_000_100 + rated.ticket.agent.len() as u64);
    row.number(370_000_000_000 + rated.ticket.topic.team as u64);
    row.number(ids::requester(rated.customer, rated.ticket.person));
    row.text(if is_good { "good" } else { "bad" });
    row.text(if is_good { "No reason provided" } else { "The issue took too long to resolve" });
    row.text(if is_good { "" } else { "Took \"forever\", sorry" });
    row.moment(at, TimestampStyle::Zulu);
    row.moment(at, TimestampStyle::Zulu);
}
