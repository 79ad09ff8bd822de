//! Who reads what of a warehouse: decided here, for what is written and for what lies there already.

use std::path::Path;

use scorewright_domain::Layer;
use scorewright_durable::{Readers, set_readers_below};

use super::warehouse::{STAGE, Warehouse};
use crate::error::WarehouseError;

/// What the readers of a warehouse get at, with what is needed to find and understand it; all else is for its owner alone.
const OPEN: [&str; 6] = ["CURRENT.json", "lock", "manifests", "projects", "tables", "versions"];

impl Warehouse {
    /// Who reads a file or folder below the warehouse folder, or the folder itself.
    ///
    /// Tables of the quarantine layer hold rows as they were received: nobody but their owner reads them.
    pub(crate) fn readers_of(&self, path: &Path) -> Readers {
        let below = path.strip_prefix(self.root()).unwrap_or(path);
        let mut parts = below.iter().map(|part| part.to_str().unwrap_or_default());
        let is_open = match (parts.next(), parts.next()) {
            (None, _) => true,
            (Some("tables"), Some(layer)) => layer != Layer::Quarantine.as_str(),
            (Some(name), _) => OPEN.contains(&name),
        };
        if is_open { self.readers() } else { Readers::Owner }
    }

    /// Gives all that lies in the warehouse to its readers, and to nobody else: what was written for others before is
    /// opened or closed. The caller holds the lock.
    ///
    /// # Errors
    ///
    /// [`WarehouseError::Io`] when a file belongs to another user, or its owner may not give it to the group.
    pub fn set_readers(&self) -> Result<(), WarehouseError> {
        let readers_of = |below: &Path| (!is_transient(below)).then(|| self.readers_of(below));
        Ok(set_readers_below(self.root(), readers_of)?)
    }
}

/// Whether a path below the warehouse folder is what a process works with and removes again, maybe that of another user.
fn is_transient(below: &Path) -> bool {
    let is_of_session = below.to_string_lossy().starts_with(".spill/session-");
    is_of_session || [STAGE, ".spool"].iter().any(|folder| below.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use scorewright_durable::GroupId;

    use super::*;

    #[test]
    fn tables_are_open_and_quarantine_and_all_that_is_not_named_are_not() {
        let group = Readers::Group(GroupId::numbered(7).unwrap());
        let warehouse = Warehouse::at("w").read_by(group);
        for open in [
            "",
            "CURRENT.json",
            "lock",
            "manifests/1.json",
            "projects/1.json",
            "tables",
            "tables/raw/ticket/1.parquet",
            "tables/dim",
            "versions/1.json",
        ] {
            assert_eq!(warehouse.readers_of(&warehouse.root().join(open)), group, "{open}");
            let closed = Warehouse::at("w").readers_of(Path::new("w").join(open).as_path());
            assert_eq!(closed, Readers::Owner, "{open}");
        }
        for closed in [
            ".seen",
            ".spill/lock",
            ".stage/1.parquet",
            "ledger/board/2026.r1.json",
            "refused/tickets/1.json",
            "tables/quarantine",
            "tables/quarantine/tickets/1.parquet",
            "anything",
        ] {
            let path = warehouse.root().join(closed);
            assert_eq!(warehouse.readers_of(&path), Readers::Owner, "{closed}");
        }
    }
}
