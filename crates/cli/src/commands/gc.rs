//! `scorewright gc`: versions that are not kept any more, files that none of the others needs, and what is old in `out/`.

use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{FileCount, Lock};
use serde_json::json;

use crate::arguments::{GcOptions, StatusFormat};
use crate::console::Console;
use crate::console::lines::{counted, grouped, labelled};
use crate::exit::{ExitStatus, Failure};
use crate::run::cleaning::{Removable, removable, remove};
use crate::run::old_outputs::OldFiles;

/// What is never removed.
const UNTOUCHED: &str = "the ledger, the outbox, and the newest pages of every period";

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
    let removable = removable(&folders, &lock)?;
    if !options.dry_run {
        remove(&folders, &lock, &removable)?;
    }
    console.answer(&match options.output {
        StatusFormat::Json => as_json(&removable, options.dry_run),
        StatusFormat::Text => as_text(&removable, options.dry_run),
    });
    Ok(ExitStatus::Done)
}

fn as_json(removable: &Removable, is_dry_run: bool) -> String {
    let Removable { garbage, outputs } = removable;
    let count = |count: FileCount| json!({ "files": count.files, "bytes": count.bytes });
    let kind = |old: &OldFiles| json!({ "removed": count(old.removed), "kept": count(old.kept) });
    let answer = json!({
        "dry_run": is_dry_run,
        "versions_removed": garbage.versions,
        "versions_kept": garbage.kept_versions,
        "removed": count(garbage.removed),
        "kept": count(garbage.kept),
        "young": count(garbage.young),
        "runs": kind(&outputs.runs),
        "mails": kind(&outputs.mails),
        "pages": kind(&outputs.pages),
    });
    answer.to_string()
}

fn as_text(removable: &Removable, is_dry_run: bool) -> String {
    let Removable { garbage, outputs } = removable;
    let removed = if is_dry_run { "would go" } else { "removed" };
    let kinds =
        [("records of runs", &outputs.runs), ("mails", &outputs.mails), ("pages", &outputs.pages)];
    let of_kinds = |of: fn(&OldFiles) -> FileCount| {
        let some = kinds.iter().filter(move |(_, old)| of(old).files > 0);
        some.map(move |(kind, old)| format!("{kind}: {}", in_words(of(old))))
    };
    let tables = |numbers, files| format!("{}, {}", versions(numbers), in_words(files));
    let goes = [tables(&garbage.versions, garbage.removed)];
    let stays = [tables(&garbage.kept_versions, garbage.kept)];
    let goes: Vec<String> = goes.into_iter().chain(of_kinds(|old| old.removed)).collect();
    let stays: Vec<String> = stays.into_iter().chain(of_kinds(|old| old.kept)).collect();
    let young = format!("{} that no version names and that are young", in_words(garbage.young));
    let young: Vec<String> = (garbage.young.files > 0).then_some(young).into_iter().collect();
    [
        labelled(removed, &goes),
        labelled("stays", &stays),
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
