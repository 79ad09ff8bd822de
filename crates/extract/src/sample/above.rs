//! Days that a report states above its rows: `# Start date: 20261101`.

use super::column_sample::ColumnSample;

/// Letters of a name at most.
const LONGEST: usize = 40;

/// What lines above the rows state, each as a column of one value.
pub(crate) fn stated(text: &str) -> Vec<ColumnSample> {
    let mut found: Vec<ColumnSample> = Vec::new();
    for (name, value) in text.lines().filter_map(pair) {
        if found.iter().all(|other| other.from != name) {
            let pattern = format!(r#"{}:\s*([^,;\t"\r\n]+)"#, regex::escape(name));
            let mut stated = ColumnSample::named(name);
            stated.above = Some(pattern);
            stated.add(value);
            found.push(stated);
        }
    }
    found
}

/// A name and a value that a colon separates.
fn pair(line: &str) -> Option<(&str, &str)> {
    let is_mark = |letter: char| !letter.is_alphanumeric();
    let (name, rest) = line.trim_start_matches(is_mark).split_once(':')?;
    let name = name.trim();
    let value = rest.split([',', ';', '\t', '"']).next()?.trim();
    let is_name = name.starts_with(char::is_alphabetic) && name.chars().count() <= LONGEST;
    (is_name && !value.is_empty()).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_states_a_name_and_a_value() {
        for (line, expected) in [
            ("# Start date: 20261101", Some(("Start date", "20261101"))),
            ("\"Stand: 01.11.2026\";;", Some(("Stand", "01.11.2026"))),
            ("Report of May", None),
            ("10:30", None),
            ("# :x", None),
        ] {
            assert_eq!(pair(line), expected, "{line}");
        }
        let found = stated("Day: 1\nDay: 2\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].above.as_deref(), Some(r#"Day:\s*([^,;\t"\r\n]+)"#));
    }
}
