//! Text as data: never markup, in any output.

use std::borrow::Cow;
use std::fmt::{self, Write};

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Error, ErrorKind, Output, State, Value};

/// Name of the Markdown escaping among the template engine's own.
const MARKDOWN: &str = "markdown";

/// Name of the escaping within texts of JSON.
const JSON: &str = "json";

/// Which escaping a template gets, by its name; one of another name fails when it prints.
pub(super) fn by_name(name: &str) -> AutoEscape {
    let name = name.strip_suffix(".j2").unwrap_or(name);
    match name.rsplit('.').next() {
        Some("html") => AutoEscape::Html,
        Some("md") => AutoEscape::Custom(MARKDOWN.into()),
        Some("json") => AutoEscape::Custom(JSON.into()),
        Some("txt") => AutoEscape::None,
        _ => AutoEscape::Custom("unknown".into()),
    }
}

/// Prints a value: text and whole numbers, escaped. Anything else is an error of the template.
///
/// A missing value would print as `none` and a raw number with all its digits, so both are refused.
pub(super) fn print(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let text = match value.kind() {
        ValueKind::String => Cow::Borrowed(value.as_str().unwrap_or_default()),
        ValueKind::Number if value.is_integer() => Cow::Owned(value.to_string()),
        kind => return Err(unprintable(kind)),
    };
    let written = match state.auto_escape() {
        _ if value.is_safe() => out.write_str(&text),
        AutoEscape::None => out.write_str(&text),
        AutoEscape::Html => write_html(out, &text),
        AutoEscape::Custom(name) if name == MARKDOWN => out.write_str(&markdown(&text)),
        AutoEscape::Custom(name) if name == JSON => match value.kind() {
            ValueKind::Number => out.write_str(&text),
            _ => out.write_str(&json(&text)),
        },
        _ => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "a template is named `*.html.j2`, `*.md.j2`, `*.json.j2` or `*.txt.j2`",
            ));
        }
    };
    written.map_err(Error::from)
}

fn unprintable(kind: ValueKind) -> Error {
    let message = match kind {
        ValueKind::None => {
            "there is no value here; ask with `{% if … %}` before printing it".to_owned()
        }
        ValueKind::Undefined => return Error::from(ErrorKind::UndefinedError),
        ValueKind::Number => "a raw number cannot be printed; use its `display` text".to_owned(),
        kind => format!("a {kind} cannot be printed; print one of its texts"),
    };
    Error::new(ErrorKind::InvalidOperation, message)
}

fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    write_html(&mut escaped, text).expect("a text takes whatever is written");
    escaped
}

/// Writes text as HTML, what needs no escape in one piece.
fn write_html(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut rest = text;
    let is_markup = |byte: &u8| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
    while let Some(at) = rest.as_bytes().iter().position(is_markup) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_str(rest)
}

/// Escapes text for a table cell, a heading or a paragraph of GitHub-flavoured Markdown.
///
/// Also breaks what would become a link by itself: `://`, `www.` and `@`.
fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        let rest = &text[at + letter.len_utf8()..];
        match letter {
            '\r' | '\n' | '\t' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            ':' if rest.starts_with("//") => escaped.push_str("\\:"),
            '.' if ends_with_www(&text[..at]) => escaped.push_str("\\."),
            letter if is_syntax(letter) || (at == 0 && opens_block(letter, rest)) => {
                let _ = write!(escaped, "\\{letter}");
            }
            other => escaped.push(other),
        }
    }
    escaped
}

fn is_syntax(letter: char) -> bool {
    matches!(letter, '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '#' | '~' | '$' | '@' | '!')
}

fn ends_with_www(text: &str) -> bool {
    text.get(text.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Escapes text for a place within the quotes of JSON, and for the chat that shows it.
///
/// Its first letter is always an escape, which stands for itself within quotes and nowhere else: a text outside of them
/// is no JSON, whatever it says, and never becomes a part of the message. To chats `&`, `<` and `>` are markup: mentions of
/// everybody, and links under another name.
fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut units = [0; 2];
    for (at, letter) in text.char_indices() {
        match letter {
            '&' | '<' | '>' => {
                let entity = html(letter.encode_utf8(&mut [0; 4]));
                escaped.push_str(if at == 0 { "\\u0026" } else { "&" });
                escaped.push_str(&entity[1..]);
            }
            letter if at == 0 || letter.is_control() || matches!(letter, '"' | '\\') => {
                for unit in letter.encode_utf16(&mut units) {
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Whether a first character would start a list, a rule or an underlined heading.
fn opens_block(letter: char, rest: &str) -> bool {
    match letter {
        '-' | '+' => rest.is_empty() || rest.starts_with([' ', '-']),
        '=' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_has_no_markup_left() {
        assert_eq!(html("<b a='1' b=\"2\">&"), "&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;");
    }

    #[test]
    fn a_text_is_itself_within_the_quotes_of_json_and_nothing_outside_of_them() {
        let read = |text: &str| -> Option<String> { serde_json::from_str(text).ok() };
        for text in ["On track", "\"}, {\"a\": \"", "\\", "a\nb\u{7}", "\u{1F600} é", ""] {
            assert_eq!(read(&format!("\"{}\"", json(text))).as_deref(), Some(text), "{text:?}");
        }
        let shown = read(&format!("\"{}\"", json("<!channel> & <https://evil.example|us>")));
        let entities = "&lt;!channel&gt; &amp; &lt;https://evil.example|us&gt;";
        assert_eq!(shown.as_deref(), Some(entities));
        for text in ["null", "true", "1", "\"a\"", "{}", "[1, 2]", "1, 2", " "] {
            let bare = format!("[{}]", json(text));
            assert!(serde_json::from_str::<serde_json::Value>(&bare).is_err(), "{bare}");
        }
    }

    #[test]
    fn markdown_has_no_markup_left() {
        assert_eq!(
            markdown("a|b\n*c* _d_ `e` [f](g) <morale>"),
            "a\\|b \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) &lt;morale&gt;"
        );
        assert_eq!(
            markdown("see https://x.example, www.x.example, a@x.example"),
            "see https\\://x.example, www\\.x.example, a\\@x.example"
        );
        assert_eq!(markdown("- item"), "\\- item");
        assert_eq!(markdown("+1.8 pp"), "+1.8 pp", "a change stays readable");
        assert_eq!(markdown("https:/x"), "https:/x");
    }
}
