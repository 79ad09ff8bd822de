//! Places in a template at which no escaping makes a text safe: found before anything is rendered.

use std::ops::Range;

/// What is wrong at a place of a template, and how to mend it.
pub(super) struct UnsafePlace {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// The first place of a template at which a text would become more than text.
///
/// - `name`: of the template, by which it is escaped: `scorecard/scorecard.html.j2`.
pub(super) fn unsafe_place(name: &str, text: &str) -> Option<UnsafePlace> {
    foreign_part(name, text).or_else(|| (format_of(name) == "html").then(|| in_markup(text))?)
}

/// A part of another format, whose values are escaped for that one: or a name that is computed.
fn foreign_part(name: &str, text: &str) -> Option<UnsafePlace> {
    let format = format_of(name);
    tags(text).find_map(|span| {
        let inside = text[span.clone()].trim_start_matches(['-', '+']).trim_start();
        let word = ["include", "import", "extends", "from"].into_iter().find(|word| {
            inside.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
        })?;
        let rest = inside[word.len()..].trim_start();
        let part = rest.strip_prefix(['"', '\'']).and_then(|rest| rest.split(['"', '\'']).next());
        if part.is_some_and(|part| format_of(part) == format) {
            return None;
        }
        Some(UnsafePlace {
            span,
            message: format!("a template of `{format}` takes parts of `{format}` alone, by a name that is written out"),
            help: "parts are escaped for their own format: {% include \"shared/lines.html.j2\" %} in a page",
        })
    })
}

/// `html` of `shared/lines.html.j2`.
pub(super) fn format_of(name: &str) -> &str {
    let name = name.strip_suffix(".j2").unwrap_or(name);
    name.rsplit('.').next().unwrap_or_default()
}

/// The insides of `{% … %}`.
fn tags(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("{%").map(|(start, _)| {
        let inside = start + 2;
        let end = text[inside..].find("%}").map_or(text.len(), |length| inside + length);
        inside..end
    })
}

/// A value within a script or an event, or in an attribute without quotes.
fn in_markup(text: &str) -> Option<UnsafePlace> {
    text.match_indices("{{").find_map(|(start, _)| {
        let (before, span) = (&text[..start], start..text.len().min(start + 2));
        if is_within(before, "script") {
            let message = "a value within a script would run as one".to_owned();
            let help =
                "show it as text of the page, or in a quoted attribute that the script reads";
            return Some(UnsafePlace { span, message, help });
        }
        let tag = open_tag(before)?;
        match attribute_of(tag) {
            Some(name) if name.to_ascii_lowercase().starts_with("on") => {
                let message = format!("a value in `{name}` would run as a script");
                Some(UnsafePlace { span, message, help: "show it as text of the page" })
            }
            None if tag.trim_end().ends_with('=') => {
                let message =
                    "a value in an attribute without quotes could add another attribute".to_owned();
                Some(UnsafePlace {
                    span, message, help: "put quotes around it: title=\"{{ … }}\""
                })
            }
            _ => None,
        }
    })
}

/// Whether a place lies within an element: it is opened before and not closed.
fn is_within(before: &str, element: &str) -> bool {
    let before = before.to_ascii_lowercase();
    let opened = before.rfind(&format!("<{element}"));
    let closed = before.rfind(&format!("</{element}"));
    opened.is_some_and(|opened| closed.is_none_or(|closed| closed < opened))
}

/// What of a tag stands before a place in it.
fn open_tag(before: &str) -> Option<&str> {
    let start = before.rfind('<')?;
    let tag = &before[start..];
    let is_markup = tag[1..].starts_with(|letter: char| letter.is_ascii_alphabetic());
    // What is written in tags of the template may compare, and so have `>`.
    (is_markup && !without_template(tag).contains('>')).then_some(tag)
}

fn without_template(tag: &str) -> String {
    let mut rest = tag;
    let mut kept = String::new();
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
        kept += &rest[..start];
        let end = rest[start..].find("%}").into_iter().chain(rest[start..].find("}}")).min();
        rest = end.map_or("", |end| &rest[start + end + 2..]);
    }
    kept + rest
}

/// The attribute whose quoted value a place lies in.
fn attribute_of(tag: &str) -> Option<&str> {
    let mut open: Option<(usize, char)> = None;
    for (at, letter) in tag.char_indices().filter(|(_, letter)| matches!(letter, '"' | '\'')) {
        open = match open {
            None => Some((at, letter)),
            Some((_, quote)) if quote == letter => None,
            other => other,
        };
    }
    let name = tag[..open?.0].trim_end().strip_suffix('=')?.trim_end();
    let start = name.rfind(|letter: char| letter.is_whitespace()).map_or(0, |at| at + 1);
    Some(&name[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Option<String> {
        unsafe_place("scorecard/scorecard.html.j2", text).map(|place| place.message)
    }

    #[test]
    fn values_stand_where_they_are_text() {
        for (text, said) in [
            ("<script>var a = \"{{ name }}\";</script>", "within a script"),
            ("<SCRIPT src=x>{{ name }}", "within a script"),
            ("<p title={{ name }}>", "without quotes"),
            ("<p title = {{ name }}>", "without quotes"),
            ("<p class=\"a\" onclick=\"go('{{ name }}')\">", "in `onclick`"),
            ("<p onmouseover='{{ name }}'>", "in `onmouseover`"),
        ] {
            let found = message(text).unwrap_or_else(|| panic!("{text}"));
            assert!(found.contains(said), "{text}: {found}");
        }
        for text in [
            "<p title=\"{{ name }}\">{{ name }}</p>",
            "<script>a()</script><p>{{ name }}</p>",
            "<p{% if a > b %} class=\"x\"{% endif %} title=\"{{ name }}\">",
            "a < b = {{ name }}",
            "<td data-online=\"{{ name }}\">",
            "<a href=\"?a={{ name }}\">",
        ] {
            assert_eq!(message(text), None, "{text}");
        }
    }

    #[test]
    fn parts_are_of_the_format_of_the_page() {
        for text in [
            "{% include \"shared/a.txt.j2\" %}",
            "{%- include part %}",
            "{% import 'a.md.j2' as a %}",
            "{% from \"a.txt.j2\" import b %}",
            "{% extends a ~ b %}",
        ] {
            assert!(message(text).is_some_and(|said| said.contains("of `html` alone")), "{text}");
        }
        assert_eq!(message("{% include \"shared/lines.html.j2\" %}{% set included = 1 %}"), None);
        let markdown =
            unsafe_place("scorecard/scorecard.md.j2", "{% include 'a.md.j2' %}<p a={{ b }}>");
        assert!(markdown.is_none());
    }
}
