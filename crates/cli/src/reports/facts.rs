//! What pages say of the run, its sources, checks and metrics.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use scorewright_domain::{CheckVerdict, LeftOutExtract};
use scorewright_extract::{OnRefused, Source};
use scorewright_kpi::Metric;
use scorewright_project::Project;
use scorewright_report::{
    CheckWarning, Concern, MetricFacts, RefusedFile, RunFacts, SourceFacts, UnmatchedRows,
};
use scorewright_warehouse::Snapshot;

use super::identity;

/// What pages say of the run.
pub(super) fn run_facts(
    project: &Project,
    snapshot: &Snapshot,
    as_of: Date,
    unmatched: &BTreeMap<String, UnmatchedRows>,
) -> RunFacts {
    RunFacts {
        run_id: snapshot.run.clone(),
        generated_at: project.midnight(as_of).to_string(),
        as_of,
        project: project.settings.name.clone(),
        time_zone: project.settings.time_zone.clone(),
        currency: project.settings.currency.clone(),
        sample_lines: snapshot.profile.as_ref().and_then(|profile| profile.sample_lines),
        sources: project
            .sources
            .iter()
            .map(|source| SourceFacts {
                unmatched: unmatched.get(&source.name).copied(),
                ..source_facts(source, snapshot)
            })
            .collect(),
        warnings: warnings(snapshot),
        metrics: project
            .metrics
            .iter()
            .map(|metric| MetricFacts {
                absent_columns: snapshot
                    .absent_columns
                    .get(&metric.name)
                    .cloned()
                    .unwrap_or_default(),
                ..metric_facts(project, metric)
            })
            .collect(),
    }
}

fn source_facts(source: &Source, snapshot: &Snapshot) -> SourceFacts {
    let landings = snapshot.landings.iter();
    let refused = refused_files(&source.name, snapshot);
    SourceFacts {
        source: source.name.clone(),
        title: source.title.clone(),
        landings: landings.filter(|it| it.extract.source == source.name).cloned().collect(),
        is_as_before: source.on_refused == OnRefused::KeepYesterday && !refused.is_empty(),
        refused,
        reach: snapshot.reaches.iter().find(|reach| reach.source == source.name).cloned(),
        unmatched: None,
    }
}

/// Extracts of a source that a version is made without because they are refused.
fn refused_files(source: &str, snapshot: &Snapshot) -> Vec<RefusedFile> {
    let left_out = snapshot.left_out.iter().filter(|extract| extract.source == source);
    let refused = |extract: &LeftOutExtract| {
        let file = extract.file.to_string_lossy().into_owned();
        Some(RefusedFile { file, reason: extract.reason.clone()? })
    };
    left_out.filter_map(refused).collect()
}

fn warnings(snapshot: &Snapshot) -> Vec<CheckWarning> {
    let failed = snapshot.built.iter().flat_map(|built| {
        let failed = built.checks.iter().filter(|check| check.verdict == CheckVerdict::Warned);
        // Rows without a known customer are stated with their source.
        let failed = failed.filter(|_| built.table.to_string() != identity::MATCH);
        failed.map(|check| CheckWarning {
            table: built.table.to_string(),
            check: check.check.clone(),
            offending: check.offending,
            looked_at: check.looked_at,
            concern: if identity::counts_contested(&built.table, check) {
                Concern::ContestedNames
            } else {
                Concern::Rows
            },
        })
    });
    let own = snapshot.checks.iter().filter(|check| check.verdict.is_offence());
    let own = own.map(|check| CheckWarning {
        table: String::new(),
        check: check.check.clone(),
        offending: check.offending,
        looked_at: check.looked_at,
        concern: Concern::Rows,
    });
    failed.chain(own).collect()
}

/// The definition of a metric as a page states it.
fn metric_facts(project: &Project, metric: &Metric) -> MetricFacts {
    MetricFacts {
        metric: metric.name.clone(),
        version: metric.version,
        title: metric.title.clone(),
        says: metric.says.clone(),
        unit: metric.unit,
        direction: metric.direction,
        statistics: metric.statistics().into_iter().map(String::from).collect(),
        by: metric.by.iter().map(|dimension| dimension.text.clone()).collect(),
        grains: metric.grains.clone(),
        formula: metric.definition(),
        decided: metric.decided.clone(),
        interval: metric.interval.method(),
        minimum_sample: metric.minimum_sample,
        sources: project.sources_of(metric),
        absent_columns: BTreeSet::new(),
    }
}
