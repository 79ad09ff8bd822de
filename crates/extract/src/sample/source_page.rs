//! The source file, written for a person to check.

use super::alike;
use super::column_sample::ColumnSample;
use super::guess::Guess;
use super::keys::Keys;
use super::name;
use super::personal::PersonalHint;
use super::sample_table::{Layout, SampleTable};
use super::toml_text::quoted;
use crate::typed::Zone;

/// Distinct texts that may be all there are.
const FEW: usize = 20;
/// Characters of an example.
const EXAMPLE: usize = 40;

/// What the page is about.
pub(crate) struct SourcePage<'a> {
    /// Folder of the extracts below the extracts folder, with a slash at its end.
    pub(crate) folder: &'a str,
    pub(crate) file: &'a str,
    pub(crate) format: &'a str,
    pub(crate) is_whole: bool,
    pub(crate) table: &'a SampleTable,
    /// Canonical name, what was seen, what it is taken for.
    pub(crate) columns: &'a [(String, ColumnSample, Guess)],
    /// Names that cannot be declared, with the reason.
    pub(crate) left_out: &'a [(String, &'static str)],
    /// Days of the longest pause between two rows, where it is longer than one.
    pub(crate) quiet: Option<i64>,
}

impl SourcePage<'_> {
    /// The text of `pipelines/sources/<name>.toml`.
    pub(crate) fn text(&self) -> String {
        let mut text = self.head();
        text += &loading(&Keys::of(self.columns), self.quiet);
        text += &deliveries(self.file);
        let not_data = self.table.csv.iter().flat_map(|layout| &layout.not_data);
        let not_data: Vec<String> = not_data.map(|pattern| quoted(pattern)).collect();
        if !not_data.is_empty() {
            text += &format!(
                "not_data = [{}]  # how the lines below the rows begin\n",
                not_data.join(", ")
            );
        }
        if let Some(layout) = &self.table.csv {
            text += &dialect(layout);
        }
        if let Some(rows) = &self.table.json_rows {
            text += &format!(
                "\n[json]\nrows = {}  # the list whose elements are the rows\n",
                quoted(rows)
            );
        }
        text += &unpivot(self.columns);
        text.extend(
            self.left_out
                .iter()
                .map(|(name, why)| format!("\n# Left out: {}: {why}.\n", on_one_line(name))),
        );
        let zones = zone_column(self.columns);
        text.extend(
            self.columns.iter().map(|(name, seen, guess)| column(name, seen, guess, zones)),
        );
        text
    }

    fn head(&self) -> String {
        let sample = if self.is_whole { "all" } else { "the first" };
        let mut text = format!(
            "# Written after a look at `{}` ({sample} {} rows). Check every line; nothing is guessed when a run reads it.\n",
            on_one_line(self.file),
            self.table.rows
        );
        if self.table.malformed > 0 {
            text += &format!(
                "# {} rows have not as many fields as the header: they go to quarantine.\n",
                self.table.malformed
            );
        }
        let asked = self.columns.iter().filter(|(_, _, guess)| guess.question.is_some()).count();
        let is_nameless = self.table.csv.as_ref().is_some_and(|layout| layout.header_rows == 0);
        let has_blanks = self.table.csv.as_ref().is_some_and(|layout| layout.blanks.is_some());
        let questions = asked + usize::from(is_nameless) + usize::from(has_blanks);
        if questions > 0 {
            text += &format!(
                "# {questions} lines with QUESTION below: the sample does not decide them.\n"
            );
        }
        let (title, glob) = (
            quoted(&name::title(self.file)),
            quoted(&(glob::Pattern::escape(self.folder) + &name::glob(self.file))),
        );
        text + &format!(
            "title = {title}\nfiles = {glob}  # below the extracts folder\nformat = \"{}\"\n",
            self.format
        )
    }
}

