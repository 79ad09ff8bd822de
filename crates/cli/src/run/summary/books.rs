//! The books of every source, as a table that fits a terminal.

use std::collections::BTreeMap;
use std::time::Duration;

use scorewright_domain::Books;
use scorewright_warehouse::Snapshot;

use crate::console::lines::{LINE, grouped, plain, wrapped};

/// What stands over the counts. `repeated` are rows that say nothing new, and those that later ones replaced.
const COUNTS: [&str; 6] = ["files", "read", "accepted", "quarantined", "repeated", "s"];

/// Fewest letters for the name of a source.
const NAME: usize = 12;

/// Blanks between columns; fewer where a name would have no room.
const GAPS: [usize; 2] = [2, 1];

/// A blank at which no line ends.
const GLUE: char = '\u{a0}';

/// A source in the table.
struct BookLine {
    source: String,
    counts: [String; 6],
    /// What its counts come from: `not_a_date 2, duplicates 1`.
    details: String,
}

/// The books by source.
pub(super) fn table(snapshot: &Snapshot, times: &BTreeMap<String, Duration>) -> String {
    let mut by_source: BTreeMap<&str, (u64, Books)> = BTreeMap::new();
    for landing in &snapshot.landings {
        let (files, books) = by_source.entry(&landing.extract.source).or_default();
        *files += 1;
        books.add(&landing.books);
    }
    let line = |(source, (files, books)): (&str, (u64, Books))| {
        book_line(source, files, &books, times.get(source))
    };
    aligned(&by_source.into_iter().map(line).collect::<Vec<_>>())
}

/// A source that had nothing new took no time.
fn book_line(source: &str, files: u64, books: &Books, took: Option<&Duration>) -> BookLine {
    let seconds = took.map(|took| format!("{:.1}", took.as_secs_f64()));
    let counts = [
        grouped(files),
        grouped(books.read),
        grouped(books.accepted),
        grouped(books.quarantined),
        grouped(books.duplicates + books.superseded),
        seconds.unwrap_or_default(),
    ];
    let others = [
        ("duplicates", books.duplicates),
        ("superseded", books.superseded),
        ("not_data", books.not_data),
        ("not_sampled", books.not_sampled),
    ];
    let reasons = books.reasons.iter().map(|(reason, rows)| (reason.as_str(), *rows));
    let details = reasons.chain(others).filter(|(_, rows)| *rows > 0);
    let details = details.map(|(what, rows)| format!("{what}{GLUE}{}", grouped(rows)));
    BookLine { source: plain(source), counts, details: details.collect::<Vec<_>>().join(", ") }
}

/// The lines below their heads; a name that leaves no room for the counts has a line of its own.
fn aligned(books: &[BookLine]) -> String {
    let width = |column: usize| {
        let widths = books.iter().map(|line| line.counts[column].chars().count());
        widths.chain([COUNTS[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COUNTS.len()).map(width).collect();
    let (gap, names) = layout(books, &widths);
    let row = |name: &str, counts: [&str; 6]| {
        let counts = counts.iter().zip(&widths);
        let counts: String =
            counts.map(|(count, width)| format!("{:gap$}{count:>width$}", "")).collect();
        if name.chars().count() > names {
            format!("{name}\n{:names$}{counts}", "").trim_end().to_owned() + "\n"
        } else {
            format!("{name:<names$}{counts}").trim_end().to_owned() + "\n"
        }
    };
    let mut text = row("source", COUNTS);
    for BookLine { source, counts, details } in books {
        text += &row(source, counts.each_ref().map(String::as_str));
        if !details.is_empty() {
            text += &format!("  {}\n", wrapped(details, LINE, 2, 2).replace(GLUE, " "));
        }
    }
    text
}

/// Blanks between columns, and letters for names: all of them, or as many as there is room for.
fn layout(books: &[BookLine], widths: &[usize]) -> (usize, usize) {
    let names = || books.iter().map(|line| line.source.chars().count()).chain(["source".len()]);
    let longest = names().max().unwrap_or(0);
    let room = |gap: usize| {
        let counts: usize = widths.iter().map(|width| width + gap).sum();
        LINE.saturating_sub(counts).max(NAME)
    };
    let [wide, narrow] = GAPS;
    let gap = if longest > room(wide) { narrow } else { wide };
    (gap, names().filter(|name| *name <= room(gap)).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(source: &str, read: u64) -> BookLine {
        let books = Books { read, accepted: read, ..Books::default() };
        book_line(source, 1, &books, Some(&Duration::from_millis(449)))
    }

    #[test]
    fn a_long_name_has_a_line_of_its_own_and_the_table_fits() {
        let long = "a_source_with_a_name_of_more_letters_than_there_is_room";
        let text = aligned(&[line("calls", 12_000_000), line(long, 7)]);
        let expected = format!(
            "source files       read   accepted quarantined repeated   s\n\
             calls      1 12,000,000 12,000,000           0        0 0.4\n\
             {long}\n           1          7          7           0        0 0.4\n"
        );
        assert_eq!(text, expected);
        let usual = aligned(&[line("stripe_loader_subscription_items", 12_000)]);
        assert!(usual.starts_with("source                           files   read accepted "));
        assert_eq!(aligned(&[line("calls", 7)]).lines().next().unwrap().find("files"), Some(8));
    }

    #[test]
    fn reasons_stand_below_their_source() {
        let reasons =
            BTreeMap::from([("not_a_date".to_owned(), 1_200), ("too_long".to_owned(), 1)]);
        let books =
            Books { read: 1_205, quarantined: 1_201, duplicates: 3, reasons, ..Books::default() };
        let text = aligned(&[book_line("calls", 1, &books, None)]);
        assert!(
            text.ends_with("         3\n  not_a_date 1,200, too_long 1, duplicates 3\n"),
            "{text}"
        );
    }
}
