//! `[monitor]` of `scorewright.toml`: who is told when a run begins and how it ends.

use std::path::Path;

use scorewright_domain::{Fault, ProjectFile};
use serde::Deserialize;
use toml::{Spanned, Value};

use crate::secret_place::SecretPlace;

/// A hosted monitor as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MonitorEntry {
    /// Where its address is. Any value, so that one that stands here is never repeated.
    ping: Spanned<Value>,
}

impl MonitorEntry {
    /// Where the address of the monitor is.
    ///
    /// # Errors
    ///
    /// A [`Fault`] when that is no place, above all when it is the address itself.
    pub(crate) fn address(&self, project: &Path, file: &ProjectFile) -> Result<SecretPlace, Fault> {
        SecretPlace::of(&self.ping, "ping", project, file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_a_secret_and_not_repeated() {
        let read = |text: &str| {
            let file = ProjectFile::new("scorewright.toml", text);
            file.toml::<MonitorEntry>()?.address(Path::new("/acme"), &file)
        };
        assert_eq!(read("ping = { env = \"PING\" }\n").unwrap(), SecretPlace::Env("PING".into()));
        let fault = read("ping = \"https://hc.example/hunter2\"\n").unwrap_err();
        assert_eq!(fault.message(), "this is no place of a ping");
        let report = format!("{:?}", miette::Report::new(fault));
        assert!(!report.contains("hunter2"), "{report}");
    }
}
