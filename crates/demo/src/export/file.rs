//! A CSV file written row by row, with a few defects.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::defects::{Defect, DefectInjector};
use super::row::{CsvStyle, ExportRow};
use crate::random::StreamKind;
use crate::world::World;

/// What a file looks like, whoever fills it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExportLayout {
    /// Name of the file; one that ends in `.gz` is compressed.
    pub(crate) file: &'static str,
    pub(crate) style: CsvStyle,
    /// Its header.
    pub(crate) columns: &'static [&'static str],
    /// Faults that some of its rows have.
    pub(crate) defects: &'static [Defect],
}

/// One extract that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenExtract {
    /// Its name below the folder.
    pub file: &'static str,
    /// Its data rows, without header rows.
    pub rows: u64,
    /// Its bytes, before compression.
    pub bytes: u64,
    /// Its rows with a defect, among them rows written twice.
    pub defective: u64,
}

/// A CSV file being written.
pub(crate) struct ExportFile<'a> {
    layout: &'static ExportLayout,
    out: ExportStream,
    row: ExportRow<'a>,
    line: Vec<u8>,
    injector: DefectInjector,
    written: WrittenExtract,
}

impl<'a> ExportFile<'a> {
    /// Creates the file with its header row.
    pub(crate) fn create(
        folder: &Path,
        layout: &'static ExportLayout,
        world: &'a World,
    ) -> io::Result<Self> {
        // The name gives each file a stream of its own; any number that differs between them does.
        let stream = layout
            .file
            .bytes()
            .fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut export = Self {
            layout,
            out: ExportStream::create(folder, layout.file)?,
            row: ExportRow::new(&world.calendar),
            line: Vec::new(),
            injector: DefectInjector::new(
                world.stream(StreamKind::Defects, stream, 0),
                layout.columns,
                layout.defects,
            ),
            written: WrittenExtract { file: layout.file, rows: 0, bytes: 0, defective: 0 },
        };
        if layout.style == CsvStyle::Marked {
            export.line.extend_from_slice("\u{feff}".as_bytes());
        }
        export.header(layout.columns)?;
        Ok(export)
    }

    /// Writes a further header row, as survey tools have them.
    pub(crate) fn header(&mut self, texts: &[&str]) -> io::Result<()> {
        debug_assert_eq!(texts.len(), self.layout.columns.len(), "{}", self.layout.file);
        for text in texts {
            self.row.text(text);
        }
        self.row.render(&mut self.line, self.layout.style, None);
        self.write_line()
    }

    /// The row to fill, field by field in the order of the header.
    pub(crate) fn row(&mut self) -> &mut ExportRow<'a> {
        &mut self.row
    }

    /// Writes the row that was filled, now and then with a fault.
    pub(crate) fn end_row(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.row.len(), self.layout.columns.len(), "{}", self.layout.file);
        self.written.rows += 1;
        let defect = self.injector.next(self.written.rows, self.written.defective);
        self.written.defective += u64::from(defect.is_some());
        self.row.render(&mut self.line, self.layout.style, defect);
        if defect.is_some_and(|(defect, _)| defect == Defect::Twice) {
            self.written.rows += 1;
            self.line.extend_from_within(..);
        }
        self.write_line()
    }

    fn write_line(&mut self) -> io::Result<()> {
        self.out.writer().write_all(&self.line)?;
        self.written.bytes += self.line.len() as u64;
        self.line.clear();
        Ok(())
    }

    /// Closes the file and returns what is in it.
    pub(crate) fn finish(self) -> io::Result<WrittenExtract> {
        self.out.finish()?;
        Ok(self.written)
    }
}

/// Where a file goes: to the disk, or to the disk compressed.
enum ExportStream {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl ExportStream {
    fn create(folder: &Path, file: &str) -> io::Result<Self> {
        let path = folder.join(file);
        let created = File::create(&path).map_err(|cause| {
            io::Error::new(cause.kind(), format!("cannot create `{}`: {cause}", path.display()))
        })?;
        let buffered = BufWriter::with_capacity(1 << 16, created);
        let is_gzip = path.extension().is_some_and(|extension| extension == "gz");
        Ok(if is_gzip {
            Self::Gzip(Box::new(GzEncoder::new(buffered, Compression::new(6))))
        } else {
            Self::Plain(buffered)
        })
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(out) => out,
            Self::Gzip(out) => out,
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut out) => out.flush(),
            Self::Gzip(out) => out.finish()?.flush(),
        }
    }
}
