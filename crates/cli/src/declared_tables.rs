//! The tables of a project as its files declare them: with columns, and without a row.

use std::collections::BTreeSet;

use jiff::civil::Date;
use scorewright_domain::TableName;
use scorewright_project::{Project, ProjectDraft};
use scorewright_warehouse::{Session, WarehouseError};

/// Every table whose SQL can be planned.
pub(crate) struct DeclaredTables {
    /// Knows their columns.
    pub(crate) session: Session,
    /// Tables that it does not know: their own files are at fault, or those of what they read.
    pub(crate) broken: BTreeSet<TableName>,
}

impl DeclaredTables {
    /// Plans the models of a project for a day; `check` tells what is wrong with those that cannot be.
    pub(crate) fn of(draft: &ProjectDraft, as_of: Date) -> Result<Self, WarehouseError> {
        let project = &draft.project;
        let (session, mut broken) = (declared(project)?, draft.broken_tables.clone());
        let _faults = project.pipeline.plan(&session, project.midnight(as_of), &mut broken);
        Ok(Self { session, broken })
    }
}

/// A session that knows the columns of every sound source.
pub(crate) fn declared(project: &Project) -> Result<Session, WarehouseError> {
    let session = Session::without_data_in(&project.local_time())?;
    let session = session.with_variables(project.variables.clone());
    for source in &project.sources {
        for (table, schema) in scorewright_ingest::landed_schemas(source) {
            session.declare(&table, schema)?;
        }
    }
    Ok(session)
}
