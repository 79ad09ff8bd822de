//! The seeds among the files of a project.

use std::collections::{BTreeMap, BTreeSet};

use scorewright_domain::{Fault, Layer, ProjectFile, TableName};

use crate::model::Model;

const SEEDS: &str = "pipelines/seeds/";

/// The tables of seeds, and what is wrong with their files.
#[derive(Debug, Default)]
pub(super) struct SeedTables {
    pub(super) models: Vec<Model>,
    /// Tables whose files are at fault.
    pub(super) broken: BTreeSet<TableName>,
    pub(super) faults: Vec<Fault>,
}

impl SeedTables {
    /// Reads `seeds/<name>.csv` with `<name>.toml`, in order of path.
    pub(super) fn read(files: &BTreeMap<&str, &ProjectFile>) -> Self {
        let mut read = Self::default();
        for (path, file) in files {
            let Some(below) = path.strip_prefix(SEEDS) else { continue };
            if let Some(stem) = below.strip_suffix(".csv") {
                read.read_seed(stem, file, files);
            } else if let Some(stem) = below.strip_suffix(".toml") {
                read.faults.extend(without_rows(stem, file, files));
            }
        }
        read
    }

    fn read_seed(&mut self, stem: &str, csv: &ProjectFile, files: &BTreeMap<&str, &ProjectFile>) {
        let Ok(name) = TableName::new(Layer::Seed.as_str(), stem) else {
            let fault = csv.fault(None, "the path of a seed is its table: seeds/<name>.csv");
            self.faults.push(fault.help("lower-case letters, digits and underscores, no folders"));
            return;
        };
        let companion = format!("{SEEDS}{stem}.toml");
        let read = match files.get(companion.as_str()) {
            Some(companion) => Model::of_seed(name.clone(), csv.clone(), (*companion).clone()),
            None => Err(vec![
                csv.fault(None, format!("the seed `{name}` has no companion file"))
                    .help(format!("add `{companion}` with `says`, `grain` and its columns")),
            ]),
        };
        match read {
            Ok(model) => self.models.push(model),
            Err(faults) => {
                self.broken.insert(name);
                self.faults.extend(faults);
            }
        }
    }
}

fn without_rows(
    stem: &str,
    companion: &ProjectFile,
    files: &BTreeMap<&str, &ProjectFile>,
) -> Option<Fault> {
    let csv = format!("{SEEDS}{stem}.csv");
    let is_alone = !files.contains_key(csv.as_str());
    let fault = || companion.fault(None, "a companion file without its seed");
    is_alone.then(|| fault().help(format!("add `{csv}`, or remove this file")))
}
