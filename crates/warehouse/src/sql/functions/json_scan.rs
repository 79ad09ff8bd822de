//! A value inside a JSON text, found without reading it into numbers: an id of 20 digits stays as it was written.

use serde::de::IgnoredAny;

use super::json_path::{JsonTextPath, PathStep};

/// The text of the value at a path; `None` when there is none, or the whole is no JSON.
///
/// Of members with the same key it is the last one, as most readers have it.
pub(super) fn find<'t>(json: &'t str, path: &JsonTextPath) -> Option<&'t str> {
    serde_json::from_str::<IgnoredAny>(json).ok()?;
    path.0.iter().try_fold(json.trim(), |value, step| match step {
        PathStep::Key(key) => member(value, key),
        PathStep::Item(position) => item(value, *position),
    })
}

/// A value as text: of a string what it says, of anything else its JSON; `None` for `null`.
pub(super) fn text_of(value: &str) -> Option<String> {
    match value.as_bytes().first()? {
        b'"' => serde_json::from_str(value).ok(),
        _ => (value != "null").then(|| value.to_owned()),
    }
}

fn member<'t>(object: &'t str, key: &str) -> Option<&'t str> {
    let members = parts(object.strip_prefix('{')?);
    let mut found = None;
    for member in members {
        let end = value_end(member);
        let is_it = serde_json::from_str::<String>(&member[..end]).is_ok_and(|name| name == key);
        if is_it {
            found = member[end..].trim_start().strip_prefix(':').map(str::trim);
        }
    }
    found
}

fn item(list: &str, position: usize) -> Option<&str> {
    parts(list.strip_prefix('[')?).into_iter().nth(position)
}

/// What commas part inside an object or a list, whose opening bracket is left out.
fn parts(inside: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(byte) = inside.as_bytes().get(at) {
        match byte {
            b',' | b']' | b'}' => {
                let part = inside[start..at].trim();
                parts.extend((!part.is_empty()).then_some(part));
                if *byte != b',' {
                    break;
                }
                at += 1;
                start = at;
            }
            b'"' | b'[' | b'{' => at += value_end(&inside[at..]),
            _ => at += 1,
        }
    }
    parts
}

/// Where a value ends that begins a text: a string, an object or a list.
fn value_end(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut is_in_string = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if is_in_string {
            is_in_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
        } else {
            match byte {
                b'"' => is_in_string = true,
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        if depth == 0 && !is_in_string {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#" {"id": 90071992547409931234, "a": {"b": [1.50, "x, \"y\" } é", null, [], {"c": true}]},
        "a\"b": "quoted", "twice": 1, "twice": 2, "empty": {}} "#;

    fn found(path: &str) -> Option<&'static str> {
        find(JSON, &JsonTextPath::read(path).unwrap())
    }

    #[test]
    fn a_value_is_found_as_it_was_written() {
        assert_eq!(found("$.id"), Some("90071992547409931234"));
        assert_eq!(found("$.a.b[0]"), Some("1.50"));
        assert_eq!(found("$.a.b[1]"), Some(r#""x, \"y\" } é""#));
        assert_eq!(found("$.a.b[3]"), Some("[]"));
        assert_eq!(found("$.a.b[4].c"), Some("true"));
        assert_eq!(found("$.twice"), Some("2"));
        assert_eq!(found(r#"$["a\"b"]"#), Some("\"quoted\""));
        assert_eq!(found("$"), Some(JSON.trim()));
        for nothing in ["$.b", "$.a.b[5]", "$.a[0]", "$.id.x", "$.empty.x", "$.a.b[3][0]"] {
            assert_eq!(found(nothing), None, "{nothing}");
        }
        assert_eq!(find("{\"a\": 1", &JsonTextPath::read("$.a").unwrap()), None, "no JSON");
    }

    #[test]
    fn a_text_is_what_the_string_says() {
        let text = |path| found(path).and_then(text_of);
        assert_eq!(text("$.a.b[1]").as_deref(), Some("x, \"y\" } é"));
        assert_eq!(text("$.a.b[2]"), None);
        assert_eq!(text("$.a.b[4]").as_deref(), Some("{\"c\": true}"));
    }
}
