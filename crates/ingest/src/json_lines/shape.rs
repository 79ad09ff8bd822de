//! The names that the objects of a block have, learned while it is read.

use indexmap::IndexMap;

use super::columns::Columns;
use super::tree::Tree;
use crate::quarantine::Reason;

/// Names of members in the order in which they were first met.
///
/// Lines of one file mostly have the same names in the same order, so the next name is guessed before it is
/// looked up.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    names: IndexMap<Box<[u8]>, Member>,
    /// Where the next name is expected.
    expected: usize,
    /// Objects begun.
    objects: u64,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    /// Its node in the tree of paths; none when it is not declared.
    node: Option<usize>,
    /// No row may have a value there, because the source does not declare it.
    is_barred: bool,
    /// The last object that had it.
    object: u64,
}

impl Shape {
    /// Begins another object.
    pub(crate) fn begin(&mut self) {
        self.objects += 1;
        self.expected = 0;
    }

    /// The place of a name; refused when the object has had it already.
    #[inline]
    pub(crate) fn meet(&mut self, name: &[u8], columns: &Columns) -> Result<usize, Reason> {
        let place = match self.names.get_index(self.expected) {
            Some((expected, _)) if **expected == *name => self.expected,
            _ => self.find(name, columns),
        };
        self.expected = place + 1;
        let member = &mut self.names[place];
        if std::mem::replace(&mut member.object, self.objects) == self.objects {
            return Err(Reason::DuplicateKey);
        }
        Ok(place)
    }

    fn find(&mut self, name: &[u8], columns: &Columns) -> usize {
        self.names.get_index_of(name).unwrap_or_else(|| {
            let node = columns.row.child(Tree::ROOT, name);
            let is_barred = node.is_none() && columns.bars(&String::from_utf8_lossy(name));
            self.names.insert_full(name.into(), Member { node, is_barred, object: 0 }).0
        })
    }

    /// Its node in the tree of paths, and whether it is barred.
    #[inline]
    pub(crate) fn member(&self, place: usize) -> (Option<usize>, bool) {
        (self.names[place].node, self.names[place].is_barred)
    }

    /// The name at a place.
    pub(crate) fn name(&self, place: usize) -> String {
        self.names
            .get_index(place)
            .map_or_else(String::new, |(name, _)| String::from_utf8_lossy(name).into_owned())
    }

    /// Names met so far.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.names.keys().map(|name| String::from_utf8_lossy(name).into_owned())
    }
}
