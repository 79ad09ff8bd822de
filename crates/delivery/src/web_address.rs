//! An address on the web that requests are sent to: protected, or on this machine.

use std::net::IpAddr;
use std::time::Duration;

use crate::connection::Endpoint;

/// An address that nothing can be sent to. It is not repeated: whoever knows it can speak for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("the address of the {0} is not one of the form `https://host/path`")]
#[diagnostic(help(
    "`http://` is only for a server on this machine: localhost, 127.0.0.1 or [::1]"
))]
pub struct BadWebAddress(pub(crate) &'static str);

/// The parts of a web address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AddressParts<'a> {
    pub(crate) is_secure: bool,
    /// Host, and port where the address names one: what the `Host` of a request says.
    pub(crate) authority: &'a str,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
}

impl<'a> AddressParts<'a> {
    /// The parts of an address; `None` for one that is not `https`, or `http` of this machine.
    pub(crate) fn of(address: &'a str) -> Option<Self> {
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
        let parts = Self { is_secure, authority, host, port, path, query };
        (is_name && is_allowed).then_some(parts)
    }

    /// Where a connection for it goes.
    pub(crate) fn endpoint(
        &self,
        authorities: Option<&'a [u8]>,
        timeout: Duration,
        elapsed: fn() -> Duration,
    ) -> Endpoint<'a> {
        Endpoint {
            host: self.host.trim_matches(['[', ']']),
            port: self.port,
            is_loopback: !self.is_secure,
            authorities,
            timeout,
            elapsed,
        }
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse();
    host == "localhost" || address.is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_and_a_path_and_is_protected() {
        let of =
            |address| AddressParts::of(address).map(|it| (it.host, it.port, it.path, it.query));
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
        assert_eq!(AddressParts::of("http://[::1]:9/x").unwrap().authority, "[::1]:9");
    }
}
