//! One entry of a list in a TOML file, with its position.

use std::ops::Range;

use scorewright_domain::{Fault, ProjectFile};

/// One `[[target]]` or `[[benchmark]]` with its position in the file.
pub(super) struct TomlEntry<'a> {
    pub(super) file: &'a ProjectFile,
    pub(super) span: Range<usize>,
}

impl TomlEntry<'_> {
    /// A fault at the line of a key, or at the head of the entry when the key is absent.
    pub(super) fn fault(&self, key: &str, message: impl Into<String>) -> Fault {
        self.file.fault(Some(self.line(key).unwrap_or_else(|| self.head())), message)
    }

    fn line(&self, key: &str) -> Option<Range<usize>> {
        let mut start = self.span.start;
        for line in self.body().split_inclusive('\n') {
            let is_it = line
                .trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='));
            if is_it {
                return Some(start..start + line.trim_end().len());
            }
            start += line.len();
        }
        None
    }

    /// The text of the entry: the parser's span may end with its header.
    fn body(&self) -> &str {
        let rest = &self.file.text[self.span.start..];
        let end =
            rest.get(1..).and_then(|after| after.find("\n[[")).map_or(rest.len(), |end| end + 1);
        &rest[..end]
    }

    fn head(&self) -> Range<usize> {
        let line = self.body().lines().next().map_or(0, str::len);
        self.span.start..self.span.start + line
    }
}
