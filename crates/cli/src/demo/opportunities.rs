//! Salesforce: the opportunities.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::DAY;
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::{About, Draw};
use super::identity::{self, Record};
use super::names;
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;

static FORM: Form = Form {
    file: "salesforce_opportunities.csv",
    dialect: Dialect::Quoted,
    columns: &[
        "Id",
        "IsDeleted",
        "AccountId",
        "Name",
        "Amount",
        "StageName",
        "Probability",
        "CloseDate",
        "Type",
        "LeadSource",
        "IsClosed",
        "IsWon",
        "ForecastCategory",
        "OwnerId",
        "CreatedDate",
        "SystemModstamp",
        "CurrencyIsoCode",
    ],
    spoils: &[
        Spoil::BadDate("CreatedDate"),
        Spoil::Missing("Id"),
        Spoil::Unknown("StageName"),
        Spoil::Unknown("Amount"),
        Spoil::TooShort,
        Spoil::TooLong,
        Spoil::Twice,
    ],
};

/// A deal, from its first day to its last.
struct Deal {
    kind: &'static str,
    created: i64,
    closes: i64,
    is_won: bool,
    cents: i64,
}

/// Writes the deal that made each customer, and those that followed.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    let mut number = 0;
    for customer in &world.customers {
        for deal in
            deals(world, customer).into_iter().filter(|deal| deal.created < world.calendar.until)
        {
            number += 1;
            fill(sheet.row(), world, customer, &deal, number);
            sheet.end_row()?;
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn deals(world: &World, customer: &Customer) -> Vec<Deal> {
    let mut draw = world.draw(About::Deals, customer, 0);
    let joined = customer.life.joined;
    let first = Deal {
        kind: "New Business",
        created: joined - draw.days(15, 70),
        closes: joined,
        is_won: true,
        cents: amount(&mut draw, customer),
    };
    let later = world.weeks().filter_map(|(week, this)| {
        let mut draw = world.draw(About::Deals, customer, week + 1);
        let created = this.monday + draw.days(0, 4);
        let opens = draw.chance(15) && customer.life.is_active(created);
        opens.then(|| expansion(&mut draw, customer, created, world.mood(customer, week)))
    });
    std::iter::once(first).chain(later).collect()
}

fn expansion(draw: &mut Draw, customer: &Customer, created: i64, mood: i32) -> Deal {
    let chance = u32::try_from((430 + mood * 8).max(40)).expect("at least 40");
    Deal {
        kind: "Existing Business",
        created,
        closes: created + i64::from(draw.around(customer.size.of(75, 45, 24)).min(360)),
        is_won: draw.chance(chance),
        cents: amount(draw, customer) / 3,
    }
}

fn amount(draw: &mut Draw, customer: &Customer) -> i64 {
    i64::from(draw.around(customer.size.of(48_000, 9_000, 1_600))) * 100
}

fn fill(row: &mut Row<'_>, world: &World, customer: &Customer, deal: &Deal, number: u32) {
    let is_closed = deal.closes < world.calendar.until;
    let is_won = is_closed && deal.is_won;
    let age = world.calendar.until - deal.created;
    let (stage, probability, forecast) = match (is_closed, is_won) {
        (true, true) => ("Closed Won", 100, "Closed"),
        (true, false) => ("Closed Lost", 0, "Omitted"),
        _ if age < 14 => ("Qualification", 10, "Pipeline"),
        _ => ("Negotiation/Review", 70, "BestCase"),
    };
    row.text(&identity::crm(Record::Opportunity, number));
    row.flag(false);
    row.text(&identity::crm(account_of(customer, number), customer.number));
    row.text(&format!("{} - {}", names::company(customer), deal.kind));
    row.cents(deal.cents);
    row.text(stage);
    row.number(probability);
    row.day(deal.closes);
    row.text(deal.kind);
    row.text(
        ["Web", "Partner Referral", "Trade Show", "Phone Inquiry"][number as usize * 7 / 3 % 4],
    );
    row.flag(is_closed);
    row.flag(is_won);
    row.text(forecast);
    row.text(&identity::crm(Record::User, customer.number % 9 + 1));
    row.moment(deal.created * DAY + 32_400 + i64::from(number % 20_000), Stamp::Zulu);
    row.moment(deal.closes.min(world.calendar.until - 1) * DAY + 64_800, Stamp::Zulu);
    row.text("EUR");
}

/// Some deals still hang on a record that was merged away.
fn account_of(customer: &Customer, deal: u32) -> Record {
    if customer.duplicates > 0 && deal.is_multiple_of(2) {
        Record::Duplicate(customer.duplicates)
    } else {
        Record::Account
    }
}
