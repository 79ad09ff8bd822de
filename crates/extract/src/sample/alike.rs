//! Columns that are many of one kind: perhaps a grid that had better be rows.

use super::column_sample::ColumnSample;
use super::guess::Guess;

/// Columns from which a grid is one.
const MANY: usize = 6;

/// A pattern of the names that the most columns of one type begin with, and how many these are; `None` for a few.
pub(crate) fn grid(columns: &[(String, ColumnSample, Guess)]) -> Option<(String, usize)> {
    let alike = |(_, seen, guess): &&(String, ColumnSample, Guess)| {
        guess.kind() == "integer" && guess.about.is_none() && seen.above.is_none()
    };
    let names: Vec<&str> =
        columns.iter().filter(alike).map(|(_, seen, _)| seen.from.trim()).collect();
    let beginnings = names.iter().filter_map(|name| beginning(name));
    let count = |beginning: &str| names.iter().filter(|name| name.starts_with(beginning)).count();
    let best = beginnings.map(|beginning| (count(beginning), beginning)).max()?;
    let (count, beginning) = best;
    (count >= MANY).then(|| (format!("{beginning}*"), count))
}

/// What a name has in common with others of a grid: all before its last number, or before what tells a row of a matrix.
fn beginning(name: &str) -> Option<&str> {
    if let Some((question, _)) = name.split_once(" | ") {
        return Some(&name[..question.len() + 3]);
    }
    let common = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    (common.len() < name.len() && common.starts_with(char::is_alphabetic)).then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str], kind: &str) -> Vec<(String, ColumnSample, Guess)> {
        let guess = Guess { settings: format!("type = \"{kind}\""), ..Guess::default() };
        let column =
            |name: &&str| ((*name).to_owned(), ColumnSample::of(name, &["1"]), guess.clone());
        names.iter().map(column).collect()
    }

    #[test]
    fn many_columns_of_one_beginning_are_a_grid() {
        let names = ["Id", "Q7_1", "Q7_2", "Q7_3", "Q7_4", "Q7_5", "Q7_6", "Age"];
        assert_eq!(grid(&columns(&names, "integer")), Some(("Q7_*".into(), 6)));
        assert_eq!(grid(&columns(&names, "text")), None);
        assert_eq!(grid(&columns(&names[..5], "integer")), None);
        let rows = ["How? | A", "How? | B", "How? | C", "How? | D", "How? | E", "How? | F"];
        assert_eq!(grid(&columns(&rows, "integer")), Some(("How? | *".into(), 6)));
    }
}
