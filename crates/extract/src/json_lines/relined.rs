//! JSON that is one array, or runs over several lines, as one value a line.
//!
//! Line ends inside a value, and what parts the elements of an array, are replaced byte by byte, so every value stays
//! where it was in the file. JSON that has one value a line passes as it is, whatever is wrong with some of its lines.

use std::io::{self, Read};

/// Reads JSON of any layout and gives one value a line.
pub(super) struct Relined<R> {
    reader: R,
    layout: JsonLayout,
    /// Objects and arrays that are open, without the array that holds the elements.
    depth: usize,
    string: InString,
    /// The last byte that was not blank.
    last: u8,
    /// Whether an array that is not closed at the end is an error.
    must_close: bool,
}

/// How the values of a file stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JsonLayout {
    /// Nothing but blanks so far.
    Unknown,
    /// The first line of values, which may go on.
    FirstLine,
    /// One value a line.
    Lines,
    /// Values over several lines.
    Spread,
    /// Elements of an array.
    Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum InString {
    No,
    Yes,
    Escaped,
}

/// A text of JSON with one value a line.
pub(crate) fn one_value_a_line(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    // Bytes are only replaced by others of ASCII, so a text stays one.
    let read = Relined::new(text.as_bytes()).read_to_string(&mut lines);
    read.map_or_else(|_| text.to_owned(), |_| lines)
}

