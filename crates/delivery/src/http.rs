//! One request to a web server, and its answer.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};

use crate::connection::{Endpoint, NetworkStream, TimedSocket};

/// Bytes of an answer that are read at most; what is wanted of it stands at its begin.
const LONGEST_HEAD: u64 = 64 * 1024;

/// A connection for one request.
pub(crate) struct HttpConnection {
    stream: NetworkStream,
}

/// What a server answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    /// How long it wants to be left alone, as it says it: seconds, or a date.
    pub(crate) retry_after: Option<String>,
}

impl HttpConnection {
    /// Connects, and secures the connection where the server is not this machine.
    pub(crate) fn open(endpoint: &Endpoint<'_>) -> io::Result<Self> {
        let stream = NetworkStream::Plain(TimedSocket::connect(endpoint)?);
        let stream = if endpoint.is_loopback { stream } else { stream.secured(endpoint)? };
        Ok(Self { stream })
    }

    /// Sends bytes of the request.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)?;
        self.stream.flush()
    }

    /// Waits for the answer, and reads no more than the head of it.
    pub(crate) fn answer(self) -> io::Result<HttpAnswer> {
        let mut head = BufReader::new(self.stream).take(LONGEST_HEAD);
        loop {
            let answer = read_head(|line| head.read_line(line))?;
            // What comes before the answer itself: `100 Continue`.
            if answer.status >= 200 {
                return Ok(answer);
            }
        }
    }
}

/// One head, line by line: a server that closes after the first line has answered all the same.
fn read_head(
    mut read_line: impl FnMut(&mut String) -> io::Result<usize>,
) -> io::Result<HttpAnswer> {
    let mut line = String::new();
    if read_line(&mut line)? == 0 {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "it closed without an answer"));
    }
    let status = status_in(&line).ok_or_else(|| io::Error::other("its answer is no HTTP"))?;
    let mut answer = HttpAnswer { status, retry_after: None };
    loop {
        line.clear();
        match read_line(&mut line) {
            Ok(1..) if !line.trim_end().is_empty() => {}
            _ => return Ok(answer),
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("retry-after")
        {
            answer.retry_after = Some(value.trim().to_owned());
        }
    }
}

/// `204` of `HTTP/1.1 204 No Content`.
fn status_in(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let status = rest.get(..3)?;
    version.starts_with("HTTP/1.").then(|| status.parse().ok()).flatten()
}

/// Why a request failed, without its address.
pub(crate) fn words_of(cause: &io::Error) -> String {
    match cause.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it gave no answer in time".into(),
        ErrorKind::ConnectionRefused => "nobody listens there".into(),
        _ => cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> io::Result<HttpAnswer> {
        let mut bytes = text.as_bytes();
        read_head(|line| bytes.read_line(line))
    }

    #[test]
    fn a_status_stands_in_the_first_line() {
        assert_eq!(status_in("HTTP/1.1 204 No Content\r\n"), Some(204));
        assert_eq!(status_in("HTTP/1.0 503\r\n"), Some(503));
        for none in ["", "SSH-2.0 200", "HTTP/1.1 ok", "HTTP/1.1"] {
            assert_eq!(status_in(none), None, "{none}");
        }
    }

    #[test]
    fn a_head_ends_at_its_empty_line_or_with_the_connection() {
        let text = "HTTP/1.1 429 Slow down\r\nretry-after:  30\r\n\r\nRetry-After: 9\r\n";
        let retry_after = Some("30".to_owned());
        assert_eq!(head(text).unwrap(), HttpAnswer { status: 429, retry_after });
        assert_eq!(head("HTTP/1.1 200").unwrap(), HttpAnswer { status: 200, retry_after: None });
        assert_eq!(head("").unwrap_err().to_string(), "it closed without an answer");
        assert_eq!(head("+OK ready\r\n").unwrap_err().to_string(), "its answer is no HTTP");
    }
}
