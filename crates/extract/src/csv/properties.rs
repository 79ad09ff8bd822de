//! What holds for every file: what was written is read, and every row is accounted for.

use arrow::array::AsArray as _;
use proptest::prelude::*;
use scorewright_domain::Limits;

use crate::read::collect;
use crate::rows::intake::FileSummary;
use crate::rows::sink::CollectedRows;
use crate::source::Source;
use crate::source::tests::source;

const WIDTH: usize = 3;

/// A file as somebody may write it.
#[derive(Debug, Clone)]
struct WrittenFile {
    delimiter: char,
    quote: char,
    escape: Option<char>,
    encoding: &'static str,
    has_mark: bool,
    has_header: bool,
    skipped: usize,
    footer: usize,
    ends_with_line: bool,
    rows: Vec<WrittenLine>,
}

/// A row: fields and whether each is quoted without need, how its line ends, and a blank line below it.
#[derive(Debug, Clone)]
struct WrittenLine {
    fields: Vec<(String, bool)>,
    end: &'static str,
    is_followed_by_blank: bool,
}

fn line() -> impl Strategy<Value = WrittenLine> {
    let letter = prop::sample::select("ab 0é€😀,;\t|\"'\\\n\r".chars().collect::<Vec<_>>());
    let text = prop::collection::vec(letter, 0..6)
        .prop_map(|letters| letters.into_iter().collect::<String>());
    // Most rows have as many fields as the header, some have one more or less.
    let width = prop_oneof![8 => Just(WIDTH), 1 => Just(WIDTH - 1), 1 => Just(WIDTH + 1)];
    let fields = width
        .prop_flat_map(move |width| prop::collection::vec((text.clone(), any::<bool>()), width));
    let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (fields, end, prop::bool::weighted(0.1)).prop_map(|(fields, end, is_followed_by_blank)| {
        WrittenLine { fields, end, is_followed_by_blank }
    })
}

fn sheet() -> impl Strategy<Value = WrittenFile> {
    let signs = (
        prop::sample::select(vec![',', ';', '\t', '|']),
        prop::sample::select(vec!['"', '\'']),
        prop::option::weighted(0.3, Just('\\')),
    );
    let encoding = prop::sample::select(vec![
        "utf-8",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "latin-1",
        "windows-1252",
    ]);
    let around = (any::<bool>(), any::<bool>(), 0..3_usize, 0..3_usize, any::<bool>());
    (signs, encoding, around, prop::collection::vec(line(), 1..30)).prop_map(
        |(signs, encoding, around, rows)| {
            let (delimiter, quote, escape) = signs;
            let (has_mark, has_header, skipped, footer, ends_with_line) = around;
            // Only a mark tells big from little endian; and Latin encodings have none.
            let has_mark = has_mark && encoding.starts_with("utf");
            let rows = rows.into_iter().map(|line| encodable(line, encoding)).collect();
            WrittenFile {
                delimiter,
                quote,
                escape,
                encoding,
                has_mark,
                has_header,
                skipped,
                footer,
                ends_with_line,
                rows,
            }
        },
    )
}

/// A row without letters that the encoding does not have.
fn encodable(mut line: WrittenLine, encoding: &str) -> WrittenLine {
    let missing: &[char] = match encoding {
        "latin-1" => &['€', '😀'],
        "windows-1252" => &['😀'],
        _ => &[],
    };
    line.fields.iter_mut().for_each(|(text, _)| *text = text.replace(missing, "x"));
    line
}

impl WrittenFile {
    /// The text of the file, and where each row starts in it.
    fn text(&self) -> (String, Vec<usize>) {
        let mut text = if self.has_mark { "\u{feff}".to_owned() } else { String::new() };
        (0..self.skipped).for_each(|_| text.push_str("made by \"hand, and\r\n"));
        if self.has_header {
            text.push_str(&["a", "b", "c"].join(&self.delimiter.to_string()));
            text.push('\n');
        }
        let mut starts = Vec::new();
        for line in &self.rows {
            starts.push(text.len());
            let fields: Vec<String> =
                line.fields.iter().map(|(field, quoted)| self.field(field, *quoted)).collect();
            text.push_str(&fields.join(&self.delimiter.to_string()));
            text.push_str(line.end);
            if line.is_followed_by_blank {
                text.push_str("\n\r\n");
            }
        }
        (0..self.footer).for_each(|_| text.push_str("Total of all\n"));
        if !self.ends_with_line && text.ends_with('\n') {
            text.pop();
        }
        (text, starts)
    }

