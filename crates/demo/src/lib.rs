//! A made-up company, written as its systems would export it.
//!
//! [`Company`] says how large it is and how long a time it covers; [`write_extracts`] lets it live and writes the
//! extracts of its CRM, help desk, survey tool, billing, store, newsletter and employee survey. Everything follows
//! from the seed: a customer's week is drawn from (seed, what it is about, customer, week), so no extract depends on
//! another or on the order of writing. What is hidden in the data is written in `docs/demo-company.md`.
//!
//! ```text
//! company     customers, weeks, seed, as-of day
//!    |
//! random      a stream of chance for each question        calendar   weeks, seasons, the bad release
//!    |                                                        |
//! customers   who they are, when they came and left, their ids in each system
//!    |
//! world       calendar and customers together
//!    |
//! activity    tickets, survey answers and subscriptions of one customer
//!    |
//! systems     one writer for each system, through export: rows into CSV files, a few of them with a defect
//! ```

mod company;

mod random;

mod calendar;

mod customers;

mod world;

mod activity;

mod export;

mod systems;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::{fs, io};

pub use company::{BadCompany, Company};
pub use export::file::WrittenExtract;

use systems::{
    accounts, emails, employees, opportunities, orders, responses, subscriptions, tickets,
};
use world::World;

/// Settings of the company's project: its `scorewright.toml`.
pub const SETTINGS: &str = "\
# A made-up company. What is hidden in its data is told in docs/demo-company.md.
name = \"Acme Cloud\"
time_zone = \"Europe/Berlin\"
currency = \"EUR\"
extracts = \"extracts\"
";

/// Writes the extracts of one system.
type SystemWriter = fn(&Path, &World) -> io::Result<Vec<WrittenExtract>>;

/// One writer for each system.
const WRITERS: [SystemWriter; 8] = [
    accounts::write,
    opportunities::write,
    tickets::write,
    responses::write,
    subscriptions::write,
    orders::write,
    emails::write,
    employees::write,
];

/// Writes every extract of a company into a folder.
///
/// - The same company gives the same bytes; the folder is made, files of these names are replaced.
/// - Files are not synced to the disk: what a power cut takes, the same call writes again.
/// - Memory holds the customers (about 200 bytes each) and one week of tickets, whatever the number of rows.
///
/// # Errors
///
/// When the folder or a file cannot be made or written.
pub fn write_extracts(folder: &Path, company: &Company) -> io::Result<Vec<WrittenExtract>> {
    fs::create_dir_all(folder)?;
    let world = World::new(company);
    let mut extracts = Vec::new();
    for write in WRITERS {
        extracts.extend(write(folder, &world)?);
    }
    Ok(extracts)
}
