//! Salesforce: the accounts, with the numbers the other systems know them by.

use std::io;
use std::path::Path;

use super::Written;
use super::calendar::DAY;
use super::customer::Customer;
use super::dirt::Spoil;
use super::draw::About;
use super::identity::{self, Record};
use super::names;
use super::row::{Dialect, Row, Stamp};
use super::sheet::{Form, Sheet};
use super::world::World;

static FORM: Form = Form {
    file: "salesforce_accounts.csv",
    dialect: Dialect::Quoted,
    columns: &[
        "Id",
        "IsDeleted",
        "MasterRecordId",
        "Name",
        "Type",
        "ParentId",
        "BillingCountry",
        "Website",
        "Industry",
        "AnnualRevenue",
        "NumberOfEmployees",
        "OwnerId",
        "CreatedDate",
        "LastModifiedDate",
        "SystemModstamp",
        "LastActivityDate",
        "Customer_Number__c",
        "Segment__c",
        "Region__c",
        "Email_Domain__c",
        "Zendesk_Org_Id__c",
        "Stripe_Customer_Id__c",
        "Is_Test__c",
    ],
    // A broken row here would orphan all tickets and orders of its customer: only repeats.
    spoils: &[Spoil::Twice],
};

/// Writes one row for each customer, and one for each record that was merged into it.
pub(super) fn write(folder: &Path, world: &World, tell: &mut dyn FnMut(Written)) -> io::Result<()> {
    let mut sheet = Sheet::create(folder, &FORM, world)?;
    for customer in &world.customers {
        let created =
            (customer.life.joined - 20) * DAY + 36_000 + i64::from(customer.number % 25_000);
        if created < world.calendar.end() {
            write_customer(&mut sheet, world, customer, created)?;
        }
    }
    tell(sheet.finish()?);
    Ok(())
}

fn write_customer(
    sheet: &mut Sheet<'_>,
    world: &World,
    customer: &Customer,
    created: i64,
) -> io::Result<()> {
    let account = Record::Account;
    fill(sheet.row(), world, customer, account, None, created);
    sheet.end_row()?;
    for which in 1..=customer.duplicates {
        // The second repeat was merged into the first before that was merged into the account.
        let master = if which == 1 { account } else { Record::Duplicate(1) };
        fill(sheet.row(), world, customer, Record::Duplicate(which), Some(master), created + 3600);
        sheet.end_row()?;
    }
    Ok(())
}

fn fill(
    row: &mut Row<'_>,
    world: &World,
    customer: &Customer,
    record: Record,
    master: Option<Record>,
    created: i64,
) {
    let domain = names::domain(customer);
    row.text(&identity::crm(record, customer.number));
    row.flag(master.is_some());
    row.text(&master.map(|master| identity::crm(master, customer.number)).unwrap_or_default());
    row.text(&names::company(customer));
    row.text(if customer.is_test { "Other" } else { "Customer" });
    row.none();
    row.text(customer.country);
    row.text(&format!("https://www.{domain}/"));
    row.text(customer.industry);
    fill_size(row, world, customer);
    row.text(&identity::crm(Record::User, customer.number % 9 + 1));
    row.moment(created, Stamp::Zulu);
    let modified = (created + 5400).min(world.calendar.end() - 1);
    row.moment(modified, Stamp::Zulu);
    row.moment(modified, Stamp::Zulu);
    row.day(customer.life.joined.min(world.calendar.until - 1));
    row.text(&identity::number(customer));
    row.text(customer.size.segment());
    row.text(customer.region);
    fill_links(row, customer, &domain, master.is_none());
}

fn fill_size(row: &mut Row<'_>, world: &World, customer: &Customer) {
    let mut draw = world.draw(About::Account, customer, 0);
    let employees = draw.around(customer.size.of(2400, 260, 35));
    row.number(i64::from(employees) * 140_000);
    row.number(employees);
}

fn fill_links(row: &mut Row<'_>, customer: &Customer, domain: &str, is_master: bool) {
    row.text(domain);
    row.maybe((is_master && customer.is_linked_to_desk).then(|| identity::organization(customer)));
    row.maybe((is_master && customer.is_linked_to_billing).then(|| identity::billing(customer)));
    row.flag(customer.is_test);
}
