//! Walks against the tree that `serde_json` builds of the same line.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::source::JsonPath;

/// What a walk finds at some paths, as texts.
fn find(line: &str, paths: &[&str]) -> Result<Vec<String>, Reason> {
    let mut tree = Tree::new();
    paths
        .iter()
        .enumerate()
        .for_each(|(slot, path)| tree.add(&JsonPath::parse(path).unwrap(), slot));
    let mut slots = vec![Slot::Absent; paths.len()];
    let (line, mut shape) = (line.as_bytes(), Shape::default());
    let scratch = &mut Scratch::default();
    let mut walk =
        Walk { line, tree: &tree, slots: &mut slots, shape: Some(&mut shape), scratch, depth: 5 };
    let span = walk.object_at(0)?;
    if !line[span.end..].trim_ascii().is_empty() {
        return Err(Reason::BadJson);
    }
    Ok(slots.into_iter().map(|slot| in_words(slot, line)).collect())
}

fn in_words(slot: Slot, line: &[u8]) -> String {
    let text = |span: ByteSpan| String::from_utf8(span.of(line).to_vec()).unwrap();
    match slot {
        Slot::Absent => "absent".into(),
        Slot::Blocked(_) => "blocked".into(),
        Slot::Null => "null".into(),
        Slot::Text(name) => {
            let mut scratch = Vec::new();
            format!("{:?}", String::from_utf8(decoded(line, name, &mut scratch).to_vec()).unwrap())
        }
        Slot::Scalar(span) | Slot::Nested(span) => text(span),
    }
}

