//! What went wrong with an object or a bucket, and what to check.

use std::fmt;
use std::io;

use miette::Diagnostic;

/// A store that did not give what was asked of it.
#[derive(Debug, thiserror::Error)]
#[error("`{place}` {trouble}")]
pub struct ObjectFault {
    /// The bucket or object, as a person writes it.
    pub place: String,
    /// What went wrong.
    pub(crate) trouble: Trouble,
}

/// What went wrong. Texts of servers are kept short and free of secrets.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// No such bucket or object.
    NotFound(String),
    /// The credentials do not suffice.
    Forbidden(String),
    /// The credentials do not suffice to write.
    NotWritable(String),
    /// The bucket lies in another region.
    WrongRegion(String),
    /// No credentials, or settings that contradict each other.
    Settings(String),
    /// An endpoint on another machine, without TLS.
    PlainHttp(String),
    /// Another content than was listed.
    Changed,
    /// More objects than one address may name.
    TooMany(usize),
    /// No answer, or none that could be used.
    NoAnswer(String),
    /// This machine starts no threads to ask with.
    NoThreads(io::Error),
}

impl ObjectFault {
    pub(crate) fn new(place: String, trouble: Trouble) -> Self {
        Self { place, trouble }
    }

    /// Whether it may be well later without anybody doing anything.
    pub fn may_pass(&self) -> bool {
        matches!(self.trouble, Trouble::NoAnswer(_) | Trouble::Changed | Trouble::NoThreads(_))
    }

    /// What went wrong, as a code for logs.
    pub fn kind(&self) -> &'static str {
        match self.trouble {
            Trouble::NotFound(_) => "not_found",
            Trouble::Forbidden(_) | Trouble::NotWritable(_) => "forbidden",
            Trouble::WrongRegion(_) => "wrong_region",
            Trouble::Settings(_) => "no_credentials",
            Trouble::PlainHttp(_) => "plain_http",
            Trouble::Changed => "changed",
            Trouble::TooMany(_) => "too_many_objects",
            Trouble::NoAnswer(_) => "no_answer",
            Trouble::NoThreads(_) => "no_threads",
        }
    }

    fn variables(&self) -> &'static str {
        match self.place.split("://").next() {
            Some("gs") => {
                "GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_SERVICE_ACCOUNT; GOOGLE_BASE_URL for another server"
            }
            Some("az") => {
                "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_KEY or AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID; AZURE_ENDPOINT for another server"
            }
            _ => {
                "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN), AWS_REGION; AWS_ENDPOINT for another server"
            }
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(cause) => write!(out, "is not there{}", with_cause(cause)),
            Self::Forbidden(cause) => write!(out, "may not be read{}", with_cause(cause)),
            Self::NotWritable(cause) => write!(out, "may not be written{}", with_cause(cause)),
            Self::WrongRegion(cause) => write!(out, "lies in another region{}", with_cause(cause)),
            Self::Settings(cause) => write!(out, "cannot be asked{}", with_cause(cause)),
            Self::PlainHttp(host) => {
                write!(out, "would be asked without TLS: `{host}` is another machine")
            }
            Self::Changed => out.write_str("changed while it was fetched"),
            Self::TooMany(limit) => write!(out, "has more than {limit} objects to look through"),
            Self::NoThreads(error) => {
                write!(out, "cannot be asked: this machine starts no threads: {error}")
            }
            Self::NoAnswer(cause) => {
                write!(out, "gave no answer in three tries{}", with_cause(cause))
            }
        }
    }
}

fn with_cause(cause: &str) -> String {
    if cause.is_empty() { String::new() } else { format!(": {cause}") }
}

impl Diagnostic for ObjectFault {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let variables = self.variables();
        let help = match &self.trouble {
            Trouble::NotFound(_) => format!(
                "check the spelling of the bucket and of `files`, and which server is asked: {variables}"
            ),
            Trouble::Forbidden(_) => format!(
                "the credentials need the right to list the bucket and to read its objects: {variables}"
            ),
            Trouble::NotWritable(_) => format!(
                "the credentials need the right to read and to write objects of the bucket: {variables}"
            ),
            Trouble::WrongRegion(_) => "set AWS_REGION to the region of the bucket".to_owned(),
            Trouble::Settings(_) => format!("set in the environment of the run: {variables}"),
            Trouble::PlainHttp(_) => {
                "give the endpoint as https://; http:// is for this machine alone".to_owned()
            }
            Trouble::Changed => "run again when the sender has finished".to_owned(),
            Trouble::TooMany(_) => {
                "name a folder in `files` that holds only these extracts".to_owned()
            }
            Trouble::NoThreads(_) => "run again when fewer programs run".to_owned(),
            Trouble::NoAnswer(_) => {
                format!("check the network, the proxy and which server is asked: {variables}")
            }
        };
        Some(Box::new(help))
    }
}

