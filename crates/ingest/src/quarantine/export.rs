//! Rejected rows in the shape of the extract they came from: to be mended and delivered again.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use scorewright_domain::{Limits, QuarantinedRow, Reason, has_formula};
use scorewright_extract::{Personal, ReadError, RefusedExtract, Source, find, text_above};

/// A file in the shape of an extract, and the rows it cannot hold.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ExportedQuarantine {
    /// What stands above the rows of the extract, then the rows as received.
    pub text: String,
    /// Rows in it.
    pub rows: u64,
    /// Rows left out because personal values are masked in quarantine.
    pub masked: u64,
    /// Rows left out because they are longer than quarantine keeps.
    pub too_long: u64,
    /// Rows left out because their bytes are of another encoding: quarantine keeps `\u{fffd}` in their place, which nobody
    /// wrote and the source would accept.
    pub undecodable: u64,
    /// Rows left out because a spreadsheet would run one of their fields.
    pub formulas: u64,
    /// Rows left out, by file, because other lines stand above the rows of their file.
    pub other_header: BTreeMap<String, u64>,
}

/// Why no file can be made of rejected rows.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CannotExport {
    /// The format has no rows of text.
    #[error("rows of source `{of}` are not text, so they cannot be mended in a file")]
    #[diagnostic(help("mend them where they come from, and deliver the extract again"))]
    NoText {
        /// The source.
        of: String,
    },
    /// The extract, which has the header, cannot be read.
    #[error("the header of the rows is not known")]
    #[diagnostic(help("put the extract back where it was: its header goes above the rows"))]
    NoHeader(#[source] Box<RefusedExtract>),
    /// The extract, which has the header, cannot be kept on this machine while it is read.
    #[error("the header of the rows cannot be read")]
    #[diagnostic(help("check that the disk of the warehouse has room; then run again"))]
    NoRoom(#[source] io::Error),
}

/// Puts rows of a quarantine table together as a file that the source can read once they are mended.
///
/// - `extracts`: the folder of extracts that do not lie in an object store.
/// - `warehouse`: its folder, below which objects are fetched for as long as they are read.
/// - `rows`: rows of `quarantine.<source>`, in the order they are wanted in.
/// - `keeps_formulas`: whether rows with a field that a spreadsheet would run are in the file too.
/// - Its text is UTF-8, whatever encoding the source declares.
///
/// # Errors
///
/// [`CannotExport`] when the format has no rows of text, or an extract that has the header is gone.
pub fn export(
    source: &Source,
    extracts: &Path,
    warehouse: &Path,
    limits: &Limits,
    rows: &[QuarantinedRow],
    keeps_formulas: bool,
) -> Result<ExportedQuarantine, CannotExport> {
    let mut export = ExportedQuarantine::default();
    let mut header: Option<String> = None;
    let rows: Vec<&QuarantinedRow> = rows.iter().filter(|row| is_data(row)).collect();
    for of_file in rows.chunk_by(|left, right| left.file == right.file) {
        let file = &of_file[0].file;
        let found = header_of(source, extracts, warehouse, limits, file)?;
        if *header.get_or_insert_with(|| found.clone()) == found {
            for row in of_file {
                export.add(source, limits, row, keeps_formulas);
            }
        } else {
            *export.other_header.entry(file.clone()).or_default() += of_file.len() as u64;
        }
    }
    export.text = header.unwrap_or_default() + &export.text;
    Ok(export)
}

impl ExportedQuarantine {
    fn add(
        &mut self,
        source: &Source,
        limits: &Limits,
        row: &QuarantinedRow,
        keeps_formulas: bool,
    ) {
        if is_masked(source) {
            self.masked += 1;
        } else if is_cut(row, limits) {
            self.too_long += 1;
        } else if row.reason == Reason::BadEncoding.code() {
            self.undecodable += 1;
        } else if !keeps_formulas && source.csv.is_some() && has_formula(&row.raw) {
            self.formulas += 1;
        } else {
            self.rows += 1;
            self.text += &row.raw;
            self.text.push('\n');
        }
    }
}

/// What stands above the rows of a file.
fn header_of(
    source: &Source,
    extracts: &Path,
    warehouse: &Path,
    limits: &Limits,
    file: &str,
) -> Result<String, CannotExport> {
    let text = find(source, extracts, warehouse, limits, file)
        .and_then(|(found, _guard)| text_above(&found, source, limits));
    match text {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(CannotExport::NoText { of: source.name.clone() }),
        Err(ReadError::Refused(why)) => {
            let (of, file) = (source.name.clone(), file.into());
            Err(CannotExport::NoHeader(Box::new(RefusedExtract { of, file, why })))
        }
        Err(ReadError::Aborted(error)) => Err(CannotExport::NoRoom(error)),
    }
}

/// Whether there is a row to mend: totals and remarks are none.
fn is_data(row: &QuarantinedRow) -> bool {
    row.reason != Reason::NotData.code()
}

/// Whether the rows of a source are kept as their shape alone.
fn is_masked(source: &Source) -> bool {
    source.columns.values().any(|column| column.personal != Personal::Keep)
}

/// Quarantine keeps as much of a row as one field may have.
fn is_cut(row: &QuarantinedRow, limits: &Limits) -> bool {
    row.raw.len() + char::MAX.len_utf8() > limits.field_bytes
}

#[cfg(test)]
mod tests {
    use scorewright_domain::Silent;
    use scorewright_extract::{CollectedRows, read};

    use super::*;
    use crate::tests::source;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*.csv\"\nformat = \"csv\"\n\
                          not_data = [\"sum*\"]\n[csv]\ndelimiter = \";\"\nskip_rows = 1\nfooter_rows = 1\n\
                          [columns.a]\ntype = \"integer\"\n[columns.b]\ntype = \"text\"\n";

    /// What comes of rows when all extracts lie in the folder.
    fn export(
        source: &Source,
        folder: &Path,
        rows: &[QuarantinedRow],
    ) -> Result<ExportedQuarantine, CannotExport> {
        super::export(source, folder, &folder.join("warehouse"), &Limits::default(), rows, false)
    }

    /// Rows rejected by reading a file of the folder.
    fn rejected(source: &Source, folder: &Path, file: &str) -> Vec<QuarantinedRow> {
        let (limits, mut rows) = (Limits::default(), CollectedRows::default());
        let (found, _guard) =
            find(source, folder, &folder.join("warehouse"), &limits, file).unwrap();
        read(&found, source, &limits, &Silent, &mut rows).unwrap();
        rows.rejected
    }

    #[test]
    fn what_is_taken_out_and_mended_is_read_as_the_extract_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        std::fs::write(
            file("a.csv"),
            "report of May\na;b\n1;x\nzwei;\"y;\"\"z\"\n3;w\nvier;v\nsum 4\n",
        )
        .unwrap();
        let source = source(SOURCE);
        let made =
            export(&source, folder.path(), &rejected(&source, folder.path(), "a.csv")).unwrap();
        assert_eq!(made.text, "report of May\na;b\nzwei;\"y;\"\"z\"\nvier;v\n");
        assert_eq!((made.rows, made.masked, made.too_long), (2, 0, 0));

        std::fs::write(file("b.csv"), made.text.replace("zwei", "2").replace("vier", "4")).unwrap();
        assert_eq!(rejected(&source, folder.path(), "b.csv"), []);
    }

    #[test]
    fn masked_rows_are_left_to_the_sender_and_other_headers_to_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let text = SOURCE.replace(
            "[columns.b]\ntype = \"text\"",
            "[columns.b]\ntype = \"text\"\npersonal = \"hash\"",
        );
        let (open, masked) = (source(SOURCE), source(&text));
        std::fs::write(folder.path().join("a.csv"), "r\na;b\nx;1\nsum\n").unwrap();
        std::fs::write(folder.path().join("b.csv"), "r\nb;a\n1;x\n2;y\nsum\n").unwrap();
        let made =
            export(&masked, folder.path(), &rejected(&masked, folder.path(), "a.csv")).unwrap();
        assert_eq!((made.rows, made.masked), (0, 1));
        let both =
            [rejected(&open, folder.path(), "a.csv"), rejected(&open, folder.path(), "b.csv")]
                .concat();
        let made = export(&open, folder.path(), &both).unwrap();
        assert_eq!((made.rows, made.other_header), (1, BTreeMap::from([("b.csv".to_owned(), 2)])));
    }

    #[test]
    fn what_could_not_be_decoded_is_left_to_the_sender() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), b"r\na;b\n1;M\xfcller\nx;\xef\xbf\xbd\nsum\n")
            .unwrap();
        let source = source(SOURCE);
        let rows = rejected(&source, folder.path(), "a.csv");
        let made = export(&source, folder.path(), &rows).unwrap();
        assert_eq!((made.rows, made.undecodable), (1, 1));
        assert!(!made.text.contains("ller") && made.text.contains("x;\u{fffd}"), "{}", made.text);
    }

    #[test]
    fn a_formula_is_in_the_file_only_where_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let text = "r\na;b\nx;=HYPERLINK(1)\ny;-5\nsum\n";
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        let source = source(SOURCE);
        let rows = rejected(&source, folder.path(), "a.csv");
        let made = export(&source, folder.path(), &rows).unwrap();
        assert_eq!((made.rows, made.formulas, &*made.text), (1, 1, "r\na;b\ny;-5\n"));
        let limits = Limits::default();
        let warehouse = folder.path().join("warehouse");
        let made = super::export(&source, folder.path(), &warehouse, &limits, &rows, true).unwrap();
        assert_eq!((made.rows, made.formulas), (2, 0));
    }

    #[test]
    fn without_the_extract_there_is_no_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "r\na;b\nx;1\nsum\n").unwrap();
        let source = source(SOURCE);
        let rows = rejected(&source, folder.path(), "a.csv");
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(export(&source, folder.path(), &rows), Err(CannotExport::NoHeader(_))));
    }
}
