//! A CSV file written row by row, with a little dirt.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Written;
use super::dirt::{Dirt, Spoil};
use super::draw::About;
use super::row::{Dialect, Row};
use super::world::World;

/// What a file looks like, whoever fills it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    /// Name of the file; one that ends in `.gz` is compressed.
    pub(super) file: &'static str,
    pub(super) dialect: Dialect,
    /// Its header.
    pub(super) columns: &'static [&'static str],
    /// Faults that some of its rows have.
    pub(super) spoils: &'static [Spoil],
}

/// A CSV file being written.
pub(super) struct Sheet<'a> {
    form: &'static Form,
    out: Out,
    row: Row<'a>,
    line: Vec<u8>,
    dirt: Dirt,
    written: Written,
}

impl<'a> Sheet<'a> {
    /// Creates the file with its header row.
    pub(super) fn create(folder: &Path, form: &'static Form, world: &'a World) -> io::Result<Self> {
        // The name gives each file a stream of its own; any number that differs between them does.
        let stream = form
            .file
            .bytes()
            .fold(0, |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut sheet = Self {
            form,
            out: Out::create(folder, form.file)?,
            row: Row::new(&world.calendar),
            line: Vec::new(),
            dirt: Dirt::new(world.stream(About::Dirt, stream, 0), form.columns, form.spoils),
            written: Written { file: form.file, rows: 0, bytes: 0, spoilt: 0 },
        };
        if form.dialect == Dialect::Marked {
            sheet.line.extend_from_slice("\u{feff}".as_bytes());
        }
        sheet.header(form.columns)?;
        Ok(sheet)
    }

    /// Writes a further header row, as survey tools have them.
    pub(super) fn header(&mut self, texts: &[&str]) -> io::Result<()> {
        debug_assert_eq!(texts.len(), self.form.columns.len(), "{}", self.form.file);
        for text in texts {
            self.row.text(text);
        }
        self.row.render(&mut self.line, self.form.dialect, None);
        self.write_line()
    }

    /// The row to fill, field by field in the order of the header.
    pub(super) fn row(&mut self) -> &mut Row<'a> {
        &mut self.row
    }

    /// Writes the row that was filled, now and then with a fault.
    pub(super) fn end_row(&mut self) -> io::Result<()> {
        debug_assert_eq!(self.row.len(), self.form.columns.len(), "{}", self.form.file);
        self.written.rows += 1;
        let spoil = self.dirt.next(self.written.rows, self.written.spoilt);
        self.written.spoilt += u64::from(spoil.is_some());
        self.row.render(&mut self.line, self.form.dialect, spoil);
        if spoil.is_some_and(|(spoil, _)| spoil == Spoil::Twice) {
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

    /// Closes the file and tells what is in it.
    pub(super) fn finish(self) -> io::Result<Written> {
        self.out.finish()?;
        Ok(self.written)
    }
}

/// Where a file goes: to the disk, or to the disk compressed.
enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Out {
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
