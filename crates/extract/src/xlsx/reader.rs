//! One spreadsheet being read: how the rows of its sheet become typed rows.

use super::archive::Archive;
use super::book::Book;
use super::cells::cell;
use super::sheet::{CellValue, Sheet, SheetRow};
use crate::refusal::AdmitExtract as _;
use crate::refusal::Refusal;
use crate::rows::binding::Binding;
use crate::rows::collector::RowCollector;
use crate::rows::mask::{MASK, shape};
use crate::rows::not_data::NotData;
use crate::rows::position::RowPosition;
use crate::rows::row_binding::RowBinding;
use crate::source::{Kind, Source, Worksheet};
use crate::typed::FieldValue;
use scorewright_domain::{Limits, Reason};

/// A spreadsheet whose header has been read.
pub(super) struct SheetReader<'a> {
    limits: &'a Limits,
    book: &'a Book,
    header: Vec<String>,
    /// Types of the stored columns.
    kinds: Vec<Kind>,
    pub(super) binding: Binding,
    not_data: NotData,
}

/// Opens the sheet that a source names, or the first one that is shown.
pub(super) fn sheet<'a>(
    archive: &'a mut Archive,
    book: &Book,
    settings: &Worksheet,
    limits: &'a Limits,
) -> Result<Sheet<'a>, Refusal> {
    let wanted = settings.sheet.as_deref();
    let sheet = book.sheets.iter().find(|(name, _)| wanted.is_none_or(|wanted| wanted == name));
    let Some((_, part)) = sheet else {
        let sheets = book.sheets.iter().map(|(name, _)| name.clone()).collect();
        return Err(Refusal::NoSheet { sheet: wanted.map(ToOwned::to_owned), sheets });
    };
    Ok(Sheet::new(archive.passed(part)?, limits))
}

impl<'a> SheetReader<'a> {
    /// Reads the header rows and finds the columns.
    pub(super) fn begin(
        sheet: &mut Sheet,
        book: &'a Book,
        source: &Source,
        limits: &'a Limits,
    ) -> Result<Self, Refusal> {
        let settings = source.worksheet();
        let mut header = None;
        for row in 0..settings.header_rows {
            let found = loop {
                match sheet.next()? {
                    Some(row) if row.number <= settings.skip_rows => {}
                    found => break found,
                }
            };
            let Some(found) = found else {
                return Err(if row == 0 { Refusal::Empty } else { Refusal::NoRows });
            };
            header.get_or_insert(found);
        }
        let header = header.unwrap_or_default();
        limits.admit_row(weight(&header, book), header.number)?;
        let header = names(&header, book)?;
        limits.admit_columns(header.len())?;
        let binding = Binding::new(&header, source)?;
        let not_data = NotData::new(&source.not_data);
        let kinds = source.stored().map(|(_, column)| column.kind).collect();
        Ok(Self { limits, book, header, kinds, binding, not_data })
    }

    /// Types the values of a row and judges them; returns how many bytes they are.
    pub(super) fn take(&self, row: &SheetRow, rows: &mut RowCollector) -> Result<u64, Refusal> {
        let bytes = weight(row, self.book);
        // Each row that a record makes has the values that they share.
        let made = bytes.saturating_mul(self.binding.rows.len());
        self.limits.admit_row(made, row.number)?;
        rows.grow(made);
        self.judge(row, rows)?;
        Ok(bytes as u64)
    }

    fn judge(&self, row: &SheetRow, rows: &mut RowCollector) -> Result<(), Refusal> {
        let place = RowPosition { line: row.number, byte: 0, length: 0 };
        if row.cells.last().is_some_and(|(column, _)| *column >= self.header.len()) {
            return rows.reject_malformed(place, Reason::TooManyFields, self.show(row)?);
        }
        if self.is_no_data(row)? {
            return rows.reject_malformed(place, Reason::NotData, self.show(row)?);
        }
        self.binding.rows.iter().try_for_each(|binding| self.judge_row(row, binding, rows))
    }

