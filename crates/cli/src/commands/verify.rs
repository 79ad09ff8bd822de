//! `scorewright verify`: whether every file of every version is there, as it was committed.

mod digest;

use scorewright_project::{Folders, ProjectLocation};
use scorewright_warehouse::{Damage, Verification, VerifyDepth};
use serde_json::json;

use crate::arguments::{StatusFormat, VerifyOptions};
use crate::console::Console;
use crate::console::lines::{LINE, counted, grouped, wrapped};
use crate::exit::{ExitStatus, Failure};

/// Looks at the files and says what is damaged, or prints the digests of the tables.
pub(crate) fn verify(
    location: &ProjectLocation,
    options: &VerifyOptions,
    console: &Console,
) -> Result<ExitStatus, Failure> {
    let warehouse = Folders::of(location)?.warehouse();
    if warehouse.history()?.numbers().is_empty() {
        return Err(Failure::no_version());
    }
    if options.digest {
        return digest::digest(location, options.output, console);
    }
    let depth = if options.deep { VerifyDepth::Contents } else { VerifyDepth::Lengths };
    let found = warehouse.verify(depth)?;
    console.answer(&match options.output {
        StatusFormat::Json => as_json(&found, options.deep),
        StatusFormat::Text => as_text(&found, options.deep),
    });
    Ok(if found.damages.is_empty() { ExitStatus::Done } else { ExitStatus::InputOutput })
}

fn as_json(found: &Verification, is_deep: bool) -> String {
    let damage = |damage: &Damage| {
        json!({
            "file": damage.path,
            "what": damage.what,
            "versions": damage.versions,
            "mended_by": mended_by(found, damage),
        })
    };
    let answer = json!({
        "deep": is_deep,
        "versions": found.versions,
        "files": found.files,
        "bytes": found.bytes,
        "newest_whole": found.newest_whole(),
        "damages": found.damages.iter().map(damage).collect::<Vec<_>>(),
    });
    answer.to_string()
}

fn as_text(found: &Verification, is_deep: bool) -> String {
    const INDENT: usize = 2;
    let looked_at = format!(
        "{} and {} of {} bytes: {}",
        counted(found.versions.len() as u64, "version", "versions"),
        counted(found.files, "file", "files"),
        grouped(found.bytes),
        if is_deep { "their contents" } else { "there, with their lengths" }
    );
    if found.damages.is_empty() {
        return format!("whole: {looked_at}");
    }
    let count = counted(found.damages.len() as u64, "file is", "files are");
    let mut text = format!("{count} damaged, of {looked_at}\n");
    for damage in &found.damages {
        let Damage { path, what, versions } = damage;
        let needs = if versions.len() == 1 { "version" } else { "versions" };
        let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
        let line = format!(
            "damaged: `warehouse/{path}`: {what}; {needs} {}; {}",
            versions.join(", "),
            mended_by(found, damage)
        );
        text += &(wrapped(&line, LINE, 0, INDENT) + "\n");
    }
    text
}

/// What mends a damage.
fn mended_by(found: &Verification, damage: &Damage) -> String {
    let newest = found.versions.last();
    if newest.is_some_and(|newest| !damage.versions.contains(newest)) {
        return "the newest version does not need it: restore it from a backup, or leave it to `scorewright gc`".into();
    }
    let is_repaired = ["tables/", "projects/"].iter().any(|folder| damage.path.starts_with(folder));
    if is_repaired {
        return format!(
            "`scorewright repair` makes it again, if what it is made from is there; else {}",
            restore_or_go_back(found)
        );
    }
    restore_or_go_back(found)
}

/// What mends damages that nothing can make good.
pub(super) fn restore_or_go_back(found: &Verification) -> String {
    match found.newest_whole() {
        Some(whole) => format!(
            "restore it from a backup, or `scorewright rollback {whole}` and `scorewright run`, which reads again what that version does not have"
        ),
        None => "restore it from a backup; no version is whole: without one, move `warehouse/` away and `scorewright run` makes all of it again from the extracts".into(),
    }
}
