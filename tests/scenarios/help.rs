//! Every flag that a message, a help text or a page names is one that the command line takes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::binary::{files_below, root, scorewright};

/// Programs whose flags the pages name too.
const OTHER_PROGRAMS: [&str; 4] = ["cargo", "mdbook", "systemctl", "zstd"];

/// The flags of each command by the words that call it; the program itself is called by none.
fn flags_by_command() -> BTreeMap<String, BTreeSet<String>> {
    let mut commands = BTreeMap::new();
    // Help lists neither itself nor the process that a run starts to decode Parquet.
    let mut waiting = vec![String::new(), "decode-parquet".to_owned()];
    while let Some(command) = waiting.pop() {
        let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = scorewright(&root(), &arguments).answer;
        let options =
            help.split("\nOptions:").nth(1).unwrap_or_else(|| panic!("{command}: {help}"));
        waiting
            .extend(subcommands(&help).map(|name| format!("{command} {name}").trim().to_owned()));
        commands.insert(command, option_names(options));
    }
    commands
}

/// The commands that a help text lists.
fn subcommands(help: &str) -> impl Iterator<Item = &str> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    let lines = list.lines().take_while(|line| !line.is_empty());
    // A line that goes on with the text of the one above begins further to the right.
    let names = lines.filter_map(|line| {
        line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   "))
    });
    names.filter(|name| *name != "help")
}

/// The flags that begin a line of the options.
fn option_names(options: &str) -> BTreeSet<String> {
    let lines = options.lines().filter(|line| line.trim_start().starts_with('-'));
    lines
        .flat_map(|line| {
            flags(line.split("  ").find(|part| part.contains("--")).unwrap_or_default())
        })
        .collect()
}

/// Everything in a text that is written as a long flag.
fn flags(text: &str) -> Vec<String> {
    let is_part = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-' || letter == '_'
    };
    let words = text.split(|letter| !is_part(letter));
    words.filter(|word| is_flag(word)).map(ToOwned::to_owned).collect()
}

/// Whether a word is a long flag, and no arrow of a drawing: `--land-->`.
fn is_flag(word: &str) -> bool {
    let name = word.strip_prefix("--").unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_lowercase()) && !name.ends_with('-')
}

/// The pages, and the sources with their messages and help texts.
fn texts() -> Vec<(String, String)> {
    let mut texts =
        vec![("README.md".into(), fs::read_to_string(root().join("README.md")).unwrap())];
    for (folder, ending) in [("docs", "md"), ("crates", "rs")] {
        let has_ending = |path: &Path| path.extension().is_some_and(|found| found == ending);
        for (path, bytes) in files_below(&root().join(folder)) {
            if has_ending(&path) {
                texts.push((
                    format!("{folder}/{}", path.display()),
                    String::from_utf8(bytes).unwrap(),
                ));
            }
        }
    }
    texts
}

/// Whether a line is about another program.
fn is_of_another_program(line: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    line.split(|letter| !is_part(letter)).any(|word| OTHER_PROGRAMS.contains(&word))
}

/// The calls of the program in a line, each with the flags of the command it calls.
fn calls<'a>(
    line: &'a str,
    commands: &'a BTreeMap<String, BTreeSet<String>>,
) -> impl Iterator<Item = (&'a str, &'a BTreeSet<String>)> {
    line.split("scorewright ").skip(1).map(|call| {
        let call = call.split(['`', '|', ';', '>', '\n']).next().unwrap_or_default();
        let mut command = String::new();
        for word in call.split_whitespace() {
            let longer = format!("{command} {word}").trim().to_owned();
            if !commands.contains_key(&longer) {
                break;
            }
            command = longer;
        }
        (call, &commands[&command])
    })
}

#[test]
fn every_flag_that_is_named_exists() {
    let commands = flags_by_command();
    let known: BTreeSet<&String> = commands.values().flatten().collect();
    let mut wrong = Vec::new();
    for (path, text) in texts() {
        let lines = text.lines().enumerate().filter(|(_, line)| !is_of_another_program(line));
        for (number, line) in lines {
            let unknown = flags(line).into_iter().filter(|flag| !known.contains(flag));
            wrong.extend(
                unknown.map(|flag| format!("{path}:{}: no command has {flag}", number + 1)),
            );
            for (call, own) in calls(line, &commands) {
                let misplaced = flags(call)
                    .into_iter()
                    .filter(|flag| known.contains(flag) && !own.contains(flag));
                wrong.extend(
                    misplaced.map(|flag| {
                        format!("{path}:{}: {flag} in `scorewright {call}`", number + 1)
                    }),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_flags_of_a_command_are_those_of_its_help() {
    let commands = flags_by_command();
    for (command, flag) in [
        ("", "--log-format"),
        ("run", "--require-new"),
        ("run", "--project"),
        ("quarantine list", "--rows"),
        ("add source", "--name"),
        ("decode-parquet", "--memory"),
    ] {
        assert!(commands[command].contains(flag), "{command} {flag}: {:?}", commands[command]);
    }
    assert!(!commands["run"].contains("--rows"), "{:?}", commands["run"]);
}
