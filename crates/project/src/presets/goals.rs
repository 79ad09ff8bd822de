//! Goals of the standard library in a new project: examples, since nobody there has promised them.

use scorewright_domain::ProjectFile;

const GOALS: &str = "pipelines/targets.toml";

/// What the examples are.
const HEAD: &str = "\
# What was promised: a line to keep, or a value to reach by a day. Shares run from 0 to 1, durations are seconds.
# Nothing is promised yet. These are examples, the goals of the demo company: take the signs away before what you promise,
# and write your own values. A changed promise is a new entry with a later `from`, so that past periods keep the target of
# their day.

";

/// The file with its goals commented out; any other file as it is.
pub(crate) fn as_examples(file: ProjectFile) -> ProjectFile {
    if file.path != GOALS {
        return file;
    }
    let first = file.text.find("[[target]]").unwrap_or(file.text.len());
    let goals: String = file.text[first..].lines().map(commented).collect();
    ProjectFile::new(file.path.clone(), format!("{HEAD}{goals}"))
}

fn commented(line: &str) -> String {
    if line.is_empty() || line.starts_with('#') {
        format!("{line}\n")
    } else {
        format!("# {line}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[test]
    fn a_new_project_has_promised_nothing_yet() {
        let files = library::library_files().into_iter();
        let goals = files.filter(|file| file.path == GOALS).map(as_examples).next().unwrap();
        assert!(goals.text.contains("\n# [[target]]\n# metric = \"nps\""), "{}", goals.text);
        assert!(!goals.text.contains("# #"), "{}", goals.text);
        assert!(goals.text.lines().all(|line| line.is_empty() || line.starts_with('#')));
    }
}
