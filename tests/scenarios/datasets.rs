//! Real extracts land as they are: every data set of `../shared/data`, damaged ones too.
//!
//! `tests/datasets/<dataset>/sources` is a project of sources alone, `refused` holds sources whose extracts must be
//! refused, and `expected.toml` says what becomes of every row and where that number comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::binary::{Ended, copy, root, rows, scorewright, stored_version};

const PROJECT: &str = "name = \"Data set\"\ntime_zone = \"UTC\"\ncurrency = \"EUR\"\n";

/// `expected.toml` of a data set.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    landed: Vec<Landed>,
    #[serde(default)]
    refused: Vec<Refused>,
    #[serde(default)]
    asked: Vec<Asked>,
}

/// What becomes of the rows of one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Landed {
    source: String,
    file: String,
    read: u64,
    accepted: u64,
    #[serde(default)]
    duplicates: u64,
    /// Rows by reason.
    #[serde(default)]
    quarantined: BTreeMap<String, u64>,
}

/// A file that must be refused, and words of the message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    source: String,
    file: String,
    why: Vec<String>,
}

/// A number that the tables must answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    why: String,
    sql: String,
    answer: u64,
}

/// A project and its warehouse.
struct Project {
    folder: TempDir,
    extracts: PathBuf,
}

impl Project {
    fn new(extracts: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("pipelines/sources")).unwrap();
        fs::write(folder.path().join("scorewright.toml"), PROJECT).unwrap();
        Self { folder, extracts: extracts.to_owned() }
    }

    fn of(sources: &Path, extracts: &Path) -> Self {
        let project = Self::new(extracts);
        copy(sources, &project.folder.path().join("pipelines/sources"));
        project
    }

    fn say(&self, words: &[&str]) -> Ended {
        scorewright(
            self.folder.path(),
            &[words, &["--extracts", self.extracts.to_str().unwrap()]].concat(),
        )
    }

    fn run(&self) -> Ended {
        self.say(&["run", "--as-of", "2026-11-23"])
    }

    fn run_well(&self) {
        let ended = self.run();
        assert_eq!(ended.status, 0, "{}{}", ended.answer, ended.said);
    }

    fn ask(&self, sql: &str) -> Vec<Value> {
        let ended = self.say(&["query", "--output", "json", sql]);
        assert_eq!(ended.status, 0, "{sql}: {}", ended.said);
        rows(&ended.answer)
    }

    fn number(&self, sql: &str) -> u64 {
        let rows = self.ask(sql);
        let [row] = &rows[..] else { panic!("{sql}: {rows:?}") };
        row.as_object().unwrap().values().next().unwrap().as_u64().unwrap()
    }

    /// The books of the newest version; every book balances, and is what the tables hold.
    fn landed(&self) -> BTreeSet<Landed> {
        let current = stored_version(&self.folder.path().join("warehouse"), 1);
        let landings = current["landings"].as_array().unwrap();
        landings.iter().map(|landing| self.landing(landing)).collect()
    }

    fn landing(&self, landing: &Value) -> Landed {
        let text = |name: &str| landing["extract"][name].as_str().unwrap().to_owned();
        let count = |name: &str| landing["books"][name].as_u64().unwrap();
        let (source, file) = (text("source"), text("file"));
        let reasons: BTreeMap<String, u64> =
            serde_json::from_value(landing["books"]["reasons"].clone()).unwrap();
        let kept =
            count("accepted") + count("quarantined") + count("duplicates") + count("superseded");
        assert_eq!(count("read"), kept, "the books of {file} balance");
        let raw = format!("SELECT count(*) FROM raw.{source} WHERE _file = '{file}'");
        assert_eq!(self.number(&raw), count("accepted"), "rows of {file} in raw.{source}");
        let bad = format!(
            "SELECT reason, count(*) AS rows FROM quarantine.{source} WHERE file = '{file}' GROUP BY reason"
        );
        let bad = self.ask(&bad).into_iter();
        let bad: BTreeMap<String, u64> = bad
            .map(|row| (row["reason"].as_str().unwrap().to_owned(), row["rows"].as_u64().unwrap()))
            .collect();
        assert_eq!(bad, reasons, "rows of {file} in quarantine.{source}");
        assert_eq!(count("quarantined"), reasons.values().sum::<u64>());
        let (read, accepted, duplicates) = (count("read"), count("accepted"), count("duplicates"));
        Landed { source, file, read, accepted, duplicates, quarantined: reasons }
    }
}