    /// Judges one of the rows that a record makes.
    fn judge_row(
        &self,
        row: &SheetRow,
        binding: &RowBinding,
        rows: &mut RowCollector,
    ) -> Result<(), Refusal> {
        let place = RowPosition { line: row.number, byte: 0, length: 0 };
        let mut bad = None;
        for index in binding.order.iter().copied() {
            let typed = &mut rows.columns[index];
            if bad.is_some() && !typed.is_amount() {
                typed.push_nothing();
                continue;
            }
            let mut scratch = String::new();
            let cell = match binding.places[index].map(|place| row.value(place)) {
                Some(Some(value)) => cell(value, self.book, self.kinds[index], &mut scratch)?,
                Some(None) => FieldValue::Null,
                None => binding.constant(index),
            };
            let outcome = match cell {
                FieldValue::Text(text) if text.len() > self.limits.field_bytes => {
                    typed.push_nothing();
                    Err(Reason::FieldTooLong)
                }
                cell => typed.push(cell),
            };
            bad = bad.or(outcome.err().map(|reason| (index, reason)));
        }
        let barred = || self.barred(row).map(|index| (index, Reason::UndeclaredColumn));
        let bad = bad.or_else(barred).or_else(|| rows.resolve_zones());
        match bad {
            bad if rows.is_no_row(bad.map(|(index, _)| index)) => {
                rows.leave_out(place);
                Ok(())
            }
            None => rows.accept(place, || self.show(row)),
            Some((index, reason)) => {
                rows.reject(place, reason, Some(&binding.names[index]), self.show(row)?)
            }
        }
    }

    /// Whether the first value of a row says that it is none.
    fn is_no_data(&self, row: &SheetRow) -> Result<bool, Refusal> {
        if !self.not_data.has_patterns() {
            return Ok(false);
        }
        let Some((_, value)) = row.cells.first() else { return Ok(true) };
        let mut scratch = String::new();
        let first = match cell(value, self.book, Kind::Text, &mut scratch)? {
            FieldValue::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        };
        Ok(self.not_data.is(&first))
    }

    /// A column that has a value where none may be.
    fn barred(&self, row: &SheetRow) -> Option<usize> {
        let barred = (self.kinds.len()..).zip(&self.binding.barred);
        barred.into_iter().find(|(_, place)| row.value(**place).is_some()).map(|(index, _)| index)
    }

    /// A row as `column=value` pairs, personal values masked.
    pub(super) fn show(&self, row: &SheetRow) -> Result<String, Refusal> {
        let mut pairs = Vec::with_capacity(row.cells.len());
        for (place, value) in &row.cells {
            let is_personal = self.binding.personal.contains(place)
                // What stands beside the table may be anything.
                || *place >= self.header.len() && !self.binding.personal.is_empty();
            let mut scratch = String::new();
            let text = match cell(value, self.book, Kind::Text, &mut scratch)? {
                _ if is_personal => MASK.into(),
                FieldValue::Text(text) if self.binding.personal.is_empty() => {
                    String::from_utf8_lossy(text).into_owned()
                }
                FieldValue::Text(text) => shape(&String::from_utf8_lossy(text)).into_owned(),
                _ => String::new(),
            };
            pairs.push(format!("{}={text}", self.header.get(*place).map_or("", String::as_str)));
        }
        Ok(pairs.join(", "))
    }
}

/// The rows above the data of a sheet, as lines of cells that tabs separate.
pub(super) fn text_above(
    sheet: &mut Sheet,
    book: &Book,
    settings: &Worksheet,
) -> Result<String, Refusal> {
    let (mut text, mut header_rows) = (String::new(), 0);
    while header_rows < settings.header_rows
        && let Some(row) = sheet.next()?
    {
        header_rows += usize::from(row.number > settings.skip_rows);
        text += &names(&row, book)?.join("\t");
        text.push('\n');
    }
    Ok(text)
}

/// Bytes of the texts of a row: those that cells share are small in the file, and large where they are told apart.
fn weight(row: &SheetRow, book: &Book) -> usize {
    let bytes = |(_, value): &(usize, CellValue)| match value {
        CellValue::Text(text)
        | CellValue::Iso(text)
        | CellValue::Error(text)
        | CellValue::Number(text, _) => text.len(),
        CellValue::Shared(index) => book.texts.get(*index).map_or(0, str::len),
        CellValue::Boolean(_) => 1,
    };
    row.cells.iter().map(bytes).sum()
}

/// The names in a header row, up to the last one; empty where a cell is.
fn names(row: &SheetRow, book: &Book) -> Result<Vec<String>, Refusal> {
    let width = row.cells.last().map_or(0, |(column, _)| column + 1);
    let mut names = vec![String::new(); width];
    for (column, value) in &row.cells {
        let mut scratch = String::new();
        if let FieldValue::Text(text) = cell(value, book, Kind::Text, &mut scratch)? {
            names[*column] = String::from_utf8_lossy(text).into_owned();
        }
    }
    Ok(names)
}
