//! Numbers that belong to one person, by their check digits and shapes.

/// An international bank account number: ISO 13616, whose digits leave 1 when divided by 97.
pub(crate) fn is_iban(text: &str) -> bool {
    let text: String = text.chars().filter(|letter| *letter != ' ').collect();
    let is_shape = (15..=34).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        && text.as_bytes()[..2].iter().all(u8::is_ascii_uppercase)
        && text.as_bytes()[2..4].iter().all(u8::is_ascii_digit);
    if !is_shape {
        return false;
    }
    let turned = text[4..].chars().chain(text[..4].chars());
    turned.filter_map(|letter| letter.to_digit(36)).fold(0, |rest, digit| {
        if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 }
    }) == 1
}

/// A payment card: 13 to 19 digits with the check digit of ISO/IEC 7812 (Luhn).
pub(crate) fn is_card(text: &str) -> bool {
    let is_mark = |letter: char| letter == ' ' || letter == '-';
    let digits: Option<Vec<u32>> =
        text.trim().chars().filter(|letter| !is_mark(*letter)).map(|it| it.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| (13..=19).contains(&digits.len())) else {
        return false;
    };
    let doubled = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) if twice > 9 => twice - 9,
        (_, twice) => twice,
    };
    digits.iter().any(|digit| *digit != 0)
        && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// A number of the United States' social security: `078-05-1120`.
pub(crate) fn is_social_security(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [3, 2, 4] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // IBANs: the examples of the SWIFT registry. Cards: the test numbers that card networks publish.
    #[test]
    fn check_digits_tell_numbers_of_people_from_others() {
        for text in ["GB29 NWBK 6016 1331 9268 19", "DE89370400440532013000"] {
            assert!(is_iban(text), "{text}");
        }
        for text in ["DE89370400440532013001", "ORDER12345678901", "DE89"] {
            assert!(!is_iban(text), "{text}");
        }
        for text in ["4242 4242 4242 4242", "378282246310005", "5555-5555-5555-4444"] {
            assert!(is_card(text), "{text}");
        }
        for text in ["4242424242424243", "0000000000000", "42", "2026-11-22 10:00:00"] {
            assert!(!is_card(text), "{text}");
        }
        assert!(is_social_security("078-05-1120"));
        assert!(!is_social_security("2026-11-22"));
    }
}
