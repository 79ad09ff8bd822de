//! The rows of one sheet, one after the other.

use crate::refusal::AdmitExtract as _;
use quick_xml::events::{BytesStart, Event};
use scorewright_domain::Limits;

use super::archive::attribute;
use super::book::RichText;
use super::part::{Xml, push_text};
use crate::refusal::Refusal;

/// Rows and columns a sheet can have (ECMA-376 limits of the programs that write them).
const ROWS: u64 = 1_048_576;
const COLUMNS: usize = 16_384;

/// A sheet being read.
pub(super) struct Sheet<'a> {
    xml: Xml<'a>,
    limits: &'a Limits,
    row: u64,
    cells: u64,
}

/// A row that is in the file; rows without cells need not be.
#[derive(Debug, Default, PartialEq)]
pub(super) struct SheetRow {
    /// Its number, from 1.
    pub(super) number: u64,
    /// Its cells that hold something, from left to right: column from 0, and what it holds.
    pub(super) cells: Vec<(usize, CellValue)>,
}

/// What a cell holds, as the file states it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CellValue {
    /// A number, and the style of its cell.
    Number(String, usize),
    Text(String),
    /// A text that cells share, by its number.
    Shared(usize),
    Boolean(bool),
    /// A date or time as ISO 8601 writes it.
    Iso(String),
    /// `#N/A` and its like.
    Error(String),
}

impl SheetRow {
    /// What a column holds.
    pub(super) fn value(&self, column: usize) -> Option<&CellValue> {
        let place = self.cells.binary_search_by_key(&column, |(place, _)| *place).ok()?;
        Some(&self.cells[place].1)
    }
}

impl<'a> Sheet<'a> {
    pub(super) fn new(xml: Xml<'a>, limits: &'a Limits) -> Self {
        Self { xml, limits, row: 0, cells: 0 }
    }

    /// The next row that has a cell with something in it.
    pub(super) fn next(&mut self) -> Result<Option<SheetRow>, Refusal> {
        loop {
            match self.xml.next()? {
                Event::Eof => return Ok(None),
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    let number = attribute(&tag, "r")?;
                    self.begin_row(number.as_deref())?;
                    let row = self.read_row()?;
                    if !row.cells.is_empty() {
                        return Ok(Some(row));
                    }
                }
                _ => {}
            }
        }
    }

    /// Rows come in their order; one without a number follows the one before it.
    fn begin_row(&mut self, number: Option<&str>) -> Result<(), Refusal> {
        let number = number.map_or(Some(self.row + 1), |number| number.parse().ok());
        match number {
            Some(number) if number > self.row && number <= ROWS => {
                self.row = number;
                Ok(())
            }
            _ => Err(Refusal::BadXlsx(format!("the row after row {} is out of order", self.row))),
        }
    }

    fn read_row(&mut self) -> Result<SheetRow, Refusal> {
        let mut row = SheetRow { number: self.row, cells: Vec::new() };
        let (mut next, mut bytes) = (0, 0);
        loop {
            let head = match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "c" => SheetHead::of(&tag)?,
                Event::End(tag) if tag.local_name().as_ref() == "row" => return Ok(row),
                Event::Eof => {
                    return Err(Refusal::BadXlsx("it ends in the middle of a row".into()));
                }
                _ => continue,
            };
            let column = head.column.map_or(Some(next), |name| column(&name));
            let column =
                column.filter(|column| *column >= next && *column < COLUMNS).ok_or_else(|| {
                    Refusal::BadXlsx(format!("the cells of row {} are out of order", self.row))
                })?;
            next = column + 1;
            let text = self.read_cell()?;
            bytes += text.len();
            self.cells += 1;
            if bytes > self.limits.row_bytes {
                return Err(self.limits.line_too_long(self.row).into());
            }
            if self.cells > self.limits.sheet_cells {
                return Err(self.limits.too_many_cells().into());
            }
            if let Some(value) = value(text, head.kind.as_deref(), head.style)? {
                row.cells.push((column, value));
            }
        }
    }

    /// The text of a cell: its value, or the text that stands in it. Formulas are passed over.
    fn read_cell(&mut self) -> Result<String, Refusal> {
        let (mut text, mut is_value, mut inline) = (String::new(), false, RichText::default());
        loop {
            let event = self.xml.next()?;
            match &event {
                Event::Start(tag) if tag.local_name().as_ref() == "v" => is_value = true,
                Event::End(tag) if tag.local_name().as_ref() == "v" => is_value = false,
                Event::End(tag) if tag.local_name().as_ref() == "c" => {
                    return Ok(if inline.len() > 0 { inline.take() } else { text });
                }
                Event::Eof => {
                    return Err(Refusal::BadXlsx("it ends in the middle of a cell".into()));
                }
                event if is_value => {
                    let unknown =
                        || Refusal::BadXlsx("it has an entity that XML does not know".into());
                    push_text(event, &mut text).ok_or_else(unknown)?;
                }
                event => inline.on_event(event)?,
            }
            if text.len() + inline.len() > self.limits.row_bytes {
                return Err(self.limits.line_too_long(self.row).into());
            }
        }
    }
}

/// The attributes of a cell.
struct SheetHead {
    /// Its place: `B5`.
    column: Option<String>,
    kind: Option<String>,
    style: usize,
}

impl SheetHead {
    fn of(tag: &BytesStart) -> Result<Self, Refusal> {
        let style = attribute(tag, "s")?.and_then(|style| style.parse().ok());
        Ok(Self {
            column: attribute(tag, "r")?,
            kind: attribute(tag, "t")?,
            style: style.unwrap_or(0),
        })
    }
}

/// The column of a place, from 0: `B5` is 1.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.fold(0_usize, |number, letter| {
        number.saturating_mul(26).saturating_add(usize::from(letter - b'A') + 1)
    });
    number.checked_sub(1)
}

fn value(text: String, kind: Option<&str>, style: usize) -> Result<Option<CellValue>, Refusal> {
    let bad = || {
        Refusal::BadXlsx(format!(
            "it has a cell of type `{}` that holds `{text}`",
            kind.unwrap_or("n")
        ))
    };
    Ok(match kind {
        _ if text.is_empty() => None,
        Some("inlineStr" | "str") => Some(CellValue::Text(text)),
        None | Some("n") => Some(CellValue::Number(text, style)),
        Some("s") => Some(CellValue::Shared(text.parse().map_err(|_| bad())?)),
        Some("b") => match text.as_str() {
            "1" | "true" => Some(CellValue::Boolean(true)),
            "0" | "false" => Some(CellValue::Boolean(false)),
            _ => return Err(bad()),
        },
        Some("d") => Some(CellValue::Iso(text)),
        Some("e") => Some(CellValue::Error(text)),
        Some(_) => return Err(bad()),
    })
}
