//! The mail server of a project, with the password from where it is.

use scorewright_delivery::{Secret, SmtpLogin, SmtpRules, SmtpSecurity, SmtpServer};
use scorewright_project::{ConnectionSecurity, Folders, SecretPlace, SmtpSettings};

use crate::clock;
use crate::exit::Failure;
use crate::secrets::secret;

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
    let authorities = smtp.ca_file.as_deref().map(std::fs::read).transpose().map_err(|cause| {
        Failure::usage(format!("`ca_file` of [smtp] cannot be read: {cause}"), "name a file of PEM")
    })?;
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
        authorities,
        login: login.transpose()?,
        timeout: smtp.timeout,
        elapsed: clock::elapsed,
    })
}

fn password(place: &SecretPlace) -> Result<Secret, Failure> {
    secret(place, "password of [smtp]").map_err(|message| {
        let help = "no mail was sent; what is queued waits for the next `scorewright send`";
        Failure::usage(message, help)
    })
}
