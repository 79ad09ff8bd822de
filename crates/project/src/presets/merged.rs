//! Files of a project that say something of every source: what further sources add to them, beside what people wrote there.

use scorewright_domain::ProjectFile;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table};

use super::entries::IDENTITY;

/// Whether a file says something of every source, so that one more changes it.
pub(crate) fn is_shared(path: &str) -> bool {
    path == IDENTITY || path == "pipelines/benchmarks.toml" || path.ends_with("/report.toml")
}

/// The project's file with what the standard one has more after sources were added than before.
pub(crate) fn merged(
    project: &ProjectFile,
    before: &ProjectFile,
    after: &ProjectFile,
) -> ProjectFile {
    if project.text == before.text {
        return after.clone();
    }
    let documents = [project, before, after].map(|file| file.text.parse::<DocumentMut>());
    let [Ok(mut document), Ok(before), Ok(after)] = documents else { return project.clone() };
    for key in ["tables", "benchmark", "breakdown"] {
        add_entries(document.as_table_mut(), &before, &after, key);
    }
    add_anchor(&mut document, &before, &after);
    add_lines(&mut document, &before, &after);
    ProjectFile::new(project.path.clone(), document.to_string())
}

fn entries<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    table.get(key).and_then(Item::as_array_of_tables).into_iter().flat_map(ArrayOfTables::iter)
}

/// What an entry says, without its comments and blanks.
fn meaning(entry: &Table) -> Vec<(String, String)> {
    entry.iter().map(|(key, item)| (key.to_owned(), item.to_string().trim().to_owned())).collect()
}

/// Adds the entries of a list that are there after and were not before.
fn add_entries(document: &mut Table, before: &Table, after: &Table, key: &str) {
    let known: Vec<_> = entries(before, key).chain(entries(document, key)).map(meaning).collect();
    let fresh: Vec<Table> =
        entries(after, key).filter(|entry| !known.contains(&meaning(entry))).cloned().collect();
    if fresh.is_empty() {
        return;
    }
    let list = document.entry(key).or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    if let Some(list) = list.as_array_of_tables_mut() {
        for mut entry in fresh {
            // Its place in the other file means nothing here.
            entry.set_position(None);
            list.push(entry);
        }
    }
}

/// Adds the anchor, or keys of it.
fn add_anchor(document: &mut DocumentMut, before: &Table, after: &Table) {
    let Some(wanted) = after.get("anchor").and_then(Item::as_table) else { return };
    let none = Table::new();
    let former = before.get("anchor").and_then(Item::as_table).unwrap_or(&none);
    match document.get_mut("anchor").and_then(Item::as_table_mut) {
        Some(anchor) => add_entries(anchor, former, wanted, "keys"),
        None => {
            document.insert("anchor", Item::Table(wanted.clone()));
        }
    }
}

/// Adds lines of a report to the group of the same title, or with their group.
fn add_lines(document: &mut DocumentMut, before: &Table, after: &Table) {
    let lines = |table: &Table| -> Vec<String> {
        let lists = entries(table, "group").filter_map(|group| group.get("lines")?.as_array());
        lists
            .flat_map(|list| list.iter())
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect()
    };
    let known: Vec<String> = lines(before).into_iter().chain(lines(document)).collect();
    for group in entries(after, "group") {
        let list = group.get("lines").and_then(Item::as_array);
        let fresh: Vec<&str> = list
            .into_iter()
            .flat_map(|list| list.iter())
            .filter_map(toml_edit::Value::as_str)
            .filter(|line| !known.iter().any(|known| known == line))
            .collect();
        if !fresh.is_empty() {
            add_to_group(document, group, &fresh);
        }
    }
}

fn add_to_group(document: &mut DocumentMut, wanted: &Table, lines: &[&str]) {
    let title = |group: &Table| group.get("title").and_then(Item::as_str).map(str::to_owned);
    let groups = document.entry("group").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(groups) = groups.as_array_of_tables_mut() else { return };
    let alike = groups.iter_mut().find(|group| title(group) == title(wanted));
    if let Some(list) = alike.and_then(|group| group.get_mut("lines")).and_then(Item::as_array_mut)
    {
        list.extend(lines.iter().copied());
        return;
    }
    let mut group = wanted.clone();
    group.set_position(None);
    if let Some(list) = group.get_mut("lines").and_then(Item::as_array_mut) {
        list.retain(|line| line.as_str().is_some_and(|line| lines.contains(&line)));
    }
    groups.push(group);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> ProjectFile {
        ProjectFile::new("reports/scorecard/report.toml", text)
    }

    #[test]
    fn what_people_wrote_stays_and_what_is_new_comes_to_it() {
        let before = "title = \"S\"\n[[group]]\ntitle = \"A\"\nlines = [\"a\"]\n";
        let after = "title = \"S\"\n[[group]]\ntitle = \"A\"\nlines = [\"a\", \"b\"]\n\n\
                     [[group]]\ntitle = \"C\"\nlines = [\"c\"]\n\n[[breakdown]]\nmetric = \"b\"\nby = \"team\"\n";
        let project =
            "title = \"Ours\"\n# Ours too.\n[[group]]\ntitle = \"A\"\nlines = [\"ours\"]\n";
        let found = merged(&file(project), &file(before), &file(after)).text;
        let expected = "title = \"Ours\"\n# Ours too.\n[[group]]\ntitle = \"A\"\nlines = [\"ours\", \"b\"]\n\n\
                        [[group]]\ntitle = \"C\"\nlines = [\"c\"]\n\n[[breakdown]]\nmetric = \"b\"\nby = \"team\"\n";
        assert_eq!(found, expected);
        assert_eq!(merged(&file(before), &file(before), &file(after)).text, after);
        assert_eq!(
            merged(&file(&found), &file(before), &file(after)).text,
            found,
            "once is enough"
        );
    }
}
