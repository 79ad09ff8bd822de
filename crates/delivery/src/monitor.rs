//! A hosted monitor that is told when a run begins and how it ends.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::IpAddr;
use std::time::Duration;

use crate::connection::{Endpoint, NetworkStream, TimedSocket};
use crate::secret::Secret;

/// Tries to tell a monitor something.
const TRIES: u32 = 3;

/// How long each try may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of the first line of an answer at most.
const LONGEST_LINE: u64 = 1024;

/// What a monitor is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ping {
    /// A run begins.
    Start,
    /// A run ended well.
    Success,
    /// A run ended with an exit status.
    Status(u8),
}

/// A monitor, by its address: whoever knows it can speak for us, so it is shown nowhere.
pub struct Monitor {
    address: Secret,
    authorities: Option<Vec<u8>>,
    elapsed: fn() -> Duration,
}

/// An address that is none of a monitor. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("the address of the monitor is not one of the form `https://host/path`")]
#[diagnostic(help(
    "`http://` is only for a monitor on this machine: localhost, 127.0.0.1 or [::1]"
))]
pub struct BadMonitorAddress;

/// Why a monitor was not told. Its address is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTold(String);

/// The parts of a web address.
#[derive(Debug, PartialEq, Eq)]
struct AddressParts<'a> {
    is_secure: bool,
    host: &'a str,
    port: u16,
    path: &'a str,
    query: &'a str,
}

impl Monitor {
    /// A monitor at an address.
    ///
    /// - `authorities`: certificates in PEM that are trusted besides those of the system.
    ///
    /// # Errors
    ///
    /// When the address is no `https://` address.
    pub fn at(
        address: Secret,
        authorities: Option<Vec<u8>>,
        elapsed: fn() -> Duration,
    ) -> Result<Self, BadMonitorAddress> {
        parts(address.expose()).ok_or(BadMonitorAddress)?;
        Ok(Self { address, authorities, elapsed })
    }

    /// Tells it, and tries so three times.
    ///
    /// # Errors
    ///
    /// When no try was answered by a status from 200 to 299.
    pub fn notify(&self, ping: Ping) -> Result<(), NotTold> {
        let mut last = NotTold("it was not tried".into());
        for _ in 0..TRIES {
            match self.ask(ping) {
                Ok(200..=299) => return Ok(()),
                Ok(status) => last = NotTold(format!("it answered with status {status}")),
                Err(cause) => last = NotTold(words_of(&cause)),
            }
        }
        Err(last)
    }

    fn ask(&self, ping: Ping) -> io::Result<u16> {
        let parts = parts(self.address.expose()).ok_or(ErrorKind::InvalidInput)?;
        let endpoint = Endpoint {
            host: parts.host.trim_matches(['[', ']']),
            port: parts.port,
            is_loopback: !parts.is_secure,
            authorities: self.authorities.as_deref(),
            timeout: TIMEOUT,
            elapsed: self.elapsed,
        };
        let mut stream = NetworkStream::Plain(TimedSocket::connect(&endpoint)?);
        if parts.is_secure {
            stream = stream.secured(&endpoint)?;
        }
        stream.write_all(request(&parts, ping).as_bytes())?;
        stream.flush()?;
        let mut line = String::new();
        BufReader::new(stream).take(LONGEST_LINE).read_line(&mut line)?;
        status_in(&line).ok_or_else(|| io::Error::other("its answer is no HTTP"))
    }
}

fn request(parts: &AddressParts<'_>, ping: Ping) -> String {
    let what = match ping {
        Ping::Start => "/start".to_owned(),
        Ping::Success => String::new(),
        Ping::Status(status) => format!("/{status}"),
    };
    let AddressParts { host, path, query, .. } = parts;
    let path = format!("{}{what}", path.trim_end_matches('/'));
    let path = if path.is_empty() { "/" } else { &path };
    format!(
        "GET {path}{query} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: scorewright\r\nConnection: close\r\n\r\n"
    )
}

/// `204` of `HTTP/1.1 204 No Content`.
fn status_in(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let status = rest.get(..3)?;
    version.starts_with("HTTP/1.").then(|| status.parse().ok()).flatten()
}

/// The parts of an address; `None` for one that is not `https`, or `http` of this machine.
fn parts(address: &str) -> Option<AddressParts<'_>> {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !"\"<>\\^`{|}#".contains(letter);
    let (scheme, rest) = address.split_once("://")?;
    if !address.chars().all(is_plain) {
        return None;
    }
    let is_secure = match scheme {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let (place, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let after_host = authority.rfind(']').unwrap_or(0);
    let (host, port) = match authority[after_host..].split_once(':') {
        Some((host, port)) => (&authority[..after_host + host.len()], port.parse().ok()?),
        None => (authority, if is_secure { 443 } else { 80 }),
    };
    let is_name = !host.is_empty() && !host.contains('@');
    let is_allowed = is_secure || is_this_machine(host);
    (is_name && is_allowed).then_some(AddressParts { is_secure, host, port, path, query })
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Why a try failed, without the address.
fn words_of(cause: &io::Error) -> String {
    match cause.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it gave no answer in time".into(),
        ErrorKind::ConnectionRefused => "nobody listens there".into(),
        _ => cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_path_and_is_protected() {
        let of = |address| parts(address).map(|it| (it.host, it.port, it.path, it.query));
        assert_eq!(of("https://hc.example/a-b/c"), Some(("hc.example", 443, "/a-b/c", "")));
        assert_eq!(of("https://hc.example:8443?k=1"), Some(("hc.example", 8443, "", "?k=1")));
        assert_eq!(of("http://127.0.0.1:80/x"), Some(("127.0.0.1", 80, "/x", "")));
        assert_eq!(of("http://[::1]:9/x"), Some(("[::1]", 9, "/x", "")));
        for none in [
            "http://hc.example/x",
            "ftp://hc.example",
            "https://",
            "https://ann:key@hc.example/",
            "https://hc.example/a b",
            "https://hc.example/a\r\nX: y",
            "https://hc.example:port/",
            "hc.example/x",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_told_stands_behind_the_path() {
        let line = |address: &'static str, ping| {
            let text = request(&parts(address).unwrap(), ping);
            text.lines().next().unwrap().to_owned()
        };
        assert_eq!(line("https://a.example/key", Ping::Start), "GET /key/start HTTP/1.1");
        assert_eq!(line("https://a.example/key/", Ping::Success), "GET /key HTTP/1.1");
        assert_eq!(line("https://a.example/key?x=1", Ping::Status(5)), "GET /key/5?x=1 HTTP/1.1");
        assert_eq!(line("https://a.example", Ping::Success), "GET / HTTP/1.1");
    }

    #[test]
    fn a_status_stands_in_the_first_line() {
        assert_eq!(status_in("HTTP/1.1 204 No Content\r\n"), Some(204));
        assert_eq!(status_in("HTTP/1.0 503\r\n"), Some(503));
        for none in ["", "SSH-2.0 200", "HTTP/1.1 ok", "HTTP/1.1"] {
            assert_eq!(status_in(none), None, "{none}");
        }
    }
}
