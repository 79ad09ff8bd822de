//! Who is who, found once in a build and written table by table.

use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::{CheckOutcome, Fault};
use scorewright_warehouse::{FileWriter, Session, StoredFile, WarehouseError};

use super::gather::gather;
use super::plan::plan;
use super::resolved::Resolved;
use super::rules::Identity;
use super::tables::Part;

/// Who is who, found when the first of its tables is built.
#[derive(Debug, Default)]
pub(crate) struct Who {
    resolved: Option<Resolved>,
}

impl Who {
    /// Finds who is who as it was known at an instant, unless this build has.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the entry whose table cannot be read.
    pub(crate) fn find(
        &mut self,
        identity: &Arc<Identity>,
        session: &Session,
        as_of: Timestamp,
    ) -> Result<&Resolved, Fault> {
        if self.resolved.is_none() {
            plan(identity, session, as_of)?;
            let gathered = gather(identity, session, as_of)?;
            self.resolved = Some(Resolved::new(identity.clone(), gathered));
        }
        Ok(self.resolved.as_ref().expect("found above"))
    }

    /// What the checks of a part say, beside those of its grain.
    pub(crate) fn outcomes(&self, part: Part) -> Vec<CheckOutcome> {
        match (&self.resolved, part) {
            (Some(resolved), Part::Map) => vec![resolved.conflict()],
            (Some(resolved), Part::Match) => resolved.unmatched(),
            _ => Vec::new(),
        }
    }
}

impl Resolved {
    /// Writes a part into a file.
    ///
    /// # Errors
    ///
    /// [`WarehouseError`] when the disk refuses.
    pub(crate) fn write(
        &self,
        part: Part,
        mut writer: FileWriter,
    ) -> Result<StoredFile, WarehouseError> {
        for batch in self.batches(part) {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}
