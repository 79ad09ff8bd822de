//! One part of the archive that a spreadsheet is, expanded within limits.

use crate::refusal::AdmitExtract as _;
use scorewright_domain::Limits;
use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::refusal::{Exceeded, Refusal};

const BLOCK: usize = 64 << 10;

/// Bytes of a part. What exceeds a limit is an error, so that nothing is expanded further.
pub(super) struct ArchivePart<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    name: String,
    /// Bytes it has in the archive.
    compressed: u64,
    expanded: u64,
    /// It is read into memory.
    is_held: bool,
    /// Bytes passed since the last token began: no token may fill the memory.
    token: usize,
    limits: Limits,
}

impl<'a> ArchivePart<'a> {
    pub(super) fn new(
        reader: Box<dyn Read + 'a>,
        name: &str,
        compressed: u64,
        is_held: bool,
        limits: &Limits,
    ) -> Self {
        let reader = BufReader::with_capacity(BLOCK, reader);
        Self {
            reader,
            name: name.to_owned(),
            compressed,
            expanded: 0,
            is_held,
            token: 0,
            limits: *limits,
        }
    }

    fn stay_within_limits(&self) -> io::Result<()> {
        let Self { name, limits, .. } = self;
        let admitted = if self.is_held && self.expanded > limits.workbook_bytes {
            Err(limits.part_too_large(name))
        } else if self.token > limits.row_bytes {
            Err(limits.value_too_long(name))
        } else {
            limits.admit_expanded(&format!("its part `{name}`"), self.compressed, self.expanded)
        };
        admitted.map_err(io::Error::other)
    }
}

impl Read for ArchivePart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for ArchivePart<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stay_within_limits()?;
        self.reader.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.expanded += amount as u64;
        self.token += amount;
        self.reader.consume(amount);
    }
}

/// The XML of a part, token by token.
pub(super) struct Xml<'a> {
    reader: Reader<ArchivePart<'a>>,
    buffer: Vec<u8>,
}

impl<'a> Xml<'a> {
    pub(super) fn new(part: ArchivePart<'a>) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new() }
    }

    /// The next token; [`Event::Eof`] at the end.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Refusal> {
        self.buffer.clear();
        self.reader.get_mut().token = 0;
        self.reader.read_event_into(&mut self.buffer).map_err(|error| refusal(&error))
    }
}

/// What a fault of the XML reader means for the file.
fn refusal(error: &quick_xml::Error) -> Refusal {
    if let quick_xml::Error::Io(error) = error
        && let Some(met) = error.get_ref().and_then(|cause| cause.downcast_ref::<Exceeded>())
    {
        // It was met inside a library, and comes back out as the cause of an error.
        return Refusal::TooLarge(met.clone());
    }
    Refusal::BadXlsx(error.to_string())
}

/// Adds what a token says as text; `None` when it says something no spreadsheet has.
pub(super) fn push_text(event: &Event, out: &mut String) -> Option<()> {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(text) => out.push_str(&text.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
            Some(letter) => out.push(letter),
            None => out.push_str(quick_xml::escape::resolve_predefined_entity(name)?),
        },
        _ => {}
    }
    Some(())
}
