//! What templates see of a scorecard.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;

use crate::chart::{Sparkline, Strip};
use crate::scorecard::{Digest, Scorecard};

/// A scorecard with what templates see of it: made once, shown by every template of its report.
///
/// Templates see the scorecard's own names, its lines by id (`line_by_id`), and the coordinates of its charts
/// (`sparklines`, by id; `strips`, one for each breakdown).
#[derive(Debug)]
pub struct TemplateContext<'a> {
    pub(super) scorecard: &'a Scorecard,
    names: BTreeMap<String, Value>,
}

impl<'a> TemplateContext<'a> {
    /// What templates see of a scorecard.
    pub fn of(scorecard: &'a Scorecard) -> Self {
        let own = Value::from(Serde(scorecard));
        let lines =
            values(&own, "groups").flat_map(|group| values(&group, "lines").collect::<Vec<_>>());
        let ids = || scorecard.lines().map(|line| line.id.clone());
        let sparklines = scorecard.lines().map(|line| Value::from(Serde(Sparkline::of(line))));
        let strips = scorecard.breakdowns.iter().map(|table| Value::from(Serde(Strip::of(table))));
        let charts = [
            ("line_by_id", by_id(ids(), lines)),
            ("sparklines", by_id(ids(), sparklines)),
            ("strips", strips.collect()),
        ];
        let charts = charts.into_iter().map(|(name, value)| (name.to_owned(), value));
        Self { scorecard, names: names(&own).chain(charts).collect() }
    }

    /// The same with another digest, as templates of mails and messages get it.
    pub(super) fn with_digest(&self, digest: &Digest) -> Self {
        let mut names = self.names.clone();
        names.insert("digest".into(), Value::from(Serde(digest)));
        Self { scorecard: self.scorecard, names }
    }

    /// The names and what they stand for, as the template engine takes them.
    pub(super) fn value(&self) -> Value {
        Value::from_object(self.names.clone())
    }
}

/// The fields of a serialized struct.
fn names(of: &Value) -> impl Iterator<Item = (String, Value)> {
    let keys = of.try_iter().expect("a struct has fields");
    keys.map(|key| {
        let value = of.get_item(&key).expect("the field is its own");
        (key.to_string(), value)
    })
}

/// The items of a list of a serialized struct.
fn values(of: &Value, field: &str) -> impl Iterator<Item = Value> {
    of.get_attr(field).and_then(|list| list.try_iter()).expect("the field is a list")
}

fn by_id(ids: impl Iterator<Item = String>, values: impl Iterator<Item = Value>) -> Value {
    Value::from_object(ids.zip(values).collect::<BTreeMap<String, Value>>())
}
