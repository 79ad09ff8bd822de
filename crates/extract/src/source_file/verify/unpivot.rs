//! Proves what a source says of columns that become rows.

use super::faults::Faults;
use super::keys::is_stored;
use crate::source::{FileFormat, Kind, Source, Unpivot};

pub(super) fn check(source: &Source, faults: &mut Faults) {
    let Some(unpivot) = &source.unpivot else { return };
    if unpivot.columns.is_empty() {
        let help = "name them as the extract does; `*` stands for anything: [\"Q7_*\"]";
        faults.at("unpivot", "columns", "`columns` names no column", help);
    }
    if source.format.0.contains(&FileFormat::JsonLines) {
        let help = "name the array whose elements are rows in `rows` of `[json]`";
        faults.at("unpivot", "", "objects of JSON have no columns that become rows", help);
    }
    takers(source, unpivot, faults);
    if !source.key.contains(&unpivot.name) {
        let help = format!(
            "add it, so that rows of one record are told apart: key = [\"…\", \"{}\"]",
            unpivot.name
        );
        faults.at(
            "",
            "key",
            format!("`key` lacks `{}`, which `[unpivot]` names", unpivot.name),
            help,
        );
    }
}

/// The columns that take names and values.
fn takers(source: &Source, unpivot: &Unpivot, faults: &mut Faults) {
    if unpivot.name == unpivot.value {
        let help = "names and values of the columns go to columns of their own";
        faults.at("unpivot", "value", "`name` and `value` are the same column", help);
    }
    for (key, name) in [("name", &unpivot.name), ("value", &unpivot.value)] {
        let Some(column) = is_stored(source, key, name, faults) else { continue };
        if !column.from.0.is_empty() || column.above.is_some() {
            let message = format!("column `{name}` takes what `[unpivot]` says");
            let help = "remove its `from` and `above`";
            faults.at(&format!("columns.{name}"), "", message, help);
        }
        if key == "name" && column.kind != Kind::Text {
            let message = format!("column `{name}` takes names, and is no text");
            faults.at(&format!("columns.{name}"), "type", message, "set `type = \"text\"`");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::source_file::verify::tests::pointed_fault;

    fn fault(head: &str, unpivot: &str, answer: &str) -> (String, String) {
        let columns = format!(
            "[columns.id]\ntype = \"text\"\n[columns.question]\ntype = \"text\"\n[columns.answer]\n{answer}\n"
        );
        pointed_fault(&format!(
            "title = \"T\"\nfiles = \"*\"\n{head}\n[unpivot]\n{unpivot}\n{columns}"
        ))
    }

    #[test]
    fn what_takes_names_and_values_is_declared_and_tells_rows_apart() {
        const CSV: &str = "format = \"csv\"\nkey = [\"id\", \"question\"]";
        const ALL: &str = "columns = [\"Q*\"]\nname = \"question\"\nvalue = \"answer\"";
        const WHOLE: &str = "type = \"integer\"";
        for (head, unpivot, answer, message) in [
            (
                "format = \"csv\"\nkey = [\"id\"]",
                ALL,
                WHOLE,
                "`key` lacks `question`, which `[unpivot]` names",
            ),
            (
                "format = \"json_lines\"\nkey = [\"id\", \"question\"]",
                ALL,
                WHOLE,
                "objects of JSON have no columns that become rows",
            ),
            (CSV, &ALL.replace("[\"Q*\"]", "[]"), WHOLE, "`columns` names no column"),
            (
                CSV,
                &ALL.replace("\"answer\"", "\"question\""),
                WHOLE,
                "`name` and `value` are the same column",
            ),
            (
                CSV,
                ALL,
                "from = \"A\"\ntype = \"integer\"",
                "column `answer` takes what `[unpivot]` says",
            ),
            (
                CSV,
                &ALL.replace("\"answer\"", "\"answers\""),
                WHOLE,
                "`value` names a column that is not declared: `answers`",
            ),
        ] {
            assert_eq!(fault(head, unpivot, answer).0, message);
        }
    }
}
