//! What landing promises, through real files and a real warehouse.

mod arrival;
mod balance;
mod books;
mod contracts;
mod deliveries;
mod dialects;
mod files;
mod formats;
mod history;
mod history_replays;
mod json_lines;
mod left_out;
mod partitions;
mod refusals;
mod snapshots;
mod unpivot;
mod xlsx;
mod zones;

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use scorewright_domain::{Books, Landing, Limits, Silent, TableName};
use scorewright_warehouse::{Commit, Snapshot, Warehouse};
use tempfile::TempDir;

use super::{Arrivals, LandReport, land, pending};
use jiff::Timestamp;
use scorewright_domain::ProjectFile;
use scorewright_extract::{ReadError, Refusal, RefusedExtract, Source, find, read};

/// The source that a text describes.
pub(crate) fn source(text: &str) -> Source {
    match Source::read(&ProjectFile::new("pipelines/sources/tickets.toml", text)) {
        Ok(source) => source,
        Err(faults) => panic!("{faults:?}"),
    }
}

/// All that has arrived in a folder at a moment.
fn arrivals<'a>(extracts: &'a Path, limits: &'a Limits, now: Timestamp) -> Arrivals<'a> {
    Arrivals { extracts, limits, now, is_landed_only: false, untouched: &[] }
}

/// A folder with extracts and a warehouse.
struct Stage {
    folder: TempDir,
    warehouse: Warehouse,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("extracts")).unwrap();
        let warehouse = Warehouse::at(folder.path().join("warehouse"));
        Self { folder, warehouse }
    }

    fn extracts(&self) -> PathBuf {
        self.folder.path().join("extracts")
    }

    fn receive(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.extracts().join(file), content).unwrap();
    }

    /// Why one of its extracts is refused, within limits.
    fn refusal(&self, file: &str, source: &Source, limits: &Limits) -> Refusal {
        let warehouse = self.folder.path().join("warehouse");
        let (found, _guard) =
            find(source, &self.extracts(), &warehouse, limits, file).expect("it is there");
        let mut rows = scorewright_extract::CollectedRows::default();
        match read(&found, source, limits, &Silent, &mut rows) {
            Err(ReadError::Refused(refusal)) => refusal,
            other => panic!("it is refused, but: {other:?}"),
        }
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.extracts().join(from), self.extracts().join(to)).unwrap();
    }

    fn remove(&self, file: &str) {
        fs::remove_file(self.extracts().join(file)).unwrap();
    }

    /// Lands and commits.
    fn land_unchecked(&self, source: &Source) -> (LandReport, Snapshot) {
        self.land_as_of(source, Timestamp::MAX)
    }

    /// Lands and commits, as of an instant.
    fn land_as_of(&self, source: &Source, as_of: Timestamp) -> (LandReport, Snapshot) {
        let mut transaction = self.warehouse.begin().unwrap();
        let sources = std::slice::from_ref(source);
        let (extracts, limits) = (self.extracts(), Limits::default());
        let arrivals = arrivals(&extracts, &limits, Timestamp::MAX);
        let report = land(sources, arrivals, as_of, &mut transaction, &Silent).unwrap();
        let commit = Commit {
            run: "test".into(),
            as_of: jiff::civil::date(2026, 11, 22),
            program: "test".into(),
            configuration: "test".into(),
            project: Vec::new(),
        };
        (report, transaction.commit(commit).unwrap().0)
    }

    /// Lands and commits; every book balances, and says what the table holds.
    fn land(&self, source: &Source) -> LandReport {
        let sources = std::slice::from_ref(source);
        let (report, snapshot) = self.land_unchecked(source);
        for landing in &snapshot.landings {
            assert!(landing.books.is_balanced(), "{landing:?}");
        }
        let accepted: u64 = snapshot.landings.iter().map(|landing| landing.books.accepted).sum();
        let books = snapshot.landings.iter().map(|landing| &landing.books);
        let quarantined: u64 = books.map(|books| books.quarantined + books.not_data).sum();
        assert_eq!(accepted, self.rows("raw").len() as u64, "the books say what the table holds");
        assert_eq!(quarantined, self.rows("quarantine").len() as u64);
        let pending = pending(
            sources,
            &self.extracts(),
            &Limits::default(),
            &self.warehouse,
            &snapshot,
            Timestamp::MAX,
        )
        .unwrap();
        assert_eq!(
            pending.new.len(),
            report.refused.iter().filter(|refused| is_tried_again(refused)).count()
        );
        report
    }

    fn snapshot(&self) -> Snapshot {
        self.warehouse.newest().unwrap()
    }

    fn landing(&self, file: &str) -> Landing {
        let landings = self.snapshot().landings;
        landings.into_iter().find(|landing| landing.extract.file.to_str() == Some(file)).unwrap()
    }

    fn books(&self, file: &str) -> Books {
        self.landing(file).books
    }

    /// Rows of a table as text, columns joined by `|`.
    fn rows(&self, layer: &str) -> Vec<String> {
        let transaction = self.warehouse.begin().unwrap();
        let table = TableName::new(layer, "tickets").unwrap();
        let rows = transaction.read(&table).unwrap();
        // The first column of quarantine names the source, which is always the same here.
        rows.iter()
            .flat_map(lines)
            .map(|row| row.trim_start_matches("tickets|").to_owned())
            .collect()
    }

    /// SHA-256 of all files of a table.
    fn files(&self, layer: &str) -> Vec<String> {
        let table = self.snapshot().tables[&TableName::new(layer, "tickets").unwrap()].clone();
        table.files.into_iter().map(|file| file.sha256.to_string()).collect()
    }

    fn sha256(&self, layer: &str) -> String {
        self.snapshot().tables[&TableName::new(layer, "tickets").unwrap()].files[0]
            .sha256
            .to_string()
    }
}

/// Whether a refused file was read before it was refused.
fn is_tried_again(refused: &RefusedExtract) -> bool {
    !matches!(refused.reason(), "not_regular" | "too_large" | "empty")
}

fn lines(batch: &RecordBatch) -> Vec<String> {
    let options = FormatOptions::default().with_null("-");
    let formatters: Vec<ArrayFormatter> = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options).unwrap())
        .collect();
    let line = |row| {
        formatters.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>().join("|")
    };
    (0..batch.num_rows()).map(line).collect()
}

/// Tickets with a number and a score.
const TICKETS: &str = r#"
    title = "Tickets"
    files = "*.csv*"
    format = "csv"
    tolerate = 0.5
    [columns.id]
    from = "Id"
    type = "text"
    [columns.score]
    from = "Score"
    type = "integer"
    max = 10
"#;

/// [`TICKETS`]; `head` adds settings of the source.
fn tickets(head: &str) -> Source {
    source(&TICKETS.replace("tolerate = 0.5", &format!("tolerate = 0.5\n{head}")))
}

fn reasons(books: &Books) -> Vec<(&str, u64)> {
    books.reasons.iter().map(|(reason, rows)| (reason.as_str(), *rows)).collect()
}