impl<R: Read> Relined<R> {
    /// Of the beginning of a text, which may end anywhere.
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            layout: JsonLayout::Unknown,
            depth: 0,
            string: InString::No,
            last: 0,
            must_close: false,
        }
    }

    /// Of a whole file: one that ends within its array was cut off, and the elements that are left would pass for all.
    pub(super) fn whole(reader: R) -> Self {
        Self { must_close: true, ..Self::new(reader) }
    }

    /// An error where the text ends within its array.
    fn end(&self) -> io::Result<()> {
        let is_cut_off = self.must_close && self.layout == JsonLayout::Array;
        let why = "its array is not closed: it was cut off";
        if is_cut_off { Err(io::Error::new(io::ErrorKind::UnexpectedEof, why)) } else { Ok(()) }
    }

    fn replace(&mut self, byte: u8) -> u8 {
        match self.layout {
            JsonLayout::Lines => byte,
            JsonLayout::Unknown => self.first(byte),
            JsonLayout::FirstLine if byte == b'\n' => self.end_of_first_line(),
            JsonLayout::Array if self.depth == 0 && self.string == InString::No => {
                self.between(byte)
            }
            JsonLayout::FirstLine | JsonLayout::Spread | JsonLayout::Array => self.within(byte),
        }
    }

    fn first(&mut self, byte: u8) -> u8 {
        match byte {
            b'[' => {
                self.layout = JsonLayout::Array;
                b' '
            }
            b'{' => {
                self.layout = JsonLayout::FirstLine;
                self.within(byte)
            }
            // A byte order mark, blanks; what else there is is no JSON, and its lines say so.
            0xEF | 0xBB | 0xBF | b' ' | b'\t' | b'\r' | b'\n' => byte,
            _ => {
                self.layout = JsonLayout::Lines;
                byte
            }
        }
    }

    /// A value goes on below its first line only where that line ends as an unfinished one does: a line that was cut
    /// off must not swallow those below it.
    fn end_of_first_line(&mut self) -> u8 {
        let goes_on = self.depth > 0 && matches!(self.last, b'{' | b'[' | b',');
        self.layout = if goes_on { JsonLayout::Spread } else { JsonLayout::Lines };
        if goes_on { b' ' } else { b'\n' }
    }

    /// A byte inside a value.
    fn within(&mut self, byte: u8) -> u8 {
        match (self.string, byte) {
            (InString::Escaped, _) | (InString::No, b'"') => self.string = InString::Yes,
            (InString::Yes, b'\\') => self.string = InString::Escaped,
            (InString::Yes, b'"') => self.string = InString::No,
            (InString::No, b'{' | b'[') => self.depth += 1,
            (InString::No, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
            (InString::No, b'\n' | b'\r') if self.depth > 0 => return b' ',
            (InString::Yes | InString::No, _) => {}
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        byte
    }

    /// A byte between the elements of the array, or after it.
    fn between(&mut self, byte: u8) -> u8 {
        match byte {
            b',' => b'\n',
            b']' => {
                // Pages may follow each other, each an array of its own.
                self.layout = JsonLayout::Unknown;
                b'\n'
            }
            b'\n' | b'\r' => b' ',
            _ => self.within(byte),
        }
    }
}

impl<R: Read> Read for Relined<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            self.end()?;
        }
        if self.layout != JsonLayout::Lines {
            for byte in &mut buffer[..read] {
                *byte = self.replace(*byte);
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn values(text: &str) -> Vec<Value> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn each_layout_becomes_one_value_a_line() {
        for text in [
            "{\"id\":1}\n{\"id\":2}\n",
            "[{\"id\":1},{\"id\":2}]",
            "\u{feff}[\n  {\n    \"id\": 1\n  },\n  {\"id\":\n2}\n]\n",
            "{\n\"id\":1\n}\n{\n\"id\":2\n}",
            "[{\"id\":1}]\n[{\"id\":2}]",
        ] {
            let relined = one_value_a_line(text);
            assert_eq!(relined.len(), text.len(), "every byte stays in its place");
            let text = relined.trim_start_matches('\u{feff}');
            let expected = [serde_json::json!({"id": 1}), serde_json::json!({"id": 2})];
            assert_eq!(values(text), expected, "{text:?}");
        }
        let page = "{\"tickets\":[\n{\"id\":1},\n{\"id\":2}],\n\"next_page\":null}\n";
        assert_eq!(values(&one_value_a_line(page)).len(), 1);
    }

    #[test]
    fn a_line_that_was_cut_off_leaves_those_below_it_alone() {
        for cut in ["{\"id\":1,\"text\":\"a", "{\"id\":1", "{\"id\":{\"a\":1}", "nonsense"] {
            let text = format!("{cut}\n{{\"id\":2}}\n{{\"id\":3}}\n");
            assert_eq!(one_value_a_line(&text), text);
        }
    }

    #[test]
    fn an_array_that_is_not_closed_was_cut_off() {
        for cut in ["[", "[{\"id\":1}", "[{\"id\":1},", "[{\"id\":1},{\"text\":\"]", "[]\n[{"] {
            let mut text = String::new();
            let fault = Relined::whole(cut.as_bytes()).read_to_string(&mut text).unwrap_err();
            assert_eq!(fault.kind(), io::ErrorKind::UnexpectedEof, "{cut}");
        }
        for whole in ["", "[]", "[{\"id\":1}]\n", "{\"id\":[1", "[{\"id\":1}] [", "nonsense["] {
            let mut text = String::new();
            let read = Relined::whole(whole.as_bytes()).read_to_string(&mut text);
            assert_eq!(read.is_ok(), whole != "[{\"id\":1}] [", "{whole}");
        }
    }

    /// Texts of what could be taken for the shape of JSON.
    fn text() -> impl Strategy<Value = String> {
        let letters = ['a', '"', '\\', '{', '}', '[', ']', ',', ':', '\n', ' ', 'é'];
        prop::collection::vec(prop::sample::select(letters.to_vec()), 0..12)
            .prop_map(|letters| letters.into_iter().collect())
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(text(), inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        // Written by serde_json, plain and pretty.
        #[test]
        fn no_element_is_lost_or_changed(elements in prop::collection::vec(value(), 1..6)) {
            let objects: Vec<Value> =
                elements.into_iter().map(|value| serde_json::json!({ "value": value })).collect();
            let array = Value::from(objects.clone());
            for text in [array.to_string(), serde_json::to_string_pretty(&array).unwrap()] {
                prop_assert_eq!(&values(&one_value_a_line(&text)), &objects);
            }
        }
    }
}
