//! Which values of an object are the values of which column.

use super::scan::ByteSpan;
use super::tree::Tree;
use super::walk::{Scratch, Slot, Walk};
use crate::rows::mask::{MASK, WITHHELD, shape_of_json};
use crate::source::{Contract, JsonPath, Kind, Personal, Source};

/// The columns of a source and the paths they are found at. Each path has a slot.
pub(crate) struct JsonColumns {
    /// Paths that start at the row; theirs are the first slots.
    pub(crate) row: Tree,
    pub(crate) row_slots: usize,
    /// How rows are found when they are elements of an array.
    pub(crate) elements: Option<Elements>,
    /// Slots in all.
    pub(crate) slots: usize,
    /// Columns that are stored, in the order of the table.
    pub(crate) stored: Vec<Paths>,
    /// Paths of values that must not be shown, with slots of their own.
    personal: Tree,
    personal_slots: usize,
    /// Patterns of members that are known and left out, where a row may have no others.
    pub(crate) barring: Option<Vec<String>>,
}

/// Rows that are elements of an array in each line.
pub(crate) struct Elements {
    /// Paths that start at the line's object, and that of the array.
    pub(crate) line: Tree,
    /// Slot of the array.
    pub(crate) slot: usize,
    /// Whether a line without the array is a row.
    pub(crate) or_line: bool,
}

/// The paths of one column.
pub(crate) struct Paths {
    /// Its first path as the source writes it.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// In order of preference.
    slots: Vec<usize>,
    pub(crate) canonical: String,
}

impl Paths {
    /// What a row has: the first value at any path; failing that, null or the first path that is blocked.
    #[inline]
    pub(crate) fn find(&self, slots: &[Slot]) -> Slot {
        let mut found = Slot::Absent;
        for slot in self.slots.iter().map(|slot| slots[*slot]) {
            match (slot, found) {
                (Slot::Text(_) | Slot::Scalar(_) | Slot::Nested(_), _) => return slot,
                (Slot::Blocked(_), Slot::Absent | Slot::Null) | (Slot::Null, Slot::Absent) => {
                    found = slot;
                }
                (Slot::Absent | Slot::Null | Slot::Blocked(_), _) => {}
            }
        }
        found
    }
}

impl JsonColumns {
    /// The columns of a source that has been verified.
    pub(crate) fn of(source: &Source) -> Self {
        let mut columns = Self {
            row: Tree::new(),
            row_slots: 0,
            elements: None,
            slots: 0,
            stored: Vec::new(),
            personal: Tree::new(),
            personal_slots: 0,
            barring: (source.contract == Contract::Quarantine).then(|| source.ignored.clone()),
        };
        let mut line = Tree::new();
        for is_of_line in [false, true] {
            for (name, column) in &source.columns {
                for path in parsed(&column.names(name)).filter(|path| path.is_of_line == is_of_line)
                {
                    if is_of_line { &mut line } else { &mut columns.row }.add(&path, columns.slots);
                    columns.slots += 1;
                }
            }
            if !is_of_line {
                columns.row_slots = columns.slots;
            }
        }
        columns.store(source);
        columns.mask(source);
        columns.elements =
            source.json_rows().and_then(|path| JsonPath::parse(path).ok()).map(|path| {
                line.add(&path, columns.slots);
                columns.slots += 1;
                Elements { line, slot: columns.slots - 1, or_line: source.has_rows_of_lines() }
            });
        columns
    }

    /// Gives each stored column the slots of its paths, which were given out in the order of the columns.
    fn store(&mut self, source: &Source) {
        let (mut of_row, mut of_line) = (0.., self.row_slots..);
        for (name, column) in &source.columns {
            let names = column.names(name);
            let slots = parsed(&names)
                .filter_map(|path| if path.is_of_line { of_line.next() } else { of_row.next() });
            let slots: Vec<usize> = slots.collect();
            if column.personal != Personal::Drop {
                let (canonical, name) = (name.clone(), names[0].to_owned());
                self.stored.push(Paths { name, kind: column.kind, slots, canonical });
            }
        }
    }

    fn mask(&mut self, source: &Source) {
        for (name, column) in
            source.columns.iter().filter(|(_, column)| column.personal != Personal::Keep)
        {
            for path in parsed(&column.names(name)).filter(|path| !path.is_of_line) {
                self.personal.add(&path, self.personal_slots);
                self.personal_slots += 1;
            }
        }
    }

    /// Whether some value of a row must not be shown.
    pub(crate) fn is_personal(&self) -> bool {
        self.personal_slots > 0
    }

    /// Where the personal values of a row lie, in its order; `None` when that cannot be told.
    fn personal_spans(&self, row: &[u8], depth: usize) -> Option<Vec<ByteSpan>> {
        let mut slots = vec![Slot::Absent; self.personal_slots];
        if self.is_personal() {
            let scratch = &mut Scratch::default();
            let mut walk = Walk {
                line: row,
                tree: &self.personal,
                slots: &mut slots,
                shape: None,
                scratch,
                depth,
            };
            walk.object_at(0).ok()?;
        }
        let span = |slot: &Slot| match slot {
            Slot::Absent | Slot::Null => Some(None),
            Slot::Text(found) => Some(Some(found.span)),
            Slot::Scalar(span) | Slot::Nested(span) => Some(Some(*span)),
            Slot::Blocked(_) => None,
        };
        let mut spans: Vec<ByteSpan> =
            slots.iter().map(span).collect::<Option<Vec<_>>>()?.into_iter().flatten().collect();
        spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        Some(spans)
    }

    /// A row as text for a person, personal values masked.
    pub(crate) fn show(&self, row: &[u8], depth: usize) -> String {
        let Some(spans) = self.personal_spans(row, depth) else { return WITHHELD.into() };
        let piece = |piece: &[u8]| {
            let piece = String::from_utf8_lossy(piece);
            if self.is_personal() { shape_of_json(&piece) } else { piece.into_owned() }
        };
        let (mut text, mut from) = (String::with_capacity(row.len()), 0);
        for ByteSpan { start, end } in spans {
            // A text lies between its quotes, which belong to it.
            let quote = if start > 0 && row[start - 1] == b'"' { "\"" } else { "" };
            let (start, end) = (start - quote.len(), end + quote.len());
            if start >= from {
                text.push_str(&piece(&row[from..start]));
                text.push_str(&format!("{quote}{MASK}{quote}"));
                from = end;
            }
        }
        text.push_str(&piece(&row[from..]));
        text
    }
}

/// The paths of a column; they have been verified.
fn parsed<'a>(names: &'a [&'a str]) -> impl Iterator<Item = JsonPath> + 'a {
    names.iter().filter_map(|name| JsonPath::parse(name).ok())
}
