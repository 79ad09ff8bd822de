//! Zendesk: the ticket export of a view.

use std::io;
use std::path::Path;

use super::ratings::{self, RatedTicket};
use crate::activity::ticket::{Ticket, TicketOutcome};
use crate::customers::customer::Customer;
use crate::customers::ids;
use crate::customers::names;
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "zendesk_tickets.csv",
    style: CsvStyle::Lean,
    columns: &[
        "Summation column",
        "Id",
        "Requester",
        "Requester id",
        "Requester external id",
        "Requester email",
        "Requester domain",
        "Assignee",
        "Group",
        "Subject",
        "Tags",
        "Status",
        "Priority",
        "Via",
        "Ticket type",
        "Created at",
        "Updated at",
        "Assigned at",
        "Organization",
        "Solved at",
        "Satisfaction Score",
        "Group stations",
        "Assignee stations",
        "Reopens",
        "Replies",
        "First reply time in minutes",
        "First resolution time in minutes",
        "Full resolution time in minutes",
        "Agent wait time in minutes",
        "Requester wait time in minutes",
        "On hold time in minutes",
        "Topic [list]",
        "SLA due at [txt]",
        "Organization id [txt]",
    ],
    defects: &[
        Defect::BadDate("Created at"),
        Defect::Missing("Id"),
        Defect::Unknown("Status"),
        Defect::Unknown("Replies"),
        Defect::StrayQuote("Subject"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
    ],
};

/// Writes both files in one pass, a week at a time, so that memory holds one week of tickets at most.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut tickets = ExportFile::create(folder, &LAYOUT, world)?;
    let mut ratings = ExportFile::create(folder, &ratings::LAYOUT, world)?;
    let mut id = 1000;
    for (week, _) in world.weeks() {
        for ticket in tickets_of_week(world, week) {
            id += 1;
            let customer = &world.customers[ticket.customer as usize - 1];
            let state = TicketState::of(&ticket, world.calendar.end());
            fill_ticket(tickets.row(), id, customer, &ticket, &state);
            tickets.end_row()?;
            if let Some(is_good) = state.rating {
                ratings::write(
                    &mut ratings,
                    world,
                    &RatedTicket { ticket_id: id, customer, ticket: &ticket, is_good },
                )?;
            }
        }
    }
    Ok(vec![tickets.finish()?, ratings.finish()?])
}

fn tickets_of_week(world: &World, week: usize) -> Vec<Ticket> {
    let mut tickets: Vec<Ticket> =
        world.customers.iter().flat_map(|customer| Ticket::of(world, customer, week)).collect();
    tickets.sort_by_key(|ticket| (ticket.opened, ticket.customer));
    tickets
}

/// What the help desk knows of a ticket at the as-of day.
struct TicketState {
    status: &'static str,
    assigned: Option<u32>,
    reply: Option<u32>,
    first_solved: Option<u32>,
    solved: Option<u32>,
    reopens: u32,
    replies: u32,
    updated: i64,
    rating: Option<bool>,
}

impl TicketState {
    fn of(ticket: &Ticket, end: i64) -> Self {
        let known = |minutes: &u32| ticket.after(*minutes) < end;
        let reply = ticket.reply.filter(known);
        let first_solved = Some(ticket.first_solved).filter(known);
        let solved = Some(ticket.solved).filter(known);
        let closes = ticket.after(ticket.solved + 4 * 1440);
        let last = [Some(0), reply, first_solved, solved].into_iter().flatten().max().unwrap_or(0);
        // Four hours pass between the solution and the question how it went.
        let is_rated = ticket.outcome == TicketOutcome::Usual && known(&(ticket.solved + 240));
        Self {
            status: status(ticket, reply, solved, closes < end),
            // Somebody takes a ticket halfway to its first reply.
            assigned: Some(ticket.reply.unwrap_or(0) / 2).filter(known),
            reply,
            first_solved,
            solved,
            reopens: if first_solved.is_some() { ticket.reopens } else { 0 },
            replies: if solved.is_some() {
                ticket.replies
            } else {
                ticket.replies.min(u32::from(reply.is_some()))
            },
            updated: if closes < end { closes } else { ticket.after(last) },
            rating: ticket.is_good.filter(|_| is_rated),
        }
    }

