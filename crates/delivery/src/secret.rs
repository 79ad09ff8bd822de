//! A text that is shown nowhere.

/// A password: it has no form to be printed, compared, copied or stored in.
///
/// ```compile_fail
/// let secret = scorewright_delivery::Secret::new("hunter2".into());
/// println!("{secret:?}");
/// ```
pub struct Secret(String);

impl Secret {
    /// Takes a text, with its line end where it is the content of a file.
    pub fn new(text: String) -> Self {
        let without_end = text.trim_end_matches(['\r', '\n']).len();
        let mut text = text;
        text.truncate(without_end);
        Self(text)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text itself, for who must send it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// What another party wrote, without the secret that it may repeat.
    pub(crate) fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, "***") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_end_of_a_file_is_not_part_of_it() {
        assert_eq!(Secret::new("hunter 2 \r\n".into()).expose(), "hunter 2 ");
        assert!(Secret::new("\n".into()).is_empty());
    }

    #[test]
    fn what_repeats_it_is_shown_without_it() {
        let secret = Secret::new("hunter2".into());
        assert_eq!(secret.hide_in("no hunter2 here, hunter2"), "no *** here, ***");
        assert_eq!(Secret::new(String::new()).hide_in("as it is"), "as it is");
    }
}
