//! Of files that deliver the same period, the one that was delivered last.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use scorewright_domain::Landing;
use scorewright_extract::{
    Deliveries, DeliveryOrderFault, ExtractFile, RefusedExtract, Source, VersionMoment,
};

use super::load_numbers::LoadNumbers;

/// Files that may be read: one for each delivery.
pub(super) struct Deliverable {
    pub(super) files: Vec<ExtractFile>,
    /// Files of which nothing says whether they come before or after another.
    pub(super) refused: Vec<RefusedExtract>,
}

/// A file of a delivery, there or landed, and how late it is.
struct LastDelivery {
    file: PathBuf,
    order: Vec<u64>,
}

/// How late a file is that no load has seen.
const UNSEEN: u64 = u64::MAX;

impl Deliverable {
    /// Of files that are there, those that no later one takes the place of, also no later one that has landed.
    pub(super) fn of(
        source: &Source,
        files: Vec<ExtractFile>,
        former: &[Landing],
        loads: &LoadNumbers,
        deliveries: &Deliveries,
    ) -> Self {
        let mut found = Self { files: Vec::new(), refused: Vec::new() };
        let is_dated = source.version_moment() == Some(VersionMoment::Name);
        let (fit, unfit): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| {
            let has_order = || deliveries.order_of(&file.file).is_some();
            let has_day = || !is_dated || deliveries.named_day(&file.file).is_some();
            !deliveries.are_in_names() || (has_order() && has_day())
        });
        found.refused.extend(unfit.into_iter().map(|file| refused(source, file, None)));
        let files: Vec<ExtractFile> =
            fit.into_iter().filter(|file| !is_replaced(file, former, deliveries)).collect();
        let last = last(&files, former, loads, deliveries);
        for file in files {
            let delivered = &last[&deliveries.of_file(&file.file)];
            let other = delivered.iter().find(|other| other.file != file.file);
            match other {
                _ if delivered.iter().all(|last| last.file != file.file) => {}
                None => found.files.push(file),
                Some(other) => {
                    let period = deliveries.of_file(&file.file);
                    found.refused.push(refused(source, file, Some((period, &other.file))));
                }
            }
        }
        found
    }
}

/// For each delivery, what was delivered last; several where nothing says which of them is the later one.
fn last(
    files: &[ExtractFile],
    former: &[Landing],
    loads: &LoadNumbers,
    deliveries: &Deliveries,
) -> BTreeMap<String, Vec<LastDelivery>> {
    let is_there = |landing: &&Landing| files.iter().any(|file| file.file == landing.extract.file);
    let gone = former.iter().filter(|landing| !is_there(landing));
    let gone = gone.map(|landing| (&landing.extract.file, landing.first_seen));
    let there = files.iter().map(|file| (&file.file, first_seen(file, loads)));
    let mut last: BTreeMap<String, Vec<LastDelivery>> = BTreeMap::new();
    for (file, first_seen) in gone.chain(there) {
        let order = if deliveries.are_in_names() {
            deliveries.order_of(file).unwrap_or_default()
        } else {
            vec![first_seen]
        };
        let latest = last.entry(deliveries.of_file(file)).or_default();
        latest.retain(|other| other.order >= order);
        if latest.iter().all(|other| other.order == order) {
            latest.push(LastDelivery { file: file.clone(), order });
        }
    }
    last
}

fn first_seen(file: &ExtractFile, loads: &LoadNumbers) -> u64 {
    file.known().and_then(|content| loads.first_of(content)).unwrap_or(UNSEEN)
}

/// Whether another file took the place of this content under this name before, by being seen later. Under another name it is
/// a delivery anew.
fn is_replaced(file: &ExtractFile, former: &[Landing], deliveries: &Deliveries) -> bool {
    !deliveries.are_in_names()
        && former.iter().any(|landing| {
            landing.extract.file != file.file
                && deliveries.of_file(&landing.extract.file) == deliveries.of_file(&file.file)
                && landing.replaced.iter().any(|content| {
                    content.file == file.file && file.known() == Some(&content.fingerprint)
                })
        })
}

/// The refusal of a file that does not fit the pattern of names, or that is as late as another.
fn refused(source: &Source, file: ExtractFile, other: Option<(String, &Path)>) -> RefusedExtract {
    let path = source.path.clone();
    let fault = match other {
        Some((period, other)) => {
            DeliveryOrderFault::SamePeriod { period, other: other.to_owned(), path }
        }
        None => DeliveryOrderFault::Unfit { pattern: source.delivered_pattern().to_owned(), path },
    };
    RefusedExtract { of: source.name.clone(), file: file.file, why: fault.into() }
}
