//! The balance equation and the order of arrival, over generated files with generated dirt.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use scorewright_warehouse::StoredFile;

use super::*;

/// What a line is made to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Good,
    Blank,
    /// A total, or a line of separators alone.
    NotData(&'static str),
    Bad(&'static str),
}

#[derive(Debug, Clone)]
struct Row {
    key: u8,
    changed: u32,
    score: u8,
    note: &'static str,
    made: Made,
}

type File = Vec<Row>;

impl Row {
    /// Bytes of the line; the month never changes for a key, and some keys have none.
    fn line(&self) -> Vec<u8> {
        let Self { key, changed, score, note, made } = self;
        let opened = if *key == 0 { String::new() } else { format!("2026-{key:02}-03") };
        let changed = format!(
            "2026-01-01 {:02}:{:02}:{:02}",
            changed / 3600,
            changed / 60 % 60,
            changed % 60
        );
        let whole = |id: &str, score: &str| {
            format!("{id},{opened},{changed},{score},{note}\n").into_bytes()
        };
        let id = format!("T{key}");
        match made {
            Made::Good => whole(&id, &score.to_string()),
            Made::Blank => b"\n".to_vec(),
            Made::NotData(text) => format!("{text}\n").into_bytes(),
            Made::Bad("not_an_integer") => whole(&id, "many"),
            Made::Bad("out_of_range") => whole(&id, "11"),
            Made::Bad("missing_value") => whole("", "1"),
            Made::Bad("too_few_fields") => format!("{id},{opened}\n").into_bytes(),
            Made::Bad("too_many_fields") => format!("{id},,,,,\n").into_bytes(),
            Made::Bad("stray_quote") => whole("\"T\"1", "1"),
            Made::Bad("unclosed_quote") => format!("\"T,{opened},{changed},1,x\n").into_bytes(),
            Made::Bad(_) => [b"\xFF", &whole(&id, "1")[..]].concat(),
        }
    }

    /// What tells equal rows from others.
    fn values(&self) -> (u8, u32, u8, &'static str) {
        (self.key, self.changed, self.score, self.note)
    }
}

const DIRT: [&str; 8] = [
    "not_an_integer",
    "out_of_range",
    "missing_value",
    "too_few_fields",
    "too_many_fields",
    "stray_quote",
    "unclosed_quote",
    "bad_encoding",
];

/// Lines among the rows that are none: totals of the right width and of another, remarks, separators alone.
const NOT_DATA: [&str; 5] =
    ["Total,,,17,", "total", "\"Grand total, of all\",,,,,", ",,,,", "Printed by,somebody"];
const PATTERNS: &str = "not_data = [\"Total*\", \"Grand total*\", \"Printed by\"]";

/// Lines above the header.
const PREAMBLE: &str = "Tickets of a month;x\n\n\"made, on\na Monday\"\n";

fn row() -> impl Strategy<Value = Row> {
    let made = prop_oneof![
        12 => Just(Made::Good),
        1 => Just(Made::Blank),
        2 => (0..NOT_DATA.len()).prop_map(|which| Made::NotData(NOT_DATA[which])),
        4 => (0..DIRT.len()).prop_map(|dirt| Made::Bad(DIRT[dirt])),
    ];
    let note = (0..4_usize).prop_map(|note| ["", "x", "\"a\nb\"", "\"a, \"\"b\"\"\""][note]);
    (0..6_u8, 0..4_u32, 0..3_u8, note, made).prop_map(|(key, changed, score, note, made)| Row {
        key,
        changed,
        score,
        note,
        made,
    })
}

/// Files of at least one row each, no two alike.
fn files() -> impl Strategy<Value = Vec<File>> {
    let file = proptest::collection::vec(row(), 1..14).prop_filter("it has rows", |rows| {
        rows.iter().any(|row| matches!(row.made, Made::Good | Made::Bad(_)))
    });
    proptest::collection::vec(file, 1..5).prop_filter("a copy is no second file", |files| {
        files.iter().map(|file| bytes(file)).collect::<BTreeSet<_>>().len() == files.len()
    })
}

/// The same files with a moment of its own for each row, in any order.
fn dated_files() -> impl Strategy<Value = Vec<File>> {
    (files(), any::<u32>()).prop_map(|(mut files, seed)| {
        // Numbers of a row times an odd number, below a power of two: no two rows share one.
        for (number, row) in (0_u32..).zip(files.iter_mut().flatten()) {
            row.changed = (number.wrapping_mul(seed | 1)) % 4096;
        }
        files
    })
}

fn bytes(file: &[Row]) -> Vec<u8> {
    let mut text = format!("{PREAMBLE}id,opened,changed,score,note\n").into_bytes();
    for row in file {
        text.extend(row.line());
    }
    text
}

fn tickets_by(load: &str) -> Source {
    source(&format!(
        r#"
        title = "Tickets"
        files = "*.csv*"
        format = "csv"
        tolerate = 1.0
        {PATTERNS}
        {load}
        [csv]
        skip_rows = 4
        [columns.id]
        type = "text"
        required = true
        [columns.opened]
        type = "date"
        [columns.changed]
        type = "timestamp"
        [columns.score]
        type = "integer"
        max = 10
        [columns.note]
        type = "text"
        "#
    ))
}

const UPSERT: &str = "load = \"upsert\"\nkey = [\"id\"]\nupdated_at = \"changed\"";
const PARTED: &str =
    "load = \"upsert\"\nkey = [\"id\"]\nupdated_at = \"changed\"\npartition = \"opened\"";
const LOADS: [&str; 5] =
    ["", "key = [\"id\"]", "key = [\"id\"]\npartition = \"opened\"", UPSERT, PARTED];

fn name(file: usize) -> String {
    format!("2026-01-0{}.csv", file + 1)
}

/// Books a second way: rows of the files in order, judged by what they were made to be.
fn expected(files: &[File], load: &str) -> BTreeMap<String, Books> {
    let mut books: BTreeMap<String, Books> = BTreeMap::new();
    let mut kept: BTreeMap<u8, (String, &Row)> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        for row in file.iter().filter(|row| row.made != Made::Blank) {
            let name = name(number);
            books.entry(name.clone()).or_default().read += 1;
            let outcome = match row.made {
                Made::NotData(_) => "not_data",
                Made::Bad(reason) => reason,
                _ if load.is_empty() => "",
                _ => expected_books(&mut kept, &mut books, name.clone(), row, load),
            };
            let book = books.entry(name).or_default();
            match outcome {
                "" => book.accepted += 1,
                "superseded" => book.superseded += 1,
                "not_data" => book.not_data += 1,
                "duplicate" => book.duplicates += 1,
                reason => {
                    book.quarantined += 1;
                    *book.reasons.entry(reason.into()).or_default() += 1;
                }
            }
        }
    }
    books
}

