//! A made-up company, written as its systems would export it.
//!
//! [`Company`] says how large it is and how long it is told for; [`write_extracts`] lets it live and
//! writes the extracts of its CRM, help desk, survey tool, billing, store, newsletter and employee
//! survey. Everything follows from the seed: a customer's week is drawn from (seed, what it is about,
//! customer, week), so no extract depends on another or on the order of writing.
//!
//! What is hidden in it is told in `docs/demo-company.md`.

mod accounts;
mod answer;
mod calendar;
mod comments;
mod company;
mod customer;
mod desk;
mod dirt;
mod draw;
mod emails;
mod employees;
mod identity;
mod life;
mod names;
mod opportunities;
mod orders;
mod qualtrics;
mod ratings;
mod row;
mod sheet;
mod stripe;
mod subscription;
#[cfg(test)]
mod tests;
mod ticket;
mod world;
mod zendesk;

use std::path::Path;
use std::{fs, io};

pub(crate) use company::{Company, Written};
use world::World;

/// Writes the extracts of one system.
type Writer = fn(&Path, &World, &mut dyn FnMut(Written)) -> io::Result<()>;

/// One writer for each system.
const WRITERS: [Writer; 8] = [
    accounts::write,
    opportunities::write,
    zendesk::write,
    qualtrics::write,
    stripe::write,
    orders::write,
    emails::write,
    employees::write,
];

/// Writes every extract of a company into a folder, and tells of each file when it is done.
///
/// - The same company gives the same bytes; the folder is made, files of these names are replaced.
/// - Memory holds the customers (about 200 bytes each) and one week of tickets, whatever the number of rows.
///
/// # Errors
///
/// When the folder or a file cannot be made or written.
pub(crate) fn write_extracts(
    folder: &Path,
    company: &Company,
    tell: &mut dyn FnMut(&Written),
) -> io::Result<Vec<Written>> {
    fs::create_dir_all(folder)?;
    let world = World::new(company);
    let mut all = Vec::new();
    for write in WRITERS {
        write(folder, &world, &mut |written| {
            tell(&written);
            all.push(written);
        })?;
    }
    Ok(all)
}
