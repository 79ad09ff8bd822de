//! The standard identity file over the tables of a case.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::ProjectFile;
use scorewright_warehouse::arrow::datatypes::DataType;
use scorewright_warehouse::{Parameters, Session};

use super::super::gather::{gather, table_sql};
use super::super::plan::columns;
use super::super::resolved::Resolved;
use super::super::rules::{Identity, KeyTable};
use super::super::tables::Part;
use super::cells;

/// Adds a table made by the standard identity file.
pub(crate) fn give(session: &Session, root: &Path, part: Part, as_of: Timestamp) {
    let text = fs::read_to_string(root.join("pipelines/identity.toml")).unwrap();
    let identity =
        Arc::new(Identity::read(ProjectFile::new("pipelines/identity.toml", text)).unwrap());
    identity.tables.iter().for_each(|table| give_empty(session, table));
    let resolved = Resolved::new(identity.clone(), gather(&identity, session, as_of).unwrap());
    let schema = part.schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let kind = |kind: &DataType| match kind {
        DataType::Utf8 => "text",
        DataType::Float64 => "float",
        DataType::Int64 => "integer",
        _ => "timestamp",
    };
    let header =
        schema.fields().iter().map(|field| format!("{}:{}", field.name(), kind(field.data_type())));
    let mut csv = header.collect::<Vec<_>>().join(",");
    for row in cells(&resolved, part, &names) {
        let row: Vec<&str> = row.iter().map(|cell| if cell == "-" { "" } else { cell }).collect();
        csv += &format!("\n{}", row.join(","));
    }
    session.add_fixture(&part.table(), &csv).unwrap();
}

/// A table the case does not hold: no rows in the columns the file names.
fn give_empty(session: &Session, table: &KeyTable) {
    let is_there =
        session.columns_of(&format!("SELECT * FROM {}", table_sql(table)), &Parameters::new());
    if is_there.is_err() {
        let moments =
            [&table.since, &table.until].map(|column| column.as_ref().map(toml::Spanned::get_ref));
        let column = |name: &String| {
            let kind = if moments.contains(&Some(name)) { "timestamp" } else { "text" };
            format!("{name}:{kind}")
        };
        let header: Vec<String> = columns(table).map(|name| column(name.get_ref())).collect();
        session.add_fixture(&table.name, &header.join(",")).unwrap();
    }
}
