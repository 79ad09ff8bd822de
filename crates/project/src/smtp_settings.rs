//! The mail server of a project, and whom it may be asked to mail.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Span, SpanRelativeTo};
use scorewright_domain::{Environment, Fault, ProjectFile};
use scorewright_report::Report;
use toml::Spanned;

use crate::secret_place::SecretPlace;
use crate::smtp_entry::{AfterLostAnswer, ConnectionSecurity, SmtpEntry};

/// The mail server that mails are sent to instead of into files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: ConnectionSecurity,
    /// Certificates of authorities that are trusted besides those of the system.
    pub ca_file: Option<PathBuf>,
    /// Who logs in, and where the password is.
    pub login: Option<(String, SecretPlace)>,
    /// Domains that may be mailed, in lower case.
    pub domains: Vec<String>,
    /// How long the server has for each answer.
    pub timeout: Duration,
    /// Whether a mail whose answer was lost is sent once more.
    pub repeats_unanswered: bool,
    /// How long after it was queued a mail is sent.
    pub expires_after: SignedDuration,
}

/// The times that a setting may name, from the shortest to the longest, and what it is without it.
struct TimeRange {
    least: SignedDuration,
    most: SignedDuration,
    default: SignedDuration,
    words: &'static str,
}

const TIMEOUT: TimeRange = TimeRange {
    least: SignedDuration::from_millis(100),
    most: SignedDuration::from_mins(10),
    default: SignedDuration::from_secs(60),
    words: "write a time from 100ms to 10m: 60s",
};

const EXPIRY: TimeRange = TimeRange {
    least: SignedDuration::from_hours(1),
    most: SignedDuration::from_hours(24 * 90),
    default: SignedDuration::from_hours(24 * 3),
    words: "write a time from 1h to 90d: 3d",
};

impl SmtpSettings {
    /// Reads the settings as they are written.
    ///
    /// # Errors
    ///
    /// A [`Fault`] at the first value that cannot be.
    pub(crate) fn of(
        entry: &SmtpEntry,
        project: &Path,
        environment: &Environment,
        file: &ProjectFile,
    ) -> Result<Self, Fault> {
        let expand = |text: &Spanned<String>| {
            environment.expand(text.get_ref()).map_err(|unset| {
                file.fault(Some(text.span()), unset.to_string()).help("set it for the run")
            })
        };
        let host = expand(&entry.host)?;
        check_host(&host, entry, file)?;
        let user = entry.user.as_ref().map(expand).transpose()?;
        let usual = if entry.security == ConnectionSecurity::Implicit { 465 } else { 587 };
        let timeout = time(entry.timeout.as_ref(), &TIMEOUT, file)?;
        Ok(Self {
            host,
            port: entry.port.unwrap_or(usual),
            security: entry.security,
            ca_file: entry.ca_file.as_ref().map(|path| project.join(path)),
            login: login(user, entry, project, file)?,
            domains: domains(entry, file)?,
            timeout: timeout.unsigned_abs(),
            repeats_unanswered: entry.after_lost_answer == AfterLostAnswer::Duplicate,
            expires_after: time(entry.expires_after.as_ref(), &EXPIRY, file)?,
        })
    }

    /// Recipients of reports that may not be mailed.
    pub(crate) fn refused_recipients(&self, reports: &[Report]) -> Vec<Fault> {
        let mails = reports.iter().filter_map(|report| Some((report, report.mail.as_ref()?)));
        let recipients =
            mails.flat_map(|(report, mail)| mail.to.iter().map(move |to| (report, to)));
        let refused = recipients.filter_map(|(report, to)| {
            let address = to.trim_end_matches('>');
            let domain = address.rsplit_once('@')?.1.to_ascii_lowercase();
            let message = format!("mail to `{domain}` is not allowed");
            let help = format!(
                "allowed: {}; others are added to `domains` of [smtp]",
                self.domains.join(", ")
            );
            (!self.domains.contains(&domain)).then(|| report.fault(to, message).help(help))
        });
        refused.collect()
    }
}

fn check_host(host: &str, entry: &SmtpEntry, file: &ProjectFile) -> Result<(), Fault> {
    let fault = |message: &str| file.fault(Some(entry.host.span()), message);
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".-:_${}".contains(letter);
    if host.is_empty() || !host.chars().all(is_part) {
        return Err(fault("this is not the name of a server")
            .help("write its name alone: host = \"mail.example.com\"; the port is `port`"));
    }
    let is_this_machine =
        host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback());
    if entry.security == ConnectionSecurity::None && !is_this_machine {
        return Err(fault("mails and passwords would go to another machine unprotected").help(
            "leave out `security`, or write \"implicit\"; \"none\" is for a server on this machine: localhost, 127.0.0.1, ::1",
        ));
    }
    Ok(())
}

fn login(
    user: Option<String>,
    entry: &SmtpEntry,
    project: &Path,
    file: &ProjectFile,
) -> Result<Option<(String, SecretPlace)>, Fault> {
    match (user, &entry.user, &entry.password) {
        (Some(user), _, Some(password)) => {
            let source = SecretPlace::of(password, "password", project, file)?;
            Ok(Some((user, source)))
        }
        (_, Some(user), None) => Err(file
            .fault(Some(user.span()), "this user has no password")
            .help("say where it is: password = { env = \"SMTP_PASSWORD\" }")),
        (None, _, Some(_)) => Err(file
            .fault(Some(entry.host.span()), "the password in it is nobody's")
            .help("say who logs in: user = \"scorecards\"")),
        _ => Ok(None),
    }
}

