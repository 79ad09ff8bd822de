//! The names that the objects of a block have, learned while it is read.

use indexmap::IndexMap;

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
    /// The last object that had it.
    object: u64,
}

impl Shape {
    /// Begins another object.
    pub(crate) fn begin(&mut self) {
        self.objects += 1;
        self.expected = 0;
    }

    /// The node of a name; refused when the object has had it already.
    #[inline]
    pub(crate) fn meet(&mut self, name: &[u8], tree: &Tree) -> Result<Option<usize>, Reason> {
        let place = match self.names.get_index(self.expected) {
            Some((expected, _)) if **expected == *name => self.expected,
            _ => self.find(name, tree),
        };
        self.expected = place + 1;
        let member = &mut self.names[place];
        if std::mem::replace(&mut member.object, self.objects) == self.objects {
            return Err(Reason::DuplicateKey);
        }
        Ok(member.node)
    }

    fn find(&mut self, name: &[u8], tree: &Tree) -> usize {
        self.names.get_index_of(name).unwrap_or_else(|| {
            let member = Member { node: tree.child(Tree::ROOT, name), object: 0 };
            self.names.insert_full(name.into(), member).0
        })
    }

    /// Names met so far.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names, and whether a path begins with them.
    pub(crate) fn names(&self) -> impl Iterator<Item = (String, bool)> {
        let names = self.names.iter();
        names.map(|(name, member)| (String::from_utf8_lossy(name).into_owned(), member.node.is_some()))
    }
}
