//! Names for people's things: canonical column names, source names, globs.

use std::collections::BTreeSet;

/// The canonical name of a header: `Résolution time (min)` is `resolution_time_min`.
pub(crate) fn canonical(header: &str) -> String {
    let mut name = String::new();
    let mut before = ' ';
    let letters: Vec<char> = header.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let next_is_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let opens_word = letter.is_uppercase()
            && (before.is_lowercase() || (before.is_uppercase() && next_is_lower));
        if opens_word {
            push_gap(&mut name);
        }
        match plain(*letter) {
            "" => push_gap(&mut name),
            word if word.len() > 2 => {
                push_gap(&mut name);
                name.push_str(word);
            }
            text => name.push_str(text),
        }
        before = *letter;
    }
    let name = name.trim_matches('_').to_owned();
    if name.starts_with(|first: char| first.is_ascii_lowercase()) {
        name
    } else {
        format!("column_{name}").trim_end_matches('_').to_owned()
    }
}

fn push_gap(name: &mut String) {
    if !name.is_empty() && !name.ends_with('_') {
        name.push('_');
    }
}

/// A letter as names are spelt; nothing for what parts words.
fn plain(letter: char) -> &'static str {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    let lower = letter.to_lowercase().next().unwrap_or(letter);
    if let Some(at) = LETTERS.find(lower) {
        return &LETTERS[at..=at];
    }
    match lower {
        'á' | 'à' | 'â' | 'ã' | 'å' => "a",
        'ä' | 'æ' => "ae",
        'ç' => "c",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ó' | 'ò' | 'ô' | 'õ' => "o",
        'ö' | 'ø' => "oe",
        'ú' | 'ù' | 'û' => "u",
        'ü' => "ue",
        'ß' => "ss",
        '%' => "percent",
        _ => "",
    }
}

/// The names of a header's columns, told apart.
pub(crate) fn distinct(headers: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::with_capacity(headers.len());
    for header in headers {
        let name = canonical(header);
        let mut free = name.clone();
        let mut number = 2;
        while !taken.insert(free.clone()) {
            free = format!("{name}_{number}");
            number += 1;
        }
        names.push(free);
    }
    names
}

/// The name of the source that a file is one extract of: its stem without days and endings.
pub(crate) fn of_source(file: &str) -> String {
    let stem = stem(file);
    let said = stem.trim_start_matches(|letter: char| !letter.is_alphabetic());
    if said.is_empty() {
        return format!("extract_{}", canonical(stem).trim_start_matches("column_"));
    }
    let name = canonical(said);
    let words: Vec<&str> = name.split('_').collect();
    let is_said = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase());
    let last = words.iter().rposition(|word| is_said(word)).unwrap_or(0);
    let before: Vec<&str> =
        stem[..stem.len() - said.len()].split(|letter: char| !letter.is_ascii_digit()).collect();
    let before = before.into_iter().filter(|digits| !digits.is_empty());
    words[..=last].iter().copied().chain(before).collect::<Vec<_>>().join("_")
}

/// The pattern that finds the day or month in the name of a file; `None` where it has none.
pub(crate) fn moment(file: &str) -> Option<&'static str> {
    const PATTERNS: [&str; 4] =
        [r"(\d{4}-\d{2}-\d{2})", r"(\d{4}_\d{2}_\d{2})", r"(20\d{6})", r"(20\d{2}-\d{2})"];
    let is_there =
        |pattern: &&str| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(file));
    PATTERNS.into_iter().find(is_there)
}

/// The glob that a file and those of other days match: digits at its end may be others.
pub(crate) fn glob(file: &str) -> String {
    let stem = stem(file);
    let (_, ending) = file.split_at(stem.len());
    let ending =
        ending.strip_suffix(".gz").or_else(|| ending.strip_suffix(".zst")).unwrap_or(ending);
    let kept = stem.trim_end_matches(is_dated);
    let cut = &stem[kept.len()..];
    let Some(first) = cut.find(|letter: char| letter.is_ascii_digit()).filter(|_| !kept.is_empty())
    else {
        return format!("{}{ending}*", glob::Pattern::escape(stem));
    };
    format!("{}*{ending}*", glob::Pattern::escape(&stem[..kept.len() + first]))
}

fn stem(file: &str) -> &str {
    const ENDINGS: [&str; 11] = [
        ".gz", ".zst", ".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".json", ".parquet",
        ".xlsx",
    ];
    let mut stem = file;
    for _ in 0..2 {
        let cut = ENDINGS.iter().find(|ending| stem.to_ascii_lowercase().ends_with(*ending));
        stem = cut.map_or(stem, |ending| &stem[..stem.len() - ending.len()]);
    }
    stem
}

/// Whether a letter may belong to a day, a moment or a number at the end of a name.
fn is_dated(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '-' | '_' | '.' | 'T' | 'Z' | ' ' | '(' | ')')
}

/// The title of a source for people, out of the name of a file without its day.
pub(crate) fn title(file: &str) -> String {
    let stem = stem(file);
    let undated = Some(stem.trim_end_matches(is_dated)).filter(|name| !name.is_empty());
    let stem = undated.unwrap_or(stem).replace(['_', '-'], " ");
    let mut letters = stem.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    letters
}

/// The words of a canonical name.
pub(crate) fn has_word(name: &str, words: &[&str]) -> bool {
    name.split('_').any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_no_day() {
        assert_eq!(title("help-desk_2026-11-23.csv"), "Help desk");
        assert_eq!(title("2026.csv"), "2026");
    }

    #[test]
    fn a_day_or_month_in_a_name_is_found() {
        assert_eq!(moment("tickets_2026-05-01.csv"), Some(r"(\d{4}-\d{2}-\d{2})"));
        assert_eq!(moment("tickets-20260501T0300.csv.gz"), Some(r"(20\d{6})"));
        assert_eq!(moment("2026-05 tickets.csv"), Some(r"(20\d{2}-\d{2})"));
        assert_eq!(moment("tickets_9.csv"), None);
    }

    #[test]
    fn headers_become_words_of_sql() {
        for (header, name) in [
            ("Id", "id"),
            ("Ticket ID", "ticket_id"),
            ("EmployeeNumber", "employee_number"),
            ("HTTPStatus", "http_status"),
            ("Straße (Größe)", "strasse_groesse"),
            (" Open % ", "open_percent"),
            ("_fivetran_synced", "fivetran_synced"),
            ("2016", "column_2016"),
            ("名前", "column"),
            ("NETPRO  ", "netpro"),
            ("Q1_NPS_GROUP", "q1_nps_group"),
            ("First reply time (in minutes)", "first_reply_time_in_minutes"),
        ] {
            assert_eq!(canonical(header), name, "{header:?}");
        }
        let headers = ["a", "A", "a!"].map(String::from);
        assert_eq!(distinct(&headers), ["a", "a_2", "a_3"]);
    }

    #[test]
    fn a_file_of_a_day_stands_for_those_of_other_days() {
        for (file, source, files) in [
            ("tickets.csv", "tickets", "tickets.csv*"),
            ("tickets_2026-11-22.csv.gz", "tickets", "tickets_*.csv*"),
            ("2016_Survey.csv", "survey_2016", "2016_Survey.csv*"),
            ("orders[1].tsv", "orders", "orders[[]1[]].tsv*"),
            ("20261122.json", "extract_20261122", "20261122.json*"),
        ] {
            assert_eq!((of_source(file).as_str(), glob(file).as_str()), (source, files), "{file}");
            assert!(glob::Pattern::new(&glob(file)).unwrap().matches(file), "{file}");
        }
    }
}
