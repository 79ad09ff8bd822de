//! The mail server that takes mails on, and what is sent to it.

use std::time::Duration;

use jiff::SignedDuration;

use crate::connection::Endpoint;
use crate::secret::Secret;

/// The mail server that takes mails on.
pub struct SmtpServer {
    /// Its name: the one that its certificate is for.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// Certificates in PEM of authorities that are trusted besides those of the system.
    pub authorities: Option<Vec<u8>>,
    /// Who logs in; nobody when absent.
    pub login: Option<SmtpLogin>,
    /// How long the server has for each answer.
    pub timeout: Duration,
    /// Time since some moment, by a clock that nobody sets.
    pub elapsed: fn() -> Duration,
}

impl SmtpServer {
    pub(crate) fn endpoint(&self) -> Endpoint<'_> {
        Endpoint {
            host: &self.host,
            port: self.port,
            is_loopback: self.security == SmtpSecurity::Loopback,
            authorities: self.authorities.as_deref(),
            timeout: self.timeout,
            elapsed: self.elapsed,
        }
    }
}

/// Who logs in to a mail server.
pub struct SmtpLogin {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// How a connection to a mail server is protected. There is no falling back to less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte.
    Implicit,
    /// TLS from `STARTTLS` on, which the server must offer; nothing of a mail is said before.
    StartTls,
    /// None, and only to this machine itself.
    Loopback,
}

/// What mails are sent, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpRules {
    /// Domains that may be mailed, in lower case.
    pub domains: Vec<String>,
    /// How long after it was queued a mail is sent; later it is of no use.
    pub expires_after: SignedDuration,
    /// Whether a mail is sent once more when the answer to it was lost, so that it may arrive twice.
    pub repeats_unanswered: bool,
}

impl SmtpRules {
    /// Whether an address may be mailed.
    pub(crate) fn allows(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase());
        domain.is_some_and(|domain| self.domains.contains(&domain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_domains_of_the_list_are_mailed() {
        let domains = vec!["example.com".to_owned()];
        let expires_after = SignedDuration::from_hours(72);
        let rules = SmtpRules { domains, expires_after, repeats_unanswered: true };
        assert!(rules.allows("ann@example.com") && rules.allows("ann@EXAMPLE.com"));
        for other in ["ann@mail.example.com", "ann@notexample.com", "ann", "a@example.com@b.org"] {
            assert!(!rules.allows(other), "{other}");
        }
        let nobody = SmtpRules { domains: Vec::new(), ..rules };
        assert!(!nobody.allows("ann@example.com"), "an empty list allows nobody");
    }
}
