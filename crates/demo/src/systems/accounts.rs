//! Salesforce: the accounts, with the numbers the other systems know them by.

use std::io;
use std::path::Path;

use crate::calendar::DAY;
use crate::customers::customer::Customer;
use crate::customers::ids::{self, CrmRecord};
use crate::customers::names;
use crate::export::defects::Defect;
use crate::export::file::{ExportFile, ExportLayout, WrittenExtract};
use crate::export::row::{CsvStyle, ExportRow, TimestampStyle};
use crate::random::StreamKind;
use crate::world::World;

static LAYOUT: ExportLayout = ExportLayout {
    file: "salesforce_accounts.csv",
    style: CsvStyle::Quoted,
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
    defects: &[Defect::Twice],
};

/// Writes one row for each customer, and one for each record that was merged into it.
pub(crate) fn write(folder: &Path, world: &World) -> io::Result<Vec<WrittenExtract>> {
    let mut export = ExportFile::create(folder, &LAYOUT, world)?;
    for customer in &world.customers {
        let created =
            (customer.lifecycle.joined - 20) * DAY + 36_000 + i64::from(customer.number % 25_000);
        if created < world.calendar.end() {
            write_customer(&mut export, world, customer, created)?;
        }
    }
    Ok(vec![export.finish()?])
}

fn write_customer(
    export: &mut ExportFile<'_>,
    world: &World,
    customer: &Customer,
    created: i64,
) -> io::Result<()> {
    let account = CrmRecord::Account;
    fill(export.row(), world, customer, account, None, created);
    export.end_row()?;
    for which in 1..=customer.duplicates {
        // The second repeat was merged into the first before that was merged into the account.
        let master = if which == 1 { account } else { CrmRecord::Duplicate(1) };
        fill(
            export.row(),
            world,
            customer,
            CrmRecord::Duplicate(which),
            Some(master),
            created + 3600,
        );
        export.end_row()?;
    }
    Ok(())
}

fn fill(
    row: &mut ExportRow<'_>,
    world: &World,
    customer: &Customer,
    record: CrmRecord,
    master: Option<CrmRecord>,
    created: i64,
) {
    let domain = names::domain(customer);
    row.text(&ids::crm(record, customer.number));
    row.flag(master.is_some());
    row.text(&master.map(|master| ids::crm(master, customer.number)).unwrap_or_default());
    row.text(&names::company(customer));
    row.text(if customer.is_test { "Other" } else { "Customer" });
    row.none();
    row.text(customer.country);
    row.text(&format!("https://www.{domain}/"));
    row.text(customer.industry);
    fill_size(row, world, customer);
    row.text(&ids::crm(CrmRecord::User, customer.number % 9 + 1));
    row.moment(created, TimestampStyle::Zulu);
    let modified = (created + 5400).min(world.calendar.end() - 1);
    row.moment(modified, TimestampStyle::Zulu);
    row.moment(modified, TimestampStyle::Zulu);
    row.day(customer.lifecycle.joined.min(world.calendar.until - 1));
    row.text(&ids::number(customer));
    row.text(customer.size.segment());
    row.text(customer.region);
    fill_links(row, customer, &domain, master.is_none());
}

fn fill_size(row: &mut ExportRow<'_>, world: &World, customer: &Customer) {
    let mut random = world.random(StreamKind::Account, customer, 0);
    let employees = random.around(customer.size.of(2400, 260, 35));
    row.number(i64::from(employees) * 140_000);
    row.number(employees);
}

fn fill_links(row: &mut ExportRow<'_>, customer: &Customer, domain: &str, is_master: bool) {
    row.text(domain);
    row.maybe((is_master && customer.is_linked_to_desk).then(|| ids::organization(customer)));
    row.maybe((is_master && customer.is_linked_to_billing).then(|| ids::billing(customer)));
    row.flag(customer.is_test);
}
