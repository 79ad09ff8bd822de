//! Secrets from where the project says they are.

use std::path::Path;

use scorewright_delivery::Secret;
use scorewright_project::SecretPlace;

/// Where systemd puts the credentials of a service.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// Reads a secret; `what` it is stands in the message when it is not there. From then on this process leaves no core file.
pub(crate) fn secret(place: &SecretPlace, what: &str) -> Result<Secret, String> {
    // Without the right to do so there is none to leave one either, or the system decides.
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    let text = match place {
        SecretPlace::Env(name) => variable(name, what)?,
        SecretPlace::File(path) => read(path, what)?,
        SecretPlace::Credential(name) => {
            read(&Path::new(&variable(CREDENTIALS, what)?).join(name), what)?
        }
    };
    let secret = Secret::new(text);
    if secret.is_empty() { Err(format!("the {what} is empty")) } else { Ok(secret) }
}

fn variable(name: &str, what: &str) -> Result<String, String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        format!("the {what} needs the environment variable `{name}`, which is not set, or empty")
    })
}

fn read(path: &Path, what: &str) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|cause| format!("the {what} cannot be read from `{}`: {cause}", path.display()))
}
