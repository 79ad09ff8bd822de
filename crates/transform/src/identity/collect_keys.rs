//! Reads the declared tables into numbers.

use indexmap::IndexSet;
use jiff::Timestamp;
use scorewright_domain::Fault;
use scorewright_warehouse::arrow::array::{
    Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray,
};
use scorewright_warehouse::arrow::compute::cast;
use scorewright_warehouse::arrow::datatypes::{
    DataType, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use scorewright_warehouse::{Parameters, Session, SqlFault};

use super::clusters::Link;
use super::collected_keys::{
    CollectedKeys, IdentityKey, KeyCombinations, KeyFacts, KeyLookup, NONE,
};
use super::definition::Identity;
use super::key_query::{RECORDS, SINCE, SOURCE, UNTIL, key_column, select};
use super::key_table::{KeyColumn, KeyTable, SourceName};

/// Reads every declared table as it was known at an instant.
///
/// # Errors
///
/// A [`Fault`] at the entry of the table whose SQL does not run.
pub(super) fn collect_keys(
    identity: &Identity,
    session: &Session,
    as_of: Timestamp,
) -> Result<CollectedKeys, Fault> {
    let mut collected = CollectedKeys::default();
    let parameters = Parameters::new().timestamp("as_of", as_of);
    for table in &identity.tables {
        let mut collector = KeyCollector::new(identity, table, &mut collected);
        session.each_batch(&select(table), &parameters, |batch| collector.add(batch)).map_err(
            |fault| {
                let message = fault.message.as_str();
                fault.mark(identity.file.fault(Some(table.toml_span.clone()), message))
            },
        )?;
        let combinations = collector.combinations;
        collected.combinations.push(combinations);
    }
    Ok(collected)
}

/// One table being read.
struct KeyCollector<'a> {
    identity: &'a Identity,
    table: &'a KeyTable,
    collected: &'a mut CollectedKeys,
    combinations: KeyCombinations,
    /// The space of each key column, by source of the row; empty where not found yet.
    spaces: Vec<Vec<u16>>,
}

impl<'a> KeyCollector<'a> {
    fn new(identity: &'a Identity, table: &'a KeyTable, collected: &'a mut CollectedKeys) -> Self {
        let combinations = KeyCombinations::default();
        Self { identity, table, collected, combinations, spaces: Vec::new() }
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<(), SqlFault> {
        let width = self.table.keys.len();
        let texts = (0..width)
            .map(|position| text(batch, &key_column(position)))
            .collect::<Result<Vec<_>, _>>()?;
        let sources = self.table.source_column().map(|_| text(batch, SOURCE)).transpose()?;
        let (since, until) = (moments(batch, SINCE)?, moments(batch, UNTIL)?);
        let rows = counts(batch, RECORDS)?;
        let mut cells = vec![NONE; width];
        for row in 0..batch.num_rows() {
            let Some(source) = self.source(sources.as_ref(), row)? else { continue };
            self.find_spaces(source)?;
            let span = (since(row).unwrap_or(i64::MAX), until(row).unwrap_or(i64::MAX));
            for (position, cell) in cells.iter_mut().enumerate() {
                let text = (!texts[position].is_null(row)).then(|| texts[position].value(row));
                *cell = self.number(position, source, text, span);
            }
            self.link(&cells);
            self.combinations.cells.extend_from_slice(&cells);
            self.combinations.sources.push(source);
            self.combinations.rows.push(rows.value(row).unsigned_abs());
        }
        Ok(())
    }

    /// The number of the row's system; none where the row does not say.
    fn source(
        &mut self,
        column: Option<&StringArray>,
        row: usize,
    ) -> Result<Option<u16>, SqlFault> {
        let name = match (&self.table.source, column) {
            (SourceName::Fixed(name), _) => name.as_str(),
            (SourceName::Column(_), Some(column)) if !column.is_null(row) => column.value(row),
            (SourceName::Column(_), _) => return Ok(None),
        };
        Ok(Some(source_number(&mut self.collected.sources, name)?))
    }

    /// The number of a key; the same for the same key of the same system.
    fn number(
        &mut self,
        position: usize,
        source: u16,
        text: Option<&str>,
        (since, until): (i64, i64),
    ) -> u32 {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return NONE };
        if self.identity.kinds[self.table.keys[position].kind].never.contains(text) {
            return NONE;
        }
        let space = self.spaces[usize::from(source)][position];
        let collected = &mut *self.collected;
        let number = collected.keys.get_index_of(&KeyLookup(space, text)).unwrap_or_else(|| {
            collected.facts.push(KeyFacts { sources: 0, since: i64::MAX, until: i64::MIN });
            collected.keys.insert_full(IdentityKey { space, text: text.into() }).0
        });
        let owner = collected.spaces[usize::from(space)].0.unwrap_or(source);
        let facts = &mut collected.facts[number];
        facts.sources |= 1 << owner;
        facts.since = facts.since.min(since);
        facts.until = facts.until.max(until);
        u32::try_from(number).expect("fewer than four thousand million keys")
    }

