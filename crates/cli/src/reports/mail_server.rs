//! The mail server and the webhooks of a project, with their secrets from where they are.

use std::time::Duration;

use jiff::SignedDuration;
use scorewright_delivery::{
    Secret, SmtpLogin, SmtpRules, SmtpSecurity, SmtpServer, Webhook, Webhooks,
};
use scorewright_project::{ConnectionSecurity, Folders, SecretPlace, SmtpSettings, WebhookPlace};

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

/// The mail server, where there is one; a project that only posts to chats sends without.
///
/// # Errors
///
/// As [`mail_server`], where the project has no webhook either.
pub(crate) fn server_to_send_to(folders: &Folders) -> Result<Option<SmtpServer>, Failure> {
    if folders.smtp.is_none() && !folders.webhooks.is_empty() {
        return Ok(None);
    }
    mail_server(folders).map(Some)
}

fn password(place: &SecretPlace) -> Result<Secret, Failure> {
    secret(place, "password of [smtp]").map_err(|message| {
        let help = "no mail was sent; what is queued waits for the next `scorewright send`";
        Failure::usage(message, help)
    })
}

/// How long a message to a chat is of use where no `[smtp]` says it of mails.
const EXPIRES_AFTER: SignedDuration = SignedDuration::from_hours(24 * 3);

/// How long a webhook has for each step.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The webhooks of a project, by the rules of its mails.
///
/// - `targets`: where messages are sent to; without it they are only queued.
pub(crate) fn webhooks_of(folders: &Folders, targets: Option<Vec<Webhook>>) -> Webhooks {
    let smtp = folders.smtp.as_ref();
    Webhooks {
        expires_after: smtp.map_or(EXPIRES_AFTER, |smtp| smtp.expires_after),
        repeats_unanswered: smtp.is_none_or(|smtp| smtp.repeats_unanswered),
        targets,
    }
}

/// The webhooks with their addresses. One whose address is not there hinders no other, and no mail.
pub(crate) fn webhook_targets(folders: &Folders) -> Vec<Webhook> {
    let target = |place: &WebhookPlace| Webhook {
        report: place.report.clone(),
        address: secret(&place.address, "address of the webhook"),
        authorities: None,
        timeout: TIMEOUT,
        elapsed: clock::elapsed,
    };
    folders.webhooks.iter().map(target).collect()
}