/// What further files mean, and which columns say so.
fn loading(keys: &Keys, quiet: Option<i64>) -> String {
    let mut text = "load = \"append\"  # a further file adds rows\n".to_owned();
    match (&keys.key, &keys.repeated) {
        (Some(key), _) => {
            text += &format!("key = [\"{key}\"]  # no row without it, no two rows with the same\n");
        }
        (None, Some(name)) => {
            text += &format!(
                "# No column names a row: every row counts. `{name}` has repeats; if they are versions of one thing, see below.\n"
            );
        }
        (None, None) => text += "# No column names a row: every row counts.\n",
    }
    if let (Some(key), Some(updated_at)) =
        (keys.key.as_ref().or(keys.repeated.as_ref()), &keys.updated_at)
    {
        text +=
            "# If further rows are newer versions of former ones, in place of the lines above:\n";
        text +=
            &format!("# load = \"upsert\"\n# key = [\"{key}\"]\n# updated_at = \"{updated_at}\"\n");
    }
    if let Some(watermark) = keys.updated_at.as_ref().or(keys.created_at.as_ref()) {
        text += &format!(
            "watermark = \"{watermark}\"  # its newest value says how far the source has delivered\n"
        );
    }
    if let Some(days) = quiet {
        text += &format!(
            "quiet = \"{days}d\"  # the longest pause in the sample: after its newest row, the source is not late for so long\n"
        );
    }
    if let Some(created_at) = &keys.created_at {
        text += &format!(
            "# partition = \"{created_at}\"  # if it never changes for a row: one file a month\n"
        );
    }
    text + "tolerate = 0.01  # share of bad rows above which a file is refused whole\n"
}

/// What the day or number in the name of the file may mean for further files.
fn deliveries(file: &str) -> String {
    let Some(pattern) = name::moment(file) else { return String::new() };
    format!(
        "# delivery = {pattern}  # if a further file of the same day or month replaces this one\n\
         # delivered = {{ name = {pattern} }}  # if the name says which of two files is the later one, \
         and not which of them a run sees first\n",
        pattern = format_args!("'{pattern}'")
    )
}

fn dialect(layout: &Layout) -> String {
    let found = &layout.found;
    let mut text =
        format!("\n[csv]\ndelimiter = {}\n", quoted(&char::from(found.delimiter).to_string()));
    if let Some(blanks) = layout.blanks {
        text += &format!("# QUESTION: {}.\n", blanks.question());
    }
    text += &format!(
        "quote = {}\n",
        quoted(&found.quote.map_or_else(String::new, |quote| char::from(quote).to_string()))
    );
    if found.has_escape {
        text += "escape = \"\\\\\"\n";
    }
    text += &format!("encoding = \"{}\"  # {}\n", layout.encoding, layout.because);
    if found.skip_rows > 0 {
        text += &format!("skip_rows = {}  # lines above the header\n", found.skip_rows);
    }
    text += &format!("header_rows = {}\n", layout.header_rows);
    if layout.header_rows == 0 {
        let names: Vec<String> =
            (1..=found.width).map(|place| format!("\"column_{place}\"")).collect();
        text += &format!(
            "# QUESTION: the file has no header; name its columns here, and below.\nnames = [{}]\n",
            names.join(", ")
        );
    }
    if !layout.not_data.is_empty() {
        text += &format!(
            "footer_rows = {}  # a sum or a remark at the end, no data\n",
            layout.footer_rows
        );
    }
    text
}

/// What may be said of a grid of columns.
fn unpivot(columns: &[(String, ColumnSample, Guess)]) -> String {
    let Some((pattern, count)) = alike::grid(columns) else { return String::new() };
    let pattern = quoted(&pattern);
    format!(
        "\n# {count} columns are {pattern}. If each had better be a row, in place of their `[columns]`, and with \"question\" in `key`:\n\
         # [unpivot]\n# columns = [{pattern}]\n# name = \"question\"\n# value = \"answer\"\n\
         # [columns.question]\n# type = \"text\"\n# [columns.answer]\n# type = \"integer\"\n"
    )
}

/// The column that names the clock of each row, if there is one.
fn zone_column(columns: &[(String, ColumnSample, Guess)]) -> Option<&str> {
    let is_zone = |value: &String| value.contains('/') && Zone::named(value.trim()).is_some();
    let are_zones = |(_, seen, _): &&(String, ColumnSample, Guess)| {
        !seen.values.is_empty() && seen.values.keys().all(is_zone)
    };
    columns.iter().find(are_zones).map(|(name, _, _)| name.as_str())
}

fn column(name: &str, seen: &ColumnSample, guess: &Guess, zones: Option<&str>) -> String {
    let mut text = format!("\n# {}\n", facts(seen, guess));
    guess.because.iter().for_each(|because| text += &format!("# {}\n", on_one_line(because)));
    if let Some(misfits) = &guess.misfits {
        let first = misfits
            .first
            .as_deref()
            .map_or_else(String::new, |first| format!(", as {}", example(first)));
        text += &format!("# {} rows do not fit{first}: they go to quarantine.\n", misfits.misfits);
    }
    text += &format!("[columns.{name}]\n");
    if let Some(pattern) = &seen.above {
        text +=
            &format!("above = {}  # stands above the rows, and is that of each\n", quoted(pattern));
    } else if seen.from != name {
        text += &format!("from = {}\n", quoted(&seen.from));
    }
    text += &guess.lines();
    text.push('\n');
    if let Some(question) = &guess.question {
        text += &format!("# QUESTION: {}\n", on_one_line(question));
    }
    guess.instead.iter().for_each(|line| text += &format!("# {line}\n"));
    if let Some(zones) =
        zones.filter(|_| guess.instead.iter().any(|line| line.starts_with("time_zone")))
    {
        text += &format!(
            "# time_zone = {{ column = \"{zones}\" }}  # if it is on the clock that the row names there\n"
        );
    }
    if is_recommendation(name, guess) {
        text += "# question = \"nps\"  # if it asks how likely somebody is to recommend you, from 0 to 10\n";
    }
    text + &suggestions(seen, guess)
}

