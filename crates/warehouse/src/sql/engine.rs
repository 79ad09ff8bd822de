//! The query engine as every session has it: how it reads SQL.

use datafusion::prelude::{SessionConfig, SessionContext};

/// Name of the catalog that holds a schema for each layer.
pub(super) const CATALOG: &str = "scorewright";

/// An engine that knows no table yet. What a query may take is set for each, when it runs.
pub(super) fn context() -> SessionContext {
    SessionContext::new_with_config(config())
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
