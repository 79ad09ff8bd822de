//! Text that a spreadsheet would run.

/// Whether a spreadsheet takes a text for a formula: what it begins with, after blanks, also in wide letters.
pub fn starts_like_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// Whether some field of a line of separated values is a formula and no number, whatever separates them.
pub fn has_formula(line: &str) -> bool {
    let fields = line.split([',', ';', '|', '\t', '\n', '\r']);
    let unquoted = fields.map(|field| field.trim_start_matches([' ', '"', '\'']));
    unquoted.into_iter().any(|field| starts_like_formula(field) && !is_number(field))
}

fn is_number(field: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || "+-. %\"'".contains(letter);
    field.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_no_formula() {
        for line in ["a,-5,+3.5 %", "-12;\"-7\"", "a=b,x+y", "", "+49 170 123"] {
            assert!(!has_formula(line), "{line}");
        }
        for line in ["=1+1", "a,\" =HYPERLINK(1)\"", "a;@SUM(1)", "a|-2+cmd", "a\t＝1", "+A1"] {
            assert!(has_formula(line), "{line}");
        }
    }
}
