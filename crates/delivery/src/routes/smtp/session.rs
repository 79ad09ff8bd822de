//! The dialogue with a mail server, step by step, and at which step it failed.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::commands::{Auth, Data, Ehlo, Mail, Quit, Rcpt, Rset, Starttls};
use lettre::transport::smtp::extension::{ClientId, Extension, ServerInfo};
use lettre::transport::smtp::response::{Response, Severity};

use super::step::{END, FailedStep, broken, expect, malformed, without_text};
use super::transparency::transparent;
use crate::connection::{NetworkStream, TimedSocket};
use crate::smtp_server::{SmtpLogin, SmtpSecurity, SmtpServer};

/// Bytes of an answer at most: a server that says more than this does not speak SMTP.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Bytes of a message that are written within one timeout.
const CHUNK: usize = 64 * 1024;

/// How long the answer to the good-bye is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Challenges of a login at most.
const CHALLENGES: usize = 4;

/// A connection on which mails can be sent.
pub(super) struct SmtpSession {
    stream: BufReader<NetworkStream>,
    timeout: Duration,
    offers: ServerInfo,
}

impl SmtpSession {
    /// Connects, secures the connection and logs in.
    pub(super) fn open(server: &SmtpServer) -> Result<Self, FailedStep> {
        let socket = TimedSocket::connect(&server.endpoint()).map_err(broken("connect"))?;
        let mut stream = NetworkStream::Plain(socket);
        if server.security == SmtpSecurity::Implicit {
            stream = stream.secured(&server.endpoint()).map_err(broken("TLS"))?;
        }
        let (timeout, offers) = (server.timeout, ServerInfo::default());
        let mut session = Self { stream: BufReader::new(stream), timeout, offers };
        session.stream.get_mut().expect_within(timeout);
        session.answer("greeting", Severity::PositiveCompletion)?;
        session.greet()?;
        if server.security == SmtpSecurity::StartTls {
            session = session.secured(server)?;
            session.greet()?;
        }
        match &server.login {
            Some(login) => session.log_in(login).map(|()| session),
            None => Ok(session),
        }
    }

    /// Sends a message to one recipient; `before_end` is called when all of it but its end is sent.
    ///
    /// A failure with the step `end` and no code is one after which the server may have the message.
    pub(super) fn send<E: From<FailedStep>>(
        &mut self,
        from: Address,
        to: Address,
        message: &[u8],
        before_end: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let done = Severity::PositiveCompletion;
        self.say("MAIL", &Mail::new(Some(from), Vec::new()).to_string(), done)?;
        self.say("RCPT", &Rcpt::new(to, Vec::new()).to_string(), done)?;
        self.say("DATA", &Data.to_string(), Severity::PositiveIntermediate)?;
        for chunk in transparent(message).chunks(CHUNK) {
            self.write(chunk).map_err(broken("body"))?;
        }
        before_end()?;
        Ok(self.say(END, ".\r\n", done).map(drop)?)
    }

    /// Forgets a message that was refused, so that the next one starts anew.
    pub(super) fn reset(&mut self) -> Result<(), FailedStep> {
        self.say("RSET", &Rset.to_string(), Severity::PositiveCompletion).map(drop)
    }

    /// Says good-bye, and does not mind what the server says, or wait for it for long.
    pub(super) fn close(mut self) {
        self.timeout = self.timeout.min(PATIENCE);
        let _ = self.say("QUIT", &Quit.to_string(), Severity::PositiveCompletion);
    }

    /// Says who we are, by our address: no name is known that the server could look up.
    fn greet(&mut self) -> Result<(), FailedStep> {
        let own = self.stream.get_ref().own_address().map_err(broken("EHLO"))?;
        let own = match own {
            SocketAddr::V4(address) => ClientId::Ipv4(*address.ip()),
            SocketAddr::V6(address) => ClientId::Ipv6(*address.ip()),
        };
        let done = Severity::PositiveCompletion;
        let answer = self.say("EHLO", &Ehlo::new(own).to_string(), done)?;
        self.offers = ServerInfo::from_response(&answer)
            .map_err(|_| broken("EHLO")(malformed("it does not name itself")))?;
        Ok(())
    }