/// Whether a column may be the answers to how likely somebody is to recommend something: 0 to 10, and some of them high.
fn is_recommendation(name: &str, guess: &Guess) -> bool {
    let is_named = name::has_word(
        name,
        &["nps", "recommend", "recommended", "weiterempfehlen", "recommanderiez"],
    );
    let within = |range: &(String, String)| {
        let edge = |text: &str| text.parse::<i64>().ok();
        edge(&range.0)
            .zip(edge(&range.1))
            .is_some_and(|(low, high)| (0..=10).contains(&low) && (6..=10).contains(&high))
    };
    guess.kind() == "integer"
        && guess.range.as_ref().is_some_and(within)
        && (is_named || guess.range.as_ref().is_some_and(|range| range.1 == "10"))
}

/// What was seen: how many, how different, from where to where, a few examples.
fn facts(seen: &ColumnSample, guess: &Guess) -> String {
    let is_null = |value: &&String| guess.null.contains(value);
    let nulls = guess.null.iter().filter_map(|token| Some((token, seen.values.get(token)?)));
    let nulls: Vec<String> =
        nulls.map(|(token, rows)| format!(", {rows} {}", example(token))).collect();
    let values = seen.values.iter().filter(|(value, _)| !is_null(value));
    let (distinct, filled) =
        values.fold((0, 0), |(distinct, filled), (_, rows)| (distinct + 1, filled + rows));
    let mut text =
        format!("{filled} values, {distinct} distinct, {} empty{}", seen.empty, nulls.concat());
    match guess.about {
        Some(PersonalHint::Mail) => {
            return text + "; e-mail addresses: hashed, so that they still join";
        }
        Some(PersonalHint::Person(what)) => {
            return text
                + &format!("; looks like {what}: dropped; \"hash\" would keep it joinable");
        }
        Some(PersonalHint::PerhapsName) => {
            return text + "; if these are names of people, add `personal = \"drop\"`";
        }
        Some(PersonalHint::FreeText) => {
            return text
                + "; words of people, perhaps with names in them: `personal = \"drop\"` if nobody reads them";
        }
        None => {}
    }
    match &guess.range {
        Some((low, high)) if low != high => {
            text += &format!("; {} to {}", on_one_line(low), on_one_line(high));
        }
        _ => {}
    }
    let examples: Vec<String> = seen
        .values
        .keys()
        .filter(|value| !is_null(value))
        .take(3)
        .map(|value| example(value))
        .collect();
    if !examples.is_empty() {
        text += &format!("; as {}", examples.join(", "));
    }
    text
}

fn suggestions(seen: &ColumnSample, guess: &Guess) -> String {
    let is_few = guess.kind() == "text" && guess.about.is_none() && guess.question.is_none();
    let texts: Vec<String> = seen
        .values
        .keys()
        .filter(|value| !guess.null.contains(value))
        .map(|value| quoted(value))
        .collect();
    let is_few =
        is_few && (1..=FEW).contains(&texts.len()) && seen.filled() as usize >= texts.len() * 3;
    let is_few = is_few && !seen.values.keys().any(|value| value.contains('@'));
    if is_few { format!("# accepted = [{}]\n", texts.join(", ")) } else { String::new() }
}

fn example(value: &str) -> String {
    if value.contains('@') {
        return "an address or handle of somebody".into();
    }
    let cut: String = value.chars().take(EXAMPLE).collect();
    let more = if cut.len() < value.len() { "…" } else { "" };
    format!("`{}{more}`", on_one_line(&cut))
}

/// A text on one line of a comment: what would end the line, hide or reorder it is spelt out.
fn on_one_line(text: &str) -> String {
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars()
        .map(|letter| {
            if is_hidden(letter) { letter.escape_unicode().to_string() } else { letter.to_string() }
        })
        .collect()
}
