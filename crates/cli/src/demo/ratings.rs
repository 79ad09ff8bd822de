//! Zendesk: the satisfaction ratings.

use std::io;

use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::About;
use super::identity;
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::ticket::Ticket;
use super::world::World;

/// The file.
pub(super) static FORM: Form = Form {
    file: "zendesk_satisfaction_ratings.csv",
    dialect: Dialect::Lean,
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
    spoils: &[
        Spoil::BadDate("created_at"),
        Spoil::Missing("ticket_id"),
        Spoil::Unknown("score"),
        Spoil::StrayQuote("comment"),
        Spoil::TooShort,
        Spoil::Twice,
    ],
};

/// A ticket that was rated.
pub(super) struct Rated<'a> {
    pub(super) ticket_id: u64,
    pub(super) customer: &'a Customer,
    pub(super) ticket: &'a Ticket,
    pub(super) is_good: bool,
}

/// Writes the rating; some change their mind: their first answer stays in the list, the later one counts.
pub(super) fn write(sheet: &mut Sheet<'_>, world: &World, rated: &Rated<'_>) -> io::Result<()> {
    let mut draw = world.stream(About::Tickets, rated.ticket_id, usize::MAX);
    let at = rated.ticket.after(rated.ticket.solved) + 240 * 60 - i64::from(draw.below(200)) * 60;
    if draw.chance(20) {
        fill(sheet.row(), rated, 0, !rated.is_good, at - 1800);
        sheet.end_row()?;
    }
    fill(sheet.row(), rated, 1, rated.is_good, at);
    sheet.end_row()
}

fn fill(row: &mut Row<'_>, rated: &Rated<'_>, which: u64, is_good: bool, at: i64) {
    row.number(rated.ticket_id * 10 + which);
    row.number(rated.ticket_id);
    row.number(370_000_000_100 + rated.ticket.agent.len() as u64);
    row.number(370_000_000_000 + rated.ticket.topic.team as u64);
    row.number(identity::requester(rated.customer, rated.ticket.person));
    row.text(if is_good { "good" } else { "bad" });
    row.text(if is_good { "No reason provided" } else { "The issue took too long to resolve" });
    row.text(if is_good { "" } else { "Took \"forever\", sorry" });
    row.moment(at, Stamp::Zulu);
    row.moment(at, Stamp::Zulu);
}
