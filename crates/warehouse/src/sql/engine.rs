//! The query engine as every session has it: its memory, and how it reads SQL.

use std::num::NonZeroUsize;
use std::sync::Arc;

use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::error::{WarehouseError, engine_error};

/// Name of the catalog that holds a schema for each layer.
pub(super) const CATALOG: &str = "scorewright";

/// Memory that sorts, joins and aggregates may hold before they spill to disk.
const MEMORY: usize = 1024 * 1024 * 1024;

/// Consumers of memory that the engine names when there is not enough.
const NAMED_CONSUMERS: NonZeroUsize = NonZeroUsize::new(5).expect("five is not zero");

/// An engine that knows no table yet.
pub(super) fn context(spilling: DiskManagerMode) -> Result<SessionContext, WarehouseError> {
    let pool = TrackConsumersPool::new(FairSpillPool::new(MEMORY), NAMED_CONSUMERS);
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(spilling))
        .build_arc()
        .map_err(engine_error("all"))?;
    Ok(SessionContext::new_with_config_rt(config(), runtime))
}

fn config() -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(CATALOG, "default")
        .with_create_default_catalog_and_schema(true)
        .with_information_schema(false);
    let options = config.options_mut();
    options.sql_parser.collect_spans = true;
    options.execution.parquet.schema_force_view_types = false;
    options.execution.time_zone = Some("UTC".into());
    config
}
