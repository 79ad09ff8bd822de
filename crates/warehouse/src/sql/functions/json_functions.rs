//! `json_text(json, path)` and `json_get(json, path)`: a value inside JSON.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;

use super::json_path::JsonTextPath;
use super::json_scan::{find, text_of};
use super::sql_function::SqlFunctionBody;
use super::time_values::texts;
use crate::sql::sql_fault::SqlFault;

/// How the value inside is answered.
#[derive(Debug, Clone, Copy)]
pub(super) enum JsonFunction {
    /// As text: of a string what it says. `json_text`.
    Text,
    /// As JSON. `json_get`.
    Json,
}

impl JsonFunction {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "json_text",
            Self::Json => "json_get",
        }
    }

    fn value(self, json: &str, path: &JsonTextPath) -> Option<String> {
        let found = find(json, path)?;
        match self {
            Self::Text => text_of(found),
            Self::Json => Some(found.to_owned()),
        }
    }
}

impl SqlFunctionBody for JsonFunction {
    fn answers(&self, arguments: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        let is_text = |kind: &DataType| kind.is_string() || kind.is_null();
        if arguments.iter().all(is_text) {
            return Ok(DataType::Utf8);
        }
        let name = self.name();
        Err(SqlFault {
            help: Some(format!("{name}(payload, '$.customer.id')")),
            ..SqlFault::new(format!("`{name}` takes a text with JSON, and a path"))
        })
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let (values, paths) = (texts(&arguments[0])?, texts(&arguments[1])?);
        let mut known: Option<(&str, Option<JsonTextPath>)> = None;
        let rows = values.as_string::<i32>().iter().zip(paths.as_string::<i32>());
        let found = rows.map(|(value, path)| {
            let (value, path) = (value?, path?);
            // The path is the same in most rows, if not in all.
            if known.as_ref().is_none_or(|(text, _)| *text != path) {
                known = Some((path, JsonTextPath::read(path)));
            }
            self.value(value, known.as_ref()?.1.as_ref()?)
        });
        Ok(Arc::new(found.collect::<StringArray>()))
    }
}
