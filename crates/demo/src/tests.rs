//! What the demo company promises: the same bytes, a few defects, and stories that can be found.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use jiff::civil::date;

use crate::activity::desk::Team;
use crate::activity::survey::{ResponseKind, SurveyAnswer};
use crate::activity::ticket::Ticket;
use crate::world::World;
use crate::{Company, WrittenExtract, write_extracts};

fn company(customers: u32, weeks: u32, seed: u64) -> Company {
    Company::new(customers, weeks, seed, date(2026, 11, 23)).unwrap()
}

/// Large enough that chance does not hide a story.
fn world() -> World {
    World::new(&company(2000, 60, 5))
}

fn write(company: &Company) -> (tempfile::TempDir, Vec<WrittenExtract>) {
    let folder = tempfile::tempdir().unwrap();
    let written = write_extracts(folder.path(), company).unwrap();
    (folder, written)
}

fn bytes(folder: &Path, written: &[WrittenExtract]) -> Vec<Vec<u8>> {
    written.iter().map(|one| fs::read(folder.join(one.file)).unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let files = [3, 3, 4].map(|seed| {
        let (folder, written) = write(&company(60, 30, seed));
        bytes(folder.path(), &written)
    });
    assert_eq!(files[0], files[1]);
    assert!(files[0].iter().zip(&files[2]).all(|(one, other)| one != other));
}

#[test]
fn a_later_as_of_day_changes_no_customer_of_old() {
    // Who joined first is drawn from (seed, number) alone, so the oldest account has the same row but its days.
    let ids = [date(2026, 11, 23), date(2026, 11, 24)].map(|as_of| {
        let (folder, _) = write(&Company { as_of, ..company(20, 10, 3) });
        let accounts = fs::read_to_string(folder.path().join("salesforce_accounts.csv")).unwrap();
        accounts.lines().nth(1).unwrap().split("T10:").next().unwrap()[..80].to_owned()
    });
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn about_two_rows_in_a_thousand_are_defective() {
    let (_folder, written) = write(&company(300, 60, Company::SEED));
    let (rows, defective) = written
        .iter()
        .fold((0, 0), |(rows, defective), one| (rows + one.rows, defective + one.defective));
    assert!((rows / 1000..rows * 3 / 1000).contains(&defective), "{defective} of {rows}");
    assert!(
        written.iter().all(|one| one.defective * 100 < one.rows),
        "a file over the tolerance of its source: {written:?}"
    );
}

#[test]
fn every_ticket_belongs_to_an_account() {
    let (folder, written) = write(&company(300, 40, 2));
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    let accounts = read("salesforce_accounts.csv");
    let known: HashSet<&str> = accounts.split('"').collect();
    let tickets = read("zendesk_tickets.csv");
    let orphans = tickets.lines().skip(1).filter(|line| {
        let number = line.rsplit(',').next().unwrap_or_default();
        let domain = line.split(',').nth(6).unwrap_or_default();
        !known.contains(number) && !known.contains(domain)
    });
    let defective = written.iter().find(|one| one.file == "zendesk_tickets.csv").unwrap().defective;
    assert!(orphans.count() as u64 <= defective, "only a defective row may name nobody");
}

#[test]
fn nobody_writes_before_joining_or_after_leaving() {
    let world = world();
    for customer in world.customers.iter().take(500) {
        for week in 0..world.calendar.weeks.len() {
            for ticket in Ticket::of(&world, customer, week) {
                let day = ticket.opened / crate::calendar::DAY;
                assert!(customer.lifecycle.joined <= day && day < world.calendar.until);
                assert!(
                    customer.lifecycle.left.is_none_or(|left| day < left)
                        || customer.lifecycle.back.is_some_and(|back| back <= day)
                );
            }
        }
    }
}

fn tickets(world: &World, week: usize) -> Vec<Ticket> {
    world.customers.iter().flat_map(|customer| Ticket::of(world, customer, week)).collect()
}

/// Share of answers of 4 or 5.
fn satisfied(world: &World, week: usize) -> f64 {
    let answers =
        world.customers.iter().flat_map(|customer| SurveyAnswer::of(world, customer, week));
    let scores: Vec<u32> = answers
        .filter(|one| one.kind == ResponseKind::Invited)
        .filter_map(|one| one.satisfied)
        .collect();
    let count = |scores: &[u32]| f64::from(u32::try_from(scores.len()).unwrap());
    count(&scores.iter().copied().filter(|score| *score >= 4).collect::<Vec<_>>()) / count(&scores)
}

#[test]
fn the_week_of_the_bad_release_stands_out() {
    let world = world();
    let bad = world.calendar.release;
    let (before, during) = (tickets(&world, bad - 1).len(), tickets(&world, bad).len());
    assert!(during * 10 > before * 17, "{before} tickets, then {during}");
    let (before, during, after) =
        (satisfied(&world, bad - 1), satisfied(&world, bad), satisfied(&world, bad + 4));
    assert!(before - during > 0.1 && after - during > 0.1, "{before} {during} {after}");
}

fn median(mut minutes: Vec<u32>) -> u32 {
    minutes.sort_unstable();
    minutes[minutes.len() / 2]
}

#[test]
fn billing_takes_twice_as_long_as_any_other_team() {
    let world = world();
    let all: Vec<Ticket> = (0..30).flat_map(|week| tickets(&world, week)).collect();
    let of = |team: Team| {
        median(all.iter().filter(|one| one.topic.team == team).map(|one| one.solved).collect())
    };
    for other in [Team::Technical, Team::Onboarding, Team::Integrations] {
        assert!(of(Team::Billing) > 2 * of(other), "{other:?}");
    }
}

#[test]
fn customers_in_trouble_leave_more_often() {
    let world = world();
    let leavers = |knew: bool| {
        let group: Vec<_> = world
            .customers
            .iter()
            .filter(|customer| customer.lifecycle.knew_trouble() == knew)
            .collect();
        let left = group.iter().filter(|customer| customer.lifecycle.left.is_some()).count();
        left * 100 / group.len()
    };
    assert!(leavers(true) > 2 * leavers(false), "{} % against {} %", leavers(true), leavers(false));
}

#[test]
fn a_company_of_nobody_is_refused() {
    let refused = Company::new(0, 10, 1, date(2026, 11, 23)).unwrap_err();
    assert_eq!(refused.to_string(), "a company of 0 customers and 10 weeks cannot be made up");
}