    fn field(&self, field: &str, is_quoted: bool) -> String {
        let is_separator = |letter: char| letter == self.delimiter || matches!(letter, '\n' | '\r');
        let needs_quotes = field.contains(is_separator) || field.starts_with(self.quote);
        // An escaped CR before the LF of the line would be an escaped line end.
        if let Some(escape) = self.escape.filter(|_| !is_quoted && !field.ends_with('\r')) {
            let is_special =
                |letter: char| is_separator(letter) || letter == escape || letter == self.quote;
            let escaped = field.chars().flat_map(|letter| {
                [escape].into_iter().filter(move |_| is_special(letter)).chain([letter])
            });
            return escaped.collect();
        }
        if !is_quoted && !needs_quotes {
            return field.to_owned();
        }
        let inside = field.chars().flat_map(|letter| {
            let before = match self.escape {
                Some(escape) if letter == escape => Some(escape),
                _ if letter == self.quote => Some(self.quote),
                _ => None,
            };
            before.into_iter().chain([letter])
        });
        [self.quote].into_iter().chain(inside).chain([self.quote]).collect()
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        let is_big = self.encoding == "utf-16be";
        match self.encoding {
            "utf-8" => text.as_bytes().to_vec(),
            "latin-1" | "windows-1252" => {
                text.chars().map(|letter| u8::try_from(letter).unwrap_or(0x80)).collect()
            }
            _ => text
                .encode_utf16()
                .flat_map(|unit| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect(),
        }
    }

    fn source(&self) -> Source {
        let header =
            if self.has_header { "" } else { "header_rows = 0\nnames = [\"a\", \"b\", \"c\"]\n" };
        let escape = if self.escape.is_some() { "escape = '\\'\n" } else { "" };
        let (delimiter, quote) = (self.delimiter.escape_default(), self.quote.escape_default());
        let quote = quote.to_string().replace("\\'", "'");
        let columns = ["a", "b", "c"]
            .map(|name| format!("[columns.{name}]\ntype = \"text\"\nnull = []\n"))
            .concat();
        source(&format!(
            "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nnot_data = [\"Total of all\"]\n[csv]\ndelimiter = \"{delimiter}\"\nquote = \"{quote}\"\n\
             {escape}{header}encoding = \"{}\"\nskip_rows = {}\nfooter_rows = {}\n{columns}",
            self.encoding, self.skipped, self.footer
        ))
    }
}

/// Line of a place: one more than the line ends above it.
fn line_of(text: &str, place: usize) -> u64 {
    text[..place].replace("\r\n", "\n").matches(['\n', '\r']).count() as u64 + 1
}

fn read(sheet: &WrittenFile, bytes: &[u8], packed: bool) -> (FileSummary, CollectedRows) {
    let folder = tempfile::tempdir().unwrap();
    let name = if packed { "a.csv.zst" } else { "a.csv" };
    let content = if packed { zstd::encode_all(bytes, 1).unwrap() } else { bytes.to_vec() };
    std::fs::write(folder.path().join(name), content).unwrap();
    collect(&sheet.source(), &folder.path().join(name), &Limits::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn what_is_written_is_read_and_every_row_is_accounted_for(sheet in sheet(), packed in any::<bool>()) {
        let (text, starts) = sheet.text();
        let (found, read) = read(&sheet, &sheet.bytes(&text), packed);
        let rows = || sheet.rows.iter().zip(&starts);

        let mut accepted = Vec::new();
        for block in &read.accepted {
            for (row, position) in block.positions.iter().enumerate() {
                let text = |column: usize| block.columns[column].as_string::<i32>().value(row).to_owned();
                accepted.push((position.line, (0..WIDTH).map(text).collect::<Vec<_>>()));
            }
        }
        let is_blank = |line: &WrittenLine| {
            let fields = || line.fields.iter();
            fields().len() > 1 && fields().all(|(text, quoted)| text.is_empty() && !quoted)
        };
        let good = rows().filter(|(line, _)| line.fields.len() == WIDTH && !is_blank(line));
        let good: Vec<_> = good
            .map(|(line, start)| {
                (line_of(&text, *start), line.fields.iter().map(|(text, _)| text.clone()).collect::<Vec<_>>())
            })
            .collect();
        prop_assert_eq!(&accepted, &good, "{:?}", text);

        let rejected: Vec<u64> = read.rejected.iter().map(|row| row.line).collect();
        let bad = rows().filter(|(line, _)| line.fields.len() != WIDTH || is_blank(line));
        let mut bad: Vec<u64> = bad.map(|(_, start)| line_of(&text, *start)).collect();
        // The footer is kept, line by line, and counts as no data.
        let below = line_of(&text, text.find("Total of all").unwrap_or(text.len()));
        bad.extend((0..sheet.footer as u64).map(|row| below + row));
        prop_assert_eq!(rejected, bad, "{:?}", text);
        let blank = rows().filter(|(line, _)| is_blank(line)).count();
        prop_assert_eq!(found.not_data(), (sheet.footer + blank) as u64);
        prop_assert_eq!(found.read, (accepted.len() + read.rejected.len()) as u64);
    }
}
