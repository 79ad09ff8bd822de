//! What is encoded here, the Parquet library decodes to the same values.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int32Array, Int64Array, StringArray,
    TimestampMicrosecondArray,
};
use arrow::compute::{cast, concat_batches, max, max_string, min, min_string};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, TimeUnit};
use arrow::record_batch::RecordBatch;
use parquet::basic::Encoding;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataReader};
use parquet::file::statistics::Statistics;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::parquet_read::{ParquetBytes, RowGroupReader};
use crate::parquet_write::encode_row_group;

type SampleRow = (Option<String>, Option<String>, Option<i64>, i64);

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("few", DataType::Utf8, true),
        Field::new("many", DataType::Utf8, true),
        Field::new("number", DataType::Int64, true),
        Field::new("at", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
    ]))
}

fn batch(rows: &[SampleRow]) -> RecordBatch {
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

fn read(encoded: &[u8]) -> RecordBatch {
    let reader = RowGroupReader::open(ParquetBytes::Memory(encoded.to_vec().into())).unwrap();
    concat_batches(&schema(), &reader.read(0, None).unwrap()).unwrap()
}

fn columns(encoded: &[u8]) -> Vec<ColumnChunkMetaData> {
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&bytes::Bytes::copy_from_slice(encoded))
        .unwrap();
    metadata.row_group(0).columns().to_vec()
}

/// Texts of every length that is compared in its own way, some equal but for their end.
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

fn rows() -> impl Strategy<Value = Vec<SampleRow>> {
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
    fn what_is_encoded_is_decoded_to_the_same_values(rows in rows()) {
        let batch = batch(&rows);
        prop_assert_eq!(read(&encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap()), batch);
    }

    #[test]
    fn the_bytes_do_not_depend_on_how_rows_are_divided_into_batches(rows in rows(), at in vec(0..200_usize, 0..3)) {
        let whole = encode_row_group(&schema(), &[batch(&rows)]).unwrap();
        let mut bounds: Vec<usize> = at.iter().map(|at| at % rows.len()).chain([0, rows.len()]).collect();
        bounds.sort_unstable();
        let batches: Vec<_> = bounds.windows(2).map(|range| batch(&rows[range[0]..range[1]])).collect();
        prop_assert_eq!(encode_row_group(&schema(), &batches).unwrap(), whole);
    }

    // Expected: Arrow's own smallest and largest values.
    #[test]
    fn statistics_hold_the_range_of_values(rows in rows()) {
        let batch = batch(&rows);
        let columns = columns(&encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap());
        let numbers = batch.column(2).as_primitive::<Int64Type>();
        let Some(Statistics::Int64(range)) = columns[2].statistics() else { panic!("numbers have a range") };
        prop_assert_eq!((range.min_opt().copied(), range.max_opt().copied()), (min(numbers), max(numbers)));
        prop_assert_eq!(range.null_count_opt(), Some(numbers.null_count() as u64));
        if let Some(Statistics::ByteArray(range)) = columns[1].statistics() {
            let texts = batch.column(1).as_string::<i32>();
            let found = (range.min_bytes_opt().unwrap(), range.max_bytes_opt().unwrap());
            prop_assert_eq!(found, (min_string(texts).unwrap().as_bytes(), max_string(texts).unwrap().as_bytes()));
            prop_assert_eq!(range.null_count_opt(), Some(texts.null_count() as u64));
        }
    }

    #[test]
    fn texts_may_be_a_dictionary_array(rows in rows()) {
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

/// More rows than the sample that decides about a dictionary.
const ROWS: i64 = 10_000;

#[test]
fn only_texts_that_repeat_have_a_dictionary() {
    let row = |row: i64| {
        let id = Some(format!("ticket {}", row * 7_919 % ROWS));
        (Some(format!("agent {}", row % 300)), id, (row % 5 > 0).then_some(row), row * 1_000)
    };
    let batch = batch(&(0..ROWS).map(row).collect::<Vec<_>>());
    let encoded = encode_row_group(&schema(), std::slice::from_ref(&batch)).unwrap();
    assert_eq!(read(&encoded), batch);
    let columns = columns(&encoded);
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

#[test]
fn a_dictionary_array_whose_text_is_null_is_refused() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("open"), None]));
    let coded: ArrayRef =
        Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(vec![0, 1]), texts));
    let kind = coded.data_type().clone();
    let coded_schema = Arc::new(Schema::new(vec![Field::new("status", kind, true)]));
    let schema = Arc::new(Schema::new(vec![Field::new("status", DataType::Utf8, true)]));
    let batch = RecordBatch::try_new(coded_schema, vec![coded]).unwrap();
    assert!(encode_row_group(&schema, &[batch]).is_err());
}
