//! Hashes over the rows of tables, however they lie in files.

use std::collections::BTreeMap;

use scorewright_domain::{Fingerprint, TableName};
use scorewright_project::{Folders, Project, ProjectFiles, ProjectLocation};
use scorewright_warehouse::{Session, Snapshot};
use serde_json::json;

use crate::arguments::StatusFormat;
use crate::console::Console;
use crate::exit::{ExitStatus, Failure};

/// Prints the digest of each table of the newest version.
pub(super) fn digest(
    location: &ProjectLocation,
    output: StatusFormat,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    let snapshot = warehouse.newest()?;
    let grains = grains(location, &snapshot)?;
    let session = Session::over(&warehouse, &snapshot)?;
    let mut digests = Vec::new();
    for (name, table) in &snapshot.tables {
        let grain = grains.get(name).map_or(&[][..], Vec::as_slice);
        let digest = session
            .digest(name, table, grain)
            .map_err(|fault| Failure::new(ExitStatus::InputOutput, fault))?;
        digests.push((name, table.rows(), digest));
    }
    console.answer(&match output {
        StatusFormat::Json => as_json(&snapshot, &digests),
        StatusFormat::Text => as_text(&digests),
    });
    Ok(ExitStatus::Done)
}

/// The grain of each model of a version; none of a version that did not keep its project.
fn grains(
    location: &ProjectLocation,
    snapshot: &Snapshot,
) -> Result<BTreeMap<TableName, Vec<String>>, Failure> {
    let folders = Folders::of(location)?;
    let kept = folders.warehouse().project_files(snapshot)?.and_then(ProjectFiles::kept);
    let Some(kept) = kept else { return Ok(BTreeMap::new()) };
    let project = Project::kept(kept, &location.lenient())?;
    let models = project.pipeline.models.into_iter();
    Ok(models.map(|model| (model.name, model.settings.grain)).collect())
}

type TableDigest<'a> = (&'a TableName, u64, Fingerprint);

fn as_json(snapshot: &Snapshot, digests: &[TableDigest<'_>]) -> String {
    let tables: serde_json::Map<String, serde_json::Value> = digests
        .iter()
        .map(|(name, rows, digest)| (name.to_string(), json!({ "rows": rows, "sha256": digest })))
        .collect();
    json!({ "version": snapshot.number, "as_of": snapshot.as_of, "tables": tables }).to_string()
}

fn as_text(digests: &[TableDigest<'_>]) -> String {
    let line = |(name, rows, digest): &TableDigest<'_>| format!("{digest}  {name}  {rows} rows\n");
    digests.iter().map(line).collect()
}
