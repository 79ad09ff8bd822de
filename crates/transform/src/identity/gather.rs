//! Keys, links and records of the declared tables, as numbers.

use std::hash::{Hash, Hasher};

use indexmap::{Equivalent, IndexSet};
use jiff::Timestamp;
use scorewright_domain::{Fault, SqlName};
use scorewright_warehouse::arrow::array::{Array, AsArray, RecordBatch, StringArray};
use scorewright_warehouse::arrow::compute::cast;
use scorewright_warehouse::arrow::datatypes::{
    DataType, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use scorewright_warehouse::{Parameters, Session, SqlFault};

use super::owners::Link;
use super::rules::{Identity, KeyTable, SourceName};

/// No key in this cell.
pub(super) const NONE: u32 = u32::MAX;

/// All that the declared tables say about who is who.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Every key once.
    pub(crate) keys: IndexSet<Key>,
    /// What is known of each key.
    pub(crate) facts: Vec<KeyFacts>,
    /// Where a key means what: the system, none for a shared kind, and the kind.
    pub(crate) spaces: IndexSet<(Option<u16>, usize)>,
    /// Systems named, in the order they were met.
    pub(crate) sources: IndexSet<String>,
    pub(crate) anchors: Vec<u32>,
    pub(crate) links: Vec<Link>,
    /// One for each declared table.
    pub(crate) records: Vec<Records>,
}

/// A key: its space and its text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) space: u16,
    pub(crate) text: Box<str>,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.space, &*self.text).hash(state);
    }
}

/// A key that is only looked up.
#[derive(Hash)]
struct Sought<'a>(u16, &'a str);

impl Equivalent<Key> for Sought<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.space && *self.1 == *key.text
    }
}

/// What is known of a key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyFacts {
    /// Systems it is seen in, as bits.
    pub(crate) sources: u64,
    /// Earliest moment it is known from, in microseconds; the greatest number when none is known.
    pub(crate) since: i64,
    /// Latest moment it ends; the greatest number while it lasts.
    pub(crate) until: i64,
}

/// The keys of a table's rows: each combination once, with its number of rows.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// Keys row by row, as many as the table has; [`NONE`] where there is none.
    pub(crate) cells: Vec<u32>,
    pub(crate) sources: Vec<u16>,
    pub(crate) rows: Vec<u64>,
}

/// Reads every declared table as it was known at an instant.
///
/// # Errors
///
/// A [`Fault`] at the entry of the table whose SQL does not run.
pub(crate) fn gather(
    identity: &Identity,
    session: &Session,
    as_of: Timestamp,
) -> Result<Gathered, Fault> {
    let mut gathered = Gathered::default();
    let parameters = Parameters::new().timestamp("as_of", as_of);
    for table in &identity.tables {
        gathered.records.push(Records::default());
        let mut reading = Reading { identity, table, gathered: &mut gathered, spaces: Vec::new() };
        let sql = select(table);
        session
            .each_batch(&sql, &parameters, |batch| reading.take(batch))
            .map_err(|fault| identity.file.fault(Some(table.place.clone()), fault.message))?;
    }
    Ok(gathered)
}

/// Every combination of keys once: the engine counts the rows, on all cores.
pub(super) fn select(table: &KeyTable) -> String {
    let mut columns: Vec<String> = table
        .keys
        .iter()
        .map(|key| format!("CAST({} AS VARCHAR)", SqlName(key.column.get_ref())))
        .collect();
    columns
        .extend(source_column(table).map(|column| format!("CAST({} AS VARCHAR)", SqlName(column))));
    let groups: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
    let moment = |column: &Option<toml::Spanned<String>>| {
        column.as_ref().map_or("CAST(NULL AS TIMESTAMP)".to_owned(), |column| {
            SqlName(column.get_ref()).to_string()
        })
    };
    let (since, until) = (moment(&table.since), moment(&table.until));
    let mut conditions = vec!["TRUE".to_owned()];
    conditions
        .extend(table.condition.iter().map(|condition| format!("(\n{}\n)", condition.get_ref())));
    conditions.extend(table.since.iter().map(|_| format!("coalesce({since} < $as_of, TRUE)")));
    let named =
        columns.iter().enumerate().map(|(place, column)| format!("{column} AS column_{place}"));
    format!(
        "SELECT {}, min({since}) AS since, CASE WHEN count({until}) = count(*) THEN max({until}) END AS until, \
         count(*) AS records FROM {} WHERE {} GROUP BY {}",
        named.collect::<Vec<_>>().join(", "),
        table_sql(table),
        conditions.join(" AND "),
        groups.join(", ")
    )
}

/// The table as SQL names it; its noun may be a word of SQL.
pub(super) fn table_sql(table: &KeyTable) -> String {
    format!("{}.{}", table.name.layer(), SqlName(table.name.noun()))
}

fn source_column(table: &KeyTable) -> Option<&String> {
    if let SourceName::In(column) = &table.source { Some(column.get_ref()) } else { None }
}

/// One table being read.
struct Reading<'a> {
    identity: &'a Identity,
    table: &'a KeyTable,
    gathered: &'a mut Gathered,
    /// The space of each key column, by source of the row; empty where not yet asked for.
    spaces: Vec<Vec<u16>>,
}

