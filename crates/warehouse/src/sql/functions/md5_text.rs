//! `md5(text)`: the MD5 of a text, to compare with hashes of other systems.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray as _, StringArray};
use arrow::datatypes::DataType;
use md5::{Digest as _, Md5 as Md5Hasher};
use scorewright_domain::hex;

use super::sql_function::SqlFunctionBody;
use super::time_values::texts;
use crate::sql::sql_fault::SqlFault;

/// `md5(text)`: 32 hexadecimal digits of its UTF-8.
#[derive(Debug)]
pub(super) struct Md5;

impl SqlFunctionBody for Md5 {
    fn answers(&self, arguments: &[DataType], _: &[Option<&str>]) -> Result<DataType, SqlFault> {
        if arguments[0].is_string() || arguments[0].is_null() {
            return Ok(DataType::Utf8);
        }
        Err(SqlFault {
            help: Some("make a text of it: md5(CAST(x AS VARCHAR))".into()),
            ..SqlFault::new("`md5` takes a text")
        })
    }

    fn answer(&self, arguments: &[ArrayRef]) -> Result<ArrayRef, SqlFault> {
        let texts = texts(&arguments[0])?;
        let hash = |text: &str| hex(&Md5Hasher::digest(text.as_bytes()));
        let texts = texts.as_string::<i32>();
        Ok(Arc::new(texts.iter().map(|text| text.map(hash)).collect::<StringArray>()))
    }
}
