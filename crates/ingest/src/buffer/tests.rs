//! Rows come back as they were put, wherever they lay in between.

use arrow::compute::concat_batches;
use scorewright_warehouse::Warehouse;

use std::sync::Arc;

use arrow::array::RecordBatch;
use scorewright_extract::Source;

use super::*;
use crate::load::RowOutput;
use crate::merge::delivery_order::DeliveryOrder;
use crate::merge::merge;
use crate::rows::partition::Partition;
use crate::rows::row_group;
use crate::rows::table::{encoded_schema, read_schema};
use crate::tests::source;

const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nkey = [\"n\"]\nload = \"append\"\n\
                      partition = \"at\"\n[columns.n]\ntype = \"integer\"\n[columns.at]\ntype = \"date\"\n\
                      [columns.t]\ntype = \"text\"\n";

/// Rows of `months` months in turn, numbered from `first`.
fn batch(source: &Source, first: i64, rows: i64, months: i64) -> RecordBatch {
    use arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
    let numbers = first..first + rows;
    let day = |number: i64| i32::try_from(number % months * 31).unwrap();
    let text = |number: i64| (number % 3 > 0).then(|| format!("text {number}"));
    let ordinal: ArrayRef = Arc::new(Int64Array::from_iter_values(numbers.clone()));
    let mut columns: Vec<ArrayRef> = source
        .stored()
        .map(|(name, _)| match name {
            "n" => Arc::clone(&ordinal),
            "at" => Arc::new(Date32Array::from_iter_values(numbers.clone().map(day))),
            _ => Arc::new(numbers.clone().map(text).collect::<StringArray>()),
        })
        .collect();
    columns.extend([Arc::clone(&ordinal), Arc::clone(&ordinal), ordinal]);
    columns.extend(crate::rows::row_hashes::of(source, &columns[..3]));
    RecordBatch::try_new(read_schema(source), columns).unwrap()
}

/// Adds rows as a reader of the file does.
fn add(buffer: &mut FileBuffer, source: &Source, rows: &RecordBatch) {
    buffer.add(RowPreparer::new(source, "a.csv", Arc::default()).split(rows).unwrap()).unwrap();
}

/// Rows put in one go, and what comes back of each part: the cuts, and all rows.
fn through(budget: &MemoryBudget, months: i64) -> Vec<(Vec<(usize, usize)>, RecordBatch)> {
    let folder = tempfile::tempdir().unwrap();
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let source = source(SOURCE);
    let mut buffer = FileBuffer::new(&source, "a.csv".into(), &transaction, budget);
    for first in 0..80 {
        add(&mut buffer, &source, &batch(&source, first * 1_000, 1_000, months));
    }
    buffer.close().unwrap();
    let partitions: Vec<Partition> = buffer.partitions().cloned().collect();
    let of_partition = |partition: &Partition| {
        let inputs = buffer.inputs(partition, 0).unwrap();
        let mut cuts: Vec<(usize, usize)> = Vec::new();
        for input in &inputs {
            match cuts.last_mut() {
                Some((cut, rows)) if *cut == input.row_group => *rows += input.rows,
                _ => cuts.push((input.row_group, input.rows)),
            }
        }
        let rows: Vec<_> = inputs.iter().map(|input| input.table_rows(&source).unwrap()).collect();
        (cuts, concat_batches(&rows[0].schema(), &rows).unwrap())
    };
    partitions.iter().map(of_partition).collect()
}

#[test]
fn rows_come_back_as_they_were_and_are_cut_alike_with_and_without_memory() {
    for months in [1, 7] {
        let (none, much) =
            (MemoryBudget::new(0, 0), MemoryBudget::new(usize::MAX / 2, usize::MAX / 2));
        let (tight, roomy) = (through(&none, months), through(&much, months));
        assert_eq!(tight, roomy);
        assert!(none.is_empty() && much.is_empty(), "what was taken is given back");
        let rows: usize = roomy.iter().map(|(_, rows)| rows.num_rows()).sum();
        assert_eq!((i64::try_from(roomy.len()), rows), (Ok(months), 80_000));
    }
}

#[test]
fn a_file_is_cut_where_there_are_rows_enough_and_at_its_end() {
    let budget = MemoryBudget::new(usize::MAX / 2, usize::MAX / 2);
    let cuts =
        |months| through(&budget, months).into_iter().map(|(cuts, _)| cuts).collect::<Vec<_>>();
    assert_eq!(cuts(1), [[(0, 66_000), (1, 14_000)]]);
    assert_eq!(cuts(2), [[(0, 40_000)], [(0, 40_000)]]);
}

#[test]
fn a_partition_that_the_file_has_left_is_encoded() {
    let folder = tempfile::tempdir().unwrap();
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let (source, budget) = (source(SOURCE), MemoryBudget::new(usize::MAX / 2, usize::MAX / 2));
    let mut buffer = FileBuffer::new(&source, "a.csv".into(), &transaction, &budget);
    add(&mut buffer, &source, &batch(&source, 0, 10_000, 1));
    add(&mut buffer, &source, &batch(&source, 20_001, 1, 2));
    buffer.skip(row_group::LEFT);
    add(&mut buffer, &source, &batch(&source, 2_000_000, 7, 7).slice(2, 1));
    buffer.take_encoded(true).unwrap();
    let of_partition = |partition: &Partition| {
        let inputs = buffer.inputs(partition, 0).unwrap();
        inputs.iter().map(|input| (input.rows, input.row_group().is_some())).collect::<Vec<_>>()
    };
    let found: Vec<_> = buffer.partitions().map(of_partition).collect();
    assert_eq!(found, [vec![(10_000, true)], vec![(1, true)], vec![(1, false)]]);
    assert_eq!(encoded_schema(&source).fields().len(), 3 + 2 + 2 + 3);
}

#[test]
fn deferred_repeats_end_as_they_would_have_among_the_others() {
    let (budget, folder) =
        (MemoryBudget::new(usize::MAX / 2, usize::MAX / 2), tempfile::tempdir().unwrap());
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let source = source(SOURCE);
    let written = |may_defer: bool| {
        let mut buffer = FileBuffer::new(&source, "a.csv".into(), &transaction, &budget);
        if !may_defer {
            buffer.defer_nothing();
        }
        for first in 0..20 {
            let rows = [batch(&source, first * 1_000, 999, 1), batch(&source, 7, 1, 1)];
            add(&mut buffer, &source, &concat_batches(&read_schema(&source), &rows).unwrap());
        }
        buffer.close().unwrap();
        let partition = buffer.partitions().next().unwrap().clone();
        let inputs = buffer.inputs(&partition, 0).unwrap();
        let deferred: usize =
            inputs.iter().filter(|input| input.is_deferred).map(|input| input.rows).sum();
        let merged = merge(&source, &inputs, &DeliveryOrder::default()).unwrap();
        let mut output = RowOutput::new(&transaction, &source);
        output.add_merged(&inputs, &merged.keep).unwrap();
        (deferred, merged.tallies["a.csv"].clone(), output.finish().unwrap().unwrap().sha256)
    };
    let (with, without) = (written(true), written(false));
    assert_eq!((with.0, without.0), (20, 0));
    assert_eq!((&with.1, with.1.duplicates), (&without.1, 20));
    assert_eq!(with.2, without.2, "the same bytes");
}
