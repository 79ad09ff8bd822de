//! Long names and long lists of names, cut short for messages.

use scorewright_domain::group_digits;

/// Most letters of a name that are shown.
pub(crate) const LETTERS: usize = 80;

/// A name by its beginning: a broken header may be one name of a megabyte.
pub fn shortened(name: &str) -> String {
    match name.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Whether a name is only the beginning of one.
pub fn is_cut(name: &str) -> bool {
    name.ends_with('…') && name.chars().count() == LETTERS + 1
}

/// The first names one after the other, and how many there are beyond: `a, b and 1,200 more`.
///
/// - `further`: names that are not even among `names`.
pub fn listed(names: impl ExactSizeIterator<Item = String>, most: usize, further: u64) -> String {
    let more = match names.len().saturating_sub(most) as u64 + further {
        0 => String::new(),
        more => format!(" and {} more", group_digits(&more.to_string())),
    };
    names.take(most).collect::<Vec<_>>().join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_how_many_it_leaves_out() {
        let names = |count: usize| {
            (0..count).map(|number| number.to_string()).collect::<Vec<_>>().into_iter()
        };
        assert_eq!(listed(names(2), 2, 0), "0, 1");
        assert_eq!(listed(names(3), 2, 0), "0, 1 and 1 more");
        assert_eq!(listed(names(202), 2, 1_000), "0, 1 and 1,200 more");
        assert_eq!(listed(names(3), 2, 1_234_566), "0, 1 and 1,234,567 more");
    }

    #[test]
    fn a_name_is_cut_between_letters() {
        assert_eq!(shortened(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shortened(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert!(is_cut(&shortened(&"é".repeat(81))) && !is_cut("and so on…"));
    }
}
