//! Which sources are landed and which models are built, where somebody says so.

use std::collections::BTreeSet;

use scorewright_domain::TableName;

use crate::model::{Model, Work};

/// The sources that are landed and the models that are built; all others stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunSelection {
    /// Names of sources.
    pub sources: BTreeSet<String>,
    /// Tables of models and seeds.
    pub models: BTreeSet<TableName>,
}

/// What a word selects beside the model that it names.
#[derive(Debug, Clone, Copy)]
struct SelectorReach {
    /// All that reads it.
    readers: bool,
    /// All that it reads.
    reads: bool,
}

impl RunSelection {
    /// What words select among models, each of which stands behind everything it reads.
    ///
    /// # Errors
    ///
    /// The first name that neither a model nor a source has.
    pub(super) fn of(models: &[Model], words: &[String], sources: &[&str]) -> Result<Self, String> {
        let mut selection = Self::default();
        for word in words {
            let (name, reads) = word.strip_prefix('+').map_or((&**word, false), |it| (it, true));
            let (name, readers) = name.strip_suffix('+').map_or((name, false), |it| (it, true));
            if let Some(model) = models.iter().find(|model| model.name.to_string() == name) {
                selection.models.insert(model.name.clone());
                selection.add(models, &model.name, SelectorReach { readers, reads });
            } else if sources.contains(&name) {
                selection.add_source(models, name);
            } else {
                return Err(name.to_owned());
            }
        }
        selection.add_identity(models);
        Ok(selection)
    }

    fn add_source(&mut self, models: &[Model], source: &str) {
        self.sources.insert(source.to_owned());
        for layer in ["raw", "history", "quarantine"] {
            let landed = TableName::new(layer, source).expect("a source has a name of tables");
            self.add(models, &landed, SelectorReach { readers: true, reads: false });
        }
    }

    fn add(&mut self, models: &[Model], table: &TableName, reach: SelectorReach) {
        if reach.readers {
            self.models.extend(readers_of(models, table));
        }
        if reach.reads {
            let (landed, built): (Vec<TableName>, Vec<TableName>) =
                read_by(models, table).into_iter().partition(|table| table.layer().is_landed());
            self.models.extend(built);
            self.sources.extend(landed.iter().map(|table| table.noun().to_owned()));
        }
    }

    /// The tables of the identity file are one answer: all of them, or none.
    fn add_identity(&mut self, models: &[Model]) {
        let is_identity = |model: &&Model| matches!(model.work, Work::Identity(..));
        let made = models.iter().filter(is_identity);
        let tables: Vec<&TableName> = made.map(|model| &model.name).collect();
        if tables.iter().any(|table| self.models.contains(*table)) {
            self.models.extend(tables.into_iter().cloned());
        }
    }
}

/// Models that read a table, also through others.
fn readers_of(models: &[Model], table: &TableName) -> BTreeSet<TableName> {
    let mut found = BTreeSet::from([table.clone()]);
    // Each model stands behind everything it reads.
    for model in models {
        if !model.reads.is_disjoint(&found) {
            found.insert(model.name.clone());
        }
    }
    found.remove(table);
    found
}

/// Tables that a model reads, also through others.
fn read_by(models: &[Model], table: &TableName) -> BTreeSet<TableName> {
    let mut found = BTreeSet::from([table.clone()]);
    for model in models.iter().rev() {
        if found.contains(&model.name) {
            found.extend(model.reads.iter().cloned());
        }
    }
    found.remove(table);
    found
}
