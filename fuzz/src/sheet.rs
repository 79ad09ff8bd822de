//! Spreadsheets out of the parts an input holds: mutants of an archive would mostly be no archive.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LINKS: &str = r#"<Relationships><Relationship Id="r0" Type="/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
const PARTS: &str = r#"<Relationships><Relationship Id="r1" Type="/worksheet" Target="sheet.xml"/>
<Relationship Id="r2" Type="/sharedStrings" Target="strings.xml"/>
<Relationship Id="r3" Type="/styles" Target="styles.xml"/></Relationships>"#;

/// What parts an input may hold, one after the other with a NUL between them, and what they are otherwise.
const NAMES: [(&str, &str); 6] = [
    ("xl/sheet.xml", ""),
    ("xl/strings.xml", "<sst/>"),
    ("xl/styles.xml", "<styleSheet/>"),
    ("xl/workbook.xml", WORKBOOK),
    ("xl/_rels/workbook.xml.rels", PARTS),
    ("_rels/.rels", LINKS),
];

/// The bytes of an xlsx file.
pub fn workbook(parts: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut parts = parts.split(|byte| *byte == 0);
    for (name, standard) in NAMES {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, options).expect("a part can be begun");
        let part = parts.next().filter(|part| !part.is_empty()).unwrap_or(standard.as_bytes());
        zip.write_all(part).expect("memory takes all that is written");
    }
    zip.finish().expect("an archive can be ended").into_inner()
}