/// What becomes of a good row whose key may be there already; an empty word when it is kept.
fn expected_books<'a>(
    kept: &mut BTreeMap<u8, (String, &'a Row)>,
    books: &mut BTreeMap<String, Books>,
    name: String,
    row: &'a Row,
    load: &str,
) -> &'static str {
    let Some((of, existing)) = kept.get(&row.key) else {
        kept.insert(row.key, (name, row));
        return "";
    };
    if existing.values() == row.values() {
        return "duplicate";
    }
    if !load.contains("upsert") {
        return "conflicting_key";
    }
    if existing.changed > row.changed {
        return "superseded";
    }
    let before = books.entry(of.clone()).or_default();
    before.accepted -= 1;
    before.superseded += 1;
    kept.insert(row.key, (name, row));
    ""
}

impl Stage {
    fn receive_all(&self, files: &[File]) {
        files
            .iter()
            .enumerate()
            .for_each(|(number, file)| self.receive(&name(number), bytes(file)));
    }

    fn all_books(&self) -> BTreeMap<String, Books> {
        let landings = self.snapshot().landings.into_iter();
        landings
            .map(|landing| (landing.extract.file.to_string_lossy().into_owned(), landing.books))
            .collect()
    }

    fn raw_files(&self) -> Vec<StoredFile> {
        self.snapshot().tables[&TableName::new("raw", "tickets").unwrap()].files.clone()
    }

    /// Rows without the name of their file, which tells how it is packed.
    fn nameless_rows(&self) -> BTreeSet<String> {
        self.rows("raw").iter().map(|row| row.replace(".gz|", "|").replace(".zst|", "|")).collect()
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text).unwrap();
    packed.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// `Stage::land` asks every book for its balance, and the tables for the rows that the books state.
    #[test]
    fn books_say_what_every_row_was_made_to_be(files in dated_files(), load in 0..LOADS.len()) {
        let (stage, source) = (Stage::new(), tickets_by(LOADS[load]));
        stage.receive_all(&files);
        let report = stage.land(&source);
        prop_assert_eq!(report.refused.len(), 0);
        prop_assert_eq!(stage.all_books(), expected(&files, LOADS[load]));
        prop_assert!(!stage.land(&source).is_changed, "the same again adds nothing");
    }

