//! Every model of the demo has a case under `tests/models/`, and no case names a table or column that is not there.
//!
//! The cases are run beside the models, in `crates/transform`. Here the tables of the standard library are planned
//! without data, from the columns of its sources on, and the headers of the cases are held against them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use scorewright_domain::{ProjectFile, SqlName, TableName, Variable, Variables, nearest};
use scorewright_extract::Source;
use scorewright_transform::{Model, Pipeline};
use scorewright_warehouse::{Parameters, Session};

use crate::binary::{files_below, root};

/// The files of the standard library that the demo runs.
fn standard_files() -> Vec<ProjectFile> {
    files_of(|path| (!path.starts_with("presets")).then(|| path.to_owned()))
}

/// Sources and models of the presets, as a project has them. Its roles would have to read them too: here they feed none.
fn preset_files() -> Vec<ProjectFile> {
    let files = files_of(|path| {
        let path = path.strip_prefix("presets").ok()?;
        let mut folders = path.iter();
        let product = folders.next()?;
        let path = folders.as_path();
        let is_part = path.starts_with("sources") || path.starts_with("models");
        (is_part && product != "nobody").then(|| path.to_owned())
    });
    let without_role = |file: ProjectFile| {
        ProjectFile::new(file.path, file.text.replace("\nfeeds = ", "\n# feeds = "))
    };
    files.into_iter().map(without_role).collect()
}

/// TOML and SQL below `pipelines/`, where `place` has a path for it.
fn files_of(place: impl Fn(&Path) -> Option<PathBuf>) -> Vec<ProjectFile> {
    let files = files_below(&root().join("pipelines")).into_iter();
    files
        .filter(|(path, _)| path.extension().is_some_and(|it| it == "toml" || it == "sql"))
        .filter_map(|(path, bytes)| {
            let path = format!("pipelines/{}", place(&path)?.display());
            Some(ProjectFile::new(path, String::from_utf8(bytes).unwrap()))
        })
        .collect()
}

/// The standard models, and every table that they read or make as the engine plans it.
struct StandardTables {
    pipeline: Pipeline,
    session: Session,
}

impl StandardTables {
    fn plan() -> Self {
        let files: Vec<ProjectFile> = standard_files().into_iter().chain(preset_files()).collect();
        let currency = ("currency".to_owned(), Variable::Text("EUR".into()));
        let session = Session::without_data().unwrap().with_variables(Variables([currency].into()));
        let mut raw = BTreeSet::new();
        for file in files.iter().filter(|file| file.path.starts_with("pipelines/sources/")) {
            let source = Source::read(file).unwrap();
            for (table, schema) in scorewright_ingest::landed_schemas(&source) {
                session.declare(&table, schema).unwrap();
                raw.insert(table);
            }
        }
        let pipeline = Pipeline::read(&files, &raw).unwrap();
        let faults = pipeline.plan(&session, Timestamp::UNIX_EPOCH, &mut BTreeSet::new());
        assert!(faults.is_empty(), "{faults:?}");
        Self { pipeline, session }
    }

    fn model(&self, name: &str) -> Option<&Model> {
        self.pipeline.models.iter().find(|model| model.name.to_string() == name)
    }

    fn columns(&self, table: &TableName) -> Vec<String> {
        let sql = format!("SELECT * FROM {}.{}", table.layer(), SqlName(table.noun()));
        self.session.columns_of(&sql, &Parameters::new()).unwrap()
    }

    /// What is wrong with a file of a case, by its path below `tests/models`.
    fn faults_of(&self, path: &Path, text: &str) -> Vec<String> {
        let shown = path.display();
        let [folder, _, file] =
            path.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>()[..]
        else {
            return vec![format!("`{shown}` is not <layer>.<noun>/<case>/<file>")];
        };
        let Some(model) = self.model(folder) else {
            let models = self.pipeline.models.iter().map(|model| model.name.to_string());
            return vec![unknown(
                &format!("`{shown}`: no model"),
                folder,
                &models.collect::<Vec<_>>(),
            )];
        };
        let reads: Vec<String> = model.reads.iter().map(ToString::to_string).collect();
        match file.strip_suffix(".csv") {
            Some("expected") => self.unknown_columns(path, &model.name, text),
            Some(table) if reads.iter().any(|read| read == table) => {
                self.unknown_columns(path, &table.parse().unwrap(), text)
            }
            Some(table) => vec![unknown(&format!("`{shown}`: `{folder}` reads no"), table, &reads)],
            None if file == "as_of.txt" => Vec::new(),
            None => vec![format!("`{shown}` is neither a table nor `as_of.txt`")],
        }
    }

