//! Templates of the same text, as copies of a report have them: compiled once.

use std::collections::{BTreeMap, HashMap};

use super::unsafe_places::format_of;

/// Which templates are compiled, and which have the text of one that is.
#[derive(Debug, Default)]
pub(super) struct Twins {
    /// By text and format, the template that is compiled.
    compiled: HashMap<String, BTreeMap<String, String>>,
    /// Templates that are not compiled under their own name, each with the compiled one of its text and format; `None` where
    /// that one was replaced since.
    twin_of: BTreeMap<String, Option<String>>,
}

impl Twins {
    /// Whether a template of this text is compiled for the same format; then the two are twins from now on.
    pub(super) fn join(&mut self, name: &str, text: &str) -> bool {
        let of_text = self.compiled.get(text);
        let twin = of_text.and_then(|of_text| of_text.get(format_of(name))).cloned();
        let is_there = twin.is_some();
        if is_there {
            self.twin_of.insert(name.into(), twin);
        }
        is_there
    }

    /// Takes note of a template that is compiled.
    pub(super) fn add(&mut self, name: &str, text: &str) {
        let of_text = self.compiled.entry(text.into()).or_default();
        of_text.insert(format_of(name).into(), name.into());
    }

    /// Forgets a template, in whose place another text comes.
    pub(super) fn remove(&mut self, name: &str) {
        self.twin_of.remove(name);
        for twin in self.twin_of.values_mut() {
            twin.take_if(|compiled| compiled == name);
        }
        for of_text in self.compiled.values_mut() {
            of_text.retain(|_, compiled| compiled != name);
        }
    }

    /// The template that is compiled in place of one: itself where it has no twin.
    pub(super) fn compiled<'a>(&'a self, name: &'a str) -> &'a str {
        self.twin_of.get(name).and_then(Option::as_deref).unwrap_or(name)
    }

    /// Templates that are not compiled under their own name.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.twin_of.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_have_one_text_and_one_format() {
        let mut twins = Twins::default();
        assert!(!twins.join("a/page.html.j2", "<p>"));
        twins.add("a/page.html.j2", "<p>");
        assert!(twins.join("b/page.html.j2", "<p>"));
        assert!(!twins.join("b/page.md.j2", "<p>"), "it is escaped otherwise");
        assert!(!twins.join("c/page.html.j2", "<b>"));
        assert_eq!(twins.compiled("b/page.html.j2"), "a/page.html.j2");
        assert_eq!(twins.compiled("c/page.html.j2"), "c/page.html.j2");
    }

    #[test]
    fn a_template_that_is_replaced_is_nobodys_twin() {
        let mut twins = Twins::default();
        twins.add("a/page.html.j2", "<p>");
        twins.join("b/page.html.j2", "<p>");
        twins.remove("a/page.html.j2");
        assert_eq!(twins.compiled("b/page.html.j2"), "b/page.html.j2");
        assert_eq!(
            twins.names().collect::<Vec<_>>(),
            ["b/page.html.j2"],
            "it is still to be loaded"
        );
        assert!(!twins.join("c/page.html.j2", "<p>"));
    }
}
