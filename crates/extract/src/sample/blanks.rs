//! Lines of words with blanks between them: columns perhaps, or texts of so many words.

/// How blanks part the words of lines that nothing else separates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlankColumns {
    /// Words of a line.
    pub(crate) width: usize,
    /// Whether some are parted by several blanks.
    pub(crate) are_runs: bool,
}

/// Lines that are looked at.
const LINES: usize = 1_000;

impl BlankColumns {
    /// The words of lines that all have as many, where these can hardly be texts; `None` for other lines.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lines: Vec<&str> =
            text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
        let rows: Vec<Vec<&str>> =
            lines.iter().map(|line| line.split_ascii_whitespace().collect()).collect();
        let width = rows.first()?.len();
        let is_regular = rows.len() > 2 && rows.iter().all(|row| row.len() == width);
        let is_figures = |column: usize| rows[1..].iter().all(|row| is_figure(row[column]));
        let are_columns = is_regular && width > 1 && (0..width).any(is_figures);
        let are_runs = lines.iter().any(|line| line.trim().contains("  "));
        are_columns.then_some(Self { width, are_runs })
    }

    /// What only a person can say.
    pub(crate) fn question(self) -> String {
        let Self { width, are_runs } = self;
        let columns = format!("every line has {width} words with blanks between them");
        if are_runs {
            format!(
                "{columns}: if these are columns, put one character between them (tr -s ' ' ';' < FILE) and add the source anew"
            )
        } else {
            format!(
                "{columns}: if these are columns, write delimiter = \" \" and declare each below"
            )
        }
    }
}

fn is_figure(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && word.ends_with(|last: char| last.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_columns_where_one_of_them_is_a_figure() {
        let of = |text: &str| BlankColumns::of(text).map(|it| (it.width, it.are_runs));
        assert_eq!(of("id score\n1 5\n2 4\n"), Some((2, false)));
        assert_eq!(of("id    score\n1     5\n1000  4\n"), Some((2, true)));
        assert_eq!(of("first name\nAnn Lee\nBob Ray\n"), None);
        assert_eq!(of("comment\nall good\nway too slow\n"), None);
    }
}