/// The extracts of a data set as they came.
fn raw(dataset: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/data").join(dataset).join("raw");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("the extracts of `{dataset}` are not at hand: nothing was landed");
    None
}

fn lands(dataset: &str) {
    let Some(extracts) = raw(dataset) else { return };
    let folder = root().join("tests/datasets").join(dataset);
    let expected: Expected =
        toml::from_str(&fs::read_to_string(folder.join("expected.toml")).unwrap()).unwrap();
    let project = Project::of(&folder.join("sources"), &extracts);
    project.run_well();
    assert_eq!(project.landed(), expected.landed.iter().cloned().collect());
    for Asked { why, sql, answer } in &expected.asked {
        assert_eq!(project.number(sql), *answer, "{why}");
    }
    if !expected.refused.is_empty() {
        refuses(&Project::of(&folder.join("refused"), &extracts), &expected.refused);
    }
    println!("{dataset}: {} extracts land as expected", expected.landed.len());
}

fn refuses(project: &Project, refused: &[Refused]) {
    let ended = project.run();
    assert_eq!(ended.status, 3, "{}{}", ended.answer, ended.said);
    let said = unfolded(&ended.said);
    for Refused { source, file, why } in refused {
        let head = format!("extract `{file}` of source `{source}` is refused: ");
        for words in why.iter().chain([&head]) {
            assert!(said.contains(words.trim()), "`{words}` is not said: {said}");
        }
    }
}

/// A message without the line breaks that fit it to the console.
pub(crate) fn unfolded(said: &str) -> String {
    said.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn airline_tweets_land_and_so_does_the_copy_that_a_spreadsheet_damaged() {
    lands("airline_tweets_messy");
}

#[test]
fn bank_marketing_lands() {
    lands("bank_marketing");
}

#[test]
fn cdnow_lands() {
    lands("cdnow");
}

#[test]
fn hr_attrition_lands_without_its_two_damaged_cells() {
    lands("hr_attrition");
}

#[test]
fn olist_marketing_funnel_lands_from_three_ways_to_write_a_date() {
    lands("olist_marketing_funnel");
}

#[test]
fn olist_sample_lands() {
    lands("olist_sample");
}

#[test]
fn sfo_passenger_survey_lands_though_its_columns_drift() {
    lands("sfo_passenger_survey");
}

#[test]
fn subscription_periods_land() {
    lands("subscription_periods");
}

#[test]
fn telco_churn_lands_from_workbooks() {
    lands("telco_churn");
}

#[test]
fn uci_incident_log_lands_and_so_does_its_mangled_copy() {
    lands("uci_incident_log");
}

/// Files and rows of the tables in the README: `| zendesk/group_data.csv | 8 | 7 |`.
fn listed(readme: &str) -> BTreeMap<String, u64> {
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, file, rows, _, _] = cells[..] else { return None };
        Some((file.to_owned(), rows.parse().ok()?))
    });
    rows.collect()
}

/// Nobody writes 97 source files for 97 small layouts: each is written after one look, and must read its file.
#[test]
fn vendor_schema_samples_land_by_sources_written_after_one_look() {
    let Some(extracts) = raw("vendor_schema_samples") else { return };
    let expected = listed(&fs::read_to_string(extracts.join("../README.md")).unwrap());
    assert_eq!(expected.len(), 97);
    let project = Project::new(&extracts);
    for file in expected.keys() {
        let name = file.trim_end_matches(".csv").replace('/', "_");
        let path = extracts.join(file);
        let ended = project.say(&["add", "source", path.to_str().unwrap(), "--name", &name]);
        assert_eq!(ended.status, 0, "{file}: {}", ended.said);
    }
    project.run_well();
    let current = stored_version(&project.folder.path().join("warehouse"), 1);
    let landings = current["landings"].as_array().unwrap();
    let landed = landings.iter().map(|landing| {
        let accepted = landing["books"]["accepted"].as_u64().unwrap();
        (landing["extract"]["file"].as_str().unwrap().to_owned(), accepted)
    });
    assert_eq!(landed.collect::<BTreeMap<_, _>>(), expected);
}
