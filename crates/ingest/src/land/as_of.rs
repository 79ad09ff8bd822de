//! What `raw.<source>` shows of a source that keeps every version: for each key the one that held at the as-of instant.
//!
//! Where a month has no newer moment, its rows are those of its current file. Where it has, the rows that held are written
//! to a file of their own: so whatever reads the files of a table, ours or not, reads its rows and needs no condition.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::TimestampMicrosecondType;
use jiff::Timestamp;
use scorewright_domain::Fingerprint;
use scorewright_extract::{IS_FIRST, Source, VALID_FROM, VALID_TO};
use scorewright_warehouse::{RowGroupReader, StoredFile, Table, Transaction};

use crate::error::{BufferError, IngestError};
use crate::load::RowOutput;
use crate::merge::merge_input::group_of;
use crate::rows::row_group;

/// Shows the versions that held at an instant, unless that is what is shown already; says whether anything changed.
///
/// - `is_loaded`: whether the versions are others than before.
pub(super) fn show(
    source: &Source,
    as_of: Timestamp,
    is_loaded: bool,
    transaction: &mut Transaction,
) -> Result<bool, IngestError> {
    let tables = &transaction.snapshot().tables;
    let Some(history) = tables.get(&source.history_table()).cloned() else { return Ok(false) };
    let shown = Shown::of(&history, as_of);
    let raw = tables.get(&source.raw_table());
    if !is_loaded && raw.is_some_and(|raw| raw.input_hash == shown.input_hash) {
        return Ok(false);
    }
    let files = files(source, as_of, &history, transaction).map_err(BufferError::of(source))?;
    let Shown { visible_at, input_hash } = shown;
    let columns = history.columns.into_iter().filter(|column| !is_of_versions(&column.name));
    let table = Table { files, columns: columns.collect(), input_hash, visible_at };
    transaction.put(&source.raw_table(), table);
    Ok(true)
}

/// Whether a column tells versions apart.
fn is_of_versions(column: &str) -> bool {
    [VALID_FROM, VALID_TO, IS_FIRST].contains(&column)
}

/// Which rows a table shows.
struct Shown {
    /// The instant, where any row is newer or became another since.
    visible_at: Option<Timestamp>,
    input_hash: String,
}

impl Shown {
    /// Of versions at an instant; it is no part of what the rows depend on where all moments lie before it.
    fn of(history: &Table, as_of: Timestamp) -> Self {
        match history.newest_at() {
            Some(newest) if newest >= as_of => {
                let text = format!("{}\n{as_of}", history.input_hash);
                let input_hash = Fingerprint::of(text.as_bytes()).to_string();
                Self { visible_at: Some(as_of), input_hash }
            }
            Some(_) | None => Self { visible_at: None, input_hash: history.input_hash.clone() },
        }
    }
}

/// The files of the rows that held, those of each partition together.
fn files(
    source: &Source,
    as_of: Timestamp,
    history: &Table,
    transaction: &Transaction,
) -> Result<Vec<StoredFile>, BufferError> {
    let mut partitions: BTreeMap<Option<&str>, Vec<&StoredFile>> = BTreeMap::new();
    for file in history.files.iter().filter(|file| file.rows > 0) {
        partitions.entry(file.partition.as_deref()).or_default().push(file);
    }
    let mut files = Vec::new();
    for of_partition in partitions.into_values() {
        let newest = of_partition.iter().filter_map(|file| file.versions.as_ref()?.newest_at).max();
        if newest.is_none_or(|newest| newest < as_of) {
            files.extend(of_partition.into_iter().filter(|file| is_current(file)).cloned());
        } else {
            files.extend(held_file(source, as_of, &of_partition, transaction)?);
        }
    }
    if files.is_empty() {
        let schema = transaction.open_file(&history.files[0])?.schema();
        files.push(transaction.row_group_writer(schema)?.finish()?);
    }
    Ok(files)
}

fn is_current(file: &StoredFile) -> bool {
    file.versions.as_ref().is_none_or(|versions| versions.is_current)
}

/// A file of the rows of a partition that held at an instant; none where no row did.
fn held_file(
    source: &Source,
    as_of: Timestamp,
    files: &[&StoredFile],
    transaction: &Transaction,
) -> Result<Option<StoredFile>, BufferError> {
    let schema = transaction.open_file(files[0])?.schema();
    let mut output = RowOutput::of(transaction, source, schema);
    for file in files {
        let reader = transaction.open_file(file)?;
        for group in 0..reader.row_counts().len() {
            add_held(&reader, group, as_of, &mut output)?;
        }
    }
    let partition = files[0].partition.as_deref();
    let in_partition = |file: StoredFile| match partition {
        Some(partition) => file.in_partition(partition),
        None => file,
    };
    Ok(output.finish()?.map(in_partition))
}

/// Adds the rows of a row group that held; where all did, as they are encoded.
fn add_held(
    reader: &RowGroupReader,
    group: usize,
    as_of: Timestamp,
    output: &mut RowOutput,
) -> Result<(), BufferError> {
    let rows = group_of(reader, group)?;
    let held = held(&rows, as_of)?;
    if held.true_count() == rows.num_rows() && rows.num_rows() >= row_group::SMALL {
        return output.splice(reader, group);
    }
    if held.true_count() == 0 {
        return Ok(());
    }
    output.add(filter_record_batch(&rows, &held)?)
}

/// Whether each version held at an instant. The first that is known of a key reaches back to all earlier ones.
fn held(rows: &RecordBatch, as_of: Timestamp) -> Result<BooleanArray, BufferError> {
    let schema = rows.schema_ref();
    let column = |name: &str| Ok::<_, BufferError>(rows.column(schema.index_of(name)?));
    let from = column(VALID_FROM)?.as_primitive::<TimestampMicrosecondType>();
    let to = column(VALID_TO)?.as_primitive::<TimestampMicrosecondType>();
    let is_first = column(IS_FIRST)?.as_boolean();
    let as_of = as_of.as_microsecond();
    let held = |row: usize| {
        let has_begun = is_first.value(row) || from.is_null(row) || from.value(row) < as_of;
        has_begun && (to.is_null(row) || to.value(row) >= as_of)
    };
    Ok(BooleanArray::from((0..rows.num_rows()).map(held).collect::<Vec<_>>()))
}
