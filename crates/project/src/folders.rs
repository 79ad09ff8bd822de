//! Where a project keeps what.

use std::path::PathBuf;

use scorewright_domain::SqlLimits;
use scorewright_durable::{DurableError, Readers, create_folder, set_readers_below};
use scorewright_warehouse::{Retention, Warehouse, WarehouseError};

use crate::error::ProjectError;
use crate::files::read_settings;
use crate::location::ProjectLocation;
use crate::output_retention::OutputRetention;
use crate::publish_settings::PublishPlace;
use crate::secret_place::SecretPlace;
use crate::settings::Settings;
use crate::smtp_settings::SmtpSettings;
use crate::webhook_place::WebhookPlace;

/// Where a project keeps what.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Folder of the extracts.
    pub extracts: PathBuf,
    /// Folder of `warehouse/` and `out/`.
    pub state: PathBuf,
    /// Who reads tables, versions and pages.
    pub readers: Readers,
    /// What a query over its tables may take.
    pub sql_limits: SqlLimits,
    /// How long versions of its tables are kept.
    pub retention: Retention,
    /// How long is kept what runs leave in `out/`.
    pub output_retention: OutputRetention,
    /// The server that mails are sent to; without one they are written into files.
    pub smtp: Option<SmtpSettings>,
    /// The webhooks of its reports, where those were read: a command that sends nothing has no need of them.
    pub webhooks: Vec<WebhookPlace>,
    /// Where pages are published as a static site.
    pub publish: Option<PublishPlace>,
    /// Where the address of the monitor is that is told of runs.
    pub monitor: Option<SecretPlace>,
}

/// What of `out/` the readers of a project get at; all else is for its owner alone.
const OPEN: &str = "pages";

impl Folders {
    /// The folders of a project, as its settings and its location name them.
    ///
    /// They are those of a command that only reads: a group that this machine does not have hinders it in nothing, nor does
    /// an environment variable that is not set.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when the settings cannot be read.
    pub fn of(location: &ProjectLocation) -> Result<Self, ProjectError> {
        let file = read_settings(&location.project)?;
        let settings = Settings::of(&file)?;
        let readers = settings.files.readers(&file).unwrap_or(Readers::Owner);
        let extracts = settings.extracts(&location.lenient(), &file)?;
        let smtp = settings.smtp(&location.lenient(), &file).unwrap_or_default();
        let monitor = settings.monitor(location, &file).unwrap_or_default();
        let publish = settings.publish(&location.lenient(), &file).unwrap_or_default();
        let retention = settings.retention.retention(&file)?;
        let output_retention = settings.retention.outputs(&file)?;
        let folders = Self::new(location, extracts, readers, settings.limits.sql);
        Ok(Self { retention, output_retention, smtp, publish, monitor, ..folders })
    }

    pub(crate) fn new(
        location: &ProjectLocation,
        extracts: PathBuf,
        readers: Readers,
        sql_limits: SqlLimits,
    ) -> Self {
        let state = location.state_folder().to_owned();
        Self {
            extracts,
            state,
            readers,
            sql_limits,
            retention: Retention::default(),
            output_retention: OutputRetention::default(),
            smtp: None,
            webhooks: Vec::new(),
            publish: None,
            monitor: None,
        }
    }

    /// The warehouse of the project.
    pub fn warehouse(&self) -> Warehouse {
        let warehouse = Warehouse::at(self.state.join("warehouse"));
        warehouse.read_by(self.readers).with_sql_limits(self.sql_limits)
    }

    /// The folder of everything that is made to be read.
    pub fn out_root(&self) -> PathBuf {
        self.state.join("out")
    }

    /// A folder below `out/`: `pages`, `mail`, `outbox`, `runs`.
    pub fn out(&self, name: &str) -> PathBuf {
        self.out_root().join(name)
    }

    /// Gives all below `warehouse/` and `out/` to those who may read it, and to nobody else, whatever the settings were
    /// when it was written. The caller holds the lock of the warehouse.
    ///
    /// # Errors
    ///
    /// When a file belongs to another user, or its owner may not give it to the group.
    pub fn set_readers(&self) -> Result<(), WarehouseError> {
        self.warehouse().set_readers()?;
        Ok(self.set_readers_of_out()?)
    }

    fn set_readers_of_out(&self) -> Result<(), DurableError> {
        let out = self.out_root();
        // Before what is below it is written for fewer readers, so that it lets all of its own pass.
        create_folder(&out, self.readers)?;
        set_readers_below(&out, |below| {
            let is_open = below.as_os_str().is_empty() || below.starts_with(OPEN);
            Some(if is_open { self.readers } else { Readers::Owner })
        })
    }
}
