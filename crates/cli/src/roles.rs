//! Role tables: one staging table for each kind of thing, whichever products feed it.
//!
//! Facts read roles (`staging.ticket`), never a product. A staging model says in its
//! companion file which role it feeds; the role's SQL is the union of its feeders.

use std::collections::BTreeMap;

use scorewright_domain::{ProjectFile, TableName};
use toml_edit::{DocumentMut, value};

/// Which staging models feed which role.
pub(crate) struct Roles {
    feeders: BTreeMap<TableName, Vec<TableName>>,
}

impl Roles {
    /// Reads `feeds` of every companion file.
    pub(crate) fn of(files: &[ProjectFile]) -> Self {
        let mut feeders: BTreeMap<TableName, Vec<TableName>> = BTreeMap::new();
        for (model, role) in
            files.iter().filter_map(|file| Some((table_of(&file.path, ".toml")?, fed_by(file)?)))
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

    /// The role of a file, when it is the SQL of one.
    pub(crate) fn sql_of(&self, file: &ProjectFile) -> Option<TableName> {
        table_of(&file.path, ".sql").filter(|table| self.feeders.contains_key(table))
    }
}

/// The table that a file below `pipelines/models/` makes or describes.
pub(crate) fn table_of(path: &str, ending: &str) -> Option<TableName> {
    path.strip_prefix("pipelines/models/")?.strip_suffix(ending)?.replace('/', ".").parse().ok()
}

fn fed_by(file: &ProjectFile) -> Option<TableName> {
    let document: DocumentMut = file.text.parse().ok()?;
    document.get("feeds")?.as_str()?.parse().ok()
}

/// The SQL of a role over these feeders: the same columns of each, one after the other.
pub(crate) fn gather<'a>(role: &ProjectFile, feeders: impl Iterator<Item = &'a TableName>) -> ProjectFile {
    let body = role.text.find("SELECT").unwrap_or(0);
    let (head, select) = role.text.split_at(body);
    let columns = select.split("\nFROM ").next().unwrap_or(select);
    let parts: Vec<String> = feeders.map(|feeder| format!("{columns}\nFROM {feeder}\n")).collect();
    ProjectFile::new(role.path.clone(), format!("{head}{}", parts.join("UNION ALL\n")))
}

/// A companion file that lets its table have no rows.
pub(crate) fn allowing_no_rows(companion: &ProjectFile) -> ProjectFile {
    let Ok(mut document) = companion.text.parse::<DocumentMut>() else { return companion.clone() };
    document["may_be_empty"] = value(true);
    ProjectFile::new(companion.path.clone(), document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard;

    fn text(path: &str) -> ProjectFile {
        standard::files().into_iter().find(|file| file.path == path).unwrap()
    }

    #[test]
    fn a_role_gathers_its_feeders_column_by_column() {
        let role = ProjectFile::new(
            "pipelines/models/staging/team.sql",
            "-- One.\nSELECT\n    name\nFROM staging.a\n",
        );
        let feeders: [TableName; 2] = ["staging.b".parse().unwrap(), "staging.c".parse().unwrap()];
        let gathered = gather(&role, feeders.iter());
        assert_eq!(
            gathered.text,
            "-- One.\nSELECT\n    name\nFROM staging.b\nUNION ALL\nSELECT\n    name\nFROM staging.c\n"
        );
    }

    #[test]
    fn the_roles_of_the_demo_are_what_would_be_gathered() {
        let roles = Roles::of(&standard::files());
        assert!(roles.feeders.len() >= 9, "{:?}", roles.feeders);
        for (role, feeders) in &roles.feeders {
            let written = text(&format!("pipelines/models/staging/{}.sql", role.noun()));
            assert_eq!(gather(&written, feeders.iter()).text, written.text, "{role}");
        }
    }
}
