//! A help desk whose products deliver what changed, late and corrected, and all plans each time.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::draws::Draws;

/// 20 December 2025, in days since 1970: the nights after it are of several months.
const FIRST_DAY: i64 = 20_442;
const DAY: i64 = 86_400;
const TEAMS: [&str; 4] = ["Billing", "Returns", "Setup", ""];
const SEGMENTS: [&str; 3] = ["large", "small", ""];
const PLANS: [&str; 3] = ["basic", "plus", "pro"];

struct Ticket {
    customer: i64,
    team: &'static str,
    opened: i64,
    solved: Option<i64>,
    updated: i64,
}

struct Customer {
    segment: &'static str,
    merged_into: Option<i64>,
    updated: i64,
}

/// What is so by now, and what was delivered of it.
pub(super) struct HelpDesk {
    pub(super) draws: Draws,
    /// The as-of day of the night, in days since 1970.
    day: i64,
    /// When something changed last: each change is later than all before.
    now: i64,
    /// When the delivery began that is being made.
    began: i64,
    tickets: Vec<Ticket>,
    customers: Vec<Customer>,
    /// Files of ratings, each with its rows.
    ratings: Vec<(String, Vec<[String; 4]>)>,
    rating_number: i64,
    /// Whether tickets come with a channel, which the source declares from then on.
    has_channel: bool,
}

impl HelpDesk {
    pub(super) fn new(seed: u64) -> Self {
        let (tickets, customers, ratings) = (Vec::new(), Vec::new(), Vec::new());
        let (draws, day, rating_number, has_channel) = (Draws(seed), FIRST_DAY, 0, false);
        let (now, began) = (0, 0);
        Self { draws, day, now, began, tickets, customers, ratings, rating_number, has_channel }
    }

    /// The as-of day of the night.
    pub(super) fn day(&self) -> String {
        moment(self.day * DAY)[..10].to_owned()
    }

    /// Goes on to a day that is the first to show a week: a page says which revision of it that is.
    pub(super) fn next_day(&mut self) {
        self.day += 7 + self.draws.below(9);
        self.now = (self.day - 1) * DAY;
    }

    /// Writes what a delivery brings, and says what is special about it.
    ///
    /// - `night`: its number, which its files have.
    pub(super) fn deliver(&mut self, project: &Path, night: i64) -> String {
        let extracts = project.join("extracts");
        let mut said = vec![self.day()];
        self.began = self.now + 1;
        if self.draws.below(6) == 0 && night > 0 {
            return said.join(" ") + " nothing";
        }
        if !self.has_channel && night > 0 && self.draws.below(5) == 0 {
            self.has_channel = true;
            let source = project.join("pipelines/sources/tickets.toml");
            let text = fs::read_to_string(&source).unwrap();
            fs::write(source, text + "\n[columns.channel]\ntype = \"text\"\noptional = true\n")
                .unwrap();
            said.push("another column".into());
        }
        self.change_customers(night);
        self.change_tickets();
        self.write_changed(&extracts, night);
        if night == 0 || self.draws.below(3) == 0 {
            self.write_plans(&extracts);
            said.push("plans".into());
        }
        if night > 0 && self.draws.below(4) == 0 {
            said.push(format!("{} corrected", self.correct_a_rating()));
        }
        self.rate(night);
        for (file, rows) in &self.ratings {
            write(&extracts.join(file), "rating_id,ticket_id,rated_at,score", rows);
        }
        said.join(" ")
    }

