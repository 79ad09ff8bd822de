//! How a query is tried: with which memory, and by which plans.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use datafusion::common::config::ConfigNonZeroUsize;
use datafusion::error::Result;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::SessionConfig;
use scorewright_domain::SqlLimits;

use super::machine_memory::memory_share;

/// Queries that run beside each other at most: each has a part of the memory of its own, so that no neighbour decides
/// whether it ends.
const AT_ONCE: u64 = 4;

/// Consumers of memory that the engine names when there is not enough.
const NAMED_CONSUMERS: NonZeroUsize = NonZeroUsize::new(5).expect("five is not zero");

/// Rows of a batch where memory is short.
const SHORT_BATCH: usize = 2_048;

/// One way to run a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExecutionMode {
    /// Beside other queries, with its part of the memory.
    Beside,
    /// Alone, with all of it.
    Alone,
    /// Alone, by plans that need little memory: sorted joins that spill, and no merge of sorted partitions, which cannot.
    Frugal,
}

impl ExecutionMode {
    /// Memory and temporary files of one query.
    ///
    /// - `spill`: folder of temporary files; without one nothing spills.
    pub(crate) fn runtime(
        self,
        session: &RuntimeEnv,
        limits: &SqlLimits,
        spill: Option<&Path>,
    ) -> Result<Arc<RuntimeEnv>> {
        let mode = spill.map_or(DiskManagerMode::Disabled, |folder| {
            DiskManagerMode::Directories(vec![folder.to_owned()])
        });
        let disk = DiskManagerBuilder::default()
            .with_mode(mode)
            .with_max_temp_directory_size(limits.temporary_bytes);
        let pool =
            TrackConsumersPool::new(FairSpillPool::new(self.memory(limits)), NAMED_CONSUMERS);
        RuntimeEnvBuilder::from_runtime_env(session)
            .with_disk_manager_builder(disk)
            .with_memory_pool(Arc::new(pool))
            .build_arc()
    }

    /// Bytes of memory.
    fn memory(self, limits: &SqlLimits) -> usize {
        let all = limits.memory.unwrap_or_else(memory_share);
        let bytes = if self == Self::Beside { all / AT_ONCE } else { all };
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// Sets how the query is planned.
    pub(crate) fn configure(self, config: &mut SessionConfig) -> Result<()> {
        if self == Self::Frugal {
            let options = config.options_mut();
            options.optimizer.prefer_hash_join = false;
            options.optimizer.repartition_sorts = false;
            options.execution.batch_size = ConfigNonZeroUsize::try_new(SHORT_BATCH)?;
            // In one partition the engine would join by hash all the same.
            options.execution.target_partitions = 2;
        }
        Ok(())
    }
}
