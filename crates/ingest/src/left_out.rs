//! Extracts that a version is made without, because they or others of their source are refused.

use scorewright_domain::LeftOutExtract;
use scorewright_extract::{ExtractFile, OnRefused, ReadError, Refusal, RefusedExtract};

use crate::plan::Plan;

/// What a version is made without of a source whose extracts are refused and stop nothing.
///
/// - `refused`: of all sources.
/// - Where the source keeps what it had, also the sound extracts that do not land because of others.
pub(crate) fn left_out(plan: &Plan, refused: &[RefusedExtract]) -> Vec<LeftOutExtract> {
    let refused: Vec<&RefusedExtract> =
        refused.iter().filter(|refused| refused.of == plan.source.name).collect();
    if plan.source.on_refused == OnRefused::Stop || refused.is_empty() {
        return Vec::new();
    }
    let is_sound = |file: &&ExtractFile| refused.iter().all(|refused| refused.file != file.file);
    let keeps = plan.source.on_refused == OnRefused::KeepYesterday;
    let held_back = plan.not_landed().filter(|file| keeps && is_sound(file));
    let held_back = held_back.map(|file| LeftOutExtract { reason: None, ..unread(plan, file) });
    refused.iter().map(|refused| of_refused(plan, refused)).chain(held_back).collect()
}

/// Whether all that is to be read of a source is what the version before was made without: reading it again leaves
/// everything as it is.
pub(crate) fn is_known(plan: &Plan, known: &[&LeftOutExtract]) -> bool {
    if known.is_empty() || plan.refused.len() + plan.not_landed().count() != known.len() {
        return false;
    }
    let refused = plan.refused.iter().map(|refused| of_refused(plan, refused));
    let mut all = refused.chain(plan.not_landed().map(|file| unread(plan, file)));
    all.all(|extract| known.iter().any(|known| known.is_same(&extract)))
}

/// Makes the contents of refused files known where they stop nothing: later runs know them again by that.
pub(crate) fn know_contents(plan: &Plan, refused: &[RefusedExtract]) {
    if plan.source.on_refused != OnRefused::Stop {
        for refused in refused {
            of_refused(plan, refused);
        }
    }
}

fn of_refused(plan: &Plan, refused: &RefusedExtract) -> LeftOutExtract {
    let file = plan.read.iter().find(|file| file.file == refused.file);
    let fingerprint = file.and_then(|file| file.fingerprint().ok().cloned());
    LeftOutExtract {
        source: refused.of.clone(),
        file: refused.file.clone(),
        fingerprint,
        reason: Some(one_line(&refused.why)),
    }
}

/// A file that is there, by its content; by why it is refused where it cannot be read.
fn unread(plan: &Plan, file: &ExtractFile) -> LeftOutExtract {
    let (fingerprint, reason) = match file.fingerprint() {
        Ok(known) => (Some(known.clone()), None),
        Err(ReadError::Refused(why)) => (None, Some(one_line(&why))),
        Err(ReadError::Aborted(_)) => (None, None),
    };
    let (source, file) = (plan.source.name.clone(), file.file.clone());
    LeftOutExtract { source, file, fingerprint, reason }
}

fn one_line(why: &Refusal) -> String {
    why.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
