//! A sample as columns: what a format's own reading comes to.

use super::above;
use super::blanks::BlankColumns;
use super::column_sample::ColumnSample;
use super::dialect::{self, DialectGuess, SampleRecord};
use super::head::Text;
use super::personal::is_mail;

/// The columns of a sample.
#[derive(Debug, Default)]
pub(crate) struct SampleTable {
    pub(crate) columns: Vec<ColumnSample>,
    /// Rows seen.
    pub(crate) rows: u32,
    /// Rows that have not the width of the header.
    pub(crate) malformed: u32,
    /// Where the rows of JSON stand, when they are not the lines themselves.
    pub(crate) json_rows: Option<String>,
    /// How the text is written, for a text with separators.
    pub(crate) csv: Option<Layout>,
    /// What lines above the rows state, each as a column of one value.
    pub(crate) above: Vec<ColumnSample>,
}

/// A dialect with what stands above and below the rows.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) found: DialectGuess,
    pub(crate) encoding: &'static str,
    pub(crate) because: String,
    /// 0 when the file has no names.
    pub(crate) header_rows: usize,
    pub(crate) footer_rows: usize,
    /// How the records below the rows begin.
    pub(crate) not_data: Vec<String>,
    /// Words that may be columns, where nothing but blanks separates.
    pub(crate) blanks: Option<BlankColumns>,
}

impl SampleTable {
    /// The columns of a text with separators.
    pub(crate) fn of_text(text: &Text, is_whole: bool) -> Self {
        let found = dialect::find(&text.content);
        let start = byte_of_line(&text.content, found.skip_rows);
        let mut records: Vec<SampleRecord> =
            dialect::records(&text.content[start..], found).collect();
        if !is_whole && records.len() > 1 {
            // It may be cut inside quotes.
            records.pop();
        }
        let header_rows = header_rows(&records, found.width);
        let footer_rows = if is_whole {
            footer_rows(&records[header_rows.min(records.len())..], found.width)
        } else {
            0
        };
        let footer = records.split_off(records.len() - footer_rows);
        let mut table = Self {
            columns: named(&records, header_rows, found.width),
            above: above::stated(&text.content[..start]),
            ..Self::default()
        };
        for (_, record) in records.iter().skip(header_rows) {
            table.add(record);
        }
        table.csv = Some(Layout {
            found,
            encoding: text.encoding,
            because: text.because.clone(),
            header_rows,
            footer_rows,
            not_data: beginnings(&footer),
            blanks: BlankColumns::of(&text.content).filter(|_| found.width == 1),
        });
        table
    }

    fn add(&mut self, record: &csv::StringRecord) {
        self.rows += 1;
        if record.len() == self.columns.len() {
            self.columns.iter_mut().zip(record).for_each(|(column, value)| column.add(value));
        } else {
            self.malformed += 1;
        }
    }
}

fn byte_of_line(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line).map(str::len).sum()
}

fn named(records: &[SampleRecord], header_rows: usize, width: usize) -> Vec<ColumnSample> {
    match records.first().filter(|_| header_rows > 0) {
        Some((_, header)) => header.iter().map(ColumnSample::named).collect(),
        None => (1..=width).map(|place| ColumnSample::named(&format!("column_{place}"))).collect(),
    }
}

/// What a field looks like, for telling names from values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Empty,
    /// A number, a day, a time.
    Figure,
    Words,
}

fn look(field: &str) -> Look {
    let field = field.trim();
    let is_part = |letter: char| letter.is_ascii_digit() || "+-./:, TZ".contains(letter);
    if field.is_empty() {
        Look::Empty
    } else if field.chars().all(is_part) && field.contains(|letter: char| letter.is_ascii_digit()) {
        Look::Figure
    } else {
        Look::Words
    }
}

