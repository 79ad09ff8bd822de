//! A web server on this machine that answers each request as a test says, and takes every other one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::ServerConfig;

use crate::smtp::Channel;

/// What the server does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// It answers with a status, and this further line of the head.
    Status(u16, &'static str),
    /// It answers with this.
    Say(&'static str),
    /// It closes the connection without an answer.
    Close,
    /// It says nothing, and waits for the other side to go.
    Silence,
    /// It closes the connection before it has read the message.
    Cut,
}

/// A request that the server has read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Posted {
    /// `POST /path HTTP/1.1`.
    pub(crate) line: String,
    pub(crate) body: String,
}

/// How the server is set up.
#[derive(Clone, Default)]
pub(crate) struct WebSetup {
    /// What it does with the first requests.
    pub(crate) replies: Vec<Reply>,
    /// What it shows of itself, where it speaks through TLS.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// What is done when it has read a message, before it answers.
    pub(crate) before_answer: Option<Arc<dyn Fn() + Send + Sync>>,
}

/// A server that goes through its replies, one for each request, and answers 200 after the last one.
pub(crate) struct ScriptedWeb {
    port: u16,
    posted: Arc<Mutex<Vec<Posted>>>,
}

impl ScriptedWeb {
    pub(crate) fn start(replies: &[Reply]) -> Self {
        Self::start_as(WebSetup { replies: replies.to_vec(), ..WebSetup::default() })
    }

    pub(crate) fn start_as(setup: WebSetup) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let posted: Arc<Mutex<Vec<Posted>>> = Arc::default();
        let log = Arc::clone(&posted);
        thread::spawn(move || {
            let mut replies = setup.replies.clone().into_iter();
            for socket in listener.incoming() {
                // Who does not trust the server ends the handshake.
                let Some(channel) = setup.channel(socket.unwrap()) else { continue };
                let reply = replies.next().unwrap_or(Reply::Status(200, "X-So: so"));
                serve(BufReader::new(channel), reply, &log, &setup);
            }
        });
        Self { port, posted }
    }

    /// An address on it.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Every request that was read to its end.
    pub(crate) fn posted(&self) -> Vec<Posted> {
        self.posted.lock().unwrap().clone()
    }

    /// The messages posted.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.posted().into_iter().map(|posted| posted.body).collect()
    }
}

impl WebSetup {
    fn channel(&self, socket: TcpStream) -> Option<Channel> {
        let plain = Channel::Plain(socket);
        match &self.tls {
            Some(tls) => plain.secured(Arc::clone(tls)).ok(),
            None => Some(plain),
        }
    }
}

fn serve(mut stream: BufReader<Channel>, reply: Reply, log: &Mutex<Vec<Posted>>, setup: &WebSetup) {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    if reply == Reply::Cut {
        return;
    }
    let length = head.iter().find_map(|line| line.strip_prefix("Content-Length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    let body = String::from_utf8(body).unwrap();
    log.lock().unwrap().push(Posted { line: head[0].clone(), body });
    if let Some(before_answer) = &setup.before_answer {
        before_answer();
    }
    let socket = stream.get_mut();
    match reply {
        Reply::Status(status, line) => {
            let answer = format!("HTTP/1.1 {status} so\r\n{line}\r\nContent-Length: 0\r\n\r\n");
            // Nobody reads it who was killed.
            let _ = socket.write_all(answer.as_bytes()).and_then(|()| socket.flush());
        }
        Reply::Say(answer) => socket.write_all(answer.as_bytes()).unwrap(),
        Reply::Silence => drop(stream.read_to_end(&mut Vec::new())),
        Reply::Close | Reply::Cut => {}
    }
}
