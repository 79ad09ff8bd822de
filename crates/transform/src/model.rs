//! One model: a SELECT or the rows of a seed, and what its companion file promises about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use scorewright_domain::{Fault, LocalTimeUse, ProjectFile, TableName};
use scorewright_warehouse::arrow::record_batch::RecordBatch;
use scorewright_warehouse::{ModelSql, PassedOn};

use crate::check::Check;
use crate::companion::ModelFile;
use crate::identity::{Identity, IdentityTable};
use crate::seed::Seed;
use crate::tables_read::tables_read;

/// `pipelines/models/<layer>/<noun>.sql` and `<noun>.toml`.
#[derive(Debug, Clone)]
pub struct Model {
    /// The table it describes; its path.
    pub name: TableName,
    /// The SELECT; of a seed its CSV file, of a table of the identity file that file.
    pub sql: ProjectFile,
    /// The companion file.
    pub companion: ProjectFile,
    /// What the companion file says.
    pub settings: ModelFile,
    /// Checks of the companion file, the grain's first.
    pub checks: Vec<Check>,
    /// Tables it reads.
    pub reads: BTreeSet<TableName>,
    /// The tables among them that its rows come from; others are looked into.
    pub driving: BTreeSet<TableName>,
    /// The table whose rows it hands on, where that is all it does.
    pub passed_on: Option<PassedOn>,
    /// Whether it depends on the day of the run.
    pub uses_as_of: bool,
    /// What of the project's zone and schedules it depends on.
    pub local_time: LocalTimeUse,
    /// Names of the parameters and variables that it asks for, without the `$`.
    pub parameters: BTreeSet<String>,
    /// How its rows are made.
    pub(crate) work: Work,
}

/// How the rows of a table are made.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// By its SELECT.
    Select,
    /// They are those of a seed; `sql` is its CSV file then.
    Seed(RecordBatch),
    /// By the identity file; `sql` is that file then.
    Identity(Arc<Identity>, IdentityTable),
}

impl Model {
    /// Reads a model from its two files.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub fn read(name: TableName, sql: ProjectFile, companion: ProjectFile) -> Result<Self, Fault> {
        let settings: ModelFile = companion.toml()?;
        if settings.grain.is_empty() {
            let fault = companion.fault(companion.find("grain"), "a model needs a grain");
            return Err(fault.help("name the columns that name one row: grain = [\"ticket_id\"]"));
        }
        let parsed = ModelSql::read(&sql.text).map_err(|fault| fault.in_file(&sql))?;
        Ok(Self {
            name,
            reads: tables_read(&parsed, &sql)?,
            driving: parsed.driving.iter().filter_map(|table| table.parse().ok()).collect(),
            passed_on: parsed.passed_on,
            uses_as_of: parsed.uses_as_of,
            local_time: parsed.local_time,
            parameters: parsed.parameters,
            work: Work::Select,
            checks: Check::all(&settings.grain, &settings.checks, &companion)?,
            sql,
            companion,
            settings,
        })
    }

    /// The table of a seed.
    ///
    /// # Errors
    ///
    /// Every fault of its two files.
    pub(crate) fn of_seed(
        name: TableName,
        csv: ProjectFile,
        companion: ProjectFile,
    ) -> Result<Self, Vec<Fault>> {
        let Seed { settings, rows } = Seed::read(name.noun(), &csv, &companion)?;
        let checks = Check::all(&settings.grain, &settings.checks, &companion);
        Ok(Self {
            name,
            sql: csv,
            checks: checks.map_err(|fault| vec![fault])?,
            companion,
            settings,
            reads: BTreeSet::new(),
            driving: BTreeSet::new(),
            passed_on: None,
            uses_as_of: false,
            local_time: LocalTimeUse::default(),
            parameters: BTreeSet::new(),
            work: Work::Seed(rows),
        })
    }

    /// The tables that the identity file makes.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that points at the slip.
    pub(crate) fn of_identity(file: &ProjectFile) -> Result<Vec<Self>, Fault> {
        let identity = Arc::new(Identity::read(file.clone())?);
        IdentityTable::ALL.into_iter().map(|table| Self::identity_table(&identity, table)).collect()
    }

    fn identity_table(identity: &Arc<Identity>, table: IdentityTable) -> Result<Self, Fault> {
        let companion = table.companion();
        let settings: ModelFile = companion.toml()?;
        Ok(Self {
            name: table.name(),
            sql: identity.file.clone(),
            checks: Check::all(&settings.grain, &settings.checks, &companion)?,
            companion,
            settings,
            reads: identity.reads.clone(),
            driving: identity.requires().into_iter().cloned().collect(),
            passed_on: None,
            uses_as_of: identity.uses_as_of(),
            local_time: identity.local_time.clone(),
            parameters: identity.parameters.clone(),
            work: Work::Identity(identity.clone(), table),
        })
    }

    /// Whether it counts business hours.
    pub fn uses_schedules(&self) -> bool {
        self.local_time.any_schedule || !self.local_time.schedules.is_empty()
    }

    /// Tables without which it is not worth making: those it reads, of the identity file only the anchor.
    pub fn requires(&self) -> Vec<&TableName> {
        match &self.work {
            Work::Select | Work::Seed(_) => self.reads.iter().collect(),
            Work::Identity(identity, _) => identity.requires(),
        }
    }

    /// Tables that must be there before it is built and checked: those it reads, and those its checks look into.
    pub(crate) fn needs(&self) -> impl Iterator<Item = &TableName> {
        let looked_into =
            self.checks.iter().filter_map(Check::reads).filter(|table| **table != self.name);
        self.reads.iter().chain(looked_into)
    }
}
