//! The archive that a spreadsheet is.

use scorewright_domain::Limits;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

use quick_xml::XmlVersion;
use zip::ZipArchive;
use zip::result::ZipError;

use super::part::{ArchivePart, Xml};
use crate::refusal::Refusal;

/// Bytes of the list of parts: each has 46 at least and takes a few hundred in memory.
const DIRECTORY: u64 = 4 << 20;

pub(super) struct Archive {
    zip: ZipArchive<BufReader<Allowed>>,
    limits: Limits,
}

/// A file of which only so much may be read until the list of parts is known.
struct Allowed {
    file: File,
    left: Rc<Cell<u64>>,
}

impl Read for Allowed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.ok_or_else(|| io::Error::other("its list of parts is far too long"))?);
        Ok(read)
    }
}

impl Seek for Allowed {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.file.seek(place)
    }
}

impl Archive {
    pub(super) fn open(mut file: File, limits: &Limits) -> Result<Self, Refusal> {
        recognize(&mut file)?;
        let left = Rc::new(Cell::new(DIRECTORY));
        let allowed = BufReader::new(Allowed { file, left: Rc::clone(&left) });
        let zip = ZipArchive::new(allowed).map_err(|error| broken(&error))?;
        left.set(u64::MAX);
        Ok(Self { zip, limits: *limits })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The XML of a part that is passed over row by row.
    pub(super) fn passed(&mut self, name: &str) -> Result<Xml<'_>, Refusal> {
        self.xml(name, false)
    }

    /// The XML of a part that is read into memory.
    pub(super) fn held(&mut self, name: &str) -> Result<Xml<'_>, Refusal> {
        self.xml(name, true)
    }

    fn xml(&mut self, name: &str, is_held: bool) -> Result<Xml<'_>, Refusal> {
        let part = self.zip.by_name(name).map_err(|error| match error {
            ZipError::FileNotFound => Refusal::BadXlsx(format!("its part `{name}` is missing")),
            error => broken(&error),
        })?;
        let compressed = part.compressed_size();
        Ok(Xml::new(ArchivePart::new(Box::new(part), name, compressed, is_held, &self.limits)))
    }

    /// What the part `name` refers to: for each reference its kind and the part meant.
    pub(super) fn references(
        &mut self,
        name: &str,
    ) -> Result<BTreeMap<String, (String, String)>, Refusal> {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let list = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let mut found = BTreeMap::new();
        let mut xml = self.held(&list)?;
        loop {
            match xml.next()? {
                quick_xml::events::Event::Eof => return Ok(found),
                quick_xml::events::Event::Start(tag)
                    if tag.local_name().as_ref() == "Relationship" =>
                {
                    let (Some(id), Some(kind), Some(target)) = (
                        attribute(&tag, "Id")?,
                        attribute(&tag, "Type")?,
                        attribute(&tag, "Target")?,
                    ) else {
                        continue;
                    };
                    let target = match target.strip_prefix('/') {
                        Some(whole) => whole.to_owned(),
                        None if folder.is_empty() => target,
                        None => format!("{folder}/{target}"),
                    };
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    found.insert(id, (kind, target));
                }
                _ => {}
            }
        }
    }
}

/// An attribute of a tag, whatever prefix it has.
pub(super) fn attribute(
    tag: &quick_xml::events::BytesStart,
    name: &str,
) -> Result<Option<String>, Refusal> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Refusal::BadXlsx(error.to_string()))?;
        if attribute.key.local_name().as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| Refusal::BadXlsx(error.to_string()))?;
            return Ok(Some(value.into_owned()));
        }
    }
    Ok(None)
}

/// Refuses what plainly is no xlsx file.
fn recognize(file: &mut File) -> Result<(), Refusal> {
    let mut first = [0; 8];
    let mut read = 0;
    while read < first.len() {
        match file.read(&mut first[read..]).map_err(Refusal::Unreadable)? {
            0 => break,
            more => read += more,
        }
    }
    file.rewind().map_err(Refusal::Unreadable)?;
    match first {
        [b'P', b'K', ..] => Ok(()),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(Refusal::OtherFormat(
            "an xls file of old, or protected by a password",
            "save it as .xlsx without a password",
        )),
        _ => Err(Refusal::OtherFormat(
            "no xlsx file",
            "set `format` in the source file to what it is",
        )),
    }
}

fn broken(error: &ZipError) -> Refusal {
    Refusal::BadXlsx(error.to_string())
}
