//! An identity file of three systems, and what it makes of a few rows.

mod files;
pub(crate) mod fixture;
mod graphs;
mod worlds;

use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::Session;
use scorewright_warehouse::arrow::array::{Array, RecordBatch};
use scorewright_warehouse::arrow::util::display::array_value_to_string;

use super::collect_keys::collect_keys;
use super::definition::Identity;
use super::resolved_keys::ResolvedKeys;
use super::tables::IdentityTable;

/// Accounts of a CRM, tickets and subscriptions: three systems, three names for a customer.
const FILE: &str = r#"
[kinds.account]
says = "What a system calls a company"

[kinds.email_hash]
says = "Hash of an e-mail address"
is_shared = true

[kinds.domain]
says = "Domain of an e-mail address"
is_shared = true
never = ["gmail.example"]

[anchor]
table = "staging.account"
source = "crm"
kind = "account"
id = "account_id"
merged_into = "master_id"
since = "created_at"
where = "NOT coalesce(is_deleted, FALSE)"

[[anchor.keys]]
column = "desk_id"
source = "desk"
kind = "account"
method = "field of the account"
confidence = 0.95

[[anchor.keys]]
column = "domain"
kind = "domain"
method = "domain of the account"
confidence = 0.8

[[tables]]
table = "staging.ticket"
source = "desk"
tolerate_unmatched = 0.25
keys = [
    { column = "organization", kind = "account", method = "number in the desk", confidence = 0.95 },
    { column = "email", kind = "email_hash", method = "address", confidence = 0.9 },
    { column = "domain", kind = "domain", method = "domain of the address", confidence = 0.6 },
]

[[tables]]
table = "staging.subscription"
source_column = "system"
keys = [
    { column = "customer", kind = "account", method = "number in billing", confidence = 0.95 },
    { column = "email", kind = "email_hash", method = "address", confidence = 0.9 },
]
"#;

const ACCOUNTS: &str = "account_id:text,master_id:text,is_deleted:boolean,desk_id:text,domain:text,created_at:timestamp\n";
const TICKETS: &str = "organization:text,email:text,domain:text\n";
const SUBSCRIPTIONS: &str = "system:text,customer:text,email:text\n";

fn table(name: &str) -> scorewright_domain::TableName {
    name.parse().unwrap()
}

/// A world of the given rows, as it was known at the start of 2026.
fn world(accounts: &[&str], tickets: &[&str], subscriptions: &[&str]) -> ResolvedKeys {
    let session = Session::without_data().unwrap();
    for (name, header, rows) in [
        ("staging.account", ACCOUNTS, accounts),
        ("staging.ticket", TICKETS, tickets),
        ("staging.subscription", SUBSCRIPTIONS, subscriptions),
    ] {
        let text = format!("{header}{}\n", rows.join("\n"));
        session.add_fixture(&table(name), &text).unwrap();
    }
    let file = ProjectFile::new("pipelines/identity.toml", FILE);
    let identity = Arc::new(Identity::read(file).unwrap());
    let as_of: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let collected = collect_keys(&identity, &session, as_of).unwrap();
    ResolvedKeys::new(identity, collected)
}

/// The rows of a table, the given columns joined by a space.
fn rows(resolved: &ResolvedKeys, table: IdentityTable, columns: &[&str]) -> Vec<String> {
    cells(resolved, table, columns).iter().map(|row| row.join(" ")).collect()
}

/// The cells of a table, row by row.
fn cells(resolved: &ResolvedKeys, table: IdentityTable, columns: &[&str]) -> Vec<Vec<String>> {
    let mut cells = Vec::new();
    for batch in resolved.batches(table) {
        cells.extend(
            (0..batch.num_rows()).map(|row| {
                columns.iter().map(|column| cell(&batch, column, row)).collect::<Vec<_>>()
            }),
        );
    }
    cells
}

fn cell(batch: &RecordBatch, column: &str, row: usize) -> String {
    let array = batch.column_by_name(column).unwrap();
    if array.is_null(row) { "-".into() } else { array_value_to_string(array, row).unwrap() }
}

/// Whose each key is: `desk account 81 A1`.
fn map(resolved: &ResolvedKeys) -> Vec<String> {
    rows(resolved, IdentityTable::Map, &["source", "kind", "source_key", "customer_id"])
}
