//! The paths a source asks for, as a tree to walk down with an object.

use crate::source::{JsonPath, JsonStep};

/// Paths with a common beginning share their nodes. The root is node 0.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    children: Vec<(JsonStep, usize)>,
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
            node = self.step(node, step).unwrap_or_else(|| self.grow(node, step));
        }
        self.nodes[node].ends.push(slot);
    }

    fn step(&self, node: usize, wanted: &JsonStep) -> Option<usize> {
        let mut children = self.nodes[node].children.iter();
        children.find(|(step, _)| step == wanted).map(|(_, child)| *child)
    }

    fn grow(&mut self, node: usize, step: &JsonStep) -> usize {
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        self.nodes[node].children.push((step.clone(), child));
        child
    }

    /// The node below `node` for the member `name`.
    #[inline]
    pub(crate) fn child(&self, node: usize, name: &[u8]) -> Option<usize> {
        let children = self.nodes[node].children.iter();
        let is_it =
            |step: &JsonStep| matches!(step, JsonStep::Member(member) if member.as_bytes() == name);
        children.clone().find(|(step, _)| is_it(step)).map(|(_, child)| *child)
    }

    /// The node below `node` for the element at `place`.
    pub(crate) fn element(&self, node: usize, place: usize) -> Option<usize> {
        if self.nodes[node].children.is_empty() {
            return None;
        }
        self.child(node, place.to_string().as_bytes())
    }

    /// The nodes below `node` for objects of an array that are found by a member: its name, its value, the node.
    pub(crate) fn keyed(&self, node: usize) -> impl Iterator<Item = (&str, &str, usize)> {
        self.nodes[node].children.iter().filter_map(|(step, child)| match step {
            JsonStep::Keyed { member, value } => Some((member.as_str(), value.as_str(), *child)),
            JsonStep::Member(_) => None,
        })
    }

    /// Slots of the paths that cannot go on in an array: their next step is the name of a member.
    pub(crate) fn named(&self, node: usize) -> impl Iterator<Item = usize> {
        let is_name = |step: &JsonStep| match step {
            JsonStep::Member(name) => !name.bytes().all(|byte| byte.is_ascii_digit()),
            JsonStep::Keyed { .. } => false,
        };
        let named = self.nodes[node].children.iter().filter(move |(step, _)| is_name(step));
        named.flat_map(|(_, child)| self.ends(*child).iter().chain(self.below(*child))).copied()
    }

    pub(crate) fn ends(&self, node: usize) -> &[usize] {
        &self.nodes[node].ends
    }

    pub(crate) fn below(&self, node: usize) -> &[usize] {
        &self.nodes[node].below
    }
}
