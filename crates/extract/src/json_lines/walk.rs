//! Walks through one value of a line and notes where the values lie that are asked for.

use super::scan::{ByteSpan, Quoted, Scanner};
use super::shape::Shape;
use super::text::unescape;
use super::tree::Tree;
use scorewright_domain::Reason;

/// What was found at the end of one path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Slot {
    /// Nothing: a step of the path has no such member.
    #[default]
    Absent,
    /// Something in between that has no members, so the path leads nowhere.
    Blocked(ByteSpan),
    Null,
    Text(Quoted),
    /// A number, `true` or `false`.
    Scalar(ByteSpan),
    /// An object or an array.
    Nested(ByteSpan),
}

impl Slot {
    /// Bytes of the value, as it stands in the line.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Absent | Self::Null | Self::Blocked(_) => 0,
            Self::Text(Quoted { span, .. }) | Self::Scalar(span) | Self::Nested(span) => {
                span.end - span.start
            }
        }
    }
}

/// What a walk needs beside the line; kept between lines for its memory.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    names: Vec<Name>,
    decoded: Vec<u8>,
    /// Nodes of objects of lists that were found by a member in the value at hand.
    keyed: Vec<usize>,
}

/// A member's name: its first bytes tell most names apart.
#[derive(Debug, Clone, Copy)]
struct Name {
    first: u64,
    name: Quoted,
}

/// One walk.
pub(crate) struct Walk<'a, 's> {
    pub(crate) line: &'a [u8],
    pub(crate) tree: &'a Tree,
    pub(crate) slots: &'a mut [Slot],
    /// Names met at the root of the tree, when they are asked for.
    pub(crate) shape: Option<&'a mut Shape<'s>>,
    pub(crate) scratch: &'a mut Scratch,
    /// Objects and arrays that may stand inside each other.
    pub(crate) depth: usize,
}

impl Walk<'_, '_> {
    /// Walks through the value at `start` of the line, which must be an object; returns where it lies.
    pub(crate) fn object_at(&mut self, start: usize) -> Result<ByteSpan, Reason> {
        let mut scanner = Scanner::new(self.line, start);
        let is_object = scanner.peek() == Some(b'{');
        let node = is_object.then_some(Tree::ROOT);
        self.scratch.names.clear();
        self.scratch.keyed.clear();
        let span = self.value(&mut scanner, node, self.depth)?;
        if is_object { Ok(span) } else { Err(Reason::WrongType) }
    }

    /// Passes one value of whatever kind.
    pub(crate) fn pass(&mut self, scanner: &mut Scanner) -> Result<ByteSpan, Reason> {
        self.value(scanner, None, self.depth)
    }

    fn value(
        &mut self,
        scanner: &mut Scanner,
        node: Option<usize>,
        depth: usize,
    ) -> Result<ByteSpan, Reason> {
        let found = match scanner.peek() {
            Some(b'"') => Slot::Text(scanner.string()?),
            Some(b'{' | b'[') if depth == 0 => return Err(Reason::TooDeep),
            Some(b'{') => Slot::Nested(self.object(scanner, node, depth - 1)?),
            Some(b'[') => Slot::Nested(self.array(scanner, node, depth - 1)?),
            Some(b'n') => {
                let span = scanner.literal("null")?;
                self.note(node, Slot::Null, Slot::Null);
                return Ok(span);
            }
            Some(b't') => Slot::Scalar(scanner.literal("true")?),
            Some(b'f') => Slot::Scalar(scanner.literal("false")?),
            Some(_) => Slot::Scalar(scanner.number()?),
            None => return Err(Reason::BadJson),
        };
        match found {
            Slot::Nested(span) => {
                node.into_iter()
                    .flat_map(|node| self.tree.ends(node))
                    .for_each(|slot| self.slots[*slot] = found);
                Ok(span)
            }
            Slot::Text(Quoted { span, .. }) | Slot::Scalar(span) => {
                self.note(node, found, Slot::Blocked(span));
                Ok(span)
            }
            Slot::Absent | Slot::Blocked(_) | Slot::Null => Err(Reason::BadJson),
        }
    }

    /// Notes a value that has no members.
    #[inline]
    fn note(&mut self, node: Option<usize>, here: Slot, below: Slot) {
        let Some(node) = node else { return };
        self.tree.ends(node).iter().for_each(|slot| self.slots[*slot] = here);
        self.tree.below(node).iter().for_each(|slot| self.slots[*slot] = below);
    }

    fn array(
        &mut self,
        scanner: &mut Scanner,
        node: Option<usize>,
        depth: usize,
    ) -> Result<ByteSpan, Reason> {
        let start = scanner.at;
        scanner.expect(b'[')?;
        let mut place = 0;
        if !scanner.pass(b']') {
            loop {
                let element = node.and_then(|node| self.tree.element(node, place));
                let span = self.value(scanner, element, depth)?;
                self.keyed_element(span, node, depth)?;
                place += 1;
                if !scanner.pass(b',') {
                    break;
                }
            }
            scanner.expect(b']')?;
        }
        let span = ByteSpan { start, end: scanner.at };
        for slot in node.into_iter().flat_map(|node| self.tree.named(node)) {
            self.slots[slot] = Slot::Blocked(span);
        }
        Ok(span)
    }

