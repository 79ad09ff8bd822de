//! No module of a crate may depend on itself by way of others.

use std::collections::{BTreeMap, BTreeSet};

use super::source_tree::{crates, edges, modules};

/// Circles that are there still: crate and modules. The list may only shrink.
const KNOWN: [(&str, &[&str]); 0] = [];

/// Circles there may be at most, and modules in each.
const MOST: usize = 5;
const LARGEST: usize = 3;

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Groups of two modules or more of which each leads to all others.
fn circles(graph: &Graph) -> BTreeSet<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> =
        graph.keys().map(|from| (from, reached(graph, from))).collect();
    let mut found = BTreeSet::new();
    for from in graph.keys() {
        let circle: Vec<String> = reached[from]
            .iter()
            .filter(|to| reached.get(**to).is_some_and(|back| back.contains(from)))
            .map(ToString::to_string)
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found
}

/// All modules that a module leads to.
fn reached<'a>(graph: &'a Graph, from: &'a String) -> BTreeSet<&'a String> {
    let mut found = BTreeSet::new();
    let mut next: Vec<&String> = graph.get(from).into_iter().flatten().collect();
    while let Some(module) = next.pop() {
        if found.insert(module) {
            next.extend(graph.get(module).into_iter().flatten());
        }
    }
    found
}

/// The modules of a crate: each for itself, or each with all below it.
fn graph(name: &str, depth: usize) -> Graph {
    let label = |path: &[String]| path[..path.len().min(depth)].join("::");
    let mut graph = Graph::new();
    for (from, to) in edges(&modules(name)) {
        let from = label(&from);
        let others = to.iter().map(|to| label(to)).filter(|to| *to != from);
        let others: BTreeSet<String> = others.collect();
        graph.entry(from).or_default().extend(others);
    }
    graph
}

#[test]
fn no_circle_of_modules_is_new() {
    let mut found: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    for name in crates() {
        // Folders against each other, and files against each other.
        for depth in [1, usize::MAX] {
            found.extend(circles(&graph(&name, depth)).into_iter().map(|it| (name.clone(), it)));
        }
    }
    let known: BTreeSet<(String, Vec<String>)> = KNOWN
        .iter()
        .map(|(name, circle)| {
            ((*name).to_owned(), circle.iter().map(ToString::to_string).collect())
        })
        .collect();
    assert_eq!(found, known, "a circle is new, or one is gone and has to leave the list");
    assert!(known.len() <= MOST && known.iter().all(|(_, circle)| circle.len() <= LARGEST));
}

#[test]
fn circles_are_found_whoever_closes_them() {
    let graph: Graph = [("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["a", "d"]), ("d", vec![])]
        .into_iter()
        .map(|(from, to)| (from.to_owned(), to.into_iter().map(str::to_owned).collect()))
        .collect();
    let circle = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(circles(&graph), BTreeSet::from([circle]));
    assert!(
        modules("extract").len() > 80 && edges(&modules("extract")).values().any(|to| to.len() > 5)
    );
}
