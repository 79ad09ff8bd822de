//! How well a source fits a file that it was not written for.

use scorewright_domain::Limits;
use std::path::Path;

use super::{ReadContext, resolved_layout, undeclared_in};
use crate::discovery::folder;
use crate::source::{FileFormat, Source};

/// Columns of a file that its source does not declare, where it has all that the source needs; `None` where it lacks one, or
/// where only its rows could tell.
pub fn undeclared_of_fitting(source: &Source, path: &Path, limits: &Limits) -> Option<usize> {
    let has_header = |format: &FileFormat| matches!(format, FileFormat::Csv | FileFormat::Xlsx);
    if !source.format.0.iter().any(has_header) {
        return None;
    }
    let file = folder::only(source, path, limits).ok()?;
    let layout = resolved_layout(&file, source, limits).ok()?;
    if !has_header(&layout.format()) {
        return None;
    }
    let context = ReadContext { file: &file, source: &layout, limits };
    undeclared_in(context).ok().map(|undeclared| undeclared.len())
}