fn domains(entry: &SmtpEntry, file: &ProjectFile) -> Result<Vec<String>, Fault> {
    let help = "name the domains of your recipients: domains = [\"example.com\"]";
    let Some(written) = entry.domains.as_ref().filter(|domains| !domains.get_ref().is_empty())
    else {
        let span = entry.domains.as_ref().map_or(entry.host.span(), Spanned::span);
        return Err(file.fault(Some(span), "no domain may be mailed").help(help));
    };
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    let is_domain = |domain: &&String| !domain.is_empty() && domain.chars().all(is_part);
    if let Some(wrong) = written.get_ref().iter().find(|domain| !is_domain(domain)) {
        let message = format!("`{wrong}` is not a domain");
        return Err(file.fault(Some(written.span()), message).help(help));
    }
    Ok(written.get_ref().iter().map(|domain| domain.to_ascii_lowercase()).collect())
}

fn time(
    written: Option<&Spanned<String>>,
    times: &TimeRange,
    file: &ProjectFile,
) -> Result<SignedDuration, Fault> {
    let Some(written) = written else { return Ok(times.default) };
    let span: Option<Span> = written.get_ref().parse().ok();
    let time = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let time = time.filter(|time| (times.least..=times.most).contains(time));
    time.ok_or_else(|| {
        file.fault(Some(written.span()), "this is no time that can be waited").help(times.words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SmtpSettings, Fault> {
        let file = ProjectFile::new("scorewright.toml", text);
        let entry: SmtpEntry = file.toml()?;
        let environment = Environment::of(|name| (name == "RELAY").then(|| "mx.acme".to_owned()));
        SmtpSettings::of(&entry, Path::new("/acme"), &environment, &file)
    }

    const LEAST: &str = "host = \"mail.example.com\"\ndomains = [\"Example.com\"]\n";

    #[test]
    fn what_is_not_said_is_what_protects() {
        let least = read(LEAST).unwrap();
        assert_eq!((least.security, least.port), (ConnectionSecurity::StartTls, 587));
        assert_eq!(least.domains, ["example.com"]);
        assert_eq!(least.expires_after, SignedDuration::from_hours(72));
        assert!(least.repeats_unanswered && least.login.is_none());
        assert_eq!(read(&format!("{LEAST}security = \"implicit\"\n")).unwrap().port, 465);
        assert_eq!(read(&LEAST.replace("mail.example.com", "${RELAY}")).unwrap().host, "mx.acme");
    }

    #[test]
    fn a_password_is_in_one_of_three_places() {
        let of = |place: &str| {
            let text = format!("{LEAST}user = \"ann\"\npassword = {{ {place} }}\n");
            read(&text).unwrap().login.unwrap().1
        };
        assert_eq!(of("env = \"PASSWORD\""), SecretPlace::Env("PASSWORD".into()));
        assert_eq!(of("file = \"secret\""), SecretPlace::File("/acme/secret".into()));
        assert_eq!(of("credential = \"smtp\""), SecretPlace::Credential("smtp".into()));
    }

    #[test]
    fn what_cannot_be_is_refused_and_no_password_is_repeated() {
        for (more, message) in [
            ("user = \"ann\"\npassword = \"hunter2\"\n", "this is no place of a password"),
            (
                "user = \"ann\"\npassword = { env = \"A\", file = \"b\" }\n",
                "a password is in one place",
            ),
            (
                "user = \"ann\"\n[password]\ntext = \"hunter2\"\n",
                "there is no such place of a password",
            ),
            (
                "user = \"ann\"\npassword = { text = \"hunter2\" }\n",
                "there is no such place of a password",
            ),
            (
                "user = \"ann\"\npassword = { credential = \"../a\" }\n",
                "the name of a credential is that of a file",
            ),
            ("user = \"ann\"\n", "this user has no password"),
            ("password = { env = \"A\" }\n", "the password in it is nobody's"),
            (
                "security = \"none\"\n",
                "mails and passwords would go to another machine unprotected",
            ),
            ("timeout = \"1h\"\n", "this is no time that can be waited"),
            ("expires_after = \"3\"\n", "this is no time that can be waited"),
        ] {
            let fault = read(&format!("{LEAST}{more}")).unwrap_err();
            assert_eq!(fault.message(), message, "{more}");
            let report = format!("{:?}", miette::Report::new(fault));
            assert!(!report.contains("hunter2"), "{report}");
        }
        for (text, message) in [
            ("host = \"mail.example.com\"\n", "no domain may be mailed"),
            ("host = \"mail.example.com\"\ndomains = []\n", "no domain may be mailed"),
            ("host = \"mail.example.com\"\ndomains = [\"a@b\"]\n", "`a@b` is not a domain"),
            ("host = \"smtp://mail\"\ndomains = [\"b\"]\n", "this is not the name of a server"),
        ] {
            assert_eq!(read(text).unwrap_err().message(), message);
        }
        let local = LEAST.replace("mail.example.com", "127.0.0.1") + "security = \"none\"\n";
        assert_eq!(read(&local).unwrap().security, ConnectionSecurity::None);
    }
}
