//! Which known word a person most likely meant.

/// The word of `known` that a typing slip most likely meant.
///
/// ```
/// assert_eq!(scorewright_domain::nearest("colums", &["file", "columns"]), Some("columns"));
/// assert_eq!(scorewright_domain::nearest("zebra", &["file", "columns"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (distance(&word.to_lowercase(), &known.to_lowercase()), *known))
        .filter(|(distance, known)| *distance <= (known.chars().count() / 3).max(1))
        .min()
        .map(|(_, known)| known)
}

/// The help for an unknown word: the nearest known one, where there is one, and then a list of them all.
///
/// ```
/// use scorewright_domain::did_you_mean;
/// let (known, list) = (["file", "columns"], "known: file, columns");
/// assert_eq!(did_you_mean("colums", &known, list), "did you mean `columns`? known: file, columns");
/// assert_eq!(did_you_mean("zebra", &known, list), "known: file, columns");
/// ```
pub fn did_you_mean(word: &str, known: &[&str], list: &str) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list.into(),
    }
}

/// Edits that turn one word into the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut corner = row[0];
        row[0] = index + 1;
        for (column, to) in right.iter().enumerate() {
            let replaced = corner + usize::from(from != *to);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
