//! Whether the dates of a file have the day or the month first: what the whole file proves, never a guess.
//!
//! A source may give formats of both orders, because whoever exports has one or the other. All its dates in one file
//! have one order, since one person's settings wrote them. A value that only one order reads decides, and so does one
//! that would lie after the day on which the file was written, in a column that tells of the past. Where nothing
//! decides, the file is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use arrow::array::{Array as _, AsArray as _};
use jiff::ToSpan as _;
use scorewright_domain::QuarantinedRow;

use crate::refusal::{DateOrderFault, ReadError, Refusal};
use crate::rows::mask::MASK;
use crate::rows::sink::{PrepareRows, RowSink, TypedRows};
use crate::source::{Column, Contract, Load, OneOrMore, Personal, Source};
use crate::typed::Zone;
use crate::typed::moment::MomentReader;
use crate::typed::moment_format::{DateOrder, orders};

/// The source as one file is read: each column with the formats of the order that the file proves.
///
/// - `written_on`: the day, since 1970, after which nothing in the file can have happened.
/// - `read`: reads the file by another source into a sink.
///
/// # Errors
///
/// [`Refusal::DateOrder`] when nothing decides, or when dates contradict each other; why the file cannot be read.
pub(super) fn resolved(
    source: &Source,
    written_on: Option<i32>,
    read: impl FnOnce(&Source, &mut DateOrderSink) -> Result<(), ReadError>,
) -> Result<Cow<'_, Source>, ReadError> {
    let columns: Vec<DateColumn> = source
        .columns
        .iter()
        .filter_map(|(name, column)| DateColumn::of(source, name, column))
        .collect();
    if columns.is_empty() {
        return Ok(Cow::Borrowed(source));
    }
    let columns = Arc::new(columns);
    let judge = Judge { columns: Arc::clone(&columns), written_on };
    let mut sink = DateOrderSink { judge, clues: OrderClues::default() };
    read(&texts_of(source, &columns), &mut sink)?;
    let mut resolved = source.clone();
    for (place, column) in columns.iter().enumerate() {
        let formats = column.resolved(place, &sink.clues, &columns, source)?;
        resolved.columns[&column.name].format = OneOrMore(formats);
    }
    Ok(Cow::Owned(resolved))
}

/// A source that reads some columns of a file as texts, and nothing else.
fn texts_of(source: &Source, columns: &[DateColumn]) -> Source {
    let text = |date: &DateColumn| {
        let Column { from, null, map, above, found_above, .. } = source.columns[&date.name].clone();
        let column =
            Column { from, null, map, above, found_above, optional: true, ..Column::text() };
        (date.name.clone(), column)
    };
    Source {
        load: Load::Append,
        key: Vec::new(),
        updated_at: None,
        watermark: None,
        partition: None,
        contract: Contract::Freeze,
        unpivot: None,
        columns: columns.iter().map(text).collect(),
        ..source.clone()
    }
}

/// A column whose formats are of more than one order.
struct DateColumn {
    name: String,
    orders: Vec<(DateOrder, Vec<String>, MomentReader)>,
    /// Whether it tells of the past: what the source calls its moment of change, watermark or partition.
    is_past: bool,
    is_shown: bool,
}

impl DateColumn {
    fn of(source: &Source, name: &str, column: &Column) -> Option<Self> {
        let orders = orders(&column.format.0);
        let reader = |(order, formats): (DateOrder, Vec<String>)| {
            let reader = MomentReader::new(&formats, Zone::Utc);
            (order, formats, reader)
        };
        let past = [&source.watermark, &source.updated_at, &source.partition];
        (!orders.is_empty()).then(|| Self {
            name: name.to_owned(),
            orders: orders.into_iter().map(reader).collect(),
            is_past: past.into_iter().flatten().any(|past| past == name),
            is_shown: column.personal == Personal::Keep,
        })
    }

