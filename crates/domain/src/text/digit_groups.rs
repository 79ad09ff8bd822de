//! Digits in groups of three.

/// Digits with a comma before every three of the whole part: `1,234,567.5`.
///
/// ```
/// assert_eq!(scorewright_domain::group_digits("1234567.891"), "1,234,567.891");
/// assert_eq!(scorewright_domain::group_digits("999"), "999");
/// ```
pub fn group_digits(digits: &str) -> String {
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::with_capacity(digits.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}
