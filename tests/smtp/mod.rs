//! A mail server on this machine that does what a test says at the step that it names, and takes every mail otherwise.

pub(crate) mod cases;
pub(crate) mod certificates;
mod channel;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub(crate) use channel::Channel;
use rustls::ServerConfig;

/// A step of the dialogue, as the server sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Body,
    End,
}

/// What the server does at a step instead of what a server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// It answers with this; after 421 it closes the connection.
    Say(&'static str),
    /// It closes the connection.
    Close,
    /// It says nothing more, and waits for the other side to go.
    Silence,
    /// It neither says nor takes anything more.
    Stall,
    /// It says one letter after another and never comes to an end.
    Slow,
    /// It takes the mail, and closes the connection without an answer.
    TakeAndClose,
    /// It takes the mail, and says nothing.
    TakeAndSilence,
    /// It takes the mail, and answers with something that is no answer.
    TakeAndSay(&'static str),
    /// It goes on in plain text right after its answer.
    Inject,
}

/// A mail that the server has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TakenMail {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) bytes: Vec<u8>,
    pub(crate) was_encrypted: bool,
}

/// What happened at the server.
#[derive(Debug, Default)]
pub(crate) struct ServerLog {
    pub(crate) connections: usize,
    /// Every line that was said to it outside of mails.
    pub(crate) lines: Vec<String>,
    pub(crate) taken: Vec<TakenMail>,
    /// The watched file, as it was when the first mail was whole.
    pub(crate) watched: String,
}

/// How a server is set up.
#[derive(Clone, Default)]
pub(crate) struct Setup {
    /// What happens in each connection, from the first; later ones go as they should.
    pub(crate) script: Vec<Option<(Step, Action)>>,
    /// The certificate that it shows.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// Whether TLS begins with the first byte.
    pub(crate) is_implicit: bool,
    /// Whether it offers STARTTLS.
    pub(crate) offers_starttls: bool,
    /// The user and password that it knows; it offers no login without them.
    pub(crate) login: Option<(&'static str, &'static str)>,
    /// How logins are offered: `PLAIN LOGIN`.
    pub(crate) mechanisms: &'static str,
    /// Whether it closes a connection after a mail, without a word.
    pub(crate) closes_after_one: bool,
    /// What it does at a step before it answers, and then closes the connection.
    pub(crate) instead_of_answer: Option<(Step, Arc<dyn Fn() + Send + Sync>)>,
    /// A file that it reads when it has a whole mail and has not answered yet.
    pub(crate) watched: Option<PathBuf>,
}

impl Setup {
    /// A server without TLS that goes by a script.
    pub(crate) fn plain(script: &[Option<(Step, Action)>]) -> Self {
        Self { script: script.to_vec(), ..Self::default() }
    }

    /// A server that closes each connection after a mail.
    pub(crate) fn closing_after_one() -> Self {
        Self { closes_after_one: true, ..Self::default() }
    }

    /// A server that looks at a file while its answer is awaited.
    pub(crate) fn watching(file: &Path) -> Self {
        Self { watched: Some(file.to_owned()), ..Self::default() }
    }
}

/// A server that runs as long as this value is there.
pub(crate) struct ScriptedServer {
    address: SocketAddr,
    log: Arc<Mutex<ServerLog>>,
}

impl ScriptedServer {
    pub(crate) fn start(setup: Setup) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(ServerLog::default()));
        let shared = Arc::clone(&log);
        // It ends with the process: nobody connects to it any more by then.
        thread::spawn(move || {
            for (number, socket) in listener.incoming().enumerate() {
                let deviation = setup.script.get(number).copied().flatten();
                let (setup, log) = (setup.clone(), Arc::clone(&shared));
                log.lock().unwrap().connections += 1;
                let Ok(socket) = socket else { return };
                thread::spawn(move || Connection { setup, deviation, log }.serve(socket));
            }
        });
        Self { address, log }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn taken(&self) -> Vec<TakenMail> {
        self.log.lock().unwrap().taken.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.log.lock().unwrap().connections
    }

    pub(crate) fn watched(&self) -> String {
        self.log.lock().unwrap().watched.clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.log.lock().unwrap().lines.clone()
    }
}

/// A port of this machine at which nobody listens.
pub(crate) fn closed_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

struct Connection {
    setup: Setup,
    deviation: Option<(Step, Action)>,
    log: Arc<Mutex<ServerLog>>,
}

/// A mail that is being received.
#[derive(Default)]
struct Envelope {
    from: String,
    to: Vec<String>,
}

/// The connection is over.
struct Gone;

impl<E: std::error::Error> From<E> for Gone {
    fn from(_: E) -> Self {
        Self
    }
}

impl Connection {
    fn serve(&self, socket: TcpStream) {
        let _ = self.dialogue(socket);
    }

