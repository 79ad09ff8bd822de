//! The paths a source asks for, as a tree to walk down with an object.

use crate::source::JsonPath;

/// Paths with a common beginning share their nodes. The root is node 0.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    children: Vec<(String, usize)>,
    /// Slots of the paths that end here.
    ends: Vec<usize>,
    /// Slots of the paths that go on from here.
    below: Vec<usize>,
}

impl Tree {
    pub(crate) const ROOT: usize = 0;

    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node::default()] }
    }

    /// Adds a path whose value goes to `slot`.
    pub(crate) fn add(&mut self, path: &JsonPath, slot: usize) {
        let mut node = Self::ROOT;
        for step in &path.steps {
            self.nodes[node].below.push(slot);
            node = self.child(node, step.as_bytes()).unwrap_or_else(|| self.grow(node, step));
        }
        self.nodes[node].ends.push(slot);
    }

    fn grow(&mut self, node: usize, step: &str) -> usize {
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[node].children.push((step.to_owned(), child));
        child
    }

    /// The node below `node` for the member `name`.
    #[inline]
    pub(crate) fn child(&self, node: usize, name: &[u8]) -> Option<usize> {
        let children = self.nodes[node].children.iter();
        children.clone().find(|(step, _)| step.as_bytes() == name).map(|(_, child)| *child)
    }

    /// The node below `node` for the element at `place`.
    pub(crate) fn element(&self, node: usize, place: usize) -> Option<usize> {
        if self.nodes[node].children.is_empty() {
            return None;
        }
        self.child(node, place.to_string().as_bytes())
    }

    /// Slots of the paths that cannot go on in an array: their next step is no number.
    pub(crate) fn named(&self, node: usize) -> impl Iterator<Item = usize> {
        let children = self.nodes[node].children.iter();
        let named = children.filter(|(step, _)| !step.bytes().all(|byte| byte.is_ascii_digit()));
        named.flat_map(|(_, child)| self.ends(*child).iter().chain(self.below(*child))).copied()
    }

    pub(crate) fn ends(&self, node: usize) -> &[usize] {
        &self.nodes[node].ends
    }

    pub(crate) fn below(&self, node: usize) -> &[usize] {
        &self.nodes[node].below
    }
}