    fn unknown_columns(&self, path: &Path, table: &TableName, text: &str) -> Vec<String> {
        let columns = self.columns(table);
        let header = text.lines().next().unwrap_or_default().split(',');
        let names = header.map(|field| field.split(':').next().unwrap_or(field));
        names
            .filter(|name| !columns.iter().any(|column| column == name))
            .map(|name| {
                unknown(&format!("`{}`: `{table}` has no column", path.display()), name, &columns)
            })
            .collect()
    }
}

/// A word that is not known, with the one that was most likely meant.
fn unknown(message: &str, word: &str, known: &[String]) -> String {
    let words: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = nearest(word, &words).map(|near| format!(", did you mean `{near}`?"));
    format!("{message} `{word}`{}; there are: {}", near.unwrap_or_default(), words.join(", "))
}

#[test]
fn every_standard_model_has_a_case() {
    let models = standard_files().into_iter().filter_map(|file| {
        let path = file.path.strip_prefix("pipelines/models/")?.strip_suffix(".sql")?;
        Some(path.replace('/', "."))
    });
    let cases: BTreeSet<String> = files_below(&root().join("tests/models"))
        .iter()
        .filter(|(path, _)| path.ends_with("expected.csv"))
        .map(|(path, _)| path.iter().next().unwrap().to_str().unwrap().to_owned())
        .collect();
    let without: Vec<String> = models.filter(|model| !cases.contains(model)).collect();
    assert!(without.is_empty(), "no case under tests/models/: {}", without.join(", "));
}

#[test]
fn no_case_of_a_model_names_what_is_not_there() {
    let tables = StandardTables::plan();
    let files = files_below(&root().join("tests/models"));
    let faults: Vec<String> = files
        .iter()
        .flat_map(|(path, bytes)| tables.faults_of(path, &String::from_utf8_lossy(bytes)))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_misspelt_word_of_a_case_is_shown_with_the_nearest() {
    let tables = StandardTables::plan();
    let fault = |path: &str, text: &str| {
        let faults = tables.faults_of(Path::new(path), text);
        let [fault] = &faults[..] else { panic!("{faults:?}") };
        fault.split(';').next().unwrap().to_owned()
    };
    assert_eq!(
        fault("staging.zendesk_tickets/a/raw.zendesk_tickets.csv", "ticket_id:text,chanel:text\n"),
        "`staging.zendesk_tickets/a/raw.zendesk_tickets.csv`: `raw.zendesk_tickets` has no column `chanel`, \
         did you mean `channel`?"
    );
    assert_eq!(
        fault("fact.order/a/staging.order.csv", "order_id:text,refundet:decimal\n"),
        "`fact.order/a/staging.order.csv`: `staging.order` has no column `refundet`, did you mean `refunded`?"
    );
    assert_eq!(
        fault("fact.order/a/expected.csv", "subtotal:decimal\n1\n"),
        "`fact.order/a/expected.csv`: `fact.order` has no column `subtotal`",
        "a column that the model reads and does not make"
    );
    assert_eq!(
        fault("dim.map_identity/a/expected.csv", "sourcekey:text\n"),
        "`dim.map_identity/a/expected.csv`: `dim.map_identity` has no column `sourcekey`, did you mean `source_key`?"
    );
    assert_eq!(
        fault("fact.order/a/staging.orders.csv", "order_id:text\n"),
        "`fact.order/a/staging.orders.csv`: `fact.order` reads no `staging.orders`, did you mean `staging.order`?"
    );
    assert_eq!(
        fault("fact.orders/a/expected.csv", "order_id:text\n"),
        "`fact.orders/a/expected.csv`: no model `fact.orders`, did you mean `fact.order`?"
    );
    assert_eq!(
        fault("fact.order/a/expected.tsv", ""),
        "`fact.order/a/expected.tsv` is neither a table nor `as_of.txt`"
    );
}

#[test]
fn no_standard_model_asks_for_the_day() {
    let files = files_below(&root().join("pipelines")).into_iter();
    let asks = |(path, bytes): (PathBuf, Vec<u8>)| {
        let text = String::from_utf8(bytes).unwrap();
        let asks = text.contains("$as_of");
        // A metric is measured as of a day.
        (asks && !path.iter().any(|part| part == "metrics")).then_some(path)
    };
    let asking: Vec<_> = files.filter_map(asks).collect();
    assert!(asking.is_empty(), "a new day would make these anew: {asking:?}");
}
