//! A hosted monitor that is told when a run begins and how it ends.

use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::http::{HttpConnection, words_of};
use crate::secret::Secret;
use crate::web_address::{AddressParts, BadWebAddress};

/// Tries to tell a monitor something.
const TRIES: u32 = 3;

/// How long each try may take.
const TIMEOUT: Duration = Duration::from_secs(10);

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

/// Why a monitor was not told. Its address is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTold(String);

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
    ) -> Result<Self, BadWebAddress> {
        AddressParts::of(address.expose()).ok_or(BadWebAddress("monitor"))?;
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
        let parts = AddressParts::of(self.address.expose()).ok_or(ErrorKind::InvalidInput)?;
        let endpoint = parts.endpoint(self.authorities.as_deref(), TIMEOUT, self.elapsed);
        let mut connection = HttpConnection::open(&endpoint)?;
        connection.send(request(&parts, ping).as_bytes())?;
        Ok(connection.answer()?.status)
    }
}

fn request(parts: &AddressParts<'_>, ping: Ping) -> String {
    let what = match ping {
        Ping::Start => "/start".to_owned(),
        Ping::Success => String::new(),
        Ping::Status(status) => format!("/{status}"),
    };
    let AddressParts { authority, path, query, .. } = parts;
    let path = format!("{}{what}", path.trim_end_matches('/'));
    let path = if path.is_empty() { "/" } else { &path };
    format!(
        "GET {path}{query} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: scorewright\r\nConnection: close\r\n\r\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_stands_behind_the_path() {
        let line = |address: &'static str, ping| {
            let text = request(&AddressParts::of(address).unwrap(), ping);
            text.lines().next().unwrap().to_owned()
        };
        assert_eq!(line("https://a.example/key", Ping::Start), "GET /key/start HTTP/1.1");
        assert_eq!(line("https://a.example/key/", Ping::Success), "GET /key HTTP/1.1");
        assert_eq!(line("https://a.example/key?x=1", Ping::Status(5)), "GET /key/5?x=1 HTTP/1.1");
        assert_eq!(line("https://a.example", Ping::Success), "GET / HTTP/1.1");
    }
}