    /// The formats of the order that is left; the first where no value depends on it.
    fn resolved(
        &self,
        place: usize,
        clues: &OrderClues,
        columns: &[Self],
        source: &Source,
    ) -> Result<Vec<String>, Refusal> {
        let possible: Vec<&(DateOrder, Vec<String>, MomentReader)> =
            self.orders.iter().filter(|(order, ..)| !clues.against.contains_key(order)).collect();
        match (&possible[..], clues.undecided.get(&place)) {
            ([only], _) => Ok(only.1.clone()),
            ([first, ..], None) => Ok(first.1.clone()),
            ([_, ..], Some(sample)) => Err(self.fault(sample, None, source)),
            ([], _) => {
                let mut samples = clues.against.values();
                let (one, other) = (samples.next(), samples.next());
                let one = one.expect("an order is ruled out by a value");
                Err(columns[one.column].fault(one, other, source))
            }
        }
    }

    fn fault(&self, sample: &Sample, other: Option<&Sample>, source: &Source) -> Refusal {
        let day = |reader: &MomentReader| {
            let days = reader.written_day(sample.text.as_bytes())?;
            let day = jiff::civil::date(1970, 1, 1).checked_add(i64::from(days).days()).ok()?;
            Some(day.to_string())
        };
        let reading = |(_, formats, reader): &(DateOrder, Vec<String>, MomentReader)| {
            (formats.clone(), day(reader).unwrap_or_default())
        };
        let shown = |sample: &Sample| {
            if self.is_shown { sample.text.clone() } else { MASK.to_owned() }
        };
        Refusal::DateOrder(Box::new(DateOrderFault {
            column: self.name.clone(),
            text: shown(sample),
            line: sample.line,
            contradicted_by: other.map(|other| (shown(other), other.line)),
            readings: self.orders.iter().map(reading).collect(),
            path: source.path.clone(),
        }))
    }
}

/// A value of a date column, and where it stands.
#[derive(Debug, Clone)]
struct Sample {
    column: usize,
    text: String,
    line: u64,
}

/// What the values of some rows tell.
#[derive(Debug, Default)]
pub(super) struct OrderClues {
    /// Orders that cannot be the file's, with the first value that says so.
    against: BTreeMap<DateOrder, Sample>,
    /// For each column, the first value that is several days.
    undecided: BTreeMap<usize, Sample>,
}

impl OrderClues {
    fn merge(&mut self, later: Self) {
        for (order, sample) in later.against {
            self.against.entry(order).or_insert(sample);
        }
        for (column, sample) in later.undecided {
            self.undecided.entry(column).or_insert(sample);
        }
    }
}

/// Takes the texts of all date columns of a file.
pub(super) struct DateOrderSink {
    judge: Judge,
    clues: OrderClues,
}

/// Asks each value under which orders it can be read.
#[derive(Clone)]
pub(super) struct Judge {
    columns: Arc<Vec<DateColumn>>,
    written_on: Option<i32>,
}

impl Judge {
    fn judge(&self, clues: &mut OrderClues, place: usize, text: &str, line: u64) {
        let column = &self.columns[place];
        let sample = || Sample { column: place, text: text.to_owned(), line };
        let day = |reader: &MomentReader| reader.written_day(text.as_bytes());
        let days: Vec<Option<i32>> = column.orders.iter().map(|(.., reader)| day(reader)).collect();
        if days.iter().all(|day| *day == days[0]) {
            return;
        }
        // Where each reading lies in what is to come, the file's own day is wrong, and says nothing.
        let is_past = |day: &i32| !self.is_to_come(column, *day);
        let is_dated = days.iter().flatten().any(is_past);
        let mut possible = 0;
        for ((order, ..), day) in column.orders.iter().zip(&days) {
            if day.is_some_and(|day| !is_dated || is_past(&day)) {
                possible += 1;
            } else {
                clues.against.entry(*order).or_insert_with(sample);
            }
        }
        if possible > 1 {
            clues.undecided.entry(place).or_insert_with(sample);
        }
    }

    /// Whether a day had not begun anywhere when the file was written.
    fn is_to_come(&self, column: &DateColumn, day: i32) -> bool {
        column.is_past && self.written_on.is_some_and(|written_on| day > written_on + 1)
    }
}

