//! `[publish]` of `scorewright.toml`: where pages are published as a static site.

use std::path::{Path, PathBuf};

use scorewright_domain::{Environment, Fault, ProjectFile};
use scorewright_extract::ObjectPlace;
use serde::Deserialize;
use toml::Spanned;

/// The place as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishEntry {
    /// A folder, or `s3://bucket/prefix`.
    to: Spanned<String>,
}

/// Where pages are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishPlace {
    /// A folder; its name as it is written.
    Folder(String, PathBuf),
    /// A folder of an object store.
    Objects(ObjectPlace),
}

impl PublishEntry {
    /// The place, below the project where it is a path.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when that is no place, or one that the program keeps or reads itself.
    pub(crate) fn place(
        &self,
        project: &Path,
        kept: &[&Path],
        environment: &Environment,
        file: &ProjectFile,
    ) -> Result<PublishPlace, Fault> {
        let fault = |message: String| file.fault(Some(self.to.span()), message);
        let to = environment.expand(self.to.get_ref());
        let to = to.map_err(|unset| fault(unset.to_string()).help("set it for the run"))?;
        match ObjectPlace::read(&to) {
            Some(Ok(place)) => return Ok(PublishPlace::Objects(place)),
            Some(Err(bad)) => {
                return Err(fault(format!("this is no place to publish to: {bad}")).help(
                    "write `s3://bucket/prefix`, `gs://…`, `az://container/prefix`, or a folder",
                ));
            }
            None => {}
        }
        let folder = project.join(&to);
        if to.is_empty()
            || kept.iter().any(|kept| folder.starts_with(kept) || kept.starts_with(&folder))
        {
            return Err(fault(format!(
                "`{to}` is or holds a folder that the project keeps for itself"
            ))
            .help("name another one: what is published is for everybody who reads that folder"));
        }
        Ok(PublishPlace::Folder(to.trim_end_matches('/').to_owned(), folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(to: &str) -> Result<PublishPlace, Fault> {
        let file = ProjectFile::new("scorewright.toml", format!("to = \"{to}\"\n"));
        let entry: PublishEntry = file.toml()?;
        let environment = Environment::of(|name| (name == "SITE").then(|| "/srv/www".to_owned()));
        let kept = ["extracts", "warehouse", "out"].map(|name| Path::new("/acme").join(name));
        let kept: Vec<&Path> = kept.iter().map(PathBuf::as_path).collect();
        entry.place(Path::new("/acme"), &kept, &environment, &file)
    }

    #[test]
    fn a_place_is_a_folder_or_one_of_an_object_store() {
        let folder = |name: &str, path: &str| PublishPlace::Folder(name.into(), path.into());
        assert_eq!(read("site/").unwrap(), folder("site", "/acme/site/"));
        assert_eq!(read("${SITE}/kpi").unwrap(), folder("/srv/www/kpi", "/srv/www/kpi"));
        assert!(matches!(read("s3://acme/kpi").unwrap(), PublishPlace::Objects(_)));
    }

    #[test]
    fn what_the_project_keeps_is_no_place_and_no_secret_is_repeated() {
        for own in ["", ".", "out/pages", "extracts", "warehouse", "/acme", "/"] {
            assert!(read(own).is_err(), "{own}");
        }
        for bad in [
            "s3://ann:hunter2@acme/kpi",
            "ftp://acme/kpi",
            "s3://",
            "s3://acme/a/../b",
            "s3://acme/*",
        ] {
            let fault = read(bad).unwrap_err();
            assert!(fault.message().starts_with("this is no place to publish to: "), "{bad}");
            assert!(!fault.message().contains("hunter2"));
        }
    }
}
