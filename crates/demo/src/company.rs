//! How large the made-up company is.

use jiff::civil::Date;

/// How large a made-up company is and how long a time its extracts cover.
///
/// The same company gives the same bytes on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Company {
    /// Customers that ever joined; about eight in ten are still there at the end.
    pub customers: u32,
    /// Whole weeks before the week of the as-of day.
    pub weeks: u32,
    /// Another seed gives another company.
    pub seed: u64,
    /// The extracts know nothing of this day and later ones.
    pub as_of: Date,
}

/// A company that cannot be made up.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("a company of {customers} customers and {weeks} weeks cannot be made up")]
#[diagnostic(help(
    "choose 1 to {} customers and 1 to {} weeks; {} weeks or more give every month of a year one to compare with",
    Company::MOST_CUSTOMERS,
    Company::MOST_WEEKS,
    Company::WEEKS
))]
pub struct BadCompany {
    customers: u32,
    weeks: u32,
}

impl Company {
    /// Customers when nobody says otherwise.
    pub const CUSTOMERS: u32 = 800;
    /// Weeks when nobody says otherwise: two years and two months.
    pub const WEEKS: u32 = 112;
    /// Seed when nobody says otherwise.
    pub const SEED: u64 = 1;
    const MOST_CUSTOMERS: u32 = 10_000_000;
    const MOST_WEEKS: u32 = 520;

    /// A company of this size.
    ///
    /// # Errors
    ///
    /// When there are no customers or no weeks, or more than ids and calendar allow.
    pub fn new(customers: u32, weeks: u32, seed: u64, as_of: Date) -> Result<Self, BadCompany> {
        let is_possible = (1..=Self::MOST_CUSTOMERS).contains(&customers)
            && (1..=Self::MOST_WEEKS).contains(&weeks);
        if is_possible {
            Ok(Self { customers, weeks, seed, as_of })
        } else {
            Err(BadCompany { customers, weeks })
        }
    }
}
