//! What is encoded here, the Parquet library decodes to the same values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int64Array, StringArray, TimestampMicrosecondArray,
};
use arrow::compute::{cast, concat_batches, max, max_string, min, min_string};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, TimeUnit};
use arrow::record_batch::RecordBatch;
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{ParquetBytes, RowGroupReader, encode_row_group};

type Row = (Option<String>, Option<String>, Option<i64>, i64);

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("few", DataType::Utf8, true),
        Field::new("many", DataType::Utf8, true),
        Field::new("number", DataType::Int64, true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
    ]))
}

fn batch(rows: &[Row]) -> RecordBatch {
    let columns: Vec<ArrayRef> = vec![
        Arc::new(rows.iter().map(|row| row.0.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.1.as_deref()).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| row.2).collect::<Int64Array>()),
        Arc::new(
            TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.3))
                .with_timezone("UTC"),
        ),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn read(packed: &[u8]) -> RecordBatch {
    let packed = RowGroupReader::open(ParquetBytes::Memory(packed.to_vec().into())).unwrap();
    concat_batches(&schema(), &packed.read(0, None).unwrap()).unwrap()
}

fn columns(packed: &[u8]) -> Vec<ColumnChunkMetaData> {
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&bytes::Bytes::copy_from_slice(packed))
        .unwrap();
    metadata.row_group(0).columns().to_vec()
}

/// Texts of every length that is marked in its own way, some alike but for their end.
fn text() -> impl Strategy<Value = String> {
    let letters = |letters: &'static [char], most| {
        vec(proptest::sample::select(letters), 0..most).prop_map(String::from_iter)
    };
    let numbered =
        (0..40_usize, 0..50).prop_map(|(zeros, number)| format!("{}{number}", "0".repeat(zeros)));
    prop_oneof![
        letters(&['a', '\0'], 4),
        letters(&['a', 'b'], 20),
        letters(&['ä', '日', 'z'], 40),
        numbered
    ]
}

fn number() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(7),
        -3..3_i64,
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        1_700_000_000..1_700_001_000_i64
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let few = proptest::sample::select(&["open", "", "waiting for the customer", "closed"][..]);
    (0.0..=1.0_f64, 1..200_usize).prop_flat_map(move |(share, rows)| {
        let maybe = |text: BoxedStrategy<String>| proptest::option::weighted(share, text);
        let number = proptest::option::weighted(share, number());
        vec(
            (
                maybe(few.clone().prop_map(str::to_owned).boxed()),
                maybe(text().boxed()),
                number,
                self::number(),
            ),
            rows,
        )
    })
}

proptest! {
    // Expected: the values that were put in, decoded by the library.
    #[test]
    fn what_is_packed_comes_back(rows in rows()) {
        let batch = batch(&rows);
        prop_assert_eq!(read(&encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap()), batch);
    }

    #[test]
    fn the_bytes_do_not_depend_on_how_rows_come(rows in rows(), at in vec(0..200_usize, 0..3)) {
        let whole = encode_row_group(&schema(), &[batch(&rows)]).unwrap();
        let mut cuts: Vec<usize> = at.iter().map(|at| at % rows.len()).chain([0, rows.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|cut| batch(&rows[cut[0]..cut[1]])).collect();
        prop_assert_eq!(encode_row_group(&schema(), &pieces).unwrap(), whole);
    }

    // Expected: Arrow's own smallest and largest values.
    #[test]
    fn readers_are_told_the_range_of_values(rows in rows()) {
        let batch = batch(&rows);
        let columns = columns(&encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap());
        let numbers = batch.column(2).as_primitive::<Int64Type>();
        let Some(Statistics::Int64(told)) = columns[2].statistics() else { panic!("numbers have a range") };
        prop_assert_eq!((told.min_opt().copied(), told.max_opt().copied()), (min(numbers), max(numbers)));
        prop_assert_eq!(told.null_count_opt(), Some(numbers.null_count() as u64));
        if let Some(Statistics::ByteArray(told)) = columns[1].statistics() {
            let texts = batch.column(1).as_string::<i32>();
            let found = (told.min_bytes_opt().unwrap(), told.max_bytes_opt().unwrap());
            prop_assert_eq!(found, (min_string(texts).unwrap().as_bytes(), max_string(texts).unwrap().as_bytes()));
            prop_assert_eq!(told.null_count_opt(), Some(texts.null_count() as u64));
        }
    }

    #[test]
    fn texts_may_come_as_codes(rows in rows()) {
        let plain = batch(&rows);
        let kind = DataType::Dictionary(DataType::Int32.into(), DataType::Utf8.into());
        let mut fields: Vec<Field> = schema().fields().iter().map(|field| field.as_ref().clone()).collect();
        fields[0] = Field::new("few", kind.clone(), true);
        let mut columns = plain.columns().to_vec();
        columns[0] = cast(&columns[0], &kind).unwrap();
        prop_assert!(columns[0].as_any().is::<DictionaryArray<Int32Type>>());
        let coded = RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap();
        prop_assert_eq!(read(&encode_row_group(&schema(), &[coded]).unwrap()), plain);
    }
}

/// More rows than are looked at to tell whether texts repeat.
const ROWS: i64 = 10_000;

#[test]
fn texts_that_repeat_are_coded_and_others_are_not() {
    let row = |row: i64| {
        let id = Some(format!("ticket {}", row * 7_919 % ROWS));
        (Some(format!("agent {}", row % 300)), id, (row % 5 > 0).then_some(row), row * 1_000)
    };
    let batch = batch(&(0..ROWS).map(row).collect::<Vec<_>>());
    let packed = encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap();
    assert_eq!(read(&packed), batch);
    let columns = columns(&packed);
    let has = |column: usize, encoding| columns[column].encodings().any(|found| found == encoding);
    assert!(has(0, Encoding::RLE_DICTIONARY) && !has(0, Encoding::DELTA_BYTE_ARRAY));
    assert!(has(1, Encoding::DELTA_BYTE_ARRAY) && !has(1, Encoding::RLE_DICTIONARY));
    assert!(has(2, Encoding::DELTA_BINARY_PACKED) && has(3, Encoding::DELTA_BINARY_PACKED));
    assert!(
        columns[3].compressed_size() < ROWS,
        "equal steps take no bits: {}",
        columns[3].compressed_size()
    );
}