    fn dialogue(&self, socket: TcpStream) -> Result<(), Gone> {
        let mut channel = Channel::Plain(socket);
        if self.setup.is_implicit {
            channel = channel.secured(self.setup.tls.clone().unwrap())?;
        }
        let mut stream = BufReader::new(channel);
        self.answer(&mut stream, Step::Greeting, "220 mx.example.com ready")?;
        let mut mail = Envelope::default();
        loop {
            let line = self.read_line(&mut stream)?;
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => {
                    let offers = self.offers(&stream);
                    self.answer(&mut stream, Step::Ehlo, &offers)?;
                }
                "STARTTLS" => {
                    self.answer(&mut stream, Step::StartTls, "220 go ahead")?;
                    let tls = self.setup.tls.clone().unwrap();
                    stream = BufReader::new(stream.into_inner().secured(tls)?);
                }
                "AUTH" => self.log_in(&mut stream, &line)?,
                "MAIL" => {
                    mail.from = address_in(&line);
                    self.answer(&mut stream, Step::Mail, "250 sender ok")?;
                }
                "RCPT" => {
                    mail.to.push(address_in(&line));
                    self.answer(&mut stream, Step::Rcpt, "250 recipient ok")?;
                }
                "DATA" => {
                    self.answer(&mut stream, Step::Data, "354 go on")?;
                    self.receive(&mut stream, std::mem::take(&mut mail))?;
                    if self.setup.closes_after_one {
                        return Err(Gone);
                    }
                }
                "RSET" => {
                    mail = Envelope::default();
                    say(&mut stream, "250 forgotten")?;
                }
                "QUIT" => return say(&mut stream, "221 bye"),
                _ => say(&mut stream, "500 what?")?,
            }
        }
    }

    fn offers(&self, stream: &BufReader<Channel>) -> String {
        let mut offers = vec!["mx.example.com".to_owned(), "8BITMIME".into()];
        if self.setup.offers_starttls && !stream.get_ref().is_encrypted() {
            offers.push("STARTTLS".into());
        }
        if self.setup.login.is_some() {
            offers.push(format!("AUTH {}", self.setup.mechanisms));
        }
        let last = offers.len() - 1;
        let line = |(number, offer)| format!("250{}{offer}", if number < last { '-' } else { ' ' });
        offers.into_iter().enumerate().map(line).collect::<Vec<_>>().join("\r\n")
    }

    fn log_in(&self, stream: &mut BufReader<Channel>, line: &str) -> Result<(), Gone> {
        let (user, password) = self.setup.login.unwrap();
        let is_right = if let Some(code) = line.strip_prefix("AUTH PLAIN ") {
            code == base64(&format!("\0{user}\0{password}"))
        } else {
            let mut is_right = true;
            for (asked, right) in [("Username:", user), ("Password:", password)] {
                say(stream, &format!("334 {}", base64(asked)))?;
                is_right &= self.read_line(stream)? == base64(right);
            }
            is_right
        };
        let answer = if is_right { "235 welcome" } else { "535 no such user or password" };
        self.answer(stream, Step::Auth, answer)
    }

    /// Receives a mail up to its end, and answers.
    fn receive(&self, stream: &mut BufReader<Channel>, mail: Envelope) -> Result<(), Gone> {
        let mut bytes = Vec::new();
        loop {
            let start = bytes.len();
            if stream.read_until(b'\n', &mut bytes)? == 0 {
                return Err(Gone);
            }
            if let Some((Step::Body, action)) = self.deviation {
                deviate(stream, action)?;
            }
            if &bytes[start..] == b".\r\n" {
                bytes.truncate(start);
                break;
            }
            if bytes[start] == b'.' {
                bytes.remove(start);
            }
        }
        let was_encrypted = stream.get_ref().is_encrypted();
        let taken = TakenMail { from: mail.from, to: mail.to, bytes, was_encrypted };
        let refuses = matches!(
            self.deviation,
            Some((Step::End, Action::Say(_) | Action::Close | Action::Silence | Action::Slow))
        );
        if !refuses {
            self.log.lock().unwrap().taken.push(taken);
        }
        if let Some(file) = &self.setup.watched {
            self.log.lock().unwrap().watched = fs::read_to_string(file).unwrap();
        }
        self.answer(stream, Step::End, "250 taken")
    }

    /// Answers as a server does, or as the script has it for this step.
    fn answer(&self, stream: &mut BufReader<Channel>, step: Step, usual: &str) -> Result<(), Gone> {
        if let Some((at, act)) = &self.setup.instead_of_answer
            && *at == step
        {
            act();
            return Err(Gone);
        }
        match self.deviation {
            Some((at, Action::Inject)) if at == step => {
                write!(stream.get_mut(), "{usual}\r\n250-mx.example.com\r\n250 8BITMIME\r\n")?;
                Ok(stream.get_mut().flush()?)
            }
            Some((at, action)) if at == step => deviate(stream, action),
            _ => say(stream, usual),
        }
    }

    fn read_line(&self, stream: &mut BufReader<Channel>) -> Result<String, Gone> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(Gone);
        }
        let line = line.trim_end().to_owned();
        self.log.lock().unwrap().lines.push(line.clone());
        Ok(line)
    }
}

fn deviate(stream: &mut BufReader<Channel>, action: Action) -> Result<(), Gone> {
    match action {
        Action::Say(answer) | Action::TakeAndSay(answer) => {
            say(stream, answer)?;
            if answer.starts_with("421") { Err(Gone) } else { Ok(()) }
        }
        Action::Silence | Action::TakeAndSilence => {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest)?;
            Err(Gone)
        }
        Action::Slow => loop {
            stream.get_mut().write_all(b"2")?;
            stream.get_mut().flush()?;
            // The next letter follows when nothing came for a while.
            stream.get_ref().wait_for_input(Duration::from_millis(20))?;
        },
        // The thread keeps the connection as it is until the tests end.
        Action::Stall => loop {
            thread::park();
        },
        Action::Close | Action::TakeAndClose | Action::Inject => Err(Gone),
    }
}

fn say(stream: &mut BufReader<Channel>, answer: &str) -> Result<(), Gone> {
    stream.get_mut().write_all(format!("{answer}\r\n").as_bytes())?;
    Ok(stream.get_mut().flush()?)
}

fn address_in(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

/// A text as logins are written: RFC 4648.
pub(crate) fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = text.as_bytes().chunks(3).flat_map(|three| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(*three.get(at).unwrap_or(&0)));
        (0..4).map(move |at| {
            let letter = LETTERS[(bits >> (18 - 6 * at) & 63) as usize];
            if at > three.len() { '=' } else { char::from(letter) }
        })
    });
    letters.collect()
}