impl Trouble {
    /// What an error of the store comes to.
    pub(crate) fn of(error: &::object_store::Error, secrets: &[String]) -> Self {
        let text = chain(error);
        let cause = clean(&text, secrets);
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&[
            "incorrectly configured region",
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
        ]) {
            return Self::WrongRegion(cause);
        }
        if has(&["169.254.169.254", "metadata.google.internal", "instance metadata"]) {
            return Self::Settings("no credentials were given".into());
        }
        match error {
            ::object_store::Error::NotFound { .. } => Self::NotFound(cause),
            ::object_store::Error::PermissionDenied { .. }
            | ::object_store::Error::Unauthenticated { .. } => Self::Forbidden(cause),
            _ if has(&["NoSuchBucket", "ContainerNotFound", "404 Not Found"]) => {
                Self::NotFound(cause)
            }
            _ if has(&[
                "403 Forbidden",
                "401 Unauthorized",
                "AccessDenied",
                "AuthenticationFailed",
                "InvalidAccessKeyId",
            ]) =>
            {
                Self::Forbidden(cause)
            }
            _ => Self::NoAnswer(cause),
        }
    }

    /// An error of the settings themselves.
    pub(crate) fn settings(error: &::object_store::Error, secrets: &[String]) -> Self {
        Self::Settings(clean(&chain(error), secrets))
    }
}

/// An error with everything it is due to.
fn chain(error: &::object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text += &format!(": {cause}");
        }
        source = error.source();
    }
    text
}

/// A text of a server or of a library on one short line, without secrets and without what may carry them.
fn clean(text: &str, secrets: &[String]) -> String {
    const LONGEST: usize = 240;
    let mut cause = match (tag(text, "Code"), tag(text, "Message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => text.split(" - ").last().unwrap_or(text).to_owned(),
    };
    for secret in secrets {
        cause = cause.replace(secret, "***");
    }
    let words = cause.split_whitespace().map(|word| match word.split_once("://") {
        Some((scheme, rest)) => {
            let rest = rest.split(['?', '#']).next().unwrap_or_default();
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}/{path}")
        }
        None => word.to_owned(),
    });
    let line = words.collect::<Vec<_>>().join(" ");
    let line: String = line.chars().filter(|letter| !letter.is_control()).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_reach_a_message() {
        let secrets = ["hunter22".to_owned()];
        let cause = clean(
            "error sending request for url (https://u:p@h.example/c?sv=1&sig=abc) with hunter22",
            &secrets,
        );
        assert_eq!(cause, "error sending request for url (https://h.example/c with ***");
        let body = "403: <Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><StringToSign>AWS4 x</StringToSign></Error>";
        assert_eq!(clean(body, &secrets), "SignatureDoesNotMatch: no");
    }

    // Bodies as the services' documentation has them.
    #[test]
    fn answers_of_servers_are_told_apart() {
        let kind = |text: &str| {
            let error =
                ::object_store::Error::Generic { store: "S3", source: text.to_owned().into() };
            ObjectFault::new("s3://acme".into(), Trouble::of(&error, &[])).kind()
        };
        for (text, expected) in [
            (
                "Received redirect without LOCATION, this normally indicates an incorrectly configured region",
                "wrong_region",
            ),
            (
                "400: <Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; expecting 'eu-west-1'</Message></Error>",
                "wrong_region",
            ),
            ("<Error><Code>NoSuchBucket</Code></Error>", "not_found"),
            ("<Error><Code>AccessDenied</Code></Error>", "forbidden"),
            (
                "error sending request for url (http://169.254.169.254/latest/api/token)",
                "no_credentials",
            ),
            ("operation timed out", "no_answer"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn every_trouble_says_where_and_what_to_check() {
        let fault = ObjectFault::new(
            "az://acme/a.csv".into(),
            Trouble::Forbidden("AuthenticationFailed".into()),
        );
        assert_eq!(fault.to_string(), "`az://acme/a.csv` may not be read: AuthenticationFailed");
        assert!(fault.help().unwrap().to_string().contains("AZURE_STORAGE_ACCOUNT_NAME"));
    }
}