    /// Walks once more through an element of an array that a path finds by one of its members; the first one counts.
    fn keyed_element(
        &mut self,
        element: ByteSpan,
        node: Option<usize>,
        depth: usize,
    ) -> Result<(), Reason> {
        let Some(node) = node else { return Ok(()) };
        let tree = self.tree;
        for (member, value, child) in tree.keyed(node) {
            let is_found = self.scratch.keyed.contains(&child);
            if !is_found && has_member(element.of(self.line), member, value) {
                self.scratch.keyed.push(child);
                self.value(&mut Scanner::new(self.line, element.start), Some(child), depth)?;
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        scanner: &mut Scanner,
        node: Option<usize>,
        depth: usize,
    ) -> Result<ByteSpan, Reason> {
        let start = scanner.at;
        scanner.expect(b'{')?;
        let first = self.scratch.names.len();
        // Only the outermost object can be at the root.
        let is_shaped = node == Some(Tree::ROOT) && self.shape.is_some();
        if let Some(shape) = self.shape.as_deref_mut().filter(|_| is_shaped) {
            shape.begin();
        }
        if !scanner.pass(b'}') {
            loop {
                let name = if scanner.peek() == Some(b'"') {
                    scanner.string()?
                } else {
                    return Err(Reason::BadJson);
                };
                scanner.expect(b':')?;
                let child = if is_shaped { self.shaped(name)? } else { self.unshaped(name, node) };
                let first = scanner.peek();
                let value = self.value(scanner, child, depth)?;
                if is_shaped && child.is_none() {
                    self.note_undeclared(first, value);
                }
                if !scanner.pass(b',') {
                    break;
                }
            }
            scanner.expect(b'}')?;
        }
        self.end_names(first)?;
        Ok(ByteSpan { start, end: scanner.at })
    }

    /// The node of a member of the outermost object; its names are nearly the same in every line.
    fn shaped(&mut self, name: Quoted) -> Result<Option<usize>, Reason> {
        let Some(shape) = self.shape.as_deref_mut() else { return Ok(None) };
        let name = decoded(self.line, name, &mut self.scratch.decoded);
        shape.meet(name, self.tree)
    }

    /// Notes the value of a member that no path begins with, unless it is null or a blank text.
    #[inline]
    fn note_undeclared(&mut self, first: Option<u8>, value: ByteSpan) {
        let Some(shape) = self.shape.as_deref_mut().filter(|shape| shape.is_barring()) else {
            return;
        };
        let is_blank = first == Some(b'"') && value.of(self.line).trim_ascii().is_empty();
        if first != Some(b'n') && !is_blank {
            shape.note_value();
        }
    }

    /// The node of a member of an inner object; its name is kept until the object ends.
    fn unshaped(&mut self, name: Quoted, node: Option<usize>) -> Option<usize> {
        let text = decoded(self.line, name, &mut self.scratch.decoded);
        let mut first = [0; 8];
        let length = text.len().min(8);
        first[..length].copy_from_slice(&text[..length]);
        self.scratch.names.push(Name { first: u64::from_le_bytes(first), name });
        node.and_then(|node| self.tree.child(node, text))
    }

    /// Refuses an object that has a name twice; its names begin at `first`.
    fn end_names(&mut self, first: usize) -> Result<(), Reason> {
        let names = &mut self.scratch.names[first..];
        let text = |name: &Name| {
            let mut spare = Vec::new();
            decoded(self.line, name.name, &mut spare).to_vec()
        };
        names.sort_unstable_by_key(|name| name.first);
        let is_repeated = names.chunk_by(|left, right| left.first == right.first).any(|alike| {
            let mut texts: Vec<Vec<u8>> =
                if alike.len() == 1 { Vec::new() } else { alike.iter().map(text).collect() };
            texts.sort_unstable();
            texts.windows(2).any(|pair| pair[0] == pair[1])
        });
        self.scratch.names.truncate(first);
        if is_repeated { Err(Reason::DuplicateKey) } else { Ok(()) }
    }
}

/// Whether a text is an object whose member is a text or number that reads like a value.
fn has_member(text: &[u8], member: &str, value: &str) -> bool {
    let object: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_slice(text).ok();
    match object.as_ref().and_then(|object| object.get(member)) {
        Some(serde_json::Value::String(found)) => found == value,
        Some(serde_json::Value::Number(found)) => found.to_string() == value,
        _ => false,
    }
}

/// A name without its escapes.
#[inline]
fn decoded<'a>(line: &'a [u8], name: Quoted, spare: &'a mut Vec<u8>) -> &'a [u8] {
    let text = name.span.of(line);
    if !name.is_escaped {
        return text;
    }
    unescape(text, spare);
    spare
}

#[cfg(test)]
mod tests;
