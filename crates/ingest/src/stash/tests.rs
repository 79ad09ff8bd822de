//! Rows come back as they were put, wherever they lay in between.

use arrow::compute::concat_batches;
use scorewright_warehouse::Warehouse;

use super::*;
use crate::merge::merge;
use crate::settle::Output;
use crate::source::tests::source;
use crate::table::{packed_schema, read_schema};

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
    columns.extend(crate::marks::of(source, &columns[..3]));
    RecordBatch::try_new(read_schema(source), columns).unwrap()
}

/// Rows put in one go, and what comes back of each part: the cuts, and all rows.
fn through(room: &Room, months: i64) -> Vec<(Vec<(usize, usize)>, RecordBatch)> {
    let folder = tempfile::tempdir().unwrap();
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let source = source(SOURCE);
    let mut stash = Stash::new(&source, "a.csv".into(), &transaction, room);
    for first in 0..80 {
        stash.put(&batch(&source, first * 1_000, 1_000, months)).unwrap();
    }
    stash.close().unwrap();
    let parts: Vec<Part> = stash.parts().cloned().collect();
    let of_part = |part: &Part| {
        let bundles = stash.bundles(part, 0).unwrap();
        let mut cuts: Vec<(usize, usize)> = Vec::new();
        for bundle in &bundles {
            match cuts.last_mut() {
                Some((cut, rows)) if *cut == bundle.cut => *rows += bundle.rows,
                _ => cuts.push((bundle.cut, bundle.rows)),
            }
        }
        let rows: Vec<_> =
            bundles.iter().map(|bundle| bundle.table_rows(&source).unwrap()).collect();
        (cuts, concat_batches(&rows[0].schema(), &rows).unwrap())
    };
    parts.iter().map(of_part).collect()
}

#[test]
fn rows_come_back_as_they_were_and_are_cut_alike_with_and_without_memory() {
    for months in [1, 7] {
        let (none, much) = (Room::new(0, 0), Room::new(usize::MAX / 2, usize::MAX / 2));
        let (tight, roomy) = (through(&none, months), through(&much, months));
        assert_eq!(tight, roomy);
        assert!(none.is_empty() && much.is_empty(), "what was taken is given back");
        let rows: usize = roomy.iter().map(|(_, rows)| rows.num_rows()).sum();
        assert_eq!((i64::try_from(roomy.len()), rows), (Ok(months), 80_000));
    }
}

#[test]
fn a_file_is_cut_where_there_are_rows_enough_and_at_its_end() {
    let room = Room::new(usize::MAX / 2, usize::MAX / 2);
    let cuts =
        |months| through(&room, months).into_iter().map(|(cuts, _)| cuts).collect::<Vec<_>>();
    assert_eq!(cuts(1), [[(0, 66_000), (1, 14_000)]]);
    assert_eq!(cuts(2), [[(0, 40_000)], [(0, 40_000)]]);
}

#[test]
fn a_part_that_the_file_has_left_is_packed() {
    let folder = tempfile::tempdir().unwrap();
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let (source, room) = (source(SOURCE), Room::new(usize::MAX / 2, usize::MAX / 2));
    let mut stash = Stash::new(&source, "a.csv".into(), &transaction, &room);
    stash.put(&batch(&source, 0, 10_000, 1)).unwrap();
    stash.put(&batch(&source, 20_001, 1, 2)).unwrap();
    stash.seen += group::LEFT;
    stash.put(&batch(&source, 2_000_000, 7, 7).slice(2, 1)).unwrap();
    stash.take_packed(true).unwrap();
    let of_part = |part: &Part| {
        let bundles = stash.bundles(part, 0).unwrap();
        bundles.iter().map(|bundle| (bundle.rows, bundle.row_group().is_some())).collect::<Vec<_>>()
    };
    let found: Vec<_> = stash.parts().map(of_part).collect();
    assert_eq!(found, [vec![(10_000, true)], vec![(1, true)], vec![(1, false)]]);
    assert_eq!(packed_schema(&source).fields().len(), 3 + 2 + 2 + 3);
}

#[test]
fn repeats_set_aside_end_as_they_would_have_among_the_others() {
    let (room, folder) = (Room::new(usize::MAX / 2, usize::MAX / 2), tempfile::tempdir().unwrap());
    let transaction = Warehouse::at(folder.path()).begin().unwrap();
    let source = source(SOURCE);
    let written = |may_set_aside: bool| {
        let mut stash = Stash::new(&source, "a.csv".into(), &transaction, &room);
        stash.aside = if may_set_aside { 0 } else { ASIDE };
        for first in 0..20 {
            let rows = [batch(&source, first * 1_000, 999, 1), batch(&source, 7, 1, 1)];
            stash.put(&concat_batches(&read_schema(&source), &rows).unwrap()).unwrap();
        }
        stash.close().unwrap();
        let part = stash.parts().next().unwrap().clone();
        let bundles = stash.bundles(&part, 0).unwrap();
        let aside: usize =
            bundles.iter().filter(|bundle| bundle.is_aside).map(|bundle| bundle.rows).sum();
        let merged = merge(&source, &bundles).unwrap();
        let mut output = Output::new(&transaction, &source);
        output.add_merged(&bundles, &merged.keep).unwrap();
        (aside, merged.tallies["a.csv"].clone(), output.finish().unwrap().unwrap().sha256)
    };
    let (with, without) = (written(true), written(false));
    assert_eq!((with.0, without.0), (20, 0));
    assert_eq!((&with.1, with.1.duplicates), (&without.1, 20));
    assert_eq!(with.2, without.2, "the same bytes");
}
