//! The crates as their source files: which modules there are, what each defines, and which others it names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

use crate::binary::{files_below, root};

/// A name that a file defines: `struct RowCollector`, `fn read`, the field `positions`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Definition {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    /// Whether other modules may use it.
    pub(crate) is_public: bool,
}

/// One file of a crate.
pub(crate) struct Module {
    /// `rows::collector`; empty for the crate itself.
    pub(crate) path: Vec<String>,
    pub(crate) file: String,
    pub(crate) definitions: BTreeSet<Definition>,
    /// Paths it names outside of tests, as they are written.
    named: Vec<Vec<String>>,
}

pub(crate) fn crates() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("crates")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The modules of a crate, without those that are only compiled for tests.
pub(crate) fn modules(name: &str) -> Vec<Module> {
    let folder = root().join("crates").join(name).join("src");
    let is_rust = |path: &Path| path.extension().is_some_and(|ending| ending == "rs");
    let files = files_below(&folder).into_iter().filter(|(path, _)| is_rust(path));
    let mut modules: Vec<Module> = Vec::new();
    let mut of_tests: BTreeSet<Vec<String>> = BTreeSet::new();
    for (path, bytes) in files {
        let file = syn::parse_file(&String::from_utf8(bytes).unwrap()).unwrap();
        let path_of = module_path(&path);
        let mut names = Names { base: path_of.clone(), ..Names::default() };
        names.visit_file(&file);
        of_tests.extend(names.of_tests);
        modules.push(Module {
            path: path_of,
            file: format!("crates/{name}/src/{}", path.display()),
            definitions: names.definitions,
            named: names.named,
        });
    }
    modules.retain(|module| !of_tests.iter().any(|tests| module.path.starts_with(tests)));
    modules
}

/// `rows/collector.rs` is `rows::collector`, and so is `rows/collector/mod.rs`.
fn module_path(file: &Path) -> Vec<String> {
    let parts = file.with_extension("");
    let mut parts: Vec<String> =
        parts.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if matches!(parts.last().map(String::as_str), Some("lib" | "main" | "mod")) {
        parts.pop();
    }
    parts
}

/// Which modules of a crate name which others; a path is taken as it is written, so what a module re-exports is its own.
pub(crate) fn edges(modules: &[Module]) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let known: BTreeSet<&Vec<String>> = modules.iter().map(|module| &module.path).collect();
    let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for module in modules {
        let of = edges.entry(module.path.clone()).or_default();
        for path in &module.named {
            let Some(absolute) = absolute(&module.path, path, &known) else { continue };
            let named = (0..=absolute.len()).rev().map(|length| absolute[..length].to_vec());
            of.extend(named.into_iter().find(|path| known.contains(path)));
        }
        of.remove(&module.path);
        // Every module is below the crate's root, which lists what it shows to others.
        of.remove(&Vec::new());
    }
    edges
}

/// A path from the root of its crate; `None` when it leads to another crate, or to an item at hand.
fn absolute(
    from: &[String],
    path: &[String],
    known: &BTreeSet<&Vec<String>>,
) -> Option<Vec<String>> {
    let mut from = from.to_vec();
    let mut rest = path;
    match rest.first().map(String::as_str) {
        Some("crate") => return Some(rest[1..].to_vec()),
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|word| word == "super") {
                from.pop()?;
                rest = &rest[1..];
            }
        }
        Some(first) => {
            let child: Vec<String> = from.iter().chain([&first.to_owned()]).cloned().collect();
            if !known.contains(&child) {
                return None;
            }
        }
        None => return None,
    }
    Some(from.into_iter().chain(rest.iter().cloned()).collect())
}

/// Collects what a file defines and names.
#[derive(Default)]
struct Names {
    base: Vec<String>,
    definitions: BTreeSet<Definition>,
    named: Vec<Vec<String>>,
    of_tests: Vec<Vec<String>>,
}

impl Names {
    fn define(&mut self, kind: &'static str, name: &syn::Ident, visibility: &syn::Visibility) {
        let is_public = !matches!(visibility, syn::Visibility::Inherited);
        self.definitions.insert(Definition { kind, name: name.to_string(), is_public });
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg && quote::ToTokens::to_token_stream(attribute).to_string().contains("test")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            if let Item::Mod(tests) = item {
                let path = self.base.iter().cloned().chain([tests.ident.to_string()]);
                self.of_tests.push(path.collect());
            }
            return;
        }
        match item {
            Item::Struct(item) => self.define("struct", &item.ident, &item.vis),
            Item::Enum(item) => self.define("enum", &item.ident, &item.vis),
            Item::Trait(item) => self.define("trait", &item.ident, &item.vis),
            Item::Type(item) => self.define("type", &item.ident, &item.vis),
            Item::Mod(item) => self.define("mod", &item.ident, &item.vis),
            Item::Const(item) => self.define("const", &item.ident, &item.vis),
            Item::Macro(syn::ItemMacro { ident: Some(name), .. }) => {
                self.define("macro", name, &syn::Visibility::Public(syn::token::Pub::default()));
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.define("fn", &item.sig.ident, &item.vis);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            self.define("fn", &item.sig.ident, &item.vis);
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.define("fn", &item.sig.ident, &syn::Visibility::Inherited);
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if let Some(name) = &field.ident {
            self.define("field", name, &field.vis);
        }
        visit::visit_field(self, field);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        expand(Vec::new(), &item.tree, &mut self.named);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if words.len() > 1 {
            self.named.push(words);
        }
        visit::visit_path(self, path);
    }
}

/// All paths of a `use`.
fn expand(before: Vec<String>, tree: &UseTree, found: &mut Vec<Vec<String>>) {
    let and = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect();
    match tree {
        UseTree::Path(path) => expand(and(&path.ident), &path.tree, found),
        UseTree::Name(name) if name.ident == "self" => found.push(before),
        UseTree::Name(name) => found.push(and(&name.ident)),
        UseTree::Rename(name) => found.push(and(&name.ident)),
        UseTree::Glob(_) => found.push(before),
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| expand(before.clone(), tree, found));
        }
    }
}
