//! Where a secret is that the project needs: never in a file of the project.

use std::path::{Path, PathBuf};

use scorewright_domain::{Fault, ProjectFile};
use toml::{Spanned, Value};

/// Where a secret is; it never stands in a file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// An environment variable.
    Env(String),
    /// A file.
    File(PathBuf),
    /// A credential of systemd: a file in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
}

impl SecretPlace {
    /// Reads where the secret of a key is.
    ///
    /// # Errors
    ///
    /// A [`Fault`] for anything else, above all the secret itself, which is not repeated.
    pub(crate) fn of(
        written: &Spanned<Value>,
        key: &str,
        project: &Path,
        file: &ProjectFile,
    ) -> Result<Self, Fault> {
        // A table below a heading of its own may hold a secret on any of its lines.
        let is_on_its_line = file.text[written.span()].starts_with(['{', '"', '\'']);
        let span = is_on_its_line.then(|| written.span());
        let help = format!(
            "a {key} never stands in a file of the project; say where it is: {key} = {{ env = \"NAME\" }}, {{ file = \"/etc/scorewright/{key}\" }} or {{ credential = \"{key}\" }}"
        );
        let fault = |message: String| file.fault(span.clone(), message).help(help.clone());
        let Value::Table(table) = written.get_ref() else {
            return Err(fault(format!("this is no place of a {key}")));
        };
        let (kind, name) = match table.iter().next() {
            Some((kind, Value::String(name))) if table.len() == 1 && !name.is_empty() => {
                (kind.as_str(), name)
            }
            _ => return Err(fault(format!("a {key} is in one place"))),
        };
        match kind {
            "env" => Ok(Self::Env(name.clone())),
            "file" => Ok(Self::File(project.join(name))),
            "credential" if is_file_name(name) => Ok(Self::Credential(name.clone())),
            "credential" => Err(fault("the name of a credential is that of a file".into())),
            _ => Err(fault(format!("there is no such place of a {key}"))),
        }
    }
}

/// Whether a name leads to a file of a folder and nowhere else.
fn is_file_name(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    name.chars().all(is_part) && !name.starts_with('.')
}
