//! Follows `docs/tutorial.md` through the program. A comment at the top of the page states the rules.

use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{root, scorewright};

/// The page makes a company of the usual size; what the reader adds shows in a small one as well.
const SMALL: [&str; 4] = ["--customers", "60", "--weeks", "30"];

/// A fenced block, and the paragraph that introduces it.
struct Block<'page> {
    paragraph: &'page str,
    language: &'page str,
    text: &'page str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    // Prose and code take turns between the fences.
    let parts: Vec<&str> = page.split("\n```").collect();
    let pairs = parts.chunks_exact(2).map(|pair| {
        let paragraph = pair[0].trim().rsplit("\n\n").next().unwrap_or_default();
        let (language, text) = pair[1].split_once('\n').expect("a block has lines");
        Block { paragraph, language, text }
    });
    pairs.collect()
}

impl Block<'_> {
    /// The file that the paragraph names last.
    fn file(&self) -> &str {
        self.paragraph
            .rsplit('`')
            .nth(1)
            .unwrap_or_else(|| panic!("no file is named: {}", self.paragraph))
    }

    /// Lines of a diff that come with one sign.
    fn side(&self, sign: char) -> String {
        self.text
            .lines()
            .filter_map(|line| line.strip_prefix(sign))
            .map(|line| format!("{line}\n"))
            .collect()
    }
}

/// Somebody who works through the page.
struct Reader {
    folder: PathBuf,
    commands: usize,
    /// What the last command said.
    said: String,
    /// A file with a slip, and its text without.
    slip: Option<(PathBuf, String)>,
}

impl Reader {
    fn follow(&mut self, block: &Block<'_>) {
        match block.language {
            "sh" => {
                self.said.clear();
                for line in block.text.lines() {
                    self.run(line);
                }
            }
            "text" => {
                self.compare(block.text);
                if let Some((path, text)) = self.slip.take() {
                    fs::write(path, text).unwrap();
                }
            }
            "diff" => self.slip(block),
            "csv" | "toml" | "sql" => self.write(block),
            other => panic!("the rules of the page do not know `{other}`"),
        }
    }

    fn run(&mut self, line: &str) {
        let (command, status) = line.split_once("# status ").unwrap_or((line, "0"));
        let words = words(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let arguments = match words.as_slice() {
            ["cd", folder] => return self.folder.push(folder),
            ["alias", ..] => return,
            ["cargo", "run", "--", arguments @ ..] => [arguments, &SMALL].concat(),
            ["scorewright", arguments @ ..] => arguments.to_vec(),
            _ => panic!("the rules of the page do not know `{command}`"),
        };
        let ended = scorewright(&self.folder, &arguments);
        self.said = ended.answer + &ended.said;
        self.commands += 1;
        assert_eq!(ended.status, status.trim().parse::<i32>().unwrap(), "{line}\n{}", self.said);
    }

    /// Every part of the text between `...` must have been said, one after the other.
    fn compare(&self, text: &str) {
        let said = squeezed(&self.said);
        let mut rest = said.as_str();
        for part in squeezed(text).split("...").filter(|_| !said.is_empty()) {
            let Some((_, after)) = rest.split_once(part.trim()) else {
                panic!("the page shows:\n{text}\nthe program said:\n{}", self.said);
            };
            rest = after;
        }
    }

    fn write(&self, block: &Block<'_>) {
        let path = self.folder.join(block.file());
        let is_added = block.paragraph.starts_with("Add");
        let before =
            if is_added { fs::read_to_string(&path).unwrap() + "\n" } else { String::new() };
        fs::write(path, format!("{before}{}\n", block.text)).unwrap();
    }

    fn slip(&mut self, block: &Block<'_>) {
        let path = self.folder.join(block.file());
        let text = fs::read_to_string(&path).unwrap();
        let (right, wrong) = (block.side('-'), block.side('+'));
        assert_eq!(text.matches(&right).count(), 1, "{right} in {}", path.display());
        fs::write(&path, text.replace(&right, &wrong)).unwrap();
        self.slip = Some((path, text));
    }
}

/// The words of a command line, as a shell sees them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in line.trim().chars() {
        match (letter, quote) {
            (' ', None) => words.push(String::new()),
            ('\'' | '"', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            _ => words.last_mut().expect("there is a first word").push(letter),
        }
    }
    words
}

/// Without the widths of columns, which follow the largest number of a table.
fn squeezed(text: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_tutorial_works_as_it_says() {
    let page = fs::read_to_string(root().join("docs/tutorial.md")).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let folder = Path::canonicalize(temporary.path()).unwrap();
    let mut reader = Reader { folder, commands: 0, said: String::new(), slip: None };
    for block in blocks(&page) {
        reader.follow(&block);
    }
    assert!(reader.commands > 15, "only {} commands were run", reader.commands);
    assert!(
        reader.folder.join("scorewright-demo/out/pages/scorecard/2026-W47.r1").is_dir(),
        "no revision"
    );
}
