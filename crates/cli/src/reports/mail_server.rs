//! The mail server of a project, with the password from where it is.

use std::path::Path;

use scorewright_delivery::{Secret, SmtpLogin, SmtpRules, SmtpSecurity, SmtpServer};
use scorewright_project::{ConnectionSecurity, Folders, PasswordSource, SmtpSettings};

use crate::clock;
use crate::exit::Failure;

/// Where systemd puts the credentials of a service.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

/// What mails are sent, and for how long.
pub(crate) fn rules_of(smtp: &SmtpSettings) -> SmtpRules {
    SmtpRules {
        domains: smtp.domains.clone(),
        expires_after: smtp.expires_after,
        repeats_unanswered: smtp.repeats_unanswered,
    }
}

/// The server that the mails of a project go to.
///
/// # Errors
///
/// When the project has none, or a file or variable that it names is not there.
pub(crate) fn mail_server(folders: &Folders) -> Result<SmtpServer, Failure> {
    let Some(smtp) = &folders.smtp else {
        return Err(Failure::usage(
            "there is no mail server: mails are written as files",
            "name one in `scorewright.toml`: [smtp] with `host` and `domains`; a profile never has one",
        ));
    };
    let authorities = smtp.ca_file.as_deref().map(|path| read(path, "ca_file")).transpose()?;
    let login = smtp.login.as_ref().map(|(user, source)| {
        Ok::<_, Failure>(SmtpLogin { user: user.clone(), password: password(source)? })
    });
    Ok(SmtpServer {
        host: smtp.host.clone(),
        port: smtp.port,
        security: match smtp.security {
            ConnectionSecurity::StartTls => SmtpSecurity::StartTls,
            ConnectionSecurity::Implicit => SmtpSecurity::Implicit,
            ConnectionSecurity::None => SmtpSecurity::Loopback,
        },
        authorities: authorities.map(String::into_bytes),
        login: login.transpose()?,
        timeout: smtp.timeout,
        elapsed: clock::elapsed,
    })
}

fn password(source: &PasswordSource) -> Result<Secret, Failure> {
    let text = match source {
        PasswordSource::Env(name) => variable(name)?,
        PasswordSource::File(path) => read(path, "password")?,
        PasswordSource::Credential(name) => {
            read(&Path::new(&variable(CREDENTIALS)?).join(name), "password")?
        }
    };
    let password = Secret::new(text);
    if password.is_empty() { Err(failure("the password of [smtp] is empty")) } else { Ok(password) }
}

fn variable(name: &str) -> Result<String, Failure> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        failure(format!(
            "[smtp] needs the environment variable `{name}`, which is not set, or empty"
        ))
    })
}

fn read(path: &Path, key: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|cause| {
        failure(format!("`{key}` of [smtp] cannot be read from `{}`: {cause}", path.display()))
    })
}

fn failure(message: impl Into<String>) -> Failure {
    Failure::usage(
        message,
        "no mail was sent; what is queued waits for the next `scorewright send`",
    )
}
