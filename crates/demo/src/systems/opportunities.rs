//! Salesforce: the opportunities.

use std::io;
use std::path::Path;

use crate::calendar::DAY;
use crate::customers::customer::Customer;
use crate::customers::ids::{self, CrmRecord};
use crate::customers::names;
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::{RandomStream, StreamKind};
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "salesforce_opportunities.csv",
    style: CsvStyle::Quoted,
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
    defects: &[
        Defect::BadDate("CreatedDate"),
        Defect::Missing("Id"),
        Defect::Unknown("StageName"),
        Defect::Unknown("Amount"),
        Defect::TooShort,
        Defect::TooLong,
        Defect::Twice,
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
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    let mut number = 0;
    for customer in &world.customers {
        for deal in
            deals(world, customer).into_iter().filter(|deal| deal.created < world.calendar.until)
        {
            number += 1;
            fill(export.row(), world, customer, &deal, number);
            export.end_row()?;
        }
    }
    Ok(vec![export.finish()?])
}

fn deals(world: &World, customer: &Customer) -> Vec<Deal> {
    let mut random = world.random(StreamKind::Deals, customer, 0);
    let joined = customer.lifecycle.joined;
    let first = Deal {
        kind: "New Business",
        created: joined - random.days(15, 70),
        closes: joined,
        is_won: true,
        cents: amount(&mut random, customer),
    };
    let later = world.weeks().filter_map(|(week, this)| {
        let mut random = world.random(StreamKind::Deals, customer, week + 1);
        let created = this.monday + random.days(0, 4);
        let opens = random.chance(15) && customer.lifecycle.is_active(created);
        opens.then(|| expansion(&mut random, customer, created, world.mood(customer, week)))
    });
    std::iter::once(first).chain(later).collect()
}

fn expansion(random: &mut RandomStream, customer: &Customer, created: i64, mood: i32) -> Deal {
    let chance = u32::try_from((430 + mood * 8).max(40)).expect("at least 40");
    Deal {
        kind: "Existing Business",
        created,
        closes: created + i64::from(random.around(customer.size.of(75, 45, 24)).min(360)),
        is_won: random.chance(chance),
        cents: amount(random, customer) / 3,
    }
}

fn amount(random: &mut RandomStream, customer: &Customer) -> i64 {
    i64::from(random.around(customer.size.of(48_000, 9_000, 1_600))) * 100
}

fn fill(row: &mut ExportRow<'_>, world: &World, customer: &Customer, deal: &Deal, number: u32) {
    let is_closed = deal.closes < world.calendar.until;
    let is_won = is_closed && deal.is_won;
    let age = world.calendar.until - deal.created;
    let (stage, probability, forecast) = match (is_closed, is_won) {
        (true, true) => ("Closed Won", 100, "Closed"),
        (true, false) => ("Closed Lost", 0, "Omitted"),
        _ if age < 14 => ("Qualification", 10, "Pipeline"),
        _ => ("Negotiation/Review", 70, "BestCase"),
    };
    row.text(&ids::crm(CrmRecord::Opportunity, number));
    row.flag(false);
    row.text(&ids::crm(account_of(customer, number), customer.number));
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
    row.text(&ids::crm(CrmRecord::User, customer.number % 9 + 1));
    row.moment(deal.created * DAY + 32_400 + i64::from(number % 20_000), TimestampStyle::Zulu);
    row.moment(deal.closes.min(world.calendar.until - 1) * DAY + 64_800, TimestampStyle::Zulu);
    row.text("EUR");
}

/// Some deals still hang on a record that was merged away.
fn account_of(customer: &Customer, deal: u32) -> CrmRecord {
    if customer.duplicates > 0 && deal.is_multiple_of(2) {
        CrmRecord::Duplicate(customer.duplicates)
    } else {
        CrmRecord::Account
    }
}
