//! Customers resolved once in a build and written table by table.

use std::sync::Arc;

use jiff::Timestamp;
use scorewright_domain::Fault;
use scorewright_warehouse::{FileWriter, Session, StoredFile, WarehouseError};

use super::collect_keys::collect_keys;
use super::definition::Identity;
use super::plan::plan;
use super::resolved_keys::ResolvedKeys;
use super::tables::IdentityTable;

/// Resolves the identity file of a build when the first of its tables is made.
#[derive(Debug, Default)]
pub(crate) struct IdentityResolver {
    resolved: Option<ResolvedKeys>,
}

impl IdentityResolver {
    /// The customer of every key as it was known at an instant; resolved once, the same for the rest of the build.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the entry whose table cannot be read.
    pub(crate) fn resolve(
        &mut self,
        identity: &Arc<Identity>,
        session: &Session,
        as_of: Timestamp,
    ) -> Result<&ResolvedKeys, Fault> {
        if self.resolved.is_none() {
            plan(identity, session, as_of)?;
            let collected = collect_keys(identity, session, as_of)?;
            self.resolved = Some(ResolvedKeys::new(identity.clone(), collected));
        }
        Ok(self.resolved.as_ref().expect("resolved above"))
    }
}

impl ResolvedKeys {
    /// Writes a table into a file.
    ///
    /// # Errors
    ///
    /// [`WarehouseError`] when the disk refuses.
    pub(crate) fn write(
        &self,
        table: IdentityTable,
        mut writer: FileWriter,
    ) -> Result<StoredFile, WarehouseError> {
        for batch in self.batches(table) {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}