impl PrepareRows for Judge {
    type Prepared = OrderClues;

    fn prepare(&self, rows: TypedRows) -> io::Result<OrderClues> {
        let mut clues = OrderClues::default();
        for (place, column) in rows.columns.iter().enumerate() {
            let texts = column.as_string::<i32>();
            for (row, position) in rows.positions.iter().enumerate() {
                if texts.is_valid(row) {
                    self.judge(&mut clues, place, texts.value(row).trim(), position.line);
                }
            }
        }
        Ok(clues)
    }
}

impl RowSink for DateOrderSink {
    type Preparer = Judge;

    fn preparer(&self) -> Judge {
        self.judge.clone()
    }

    fn accept(&mut self, rows: OrderClues) -> io::Result<()> {
        self.clues.merge(rows);
        Ok(())
    }

    fn reject(&mut self, _rows: Vec<QuarantinedRow>) {}
}

#[cfg(test)]
mod tests {
    use scorewright_domain::Limits;

    use super::*;
    use crate::read::collect;
    use crate::source::tests::source;

    const SOURCE: &str = "title = \"T\"\nfiles = \"*\"\nformat = \"csv\"\nload = \"upsert\"\nkey = [\"id\"]\n\
        updated_at = \"opened_at\"\n[columns.id]\ntype = \"text\"\n[columns.opened_at]\ntype = \"date\"\n\
        format = [\"iso\", \"%d/%m/%Y\", \"%m/%d/%Y\"]\n[columns.due_at]\ntype = \"date\"\noptional = true\n\
        format = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\n";

    /// The days of the first column, of a file that was written on a day.
    fn days(rows: &str, written_on: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, format!("id,opened_at,due_at\n{rows}")).unwrap();
        let moment: jiff::Timestamp = format!("{written_on}T12:00:00Z").parse().unwrap();
        std::fs::File::open(&path).unwrap().set_modified(moment.into()).unwrap();
        let (_, read) = collect(&source(SOURCE), &path, &Limits::default())
            .map_err(|error| error.to_string())?;
        let column = &read.accepted[0].columns[1];
        let day = |row| arrow::util::display::array_value_to_string(column, row).unwrap();
        Ok((0..column.len()).map(day).collect())
    }

    #[test]
    fn one_value_decides_for_all_dates_of_the_file() {
        let day_first = days("1,03/04/2026,\n2,05/04/2026,13/04/2026\n", "2026-12-01");
        assert_eq!(day_first.unwrap(), ["2026-04-03", "2026-04-05"]);
        let month_first = days("1,03/04/2026,\n2,03/14/2026,\n", "2026-12-01");
        assert_eq!(month_first.unwrap(), ["2026-03-04", "2026-03-14"]);
    }

    #[test]
    fn what_lies_after_the_day_of_the_file_has_not_happened() {
        let found = days("1,03/10/2026,\n", "2026-05-01");
        assert_eq!(found.unwrap(), ["2026-03-10"], "the 3rd of October is to come");
        let found = days("1,2026-03-10,03/10/2026\n", "2026-05-01");
        assert!(found.is_err(), "what is due may be to come");
        let undated = days("1,03/10/2026,\n", "1980-01-01");
        assert!(undated.is_err(), "a file without a day of its own decides nothing");
    }

    #[test]
    fn what_decides_nothing_or_contradicts_itself_is_refused() {
        let undecided = days("1,2026-03-10,\n2,03/04/2026,\n", "2026-12-01").unwrap_err();
        assert!(undecided.contains("`03/04/2026` in `opened_at` on line 3"), "{undecided}");
        let both = days("1,13/04/2026,\n2,04/13/2026,\n", "2026-12-01").unwrap_err();
        assert!(both.contains("the day first and the month first"), "{both}");
        let alike = days("1,04/04/2026,\n2,2026-03-10,\n", "2026-12-01");
        assert_eq!(alike.unwrap(), ["2026-04-04", "2026-03-10"], "no value depends on it");
    }
}