#[test]
fn a_path_leads_through_objects_and_arrays() {
    let line = r#" {"a": {"b": [10, {"c": "x\n"}], "0": -1.50E+3}, "t":true, "n": null} "#;
    let paths = ["a.b.0", "a.b.1.c", "a.b", "a.0", "t", "n", "z", "a.b.2"];
    assert_eq!(
        find(line, &paths).unwrap(),
        ["10", r#""x\n""#, r#"[10, {"c": "x\n"}]"#, "-1.50E+3", "true", "null", "absent", "absent"]
    );
}

#[test]
fn a_path_finds_the_object_of_a_list_by_a_member() {
    let line = r#"{"f": [{"id": 41, "value": "a"}, {"value": {"x": 2}, "id": 42}, 7, {"id": "K", "value": null}, {"id": 42, "value": 3, "w": 1}], "g": {}}"#;
    let paths = [
        "f[id=42].value.x",
        "f[id=41].value",
        "f[id=K].value",
        "f[id=9].value",
        "f[id=41]",
        "f.0.id",
        "g[id=1].value",
        "f[id=42].w",
    ];
    assert_eq!(
        find(line, &paths).unwrap(),
        ["2", r#""a""#, "null", "absent", r#"{"id": 41, "value": "a"}"#, "41", "absent", "absent"]
    );
}

#[test]
fn a_path_is_blocked_by_what_has_no_such_members() {
    let line = r#"{"a": "text", "n": null, "l": [1]}"#;
    assert_eq!(
        find(line, &["a.b", "n.b.c", "l.b", "l.0.c"]).unwrap(),
        ["blocked", "null", "blocked", "blocked"]
    );
}

#[test]
fn one_value_can_be_asked_for_whole_and_in_part() {
    let found =
        find(r#"{"customer": {"id": 7}}"#, &["customer", "customer.id", "customer"]).unwrap();
    assert_eq!(found, [r#"{"id": 7}"#, "7", r#"{"id": 7}"#]);
}

#[test]
fn a_name_twice_in_one_object_is_found_wherever_it_is() {
    for line in [
        r#"{"a": 1, "b": 2, "a": 3}"#,
        r#"{"x": {"longer_name_1": 1, "longer_name_2": 2, "longer_name_1": 3}}"#,
        r#"{"x": [{"é": 1, "\u00e9": 2}]}"#,
        r#"{"\u0061": 1, "a": 2}"#,
    ] {
        assert_eq!(find(line, &["q"]), Err(Reason::DuplicateKey), "{line}");
    }
    assert!(
        find(r#"{"a": {"a": 1}, "b": [{"a": 1}, {"a": 1}]}"#, &["q"]).is_ok(),
        "objects of their own"
    );
}

#[test]
fn depth_is_counted_in_objects_and_arrays() {
    assert!(find(r#"{"a": [[[[1]]]]}"#, &["q"]).is_ok());
    assert_eq!(find(r#"{"a": [[[[[1]]]]]}"#, &["q"]), Err(Reason::TooDeep));
    assert_eq!(find(&format!("{{\"a\": {}", "[".repeat(1_000_000)), &["q"]), Err(Reason::TooDeep));
}

#[test]
fn a_row_is_an_object() {
    for line in ["1", "\"a\"", "[1]", "null"] {
        assert_eq!(find(line, &["q"]), Err(Reason::WrongType), "{line}");
    }
}

/// JSON of at most four levels, written with some freedom.
fn json() -> impl Strategy<Value = Value> {
    let name =
        prop::sample::select(vec!["a", "b", "ä b", "longer_name_1", "longer_name_2", "\"\\"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        prop::collection::vec(any::<char>(), 0..6)
            .prop_map(|text| Value::from(text.into_iter().collect::<String>())),
    ];
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..4).prop_map(object),
        ]
    });
    let name = prop::sample::select(vec!["a", "b", "c", "é"]);
    prop::collection::btree_map(name, value, 0..4).prop_map(object)
}

fn object(members: std::collections::BTreeMap<&str, Value>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The same by `serde_json`.
fn expected(value: &Value, path: &[&str]) -> String {
    match (path, value) {
        (_, Value::Null) => "null".into(),
        ([], Value::String(text)) => format!("{text:?}"),
        ([], value) => value.to_string(),
        ([step, rest @ ..], Value::Object(members)) => {
            members.get(*step).map_or_else(|| "absent".into(), |member| expected(member, rest))
        }
        ([step, rest @ ..], Value::Array(elements)) => match step.parse::<usize>() {
            Ok(place) => elements
                .get(place)
                .map_or_else(|| "absent".into(), |element| expected(element, rest)),
            Err(_) => "blocked".into(),
        },
        _ => "blocked".into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn values_are_those_of_another_reader(value in json()) {
        let line = value.to_string();
        let paths = ["a", "b", "a.a", "a.b.0", "a.0.b", "b.1", "b.longer_name_2", "é.a"];
        let found = find(&line, &paths).unwrap();
        for (path, found) in paths.iter().zip(found) {
            let steps: Vec<&str> = path.split('.').collect();
            prop_assert_eq!(found, expected(&value, &steps), "{} of {}", path, &line);
        }
    }

    #[test]
    fn spoiled_lines_are_spoiled_for_another_reader_too(
        value in json(),
        place in any::<prop::sample::Index>(),
        put in prop::sample::select(b"{}[]\",:\\ \n\te-+.0123aunltrfs\x01\x7f".to_vec()),
        removes in any::<bool>(),
    ) {
        let mut line = value.to_string().into_bytes();
        let place = place.index(line.len());
        if removes {
            line.remove(place);
        } else {
            line[place] = put;
        }
        // What is no text never gets here: it is set aside as badly encoded.
        let Ok(line) = String::from_utf8(line) else { return Ok(()) };
        let theirs = serde_json::from_str::<Value>(&line);
        // It has no room for 1e999; numbers are texts here.
        if theirs.as_ref().is_err_and(|error| error.to_string().contains("number out of range")) {
            return Ok(());
        }
        let is_object = theirs.as_ref().is_ok_and(Value::is_object);
        match find(&line, &["a.b"]) {
            Ok(_) => prop_assert!(is_object, "{line}"),
            Err(Reason::BadJson) => prop_assert!(theirs.is_err(), "{line}"),
            Err(Reason::WrongType) => prop_assert!(!is_object, "{line}"),
            // The other reader takes the last of two and goes deeper.
            Err(_) => {}
        }
    }
}