    /// Finds the space of each key column in rows of a system, once.
    fn find_spaces(&mut self, source: u16) -> Result<(), SqlFault> {
        let slot = usize::from(source);
        if self.spaces.len() <= slot {
            self.spaces.resize(slot + 1, Vec::new());
        }
        if self.spaces[slot].is_empty() {
            let table = self.table;
            self.spaces[slot] =
                table.keys.iter().map(|key| self.space(key, source)).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// Where the key of a column means something: in its own system, or everywhere.
    fn space(&mut self, key: &KeyColumn, source: u16) -> Result<u16, SqlFault> {
        let owner = match &key.source {
            _ if self.identity.kinds[key.kind].is_shared => None,
            Some(name) => Some(source_number(&mut self.collected.sources, name)?),
            None => Some(source),
        };
        let (space, _) = self.collected.spaces.insert_full((owner, key.kind));
        Ok(u16::try_from(space).expect("at most 64 systems with the kinds of one file"))
    }

    /// Links the keys of a row to its first: the row says that they name one customer.
    fn link(&mut self, cells: &[u32]) {
        let Some(first) = cells.iter().position(|cell| *cell != NONE) else { return };
        let keys = &self.table.keys;
        let is_customer = self.table.is_anchor && first == 0;
        let is_merged = self.table.has_merges && cells[1] != NONE;
        if is_customer && !is_merged {
            self.collected.anchors.push(cells[0]);
        }
        let others = cells.iter().enumerate().skip(first + 1).filter(|(_, cell)| **cell != NONE);
        for (position, cell) in others {
            let (one, other) = (&keys[first], &keys[position]);
            let weaker = if one.confidence < other.confidence { one } else { other };
            self.collected.links.push(Link {
                level: self.identity.level(weaker.confidence),
                left: cells[first],
                right: *cell,
                method: weaker.method,
            });
        }
    }
}

fn source_number(sources: &mut IndexSet<String>, name: &str) -> Result<u16, SqlFault> {
    let number = match sources.get_index_of(name) {
        Some(number) => number,
        None => sources.insert_full(name.to_owned()).0,
    };
    match u16::try_from(number) {
        Ok(number) if number < 64 => Ok(number),
        _ => Err(SqlFault::new("its source column names more than 64 systems")),
    }
}

fn column(batch: &RecordBatch, name: &str, data_type: &DataType) -> Result<ArrayRef, SqlFault> {
    let array = batch
        .column_by_name(name)
        .ok_or_else(|| SqlFault::new(format!("the answer has no column `{name}`")))?;
    cast(array, data_type).map_err(|bad| SqlFault::new(bad.to_string()))
}

fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, SqlFault> {
    Ok(column(batch, name, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn counts(batch: &RecordBatch, name: &str) -> Result<Int64Array, SqlFault> {
    Ok(column(batch, name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
}

/// The moments of a column, in microseconds.
fn moments(batch: &RecordBatch, name: &str) -> Result<impl Fn(usize) -> Option<i64>, SqlFault> {
    let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let array = column(batch, name, &micros)?.as_primitive::<TimestampMicrosecondType>().clone();
    Ok(move |row| (!array.is_null(row)).then(|| array.value(row)))
}
