//! What the operating system rejected, and on which path.

use std::io;
use std::path::{Path, PathBuf};

use crate::readers::GroupRefused;

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot {action} `{}`", path.display())]
#[diagnostic(help("{}", help_for(cause)))]
pub struct DurableError {
    /// What was tried: `write`, `read`, `create the folder`.
    pub action: &'static str,
    /// On which file or folder.
    pub path: PathBuf,
    /// What the operating system says.
    #[source]
    pub cause: io::Error,
}

impl DurableError {
    /// The error and its cause in one line.
    pub fn in_full(&self) -> String {
        format!("{self}: {}", self.cause)
    }
}

fn help_for(cause: &io::Error) -> &'static str {
    match cause.get_ref() {
        Some(cause) if cause.is::<GroupRefused>() => {
            "make the user a member of the group (as root: usermod -aG GROUP USER), begin a new session and run again; \
             or name another group in `[files]` of `scorewright.toml`"
        }
        _ => {
            "check that the folder exists, that it is writable and that the disk has room; then run again"
        }
    }
}

/// Adds the action and the path to an error of the operating system: `.map_err(failed("read", path))`.
pub fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DurableError + use<> {
    let path = path.to_owned();
    move |cause| DurableError { action, path, cause }
}
