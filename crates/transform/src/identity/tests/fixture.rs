//! The standard identity file over the tables of a case.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::arrow::datatypes::DataType;
use scorewright_warehouse::{Parameters, Session};

use super::super::collect_keys::collect_keys;
use super::super::definition::Identity;
use super::super::key_table::KeyTable;
use super::super::resolved_keys::ResolvedKeys;
use super::super::tables::IdentityTable;
use super::cells;

/// Adds a table made by the standard identity file.
pub(crate) fn add_identity_fixture(
    session: &Session,
    root: &Path,
    table: IdentityTable,
    as_of: Timestamp,
) {
    let text = fs::read_to_string(root.join("pipelines/identity.toml")).unwrap();
    let file = ProjectFile::new("pipelines/identity.toml", text);
    let identity = Arc::new(Identity::read(file).unwrap());
    identity.tables.iter().for_each(|table| add_empty_fixture(session, table));
    let collected = collect_keys(&identity, session, as_of).unwrap();
    let resolved = ResolvedKeys::new(identity, collected);
    session.add_fixture(&table.name(), &csv(&resolved, table)).unwrap();
}

fn csv(resolved: &ResolvedKeys, table: IdentityTable) -> String {
    let schema = table.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let header = schema.fields().iter().map(|field| {
        let kind = match field.data_type() {
            DataType::Utf8 => "text",
            DataType::Float64 => "float",
            DataType::Int64 => "integer",
            _ => "timestamp",
        };
        format!("{}:{kind}", field.name())
    });
    let mut csv = header.collect::<Vec<_>>().join(",");
    for row in cells(resolved, table, &names) {
        let row: Vec<&str> = row.iter().map(|cell| if cell == "-" { "" } else { cell }).collect();
        csv += &format!("\n{}", row.join(","));
    }
    csv
}

/// Adds a table that the case does not hold: no rows in the columns the file names.
fn add_empty_fixture(session: &Session, table: &KeyTable) {
    let all = format!("SELECT * FROM {}", table.sql_name());
    if session.columns_of(&all, &Parameters::new()).is_ok() {
        return;
    }
    let moments =
        [&table.since, &table.until].map(|column| column.as_ref().map(toml::Spanned::get_ref));
    let header = table.columns().map(|column| {
        let name = column.get_ref();
        let kind = if moments.contains(&Some(name)) { "timestamp" } else { "text" };
        format!("{name}:{kind}")
    });
    session.add_fixture(&table.name, &header.collect::<Vec<_>>().join(",")).unwrap();
}
