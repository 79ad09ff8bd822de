//! `scorewright gc`: versions that are not kept any more, and files that none of the others needs.

use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{FileCount, Garbage, Lock};
use serde_json::json;

use crate::arguments::{GcOptions, StatusFormat};
use crate::console::Console;
use crate::console::lines::{counted, grouped, labelled};
use crate::exit::{ExitStatus, Failure};
use crate::storage_care::garbage;

/// What is beside the tables and is left alone.
const UNTOUCHED: &str = "records in `out/runs/`, the ledger, the outbox, pages and mails";

/// Removes them, or says what would be removed.
pub(crate) fn gc(
    location: &ProjectLocation,
    options: &GcOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let folders = Folders::of(location)?;
    let warehouse = folders.warehouse();
    if warehouse.history()?.numbers().is_empty() {
        return Err(Failure::no_version());
    }
    let lock = Lock::take(&warehouse)?;
    let garbage = garbage(&folders, &lock)?;
    if !options.dry_run {
        warehouse.remove_garbage(&lock, &garbage)?;
    }
    console.answer(&match options.output {
        StatusFormat::Json => as_json(&garbage, options.dry_run),
        StatusFormat::Text => as_text(&garbage, options.dry_run),
    });
    Ok(ExitStatus::Done)
}

fn as_json(garbage: &Garbage, is_dry_run: bool) -> String {
    let count = |count: FileCount| json!({ "files": count.files, "bytes": count.bytes });
    let answer = json!({
        "dry_run": is_dry_run,
        "versions_removed": garbage.versions,
        "versions_kept": garbage.kept_versions,
        "removed": count(garbage.removed),
        "kept": count(garbage.kept),
        "young": count(garbage.young),
    });
    answer.to_string()
}

fn as_text(garbage: &Garbage, is_dry_run: bool) -> String {
    let removed = if is_dry_run { "would go" } else { "removed" };
    let goes = [versions(&garbage.versions), in_words(garbage.removed)];
    let stays = [versions(&garbage.kept_versions), in_words(garbage.kept)];
    let young = format!("{} that no version names and that are young", in_words(garbage.young));
    let young: Vec<String> = (garbage.young.files > 0).then_some(young).into_iter().collect();
    [
        labelled(removed, &[goes.join(", ")]),
        labelled("stays", &[stays.join(", ")]),
        labelled("young", &young),
        labelled("untouched", &[UNTOUCHED]),
    ]
    .concat()
}

fn versions(numbers: &[u64]) -> String {
    let count = counted(numbers.len() as u64, "version", "versions");
    match numbers {
        [] => count,
        [one] => format!("{count} ({one})"),
        [first, .., last] => format!("{count} (of {first} to {last})"),
    }
}

/// `3 files of 12,345 bytes`.
fn in_words(count: FileCount) -> String {
    format!("{} of {} bytes", counted(count.files, "file", "files"), grouped(count.bytes))
}
