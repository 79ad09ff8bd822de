//! Letters that a terminal obeys or does not show.

/// Whether a letter has no shape of its own: it steers, joins, or turns those around it.
///
/// ```
/// assert!(scorewright_domain::is_hidden('\u{202e}') && !scorewright_domain::is_hidden('é'));
/// ```
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text of a file, to be shown with marks below its lines: each hidden letter makes way for letters that are as many
/// bytes, so that every place stays where it was.
pub(crate) fn harmless(text: String) -> String {
    if !text.chars().any(steers) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match (steers(letter), letter.len_utf8()) {
            (false, _) => shown.push(letter),
            _ if letter == '\r' => shown.push(' '),
            (true, 1) => shown.push('?'),
            (true, 2) => shown.push('·'),
            (true, 3) => shown.push('\u{fffd}'),
            (true, _) => shown.push_str("\u{fffd}?"),
        }
    }
    shown
}

fn steers(letter: char) -> bool {
    is_hidden(letter) && !matches!(letter, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_makes_way_and_every_place_stays() {
        let text = "a\u{1b}[2J\n\u{85}\tb\u{202e}c\u{e0041}d\0";
        let shown = harmless(text.to_owned());
        assert_eq!(shown, "a?[2J\n·\tb\u{fffd}c\u{fffd}?d?");
        assert_eq!((shown.len(), shown.find('d')), (text.len(), text.find('d')));
        assert_eq!(harmless("Ä\r\n".to_owned()), "Ä \n");
    }
}