impl Reading<'_> {
    fn take(&mut self, batch: &RecordBatch) -> Result<(), SqlFault> {
        let width = self.table.keys.len();
        let texts = (0..width).map(|place| text(batch, place)).collect::<Result<Vec<_>, _>>()?;
        let named = source_column(self.table).map(|_| text(batch, width)).transpose()?;
        let rest = batch.num_columns() - 3;
        let since = moments(batch, rest)?;
        let until = moments(batch, rest + 1)?;
        let rows = plain(batch, rest + 2, &DataType::Int64)?;
        let rows = rows.as_primitive::<Int64Type>();
        let mut cells = vec![NONE; width];
        for row in 0..batch.num_rows() {
            let Some(source) = self.source(named.as_ref(), row)? else { continue };
            let spans = (since(row).unwrap_or(i64::MAX), until(row).unwrap_or(i64::MAX));
            for (place, cell) in cells.iter_mut().enumerate() {
                let text = (!texts[place].is_null(row)).then(|| texts[place].value(row));
                *cell = self.number(place, source, text, spans);
            }
            self.link(&cells);
            let records =
                self.gathered.records.last_mut().expect("opened before its table is read");
            records.cells.extend_from_slice(&cells);
            records.sources.push(source);
            records.rows.push(u64::try_from(rows.value(row)).unwrap_or(0));
        }
        Ok(())
    }

    /// The number of the row's system; none where the row does not say.
    fn source(&mut self, named: Option<&StringArray>, row: usize) -> Result<Option<u16>, SqlFault> {
        let name = match (&self.table.source, named) {
            (SourceName::Is(name), _) => name.as_str(),
            (SourceName::In(_), Some(column)) if !column.is_null(row) => column.value(row),
            _ => return Ok(None),
        };
        Ok(Some(source_number(&mut self.gathered.sources, name)?))
    }

    /// The number of a key; the same for the same key of the same system.
    fn number(&mut self, place: usize, source: u16, text: Option<&str>, spans: (i64, i64)) -> u32 {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return NONE };
        if self.identity.kinds[self.table.keys[place].kind].never.contains(text) {
            return NONE;
        }
        let space = self.space(place, source);
        let number = self.gathered.keys.get_index_of(&Sought(space, text)).unwrap_or_else(|| {
            self.gathered.facts.push(KeyFacts { sources: 0, since: i64::MAX, until: i64::MIN });
            self.gathered.keys.insert_full(Key { space, text: text.into() }).0
        });
        let owner = self.gathered.spaces[usize::from(space)].0.unwrap_or(source);
        let facts = &mut self.gathered.facts[number];
        facts.sources |= 1 << owner;
        facts.since = facts.since.min(spans.0);
        facts.until = facts.until.max(spans.1);
        u32::try_from(number).expect("fewer than four thousand million keys")
    }

    /// Where the key of a column means something: in its own system, or everywhere.
    fn space(&mut self, place: usize, source: u16) -> u16 {
        let slot = usize::from(source);
        if self.spaces.len() <= slot {
            self.spaces.resize(slot + 1, Vec::new());
        }
        if self.spaces[slot].is_empty() {
            self.spaces[slot] =
                self.table.keys.iter().map(|key| self.space_of(key, source)).collect();
        }
        self.spaces[slot][place]
    }

    fn space_of(&mut self, key: &super::rules::Key, source: u16) -> u16 {
        let gathered = &mut *self.gathered;
        let owner = (!self.identity.kinds[key.kind].is_shared).then(|| match &key.source {
            Some(name) => {
                source_number(&mut gathered.sources, name).expect("counted when the file was read")
            }
            None => source,
        });
        let (space, _) = gathered.spaces.insert_full((owner, key.kind));
        u16::try_from(space).expect("at most 64 systems with the kinds of one file")
    }

    /// Ties the keys of a row to its first: the row says that they name one customer.
    fn link(&mut self, cells: &[u32]) {
        let Some(first) = cells.iter().position(|cell| *cell != NONE) else { return };
        let keys = &self.table.keys;
        let is_anchor = self.table.is_anchor && first == 0;
        let is_merged = self.table.has_merges && cells[1] != NONE;
        if is_anchor && !is_merged {
            self.gathered.anchors.push(cells[0]);
        }
        for (place, cell) in
            cells.iter().enumerate().skip(first + 1).filter(|(_, cell)| **cell != NONE)
        {
            let (one, other) = (&keys[first], &keys[place]);
            let weaker = if one.confidence < other.confidence { one } else { other };
            self.gathered.links.push(Link {
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

fn plain(
    batch: &RecordBatch,
    place: usize,
    kind: &DataType,
) -> Result<scorewright_warehouse::arrow::array::ArrayRef, SqlFault> {
    cast(batch.column(place), kind).map_err(|bad| SqlFault::new(bad.to_string()))
}

fn text(batch: &RecordBatch, place: usize) -> Result<StringArray, SqlFault> {
    Ok(plain(batch, place, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// The moments of a column, in microseconds.
fn moments(batch: &RecordBatch, place: usize) -> Result<impl Fn(usize) -> Option<i64>, SqlFault> {
    let array =
        plain(batch, place, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
    let array = array.as_primitive::<TimestampMicrosecondType>().clone();
    Ok(move |row| (!array.is_null(row)).then(|| array.value(row)))
}
