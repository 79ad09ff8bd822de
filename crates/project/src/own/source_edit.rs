//! The drafted source file, fitted to what a role needs of its columns.

use scorewright_domain::ProjectFile;
use scorewright_extract::{Draft, Kind, Orientation, Personal, Source};
use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::answers::AnsweredRole;
use super::copies::{add_hashed, hash_of};
use super::mapping::Mapping;
use super::role_questions::{RoleKind, RoleQuestions};
use super::times::Times;

/// The drafted source with types, ranges and keys as the role needs them.
///
/// - `grain`: columns of the role that name a row.
pub(crate) fn fitted(
    draft: &Draft,
    mapping: &Mapping,
    asks: &RoleQuestions,
    grain: &[String],
    said: &AnsweredRole,
) -> ProjectFile {
    let mut document: DocumentMut = draft.file.text.parse().expect("a draft was read before");
    let source = &draft.source;
    let told = mapping.columns.iter();
    for (column, found) in told.filter(|(column, _)| !mapping.copies.contains_key(*column)) {
        let asked = asks.columns.get(column);
        let Some(table) = column_of(&mut document, found) else { continue };
        let kind = asked.map_or(RoleKind::Text, |asked| asked.kind);
        let times = draft.readings.get(found).and_then(|readings| Times::of(readings));
        match times.filter(|_| kind == RoleKind::Timestamp) {
            Some(times) => times.put(table, said.dates),
            None if draft.empty.contains(found) => table["type"] = value(kind.of_source()),
            None => fit_kind(table, source, found, kind),
        }
        if asked.is_some_and(|asked| asked.needed.is_some() && !asked.may_be_empty) {
            table["required"] = value(true);
        }
    }
    for (column, name) in &mapping.copies {
        add_hashed(&mut document, source, &mapping.columns[column], name);
    }
    for (question, found) in &mapping.questions {
        if let Some(table) = column_of(&mut document, found) {
            if draft.empty.contains(found) {
                table["type"] = value("integer");
            }
            fit_question(table, question, asks, said.orientation);
        }
    }
    if let Some(found) = mapping.columns.get(&asks.watermark) {
        document.entry("watermark").or_insert(value(found));
    }
    if let Some(key) = key_of(mapping, grain).filter(|key| !is_repeated(draft, key)) {
        upsert(&mut document, source, &key);
    }
    let answered = mapping.columns.values().filter(|found| draft.readings.contains_key(*found));
    ProjectFile::new(draft.file.path.clone(), without_questions(&document.to_string(), answered))
}

/// The text without the questions of columns that are answered, which stand below them as comments.
fn without_questions<'a>(text: &str, answered: impl Iterator<Item = &'a String>) -> String {
    let heads: Vec<String> = answered.map(|column| format!("[columns.{column}]")).collect();
    let (mut kept, mut is_answered, mut is_question) = (String::new(), false, false);
    for line in text.lines() {
        if line.starts_with('[') {
            is_answered = heads.iter().any(|head| head == line);
        }
        is_question = (is_question && line.starts_with('#'))
            || (is_answered && line.starts_with("# QUESTION:"));
        let is_count = !heads.is_empty() && line.ends_with("the sample does not decide them.");
        if !is_question && !is_count {
            kept += line;
            kept.push('\n');
        }
    }
    kept
}

fn column_of<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut Table> {
    document.get_mut("columns")?.get_mut(name)?.as_table_mut()
}

/// Lets a column have the type that the role needs.
fn fit_kind(table: &mut Table, source: &Source, name: &str, kind: RoleKind) {
    let column = &source.columns[name];
    match kind {
        RoleKind::Text => {
            let_be_text(table, column.kind);
            if column.personal == Personal::Drop {
                table["personal"] = value("hash");
            }
        }
        RoleKind::Domain => table["personal"] = value("domain"),
        RoleKind::Person => {
            let_be_text(table, column.kind);
            table["personal"] = value(hash_of(column.personal));
        }
        RoleKind::Integer | RoleKind::Decimal | RoleKind::Timestamp | RoleKind::Boolean => {}
    }
}

fn let_be_text(table: &mut Table, kind: Kind) {
    if kind != Kind::Text {
        for key in ["format", "scale", "thousands", "decimal_mark", "currency", "map"] {
            table.remove(key);
        }
        table["type"] = value("text");
    }
}

/// The range of a question's answers, and what it means to have many.
fn fit_question(
    table: &mut Table,
    question: &str,
    asks: &RoleQuestions,
    orientation: Option<Orientation>,
) {
    let scale = asks.questions.as_ref().and_then(|questions| questions.scales.get(question));
    if let Some(scale) = scale {
        table["min"] = value(scale.min);
        table["max"] = value(scale.max);
    }
    if matches!(question, "nps" | "csat" | "ces") {
        table["question"] = value(question);
    }
    if question == "ces" {
        let word = if orientation == Some(Orientation::Effort) { "effort" } else { "ease" };
        table["orientation"] = value(word);
        if orientation == Some(Orientation::Effort) {
            table["reversed"] = value(true);
        }
    }
}

/// Columns of the source that name a row of it; `None` where the extract does not tell them all.
fn key_of(mapping: &Mapping, grain: &[String]) -> Option<Vec<String>> {
    let of_questions = !mapping.questions.is_empty();
    let is_wanted = |column: &&String| {
        let is_told = mapping.columns.contains_key(*column);
        *column != "source" && !mapping.values.contains_key(*column) && (is_told || !of_questions)
    };
    let key: Option<Vec<String>> =
        grain.iter().filter(is_wanted).map(|column| mapping.columns.get(column).cloned()).collect();
    key.filter(|key| !key.is_empty())
}

/// Whether several rows of the sample have the one column of a key in common: lines of one thing, or versions of it.
fn is_repeated(draft: &Draft, key: &[String]) -> bool {
    matches!(key, [one] if draft.repeated.contains(one))
}

/// What a person should know of a key that rows have in common.
pub(crate) fn repeated_key(draft: &Draft, mapping: &Mapping, grain: &[String]) -> Option<String> {
    let key = key_of(mapping, grain).filter(|key| is_repeated(draft, key))?;
    let from = draft.source.columns[&key[0]].names(&key[0])[0];
    Some(format!(
        "several rows have the same `{from}`, so every row is kept and a run with such rows ends with status 3: where they are \
         versions of one thing, write `load`, `key` and `updated_at` into the source; where they are lines of it, add them up in \
         the staging model"
    ))
}

/// A row that comes again is a newer version: by a time of change where there is one, else by the later file.
fn upsert(document: &mut DocumentMut, source: &Source, key: &[String]) {
    document["load"] = value("upsert");
    document["key"] = Item::Value(key.iter().collect::<Array>().into());
    for name in key {
        if let Some(table) = column_of(document, name) {
            table.remove("optional");
        }
    }
    let is_change = |(name, column): &(&String, &scorewright_extract::Column)| {
        let is_time = matches!(column.kind, Kind::Timestamp | Kind::Date);
        is_time && ["updated", "modified", "changed"].iter().any(|word| name.contains(word))
    };
    match source.columns.iter().find(is_change) {
        Some((name, _)) => document["updated_at"] = value(name),
        None => document["delivered"] = value("first_seen"),
    }
}
