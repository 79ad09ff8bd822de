//! `[profiles.<name>]` of `scorewright.toml`: other folders, and a sample, for trying a project.

use std::path::{Component, Path, PathBuf};

use scorewright_domain::{Environment, Fault, Profile, ProjectFile, did_you_mean};
use toml::Spanned;

use crate::error::ProjectError;
use crate::files::read_settings;
use crate::location::ProjectLocation;
use crate::profile_settings::ProfileSettings;
use crate::settings::Settings;

impl ProjectLocation {
    /// The same project under a profile of its settings.
    ///
    /// # Errors
    ///
    /// A [`ProjectError`] when there is no such profile, its folders cannot be named, or another folder is asked for beside it.
    pub fn with_profile(self, name: &str) -> Result<Self, ProjectError> {
        let file = read_settings(&self.project)?;
        let settings = Settings::of(&file)?;
        let Some(entry) = settings.profiles.get(name) else {
            return Err(unknown(name, &settings.profiles, &file).into());
        };
        if self.state.is_some() {
            let fault = file.fault(
                file.find(&format!("profiles.{name}")),
                format!("the profile `{name}` has a `state` of its own"),
            );
            return Err(fault
                .help("leave out `--state` and SCOREWRIGHT_STATE: no two profiles share a folder")
                .into());
        }
        let (project, environment) = (&self.project, &self.environment);
        let state = folder(project, &entry.state, environment, &file)?;
        let extracts = match (&self.extracts, &entry.extracts) {
            (None, Some(named)) => Some(folder(project, named, environment, &file)?),
            (asked, _) => asked.clone(),
        };
        let sample_lines = entry.sample_lines.as_ref().map(|lines| *lines.get_ref());
        let profile = Some(Profile { name: name.to_owned(), sample_lines });
        Ok(Self { state: Some(state), extracts, profile, ..self })
    }
}

fn unknown(name: &str, profiles: &ProfileSettings, file: &ProjectFile) -> Fault {
    let known: Vec<&str> = profiles.keys().map(String::as_str).collect();
    let fault = file.fault(None, format!("there is no profile `{name}`"));
    if known.is_empty() {
        return fault.help(format!("the project has none: add `[profiles.{name}]` with `state`"));
    }
    fault.help(did_you_mean(name, &known, &format!("known: {}", known.join(", "))))
}

fn folder(
    project: &Path,
    named: &Spanned<String>,
    environment: &Environment,
    file: &ProjectFile,
) -> Result<PathBuf, Fault> {
    let expanded = environment.expand(named.get_ref());
    let expanded = expanded.map_err(|unset| {
        file.fault(Some(named.span()), unset.to_string()).help("set it for the run")
    })?;
    Ok(project.join(expanded))
}

/// Faults of profiles: a sample of nothing, and a folder that another profile, or the project without one, has too.
pub(crate) fn profile_faults(
    profiles: &ProfileSettings,
    location: &ProjectLocation,
    file: &ProjectFile,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut taken = vec![(plain(&location.project), "the project without a profile".to_owned())];
    for (name, entry) in profiles {
        if let Some(lines) = entry.sample_lines.as_ref().filter(|lines| *lines.get_ref() == 0) {
            let fault = file.fault(Some(lines.span()), "a sample of no line has no row");
            faults.push(fault.help("write a number from 1, or leave `sample_lines` out"));
        }
        // What is not set on this machine is compared as it is written.
        let environment = location.environment.clone().lenient();
        match folder(&location.project, &entry.state, &environment, file) {
            Err(fault) => faults.push(fault),
            Ok(state) => {
                let state = plain(&state);
                if let Some((_, other)) = taken.iter().find(|(folder, _)| *folder == state) {
                    let message = format!("this folder is that of {other}");
                    let fault = file.fault(Some(entry.state.span()), message);
                    faults.push(fault.help(
                        "give each profile a folder of its own: its versions are kept there",
                    ));
                }
                taken.push((state, format!("the profile `{name}`")));
            }
        }
    }
    faults
}

/// A path without `.` and `..`, as far as its letters say it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_profiles_have_one_folder_however_it_is_written() {
        let text = "[a]\nstate = \"x/dev\"\n[b]\nstate = \"./x/../x/dev\"\n[c]\nstate = \"x/..\"\n\
                    [d]\nstate = \"dev\"\nsample_lines = 0\n";
        let file = ProjectFile::new("scorewright.toml", text);
        let profiles: ProfileSettings = file.toml().unwrap();
        let faults = profile_faults(&profiles, &ProjectLocation::at("/p"), &file);
        let told: Vec<String> = faults
            .iter()
            .map(|fault| format!("{} {}", fault.position(), fault.message()))
            .collect();
        assert_eq!(
            told,
            [
                "scorewright.toml:4 this folder is that of the profile `a`",
                "scorewright.toml:6 this folder is that of the project without a profile",
                "scorewright.toml:9 a sample of no line has no row",
            ]
        );
    }
}
