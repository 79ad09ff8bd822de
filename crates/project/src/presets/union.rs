//! The SQL of a role: the union of the tables that feed it.

use scorewright_domain::{Fault, ProjectFile, TableName};
use scorewright_warehouse::{rowless_select, union_select};

/// A role over these tables: the same columns of each, one after the other.
///
/// A role that stands without rows gives its columns by their names.
///
/// # Errors
///
/// A [`Fault`] when the role does more than that.
pub(crate) fn union_over<'a>(
    role: &ProjectFile,
    tables: impl IntoIterator<Item = &'a TableName>,
) -> Result<ProjectFile, Fault> {
    let (start, columns) = if let Some(select) = rowless_select(role) {
        (select.start, format!("SELECT\n    {}\nFROM ", select.columns.join(",\n    ")))
    } else {
        let select = union_select(role).map_err(|fault| fault.in_file(role))?;
        (select.start, role.text[select].to_owned())
    };
    let head = &role.text[..start];
    let branches: Vec<String> =
        tables.into_iter().map(|table| format!("{columns}{table}\n")).collect();
    Ok(ProjectFile::new(role.path.clone(), format!("{head}{}", branches.join("UNION ALL\n"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_selects_the_same_columns_from_each_table() {
        let path = "pipelines/models/staging/team.sql";
        let role = ProjectFile::new(path, "-- One.\nSELECT\n    name\nFROM staging.a\n");
        let tables: [TableName; 2] = ["staging.b".parse().unwrap(), "staging.c".parse().unwrap()];
        assert_eq!(
            union_over(&role, &tables).unwrap().text,
            "-- One.\nSELECT\n    name\nFROM staging.b\nUNION ALL\nSELECT\n    name\nFROM staging.c\n"
        );
    }

    #[test]
    fn a_role_without_rows_names_the_columns_of_each_table() {
        let role = ProjectFile::new(
            "team.sql",
            "-- One.\nSELECT\n    CAST(NULL AS VARCHAR) AS name,\n    CAST(NULL AS BIGINT) AS size\nWHERE FALSE\n",
        );
        let table: TableName = "staging.b".parse().unwrap();
        assert_eq!(
            union_over(&role, [&table]).unwrap().text,
            "-- One.\nSELECT\n    name,\n    size\nFROM staging.b\n"
        );
    }

    #[test]
    fn a_role_that_does_more_is_refused_with_its_file() {
        let role = ProjectFile::new("team.sql", "SELECT name FROM staging.a WHERE name <> ''\n");
        assert!(union_over(&role, &[]).is_err());
    }
}