    /// Delivers a ticket with a moment of opening in another month, and gives the file.
    pub(super) fn move_a_ticket(&mut self, project: &Path) -> PathBuf {
        let number = self.index(self.tickets.len());
        let ticket = &self.tickets[number];
        let opened = if ticket.opened % (62 * DAY) < 31 * DAY { 40 } else { -40 } * DAY;
        let mut row = self.ticket_row(number);
        row[3] = moment(ticket.opened + opened);
        row[5] = moment(self.changed_at());
        let path = project.join("extracts/tickets_moved.csv");
        write(&path, self.ticket_header(), &[row]);
        path
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.draws.below(i64::try_from(length).unwrap())).unwrap()
    }

    fn changed_at(&mut self) -> i64 {
        self.now += 1 + self.draws.below(200);
        self.now
    }

    fn change_customers(&mut self, night: i64) {
        let more = if night == 0 { 6 } else { self.draws.below(2) };
        for _ in 0..more {
            let (segment, updated) = (*self.draws.pick(&SEGMENTS), self.changed_at());
            self.customers.push(Customer { segment, merged_into: None, updated });
        }
        for _ in 0..self.draws.below(3) {
            let (at, other) = (self.index(self.customers.len()), self.index(self.customers.len()));
            let (segment, updated) = (*self.draws.pick(&SEGMENTS), self.changed_at());
            let is_merged = self.draws.below(3) == 0 && at != other;
            let merged_into = is_merged.then(|| i64::try_from(other).unwrap());
            self.customers[at] = Customer { segment, merged_into, updated };
        }
    }

    fn change_tickets(&mut self) {
        for _ in 0..4 + self.draws.below(12) {
            // Most are of the last days, some are told of late.
            let before = if self.draws.below(4) == 0 { 70 } else { 10 };
            let opened = self.day * DAY - 60 - self.draws.below(before * DAY);
            // Some are of customers that nobody told of yet.
            let customer = self.draws.below(8);
            let (team, updated) = (*self.draws.pick(&TEAMS), self.changed_at());
            self.tickets.push(Ticket { customer, team, opened, solved: None, updated });
        }
        for _ in 0..self.draws.below(10) {
            let number = self.index(self.tickets.len());
            let updated = self.changed_at();
            let (team, customer) = (*self.draws.pick(&TEAMS), self.draws.below(8));
            let ticket = &mut self.tickets[number];
            ticket.updated = updated;
            match self.draws.below(4) {
                0 => ticket.team = team,
                1 => ticket.customer = customer,
                2 => ticket.solved = None,
                _ => ticket.solved = Some(ticket.opened + 60 + self.draws.below(6 * DAY)),
            }
        }
    }

    /// Tickets and customers that changed in the night.
    fn write_changed(&self, extracts: &Path, night: i64) {
        let begin = self.began;
        let numbers =
            (0..self.tickets.len()).filter(|number| self.tickets[*number].updated >= begin);
        let rows: Vec<_> = numbers.map(|number| self.ticket_row(number)).collect();
        write(&extracts.join(format!("tickets_{night}.csv")), self.ticket_header(), &rows);
        let changed = self.customers.iter().enumerate().filter(|(_, it)| it.updated >= begin);
        let row = |(number, it): (usize, &Customer)| {
            let merged_into = it.merged_into.map_or(String::new(), |into| format!("c{into}"));
            [format!("c{number}"), it.segment.into(), merged_into, moment(it.updated)]
        };
        let rows: Vec<_> = changed.map(row).collect();
        let header = "customer_id,segment,merged_into,updated_at";
        write(&extracts.join(format!("customers_{night}.csv")), header, &rows);
    }

    fn ticket_header(&self) -> &'static str {
        let header = "ticket_id,customer_id,team,opened_at,solved_at,updated_at,channel";
        if self.has_channel { header } else { header.trim_end_matches(",channel") }
    }

    fn ticket_row(&self, number: usize) -> Vec<String> {
        let it = &self.tickets[number];
        let solved = it.solved.map_or(String::new(), moment);
        let (customer, team) = (format!("c{}", it.customer), it.team.to_owned());
        let (opened, updated) = (moment(it.opened), moment(it.updated));
        let mut row = vec![format!("t{number}"), customer, team, opened, solved, updated];
        row.extend(self.has_channel.then(|| "mail".into()));
        row
    }

    fn write_plans(&mut self, extracts: &Path) {
        let mut rows = Vec::new();
        for number in 0..self.customers.len() {
            let plan = *self.draws.pick(&PLANS);
            rows.push([format!("c{number}"), plan.into()]);
        }
        // Some have left.
        rows.retain(|_| self.draws.below(5) > 0);
        write(&extracts.join(format!("plans_{}.csv", self.day())), "customer_id,plan", &rows);
    }

    fn rate(&mut self, night: i64) {
        let mut rows = Vec::new();
        for _ in 0..=self.draws.below(8) {
            self.rating_number += 1;
            let (rated_at, ticket) = (self.changed_at(), self.index(self.tickets.len()));
            let score = (1 + self.draws.below(5)).to_string();
            let number = format!("r{}", self.rating_number);
            rows.push([number, format!("t{ticket}"), moment(rated_at), score]);
        }
        self.ratings.push((format!("ratings_{night}.csv"), rows));
    }

    /// A file that was delivered is delivered once more with another score.
    fn correct_a_rating(&mut self) -> String {
        let file = self.index(self.ratings.len());
        let row = self.index(self.ratings[file].1.len());
        let score = (1 + self.draws.below(5)).to_string();
        self.ratings[file].1[row][3] = score;
        self.ratings[file].0.clone()
    }
}

/// An instant as extracts state it.
fn moment(second: i64) -> String {
    let at = Timestamp::from_second(second).unwrap().to_zoned(TimeZone::UTC);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writes an extract, unless nothing is in it.
fn write<R: AsRef<[String]>>(path: &Path, header: &str, rows: &[R]) {
    let lines = rows.iter().map(|row| row.as_ref().join(","));
    let text: Vec<String> = [header.to_owned()].into_iter().chain(lines).collect();
    if !rows.is_empty() {
        fs::write(path, text.join("\n") + "\n").unwrap();
    }
}
