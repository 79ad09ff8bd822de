//! The names that the objects of a block have, learned while it is read.

use indexmap::IndexMap;

use super::tree::Tree;
use crate::source::is_any;
use scorewright_domain::Reason;

/// Names of members in the order in which they were first met.
///
/// Lines of one file mostly have the same names in the same order, so the next name is guessed before it is
/// looked up.
#[derive(Debug, Default)]
pub(crate) struct Shape<'a> {
    names: IndexMap<Box<[u8]>, Member>,
    /// Where the next name is expected.
    expected: usize,
    /// Objects begun.
    objects: u64,
    /// Patterns of names that are left out, where objects may have a value in no other undeclared member.
    barring: Option<&'a [String]>,
    /// The first such member of the object at hand that has a value.
    barred: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    /// Its node in the tree of paths; none when it is not declared.
    node: Option<usize>,
    /// The last object that had it.
    object: u64,
    /// Whether no row may have a value in it.
    is_barred: bool,
}

impl<'a> Shape<'a> {
    /// Nothing met; `barring` has the patterns of names that are left out where undeclared ones bar their rows.
    pub(crate) fn new(barring: Option<&'a [String]>) -> Self {
        Self { barring, ..Self::default() }
    }

    /// Notes that the member met last has a value; says nothing of members that may have one.
    pub(crate) fn note_value(&mut self) {
        let place = self.expected.saturating_sub(1);
        if self.barred.is_none()
            && self.names.get_index(place).is_some_and(|(_, member)| member.is_barred)
        {
            self.barred = Some(place);
        }
    }

    /// Whether members can be barred at all.
    pub(crate) fn is_barring(&self) -> bool {
        self.barring.is_some()
    }

    /// The name of the first member of the object at hand that may not have a value and has one.
    pub(crate) fn barred(&self) -> Option<String> {
        let (name, _) = self.names.get_index(self.barred?)?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// Begins another object.
    pub(crate) fn begin(&mut self) {
        self.objects += 1;
        self.expected = 0;
        self.barred = None;
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
            let node = tree.child(Tree::ROOT, name);
            let is_ignored = |patterns| is_any(patterns, &String::from_utf8_lossy(name));
            let is_barred =
                node.is_none() && self.barring.is_some_and(|patterns| !is_ignored(patterns));
            let member = Member { node, object: 0, is_barred };
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
        names.map(|(name, member)| {
            (String::from_utf8_lossy(name).into_owned(), member.node.is_some())
        })
    }
}
