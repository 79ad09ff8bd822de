//! Secrets in the text of project files: shown as stars, one for each byte, so that places stay what they are.

/// Words in the name of a key whose value is a secret.
const SECRET_KEYS: [&str; 7] =
    ["password", "passwd", "secret", "token", "credential", "access_key", "account_key"];

/// Keys whose value is an address that speaks for who knows it, and tables that have one.
const ADDRESS_KEYS: [&str; 4] = ["ping", "monitor", "url", "webhook"];

/// A text with stars for the user and the query of every address, and for the value of every key named like a secret.
pub(crate) fn mask_secrets(text: &str) -> String {
    text.split_inclusive('\n').map(mask_line).collect()
}

fn mask_line(line: &str) -> String {
    let is_key = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let is_secret = |key: &str| {
        let key = key.trim().to_ascii_lowercase().replace('-', "_");
        let last = key.rsplit('.').next().unwrap_or(&key);
        let is_secret =
            ADDRESS_KEYS.contains(&last) || SECRET_KEYS.iter().any(|word| key.contains(word));
        key.chars().all(is_key) && is_secret
    };
    // The value of a text or a table, and no number or expression: `token_count = 3` is no secret.
    match line.split_once('=') {
        Some((key, value))
            if is_secret(key) && value.trim_start().starts_with(['"', '\'', '{']) =>
        {
            format!("{key}={}", stars(value))
        }
        _ => mask_addresses(line),
    }
}

/// Stars for what stands between quotes, to the end of the line where a quote is not closed.
pub(crate) fn mask_texts(lines: &str) -> String {
    lines.split_inclusive('\n').map(mask_texts_of_line).collect()
}

fn mask_texts_of_line(line: &str) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut open = None;
    for letter in line.chars() {
        match (open, letter) {
            (None, '"' | '\'') => open = Some(letter),
            (Some(quote), _) if quote == letter => open = None,
            (Some(_), _) if letter != '\n' => {
                masked += &"*".repeat(letter.len_utf8());
                continue;
            }
            _ => {}
        }
        masked.push(letter);
    }
    masked
}

/// Stars for everything but blanks and quotes.
fn stars(value: &str) -> String {
    let star = |letter: char| match letter {
        '"' | '\'' => letter.to_string(),
        _ if letter.is_whitespace() => letter.to_string(),
        _ => "*".repeat(letter.len_utf8()),
    };
    value.chars().map(star).collect()
}

/// Stars for what stands before the `@` of an address, and after its `?` where that sets something.
fn mask_addresses(line: &str) -> String {
    let Some((before, rest)) = line.split_once("://") else { return line.to_owned() };
    let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | ')');
    let (address, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
    let (place, query) = address.split_once('?').unwrap_or((address, ""));
    let host_ends = place.find('/').unwrap_or(place.len());
    let (authority, path) = place.split_at(host_ends);
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", stars(user)),
        None => authority.to_owned(),
    };
    let mark = if address.len() > place.len() { "?" } else { "" };
    let query = if query.contains('=') { stars(query) } else { query.to_owned() };
    format!("{before}://{authority}{path}{mark}{query}{}", mask_addresses(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_become_stars_and_places_stay() {
        for (text, masked) in [
            ("password = \"hüte 2\"\n", "password = \"***** *\"\n"),
            ("aws-secret-access-key='k'", "aws-secret-access-key='*'"),
            ("ping = \"https://h/k\"\nmapping = \"a\"", "ping = \"***********\"\nmapping = \"a\""),
            (
                "webhook.url = 'https://h/k'\nurls = \"a\"",
                "webhook.url = '***********'\nurls = \"a\"",
            ),
            ("monitor = { ping = \"k\" }", "monitor = * **** * \"*\" *"),
            ("password = { text = 'k' }", "password = * **** * '*' *"),
            (
                "a = \"https://u:p@h/c?sv=1&sig=x\" # s3://k@b",
                "a = \"https://***@h/c?**********\" # s3://*@b",
            ),
            ("files = \"s3://acme/*.csv?\"", "files = \"s3://acme/*.csv?\""),
            ("WHERE token = t.tokens", "WHERE token = t.tokens"),
            ("SELECT 'ann@example.com'", "SELECT 'ann@example.com'"),
        ] {
            assert_eq!(mask_secrets(text), masked);
            assert_eq!(mask_secrets(text).len(), text.len(), "{text}");
        }
    }
}
