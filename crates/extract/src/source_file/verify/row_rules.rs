//! Rules between the columns of a row: that they name what there is, and can be asked.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, Reason, TableName, nearest};

use super::faults::Faults;
use crate::source::{Column, Kind, Personal, RowRule, RuleRange, Source, ValueComparison};
use crate::source_file::toml_span::entry_span;
use crate::typed::range;

/// Every fault of the rules of a source.
pub(super) fn check(source: &Source, faults: &mut Faults) {
    let mut names = BTreeSet::new();
    for (position, rule) in source.rules.iter().enumerate() {
        let mut entry = RuleEntry { source, position, faults };
        entry.of_name(rule, &mut names);
        entry.of_subject(rule);
        match (&rule.compare, &rule.range, &rule.required) {
            (Some(compare), None, None) => entry.of_compare(compare),
            (None, Some(range), None) => entry.of_range(range),
            (None, None, Some(column)) => drop(entry.column(column)),
            _ => entry.fault(
                "name",
                "a rule asks exactly one thing",
                "one of `compare`, `range` and `required`",
            ),
        }
    }
}

/// One entry of `[[rules]]` while its faults are found.
struct RuleEntry<'a, 'm, 'f> {
    source: &'a Source,
    position: usize,
    faults: &'m mut Faults<'f>,
}

impl<'a> RuleEntry<'a, '_, '_> {
    /// A fault at a word of the entry, else at its first line.
    fn fault(&mut self, word: &str, message: impl Into<String>, help: impl Into<String>) {
        let file = self.faults.file;
        let span = entry_span(file, "rules", self.position, word);
        let fault: Fault = file.fault(span, message);
        self.faults.found.push(fault.help(help));
    }

    fn of_name(&mut self, rule: &'a RowRule, names: &mut BTreeSet<&'a str>) {
        let name = rule.name.as_str();
        let is_ours = Reason::ALL.iter().any(|reason| reason.code() == name);
        if TableName::new("raw", name).is_err() {
            let message = format!("`{name}` is not a name for a rule");
            self.fault(
                name,
                message,
                "lower-case letters, digits and underscores: closed_before_opened",
            );
        } else if is_ours || !names.insert(name) {
            let message = format!("the reason `{name}` means something else already");
            self.fault(
                name,
                message,
                "each rule has a name of its own: it is the reason in quarantine",
            );
        }
    }

    fn of_subject(&mut self, rule: &RowRule) {
        let Some(when) = &rule.when else { return };
        let Some(column) = self.column(&when.column) else { return };
        if column.kind != Kind::Text {
            let message = format!("`when` asks for texts, and `{}` has none", when.column);
            self.fault(&when.column, message, "name a column of `type = \"text\"`");
        }
        if when.is.0.is_empty() {
            self.fault("is", "`is` names no text", "name one or several: is = [\"nps\", \"ces\"]");
        }
        for text in &when.is.0 {
            if !column.accepted.is_empty() && !column.accepted.contains(text) {
                let message = format!("`{}` is never `{text}`", when.column);
                self.fault(
                    text,
                    message,
                    format!("its `accepted` are: {}", column.accepted.join(", ")),
                );
            }
        }
    }

    fn of_compare(&mut self, [left, sign, right]: &[String; 3]) {
        let comparison = ValueComparison::of(sign);
        if comparison.is_none() {
            let message = format!("`{sign}` compares nothing");
            self.fault(sign, message, format!("one of {}", ValueComparison::SIGNS.join(" ")));
        }
        let columns = (self.column(left), self.column(right));
        let (Some(one), Some(other)) = columns else { return };
        if class(one) != class(other) {
            let message = format!("`{left}` and `{right}` cannot be compared");
            let help = "numbers with numbers, dates with dates, timestamps with timestamps, texts with texts";
            self.fault(left, message, help);
        } else if !has_order(one) && comparison.is_some_and(ValueComparison::is_of_order) {
            let message = format!("`{left}` has no order");
            self.fault(left, message, "compare them by `=` or `!=`");
        }
    }

    fn of_range(&mut self, bounds: &RuleRange) {
        let Some(column) = self.column(&bounds.column) else { return };
        if !has_order(column) {
            let message = format!("`{}` has no numbers and no times", bounds.column);
            self.fault(
                &bounds.column,
                message,
                "`accepted` of a column says which texts it may have",
            );
            return;
        }
        if bounds.min.is_none() && bounds.max.is_none() {
            self.fault("range", "`range` has no bound", "give `min`, `max` or both");
        }
        let bounded = Column { min: bounds.min.clone(), max: bounds.max.clone(), ..column.clone() };
        match range(&bounded) {
            None => {
                let help = "write it as a value of the column: 5, 0.5, \"2020-01-01\"";
                self.fault("range", format!("a bound is no value of `{}`", bounds.column), help);
            }
            Some((low, high)) if low > high => {
                self.fault("range", "`min` is above `max`", "no value lies between them");
            }
            Some(_) => {}
        }
    }

    /// A column that a rule names, which has to be stored.
    fn column(&mut self, name: &str) -> Option<&'a Column> {
        let names: Vec<&str> = self.source.columns.keys().map(String::as_str).collect();
        let Some(column) = self.source.columns.get(name) else {
            let meant = nearest(name, &names).map(|near| format!("did you mean `{near}`? "));
            let help =
                format!("{}declared columns: {}", meant.unwrap_or_default(), names.join(", "));
            self.fault(name, format!("a rule names a column that is not declared: `{name}`"), help);
            return None;
        };
        if column.personal == Personal::Drop {
            let message = format!("a rule names a column that is dropped: `{name}`");
            self.fault(name, message, "set `personal = \"hash\"`, or ask another column");
            return None;
        }
        Some(column)
    }
}

/// Values that can be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    Float,
    Duration,
    Date,
    Timestamp,
    Text,
    Boolean,
}

fn has_order(column: &Column) -> bool {
    !matches!(class(column), Class::Text | Class::Boolean)
}

fn class(column: &Column) -> Class {
    match column.kind {
        Kind::Integer | Kind::Decimal => Class::Number,
        Kind::Float => Class::Float,
        Kind::Duration => Class::Duration,
        Kind::Date => Class::Date,
        Kind::Timestamp => Class::Timestamp,
        Kind::Text => Class::Text,
        Kind::Boolean => Class::Boolean,
    }
}