    fn satisfaction(&self) -> &'static str {
        match (self.rating, self.solved) {
            (Some(true), _) => "Good",
            (Some(false), _) => "Bad",
            (None, Some(_)) => "Offered",
            (None, None) => "Unoffered",
        }
    }
}

fn status(
    ticket: &Ticket,
    reply: Option<u32>,
    solved: Option<u32>,
    is_closed: bool,
) -> &'static str {
    match (reply, solved) {
        _ if ticket.outcome == TicketOutcome::Deleted => "Deleted",
        (_, Some(_)) if is_closed || ticket.outcome == TicketOutcome::Merged => "Closed",
        (_, Some(_)) => "Solved",
        (None, None) => "New",
        (Some(_), None) => match ticket.opened.rem_euclid(4) {
            0 => "Pending",
            1 => "On-hold",
            _ => "Open",
        },
    }
}

fn fill_ticket(
    row: &mut ExportRow<'_>,
    id: u64,
    customer: &Customer,
    ticket: &Ticket,
    state: &TicketState,
) {
    let domain = names::domain(customer);
    let person = person(customer, ticket.person);
    row.number(1);
    row.number(id);
    row.text(&person.name());
    row.number(ids::requester(customer, ticket.person));
    row.text(&format!("{}-{}", ids::number(customer), ticket.person + 1));
    row.text(&person.email(&domain));
    row.text(&domain);
    row.text(ticket.agent);
    row.text(ticket.topic.team.name());
    row.text(ticket.subject);
    row.text(tags(ticket));
    row.text(state.status);
    row.text(ticket.priority.name);
    row.text(ticket.channel);
    row.text(if ticket.topic.name == "bug" { "Incident" } else { "Question" });
    fill_course(row, customer, ticket, state);
    row.text(ticket.topic.name);
    row.moment(ticket.after(ticket.priority.promise), TimestampStyle::Plain);
    row.number(ids::organization(customer));
}

fn fill_course(row: &mut ExportRow<'_>, customer: &Customer, ticket: &Ticket, state: &TicketState) {
    let held = state.solved.map(|minutes| minutes / 20);
    let pending = state.solved.map(|minutes| minutes / 5);
    let waited = state.solved.map(|minutes| minutes - minutes / 20 - minutes / 5);
    row.moment(ticket.opened, TimestampStyle::Plain);
    row.moment(state.updated, TimestampStyle::Plain);
    row.maybe_moment(state.assigned.map(|minutes| ticket.after(minutes)), TimestampStyle::Plain);
    row.text(&names::company(customer));
    row.maybe_moment(state.solved.map(|minutes| ticket.after(minutes)), TimestampStyle::Plain);
    row.text(state.satisfaction());
    row.number(1 + ticket.person % 2);
    row.number(1 + state.reopens);
    row.number(state.reopens);
    row.number(state.replies);
    row.maybe(state.reply);
    row.maybe(state.first_solved);
    row.maybe(state.solved);
    row.maybe(pending);
    row.maybe(waited);
    row.maybe(held);
}

/// The same person has the same name in every ticket.
fn person(customer: &Customer, person: u32) -> names::Person {
    names::Person::random(&mut RandomStream::new(
        u64::from(person),
        StreamKind::Customer,
        u64::from(customer.number),
        1,
    ))
}

fn tags(ticket: &Ticket) -> &'static str {
    match (ticket.outcome, ticket.priority.name) {
        (TicketOutcome::Merged, _) => "closed_by_merge",
        (_, "Urgent") => "vip escalated",
        _ => "",
    }
}
