//! `scorewright.toml`.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use scorewright_domain::{Fault, Limits, ProjectFile, TomlDay};
use serde::Deserialize;

use crate::error::ProjectError;
use crate::file_settings::FileSettings;
use crate::files::read_settings;
use crate::location::ProjectLocation;
use crate::monitor_settings::MonitorEntry;
use crate::profile_settings::ProfileSettings;
use crate::publish_settings::{PublishEntry, PublishPlace};
use crate::retention_settings::RetentionEntry;
use crate::secret_place::SecretPlace;
use crate::smtp_entry::SmtpEntry;
use crate::smtp_settings::SmtpSettings;
use crate::variables::VariableSettings;

/// `scorewright.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the company or team, as pages show it.
    pub name: String,
    /// Zone in which weeks and months begin and end.
    pub time_zone: String,
    /// Currency of money, as a code.
    pub currency: String,
    /// Folder of the extracts as it is written, below the project or absolute.
    #[serde(default = "Settings::default_extracts")]
    pub(crate) extracts: String,
    /// What an extract may be at most.
    #[serde(default)]
    pub limits: Limits,
    /// What is measured.
    #[serde(default)]
    pub kpi: KpiSettings,
    /// Who may read what a run writes.
    #[serde(default)]
    pub files: FileSettings,
    /// How long versions are kept.
    #[serde(default)]
    pub(crate) retention: RetentionEntry,
    /// Ways to run it beside its usual one.
    #[serde(default)]
    pub(crate) profiles: ProfileSettings,
    /// Values that SQL calls by a name.
    #[serde(default)]
    pub(crate) variables: VariableSettings,
    /// The mail server that mails are sent to.
    #[serde(default)]
    pub(crate) smtp: Option<SmtpEntry>,
    /// The monitor that is told of runs.
    #[serde(default)]
    pub(crate) monitor: Option<MonitorEntry>,
    /// Where pages are published as a static site.
    #[serde(default)]
    pub(crate) publish: Option<PublishEntry>,
}

/// `[kpi]` of `scorewright.toml`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KpiSettings {
    /// The first day that is measured: no period begins before it.
    pub since: Option<TomlDay>,
}

impl Settings {
    fn default_extracts() -> String {
        "extracts".into()
    }

    /// Settings of a project whose own cannot be read, with which its other files are checked.
    pub(crate) fn stand_in() -> Self {
        Self {
            name: "project".into(),
            time_zone: "UTC".into(),
            currency: "EUR".into(),
            extracts: Self::default_extracts(),
            limits: Limits::default(),
            kpi: KpiSettings::default(),
            files: FileSettings::default(),
            retention: RetentionEntry::default(),
            profiles: ProfileSettings::default(),
            variables: VariableSettings::default(),
            smtp: None,
            monitor: None,
            publish: None,
        }
    }

    /// Reads the settings of a project folder.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when the folder has none, or they cannot be read.
    pub fn read(folder: &Path) -> Result<Self, ProjectError> {
        Ok(Self::of(&read_settings(folder)?)?)
    }

    /// Reads the settings as their file has them.
    pub(crate) fn of(file: &ProjectFile) -> Result<Self, Fault> {
        let settings: Self = file.toml()?;
        let code = &settings.currency;
        if code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) {
            return Ok(settings);
        }
        let message = format!("`currency` is no code of a currency: `{code}`");
        let fault = file.fault(file.find("currency"), message);
        Err(fault.help("write its three capital letters, as ISO 4217 has them: `EUR`"))
    }

    /// The folder of the extracts: the one of the location, else the one that is named here.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when it names an environment variable without a value.
    pub(crate) fn extracts(
        &self,
        location: &ProjectLocation,
        file: &ProjectFile,
    ) -> Result<PathBuf, Fault> {
        if let Some(extracts) = &location.extracts {
            return Ok(extracts.clone());
        }
        let named = location.environment.expand(&self.extracts).map_err(|unset| {
            let fault = file.fault(file.find(&self.extracts), unset.to_string());
            fault.help("set it for the run, or name the folder with `--extracts`")
        })?;
        Ok(location.project.join(named))
    }

    /// How mails leave: to a server, or into files where there is none, or under a profile: that is for trying.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when the server cannot be one.
    pub(crate) fn smtp(
        &self,
        location: &ProjectLocation,
        file: &ProjectFile,
    ) -> Result<Option<SmtpSettings>, Fault> {
        let entry = self.smtp.as_ref().filter(|_| location.profile.is_none());
        let of = |entry| SmtpSettings::of(entry, &location.project, &location.environment, file);
        entry.map(of).transpose()
    }

    /// Where the address of the monitor is; a profile has none.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when that is no place.
    pub(crate) fn monitor(
        &self,
        location: &ProjectLocation,
        file: &ProjectFile,
    ) -> Result<Option<SecretPlace>, Fault> {
        let entry = self.monitor.as_ref().filter(|_| location.profile.is_none());
        entry.map(|entry| entry.address(&location.project, file)).transpose()
    }

    /// Where pages are published; a profile publishes nothing.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when that is no place.
    pub(crate) fn publish(
        &self,
        location: &ProjectLocation,
        file: &ProjectFile,
    ) -> Result<Option<PublishPlace>, Fault> {
        let Some(entry) = self.publish.as_ref().filter(|_| location.profile.is_none()) else {
            return Ok(None);
        };
        let state = location.state_folder();
        let own =
            [self.extracts(&location.lenient(), file)?, state.join("warehouse"), state.join("out")];
        let own: Vec<&Path> = own.iter().map(PathBuf::as_path).collect();
        entry.place(&location.project, &own, &location.environment, file).map(Some)
    }

    /// The zone in which days begin and end.
    pub(crate) fn zone(&self, file: &ProjectFile) -> Result<TimeZone, Fault> {
        TimeZone::get(&self.time_zone).map_err(|_| {
            let fault = file.fault(
                file.find(&self.time_zone),
                format!("there is no time zone `{}`", self.time_zone),
            );
            fault.help("write it as the tz database does: Europe/Berlin, America/New_York, UTC")
        })
    }
}