    /// Rows share moments, so that there are duplicates, conflicts and ties.
    #[test]
    fn books_balance_whatever_rows_have_in_common(files in files(), load in 0..LOADS.len()) {
        let (stage, source) = (Stage::new(), tickets_by(LOADS[load]));
        for (number, file) in files.iter().enumerate() {
            stage.receive(&name(number), bytes(file));
            stage.land(&source);
        }
        if !LOADS[load].contains("upsert") {
            prop_assert_eq!(stage.all_books(), expected(&files, LOADS[load]));
        }
    }

    #[test]
    fn books_of_snapshots_balance_in_any_order(files in files(), seed in any::<usize>()) {
        let load = "load = \"snapshot\"\nkey = [\"id\"]\ndelivery = '(\\d{4}-\\d{2}-\\d{2})'";
        let (stage, source) = (Stage::new(), tickets_by(load));
        for step in 0..files.len() {
            let number = (seed.wrapping_add(step)) % files.len();
            stage.receive(&name(number), bytes(&files[number]));
            let (report, snapshot) = stage.land_unchecked(&source);
            prop_assert_eq!(report.refused.len(), 0);
            prop_assert!(snapshot.landings.iter().all(|landing| landing.books.is_balanced()));
            let books = snapshot.landings.iter().map(|landing| &landing.books);
            let quarantined: u64 = books.map(|books| books.quarantined + books.not_data).sum();
            prop_assert_eq!(quarantined, stage.rows("quarantine").len() as u64);
        }
    }

    #[test]
    fn the_order_of_arrival_leaves_no_trace(
        files in dated_files(),
        is_parted in any::<bool>(),
        seed in any::<usize>(),
        corrected in proptest::option::of(proptest::collection::vec(row(), 1..6)),
    ) {
        let source = tickets_by(if is_parted { PARTED } else { UPSERT });
        let (nightly, whole) = (Stage::new(), Stage::new());
        let mut last = files.clone();
        for step in 0..files.len() {
            let number = (seed.wrapping_add(step * 3)) % files.len();
            nightly.receive(&name(number), bytes(&files[number]));
            nightly.land(&source);
        }
        // Steps of three through two or four files come to each once; through three they do not.
        if files.len() == 3 {
            nightly.receive_all(&files);
            nightly.land(&source);
        }
        if let Some(mut rows) = corrected {
            for (number, row) in (5_000_u32..).zip(&mut rows) {
                row.changed = number;
                row.made = match row.made {
                    Made::Blank | Made::NotData(_) => Made::Good,
                    made => made,
                };
            }
            let number = seed % files.len();
            nightly.receive(&name(number), bytes(&rows));
            last[number] = rows;
            nightly.land(&source);
        }
        whole.receive_all(&last);
        whole.land(&source);
        prop_assert_eq!(nightly.rows("raw"), whole.rows("raw"));
        prop_assert_eq!(nightly.raw_files(), whole.raw_files());
        prop_assert_eq!(nightly.rows("quarantine"), whole.rows("quarantine"));
        prop_assert_eq!(nightly.all_books(), whole.all_books());
    }

    #[test]
    fn how_a_file_is_packed_changes_nothing(files in dated_files(), load in 0..LOADS.len()) {
        let source = tickets_by(LOADS[load]);
        let stages = [Stage::new(), Stage::new(), Stage::new()];
        for (number, file) in files.iter().enumerate() {
            let (name, text) = (name(number), bytes(file));
            stages[1].receive(&format!("{name}.gz"), gzip(&text));
            stages[2].receive(&format!("{name}.zst"), zstd::encode_all(&text[..], 1).unwrap());
            stages[0].receive(&name, text);
        }
        for stage in &stages {
            stage.land(&source);
        }
        for packed in &stages[1..] {
            prop_assert_eq!(packed.nameless_rows(), stages[0].nameless_rows());
            let books = |stage: &Stage| stage.all_books().into_values().collect::<Vec<_>>();
            prop_assert_eq!(books(packed), books(&stages[0]));
        }
    }
}