/// How many rows hold names rather than values: those whose words stand above columns of figures.
fn header_rows(records: &[SampleRecord], width: usize) -> usize {
    const LOOKED_AT: usize = 300;
    // Nobody calls a column like an address: such a row is data.
    if records.first().is_some_and(|(_, first)| first.iter().any(is_mail)) {
        return 0;
    }
    let is_import_ids =
        |record: &SampleRecord| record.1.iter().any(|field| field.starts_with("{\"ImportId\""));
    if let Some(row) = records.iter().take(4).position(is_import_ids) {
        return row + 1;
    }
    let looks: Vec<Vec<Look>> = records
        .iter()
        .take(LOOKED_AT)
        .filter(|(_, record)| record.len() == width)
        .map(|(_, record)| record.iter().map(look).collect())
        .collect();
    let figures_below = |row: usize| -> Vec<usize> {
        let is_figures = |column: &usize| {
            let mut below = looks[row + 1..]
                .iter()
                .map(|record| record[*column])
                .filter(|look| *look != Look::Empty);
            below.next() == Some(Look::Figure) && below.all(|look| look == Look::Figure)
        };
        (0..width).filter(is_figures).collect()
    };
    if looks.len() < 2 {
        return 1;
    }
    let figures = figures_below(0);
    let is_year = |column: &usize| records[0].1.get(*column).is_some_and(|field| field.len() == 4);
    let is_value = |column: &usize| looks[0][*column] == Look::Figure && !is_year(column);
    if !figures.is_empty()
        && figures.iter().any(is_value)
        && figures.iter().all(|column| looks[0][*column] != Look::Words)
    {
        return 0;
    }
    let mut rows = 1;
    while rows < 3 && rows + 2 < looks.len() {
        let figures = figures_below(rows);
        if figures.len() < 2 || figures.iter().any(|column| looks[rows][*column] != Look::Words) {
            break;
        }
        rows += 1;
    }
    rows
}

/// Records at the end that are a sum or a remark: one or two fields of words where rows have many.
fn footer_rows(rows: &[SampleRecord], width: usize) -> usize {
    const MOST: usize = 10;
    let is_remark = |record: &&SampleRecord| {
        let filled: Vec<&str> = record.1.iter().filter(|field| !field.trim().is_empty()).collect();
        let is_short = filled.len() <= 2 && filled.len() < width && width > 2;
        is_short
            && record.1.len() < width
            && filled.first().is_none_or(|field| look(field) == Look::Words && is_said(field))
    };
    let footer = rows.iter().rev().take_while(is_remark).count();
    if footer <= MOST && footer * 2 < rows.len() { footer } else { 0 }
}

/// How remarks begin, up to what changes from one file to the next: a date, a count.
fn beginnings(footer: &[SampleRecord]) -> Vec<String> {
    let first = |(_, record): &SampleRecord| {
        let field = record.iter().map(str::trim).find(|field| !field.is_empty())?;
        let stable = field.split(|letter: char| letter.is_ascii_digit()).next().unwrap_or(field);
        let is_whole = stable.len() == field.len();
        Some(if is_whole { field.to_owned() } else { format!("{}*", stable.trim_end()) })
    };
    let mut found: Vec<String> = footer.iter().filter_map(first).collect();
    found.retain(|pattern| pattern != "*");
    found.dedup();
    found
}

/// Words rather than a value that was cut off.
fn is_said(field: &str) -> bool {
    let field = field.trim().to_lowercase();
    field.contains(' ')
        || field.ends_with(':')
        || ["total", "sum", "summe", "count", "end", "eof"].contains(&field.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> SampleTable {
        SampleTable::of_text(&Text::of(text.as_bytes()), true)
    }

    fn layout(text: &str) -> (usize, usize, u32, u32) {
        let table = table(text);
        let layout = table.csv.as_ref().unwrap();
        (layout.header_rows, layout.footer_rows, table.rows, table.malformed)
    }

    #[test]
    fn names_are_told_from_values() {
        assert_eq!(layout("id,at\n1,2026-11-22\n2,2026-11-23\n"), (1, 0, 2, 0));
        assert_eq!(layout("a1,2026-11-22,x\nb2,2026-11-23,y\n"), (0, 0, 2, 0));
        assert_eq!(layout("team,2025,2026\nA,1,2\nB,3,4\n"), (1, 0, 2, 0), "years are names");
        assert_eq!(layout("id,score\nTicket,Answer\n1,5\n2,4\n3,3\n"), (2, 0, 3, 0));
        assert_eq!(
            layout("Q1,Q2\nHow?,Why?\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\",x\n5,a\n"),
            (3, 0, 1, 0)
        );
        assert_eq!(layout("a,b\nx,y\nz,w\n"), (1, 0, 2, 0), "words alone prove nothing");
        assert_eq!(table("a1,2026-11-22\nb2,2026-11-23\n").columns[1].from, "column_2");
    }

    #[test]
    fn a_remark_below_the_rows_is_told_from_a_row_cut_off() {
        let rows = "a,b,c\n1,2,x\n3,4,y\n5,6,z\n7,8,w\n9,10,v\n";
        assert_eq!(layout(&format!("{rows}Total\n\nConfidential Information\n")), (1, 2, 5, 0));
        assert_eq!(layout(&format!("{rows}11,12\n")), (1, 0, 6, 1));
        assert_eq!(layout(&format!("{rows}Berl")), (1, 0, 6, 1));
    }
}
