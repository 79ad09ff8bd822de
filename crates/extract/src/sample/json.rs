//! The columns of a sample of JSON Lines: every member by its path.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::column_sample::{ColumnSample, LIST};
use super::sample_table::SampleTable;
use crate::json_lines::{escaped, one_value_a_line, rows_inside};
use crate::refusal::Refusal;

/// Members inside members that are followed.
const DEPTH: usize = 8;

impl SampleTable {
    /// The columns of a text with an object on each line, or with the rows in an array of one object.
    pub(crate) fn of_json(text: &str) -> Result<Self, Refusal> {
        let text = one_value_a_line(text);
        let mut objects = Vec::new();
        let mut malformed = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(Value::Object(object)) => objects.push(object),
                _ => malformed += 1,
            }
        }
        if objects.len() < malformed as usize + 1 {
            let help =
                "export one object a line, or turn it into that: `jq -c '.[]' a.json > a.jsonl`";
            return Err(Refusal::OtherFormat("no JSON Lines", help));
        }
        let rows = rows_inside(&objects);
        let inner: Vec<Map<String, Value>> = match &rows {
            None => objects,
            Some(name) => objects.into_iter().flat_map(|object| elements(object, name)).collect(),
        };
        let mut paths = MemberPaths::default();
        for object in &inner {
            paths.add(object);
        }
        Ok(Self {
            columns: paths.columns(),
            rows: paths.rows,
            malformed,
            json_rows: rows,
            ..Self::default()
        })
    }
}

fn elements(mut object: Map<String, Value>, path: &str) -> Vec<Map<String, Value>> {
    let name = object.keys().find(|name| escaped(name) == path).cloned().unwrap_or_default();
    let Some(Value::Array(list)) = object.remove(&name) else { return Vec::new() };
    let objects = list.into_iter().filter_map(|element| match element {
        Value::Object(object) => Some(object),
        _ => None,
    });
    objects.collect()
}

/// Members by their path, in the order they were first seen.
#[derive(Default)]
struct MemberPaths {
    columns: IndexMap<String, ColumnSample>,
    rows: u32,
}

impl MemberPaths {
    fn add(&mut self, object: &Map<String, Value>) {
        self.rows += 1;
        self.members("", object, DEPTH);
        for seen in self.columns.values_mut() {
            // A member that this object lacks is a member without a value.
            seen.empty += self.rows - seen.empty - seen.filled_so_far;
        }
    }

    fn members(&mut self, above: &str, object: &Map<String, Value>, depth: usize) {
        for (name, value) in object {
            let path = format!("{above}{}", escaped(name));
            match value {
                Value::Object(inner) if depth > 0 => {
                    self.members(&format!("{path}."), inner, depth - 1);
                }
                Value::Object(_) | Value::Null => self.value(&path, ""),
                Value::Array(list) => self.value(&path, if list.is_empty() { "" } else { LIST }),
                Value::String(text) => self.value(&path, text),
                plain => self.value(&path, &plain.to_string()),
            }
        }
    }

    fn value(&mut self, path: &str, value: &str) {
        let before = self.rows - 1;
        let seen = self
            .columns
            .entry(path.to_owned())
            .or_insert_with(|| ColumnSample { empty: before, ..ColumnSample::named(path) });
        if seen.empty + seen.filled_so_far < self.rows {
            seen.add(value);
        }
    }

    /// All but those that only ever hold other members.
    fn columns(&mut self) -> Vec<ColumnSample> {
        let is_parent = |path: &str, all: &IndexMap<String, ColumnSample>| {
            all.keys()
                .any(|other| other.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
        };
        let kept = self
            .columns
            .iter()
            .filter(|(path, seen)| !(seen.values.is_empty() && is_parent(path, &self.columns)));
        kept.map(|(_, seen)| seen.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> Vec<(String, u32, Vec<String>)> {
        let table = SampleTable::of_json(text).unwrap();
        let column = |seen: &ColumnSample| {
            (seen.from.clone(), seen.empty, seen.values.keys().cloned().collect())
        };
        table.columns.iter().map(column).collect()
    }

    #[test]
    fn members_become_columns_by_their_path() {
        let text = "{\"id\":1,\"a\":{\"b.c\":\"x\"},\"tags\":[\"p\"]}\n{\"id\":2,\"a\":null,\"late\":true}\n";
        assert_eq!(
            columns(text),
            [
                ("id".to_owned(), 0, vec!["1".to_owned(), "2".to_owned()]),
                ("a.b\\.c".to_owned(), 1, vec!["x".to_owned()]),
                ("tags".to_owned(), 1, vec!["[…]".to_owned()]),
                ("late".to_owned(), 1, vec!["true".to_owned()]),
            ]
        );
    }

    #[test]
    fn rows_inside_one_object_are_found() {
        let table =
            SampleTable::of_json("{\"count\":2,\"tickets\":[{\"id\":1},{\"id\":2}]}\n").unwrap();
        assert_eq!((table.rows, table.json_rows.as_deref()), (2, Some("tickets")));
        assert_eq!(SampleTable::of_json("[\n{\"id\":1}\n,{\"id\":2}]\n").unwrap().rows, 2);
        assert!(SampleTable::of_json("id,team\n1,A\n").is_err());
    }
}
