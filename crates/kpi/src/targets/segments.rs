//! Targets of segments that do not occur.

use std::collections::BTreeSet;

use scorewright_domain::{Fault, KpiValue, ProjectFile, Segment, Target};

use super::checks::parse_segment;
use super::entry::TomlEntry;
use super::file::TargetsFile;

/// Faults of targets for a value of a dimension that no figure of their metric was ever stated for.
///
/// - `file`: `targets.toml`; one that cannot be read has no targets.
/// - `values`: every figure of a version. A dimension without any figure says nothing about its values.
pub fn targets_of_no_segment(file: &ProjectFile, values: &[KpiValue]) -> Vec<Fault> {
    let Ok(written) = file.toml::<TargetsFile>() else { return Vec::new() };
    let fault = |target: &toml::Spanned<Target>| {
        let entry = TomlEntry { file, span: target.span() };
        fault_of(&entry, target.get_ref(), values)
    };
    written.target.iter().filter_map(fault).collect()
}

fn fault_of(entry: &TomlEntry<'_>, target: &Target, values: &[KpiValue]) -> Option<Fault> {
    let segment = parse_segment(target.segment.as_deref()?)?;
    let measured = values.iter().filter(|value| value.metric == target.metric);
    let of_dimension = measured.filter(|value| value.segment.dimension == segment.dimension);
    let known: BTreeSet<&Segment> = of_dimension.map(|value| &value.segment).collect();
    if known.is_empty() || known.contains(&segment) {
        return None;
    }
    let message = format!(
        "`{}` has no figure for {segment}, so nothing is judged by this target",
        target.metric
    );
    Some(entry.fault("segment", message).help(help(&target.metric, &segment)))
}

/// How to see which values there are. They are not named: a segment may be a person, and this goes to the log.
fn help(metric: &str, segment: &Segment) -> String {
    format!(
        "`scorewright query \"SELECT DISTINCT segment FROM kpi.value WHERE metric = '{metric}' AND dimension = '{}'\"` lists those that it has",
        segment.dimension
    )
}
