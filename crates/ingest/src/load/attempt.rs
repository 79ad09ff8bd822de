//! One try to merge files with what is in the tables.

use arrow::error::ArrowError;
use scorewright_domain::{Landing, TableName};
use scorewright_warehouse::StoredFile;

use super::context::LoadContext;
use super::read_files::ReadFile;
use crate::error::IngestError;
use crate::merge::delivery_order::DeliveryOrder;
use crate::plan::Plan;
use crate::rows::partition::Partition;

/// One try to merge files with what is in the tables; it fails when a file turns out to have too many conflicts.
pub(crate) struct MergeAttempt<'a> {
    pub(crate) plan: &'a Plan<'a>,
    pub(crate) context: LoadContext<'a>,
    /// Former landings whose rows stay.
    pub(crate) stay: Vec<&'a Landing>,
    pub(crate) files: Vec<ReadFile<'a>>,
    /// Which of all these were delivered later than which.
    pub(crate) order: DeliveryOrder,
}

impl<'a> MergeAttempt<'a> {
    pub(crate) fn new(
        plan: &'a Plan<'a>,
        context: LoadContext<'a>,
        stay: Vec<&'a Landing>,
        files: Vec<ReadFile<'a>>,
    ) -> Self {
        let landed =
            stay.iter().map(|landing| (landing.extract.file.as_path(), landing.first_seen));
        let read = files
            .iter()
            .map(|file| (file.extract.file.as_path(), plan.first_seen(&file.extract.fingerprint)));
        let order = DeliveryOrder::of(plan.source, &plan.deliveries, landed.chain(read));
        Self { plan, context, stay, files, order }
    }

    /// The files of a table that hold rows, in their order.
    pub(crate) fn stored(&self, name: &TableName) -> Vec<&'a StoredFile> {
        let table = self.context.transaction.snapshot().tables.get(name);
        let files = table.map_or(&[][..], |table| &table.files);
        files.iter().filter(|file| file.rows > 0).collect()
    }

    /// Whether the rows of an extract stay.
    pub(crate) fn is_kept(&self, extract: &str) -> bool {
        self.stay.iter().any(|landing| landing.extract.file.to_string_lossy() == extract)
    }

    /// An error of columns that do not fit together.
    pub(crate) fn misfit(&self) -> impl FnOnce(ArrowError) -> IngestError + use<> {
        let of = self.plan.source.name.clone();
        move |source| IngestError::Rows { of, source }
    }
}

/// The partition a stored file holds.
pub(crate) fn partition_of(file: &StoredFile) -> Partition {
    Partition { name: file.partition.clone().unwrap_or_default(), number: 0 }
}
