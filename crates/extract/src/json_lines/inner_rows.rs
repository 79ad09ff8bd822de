//! The list inside the objects of a file that holds its rows, as a page of an API has it.

use serde_json::{Map, Value};

/// The member that holds the rows, when a few objects have a list of objects each and hardly anything else.
pub(crate) fn rows_inside(objects: &[Map<String, Value>]) -> Option<String> {
    const FEW: usize = 3;
    let is_rows = |value: &Value| {
        value.as_array().is_some_and(|list| list.len() > 1 && list.iter().all(Value::is_object))
    };
    let first = objects.first().filter(|_| objects.len() <= FEW)?;
    let name = first.iter().find(|(_, value)| is_rows(value)).map(|(name, _)| name)?;
    objects.iter().all(|object| object.get(name).is_some_and(is_rows)).then(|| escaped(name))
}

/// A name as a step of a path.
pub(crate) fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |path, letter| match letter {
        '.' | '\\' | '^' => path + "\\" + &letter.to_string(),
        plain => path + &plain.to_string(),
    })
}

/// The member of the first objects of a text that holds the rows; `None` where the objects are the rows.
pub(super) fn list_of_rows(text: &[u8]) -> Option<String> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let objects: Result<Vec<Map<String, Value>>, _> = lines.map(serde_json::from_slice).collect();
    rows_inside(&objects.ok()?)
}