    fn secured(mut self, server: &SmtpServer) -> Result<Self, FailedStep> {
        let step = "STARTTLS";
        if !self.offers.supports_feature(Extension::StartTls) {
            return Err(broken(step)(malformed("the server does not offer it")));
        }
        self.say(step, &Starttls.to_string(), Severity::PositiveCompletion)?;
        // What was said in plain after that could pass for an answer of the server later on.
        if !self.stream.buffer().is_empty() {
            return Err(broken(step)(malformed("somebody went on in plain text")));
        }
        let stream = self.stream.into_inner();
        let stream = BufReader::new(stream.secured(&server.endpoint()).map_err(broken("TLS"))?);
        Ok(Self { stream, ..self })
    }

    fn log_in(&mut self, login: &SmtpLogin) -> Result<(), FailedStep> {
        let step = "AUTH";
        let Some(mechanism) = self.offers.get_auth_mechanism(DEFAULT_MECHANISMS) else {
            return Err(broken(step)(malformed("the server offers no login by PLAIN or LOGIN")));
        };
        let credentials = Credentials::new(login.user.clone(), login.password.expose().to_owned());
        let unclear = |_| broken(step)(malformed("the server asks for something unknown"));
        let mut asked = Auth::new(mechanism, credentials.clone(), None).map_err(unclear)?;
        for _ in 0..CHALLENGES {
            let answer = self.ask(step, &asked.to_string()).map_err(without_text)?;
            if !answer.has_code(334) {
                return expect(step, answer, Severity::PositiveCompletion)
                    .map(drop)
                    .map_err(without_text);
            }
            asked = Auth::new_from_response(mechanism, credentials.clone(), &answer)
                .map_err(unclear)?;
        }
        Err(broken(step)(malformed("the server asks without an end")))
    }

    /// Says something and wants an answer of a kind.
    fn say(
        &mut self,
        step: &'static str,
        words: &str,
        expected: Severity,
    ) -> Result<Response, FailedStep> {
        let answer = self.ask(step, words)?;
        expect(step, answer, expected)
    }

    fn ask(&mut self, step: &'static str, words: &str) -> Result<Response, FailedStep> {
        self.write(words.as_bytes()).map_err(broken(step))?;
        self.read_answer().map_err(broken(step))
    }

    fn answer(&mut self, step: &'static str, expected: Severity) -> Result<Response, FailedStep> {
        let answer = self.read_answer().map_err(broken(step))?;
        expect(step, answer, expected)
    }

    /// Writes bytes; they, and the answer to them, have one timeout.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let stream = self.stream.get_mut();
        stream.expect_within(self.timeout);
        stream.write_all(bytes)?;
        stream.flush()
    }

    /// Reads one answer, of one or more lines.
    fn read_answer(&mut self) -> io::Result<Response> {
        let mut text = Vec::new();
        let mut limited = self.stream.by_ref().take(LONGEST_ANSWER);
        loop {
            let start = text.len();
            limited.read_until(b'\n', &mut text)?;
            if !text.ends_with(b"\n") {
                let is_long = text.len() as u64 >= LONGEST_ANSWER;
                let end = io::Error::new(ErrorKind::UnexpectedEof, "the connection was closed");
                return Err(if is_long { malformed("its answer does not end") } else { end });
            }
            // `250-` goes on, `250 ` is the last line, and anything else is no answer.
            let is_code = text[start..].iter().take(3).all(u8::is_ascii_digit);
            if !is_code || text.get(start + 3) != Some(&b'-') {
                break;
            }
        }
        let text = String::from_utf8_lossy(&text);
        text.parse().map_err(|_| malformed("its answer is no SMTP"))
    }
}
