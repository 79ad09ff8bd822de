//! `scorewright.toml`, and where a project keeps what.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use scorewright_domain::{Fault, ProjectFile};
use scorewright_extract::Limits;
use scorewright_warehouse::Warehouse;
use serde::Deserialize;

use crate::arguments::Place;
use crate::exit::{Failure, Status};
use crate::project_files::Unreadable;

/// `scorewright.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Name of the company or team, as pages show it.
    pub(crate) name: String,
    /// Zone in which weeks and months are cut.
    pub(crate) time_zone: String,
    /// Currency of money, as a code.
    pub(crate) currency: String,
    /// Folder of the extracts, below the project or absolute.
    #[serde(default = "Settings::default_extracts")]
    pub(crate) extracts: PathBuf,
    /// What an extract may be at most.
    #[serde(default)]
    pub(crate) limits: Limits,
}

impl Settings {
    fn default_extracts() -> PathBuf {
        "extracts".into()
    }

    /// Reads the settings of a project, with their file for messages.
    pub(crate) fn read(place: &Place) -> Result<(Self, ProjectFile), Failure> {
        let path = place.project.join("scorewright.toml");
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::usage(
                format!(
                    "`{}` is not a project: it has no `scorewright.toml`",
                    place.project.display()
                ),
                "name the folder with `--project DIR`, or make a project: scorewright init DIR",
            ),
            _ => {
                Failure::new(Status::InputOutput, Unreadable { path: path.clone(), source: error })
            }
        })?;
        let file = ProjectFile::new("scorewright.toml", text);
        Ok((file.toml()?, file))
    }

    /// The zone in which days are cut.
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

/// Where a project keeps what.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) extracts: PathBuf,
    pub(crate) state: PathBuf,
}

impl Folders {
    /// The folders of a project, as its settings and the command line name them.
    pub(crate) fn of(place: &Place) -> Result<Self, Failure> {
        Ok(Self::from_settings(place, &Settings::read(place)?.0))
    }

    pub(crate) fn from_settings(place: &Place, settings: &Settings) -> Self {
        Self {
            extracts: place
                .extracts
                .clone()
                .unwrap_or_else(|| place.project.join(&settings.extracts)),
            state: place.state.clone().unwrap_or_else(|| place.project.clone()),
        }
    }

    pub(crate) fn warehouse(&self) -> Warehouse {
        Warehouse::at(self.state.join("warehouse"))
    }

    pub(crate) fn out_root(&self) -> PathBuf {
        self.state.join("out")
    }

    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.out_root().join(name)
    }
}
