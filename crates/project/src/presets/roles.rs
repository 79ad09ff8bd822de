//! Role tables: one staging table for each kind of thing, whichever products feed it.
//!
//! Facts read roles (`staging.ticket`), never a product. A staging model says in its
//! companion file which role it feeds; the role's SQL is the union of its feeders.

use std::collections::BTreeMap;

use scorewright_domain::{Fault, ProjectFile, TableName};
use toml_edit::DocumentMut;

use super::union::union_over;
use crate::library::product_of;

/// Which staging models feed which role.
pub(crate) struct Roles {
    feeders: BTreeMap<TableName, Vec<TableName>>,
}

impl Roles {
    /// Reads `feeds` of every companion file.
    pub(crate) fn of(files: &[ProjectFile]) -> Self {
        let mut feeders: BTreeMap<TableName, Vec<TableName>> = BTreeMap::new();
        for (model, role) in files
            .iter()
            .filter_map(|file| Some((table_of(&file.path, ".toml")?, role_fed_by(file)?)))
        {
            feeders.entry(role).or_default().push(model);
        }
        Self { feeders }
    }

    /// Models that feed a role; `None` when the table is none.
    pub(crate) fn feeders(&self, table: &TableName) -> Option<&[TableName]> {
        self.feeders.get(table).map(Vec::as_slice)
    }

    /// The role that a model feeds.
    pub(crate) fn role_of(&self, model: &TableName) -> Option<&TableName> {
        self.feeders.iter().find(|(_, feeders)| feeders.contains(model)).map(|(role, _)| role)
    }

    /// Roles that several chosen models of one product feed, with these models.
    pub(crate) fn doubled(
        &self,
        is_chosen: impl Fn(&TableName) -> bool,
    ) -> Vec<(TableName, Vec<TableName>)> {
        let mut doubled = Vec::new();
        for (role, feeders) in &self.feeders {
            let mut products: BTreeMap<&str, Vec<TableName>> = BTreeMap::new();
            for feeder in feeders.iter().filter(|feeder| is_chosen(feeder)) {
                products.entry(product_of(feeder.noun())).or_default().push(feeder.clone());
            }
            doubled.extend(
                products
                    .into_values()
                    .filter(|alike| alike.len() > 1)
                    .map(|alike| (role.clone(), alike)),
            );
        }
        doubled
    }

    /// The role of a file, when it is the SQL of one.
    pub(crate) fn sql_of(&self, file: &ProjectFile) -> Option<TableName> {
        table_of(&file.path, ".sql").filter(|table| self.feeders.contains_key(table))
    }

    /// A role that reads every product that could feed it, so that all of them come before it; any other file as it is.
    pub(crate) fn over_all_feeders(&self, file: &ProjectFile) -> Result<ProjectFile, Fault> {
        let feeders = self.sql_of(file).and_then(|role| self.feeders.get(&role));
        feeders.map_or_else(|| Ok(file.clone()), |feeders| union_over(file, feeders))
    }
}

/// The table that a file below `pipelines/models/` makes or describes.
pub(crate) fn table_of(path: &str, ending: &str) -> Option<TableName> {
    path.strip_prefix("pipelines/models/")?.strip_suffix(ending)?.replace('/', ".").parse().ok()
}

/// The role that a companion file says its model feeds.
fn role_fed_by(file: &ProjectFile) -> Option<TableName> {
    let document: DocumentMut = file.text.parse().ok()?;
    document.get("feeds")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;
    use scorewright_transform::Pipeline;
    use scorewright_warehouse::{ModelSql, Parameters, Session};

    use super::*;
    use crate::library;

    fn text(path: &str) -> ProjectFile {
        library::library_files().into_iter().find(|file| file.path == path).unwrap()
    }

    #[test]
    fn the_roles_of_the_demo_are_unions_over_their_feeders() {
        let roles = Roles::of(&library::library_files());
        assert!(roles.feeders.len() >= 9, "{:?}", roles.feeders);
        for (role, feeders) in &roles.feeders {
            let written = text(&format!("pipelines/models/staging/{}.sql", role.noun()));
            assert_eq!(union_over(&written, feeders).unwrap().text, written.text, "{role}");
        }
    }

    /// An engine that knows every table of the library, without rows.
    fn planned(files: &[ProjectFile], roles: &Roles) -> Session {
        let session = Session::without_data().unwrap();
        let mut raw = BTreeSet::new();
        for source in library::sources() {
            for (table, schema) in scorewright_ingest::landed_schemas(&source) {
                session.declare(&table, schema).unwrap();
                raw.insert(table);
            }
        }
        let staging = |file: &&ProjectFile| file.path.starts_with("pipelines/models/staging/");
        let files: Vec<ProjectFile> = files
            .iter()
            .filter(staging)
            .map(|file| roles.over_all_feeders(file).unwrap())
            .collect();
        let pipeline = Pipeline::read(&files, &raw).unwrap();
        let faults = pipeline.plan(&session, Timestamp::UNIX_EPOCH, &mut BTreeSet::new());
        assert!(faults.is_empty(), "{faults:?}");
        session
    }

    /// Columns of a SELECT with their types; a text is a text, however the engine holds it.
    fn columns(session: &Session, from: &str) -> Vec<String> {
        let none = Parameters::new();
        let names = session.columns_of(&format!("SELECT * FROM {from}"), &none).unwrap();
        let kinds: Vec<String> =
            names.iter().map(|name| format!("arrow_typeof(first_value({name}))")).collect();
        let kinds =
            session.query(&format!("SELECT {} FROM {from}", kinds.join(", ")), &none).unwrap();
        let kinds = kinds.rows[0].iter().map(|kind| kind.to_string().replace("Utf8View", "Utf8"));
        names.iter().zip(kinds).map(|(name, kind)| format!("{name} {kind}")).collect()
    }

    #[test]
    fn whatever_feeds_a_role_has_its_columns() {
        let files = library::files_with_presets();
        let roles = Roles::of(&files);
        let session = planned(&files, &roles);
        for (role, feeders) in &roles.feeders {
            let first = columns(&session, &feeders[0].to_string());
            let own = columns(&session, &format!("staging.\"{}\"", role.noun()));
            assert_eq!(own, first, "{role}");
            for feeder in feeders {
                assert_eq!(columns(&session, &feeder.to_string()), first, "{feeder}");
            }
            let path = format!("pipelines/models/staging/{}.sql", role.noun());
            if let Some(empty) = library::without_rows(&path) {
                assert_eq!(
                    columns(&session, &format!("({}) AS nobody", empty.text)),
                    first,
                    "no rows of {role}"
                );
            }
        }
    }

    #[test]
    fn a_dimension_reads_only_roles_that_can_be_without_rows() {
        let files = library::files_with_presets();
        let roles = Roles::of(&files);
        let is_dimension = |file: &&ProjectFile| {
            table_of(&file.path, ".sql")
                .is_some_and(|table| *table.layer() == scorewright_domain::Layer::Dim)
        };
        for file in files.iter().filter(is_dimension) {
            for read in ModelSql::read(&file.text).unwrap().reads {
                let role = roles.feeders(&read.parse().unwrap()).map(|_| read.replace('.', "/"));
                let has_empty = role.is_none_or(|role| {
                    library::without_rows(&format!("pipelines/models/{role}.sql")).is_some()
                });
                assert!(has_empty, "{} reads {read}", file.path);
            }
        }
    }
}
