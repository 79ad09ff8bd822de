//! A web server on this machine that answers each request as a test says, and takes every other one.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

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

/// A server that goes through its replies, one for each request, and answers 200 after the last one.
pub(crate) struct ScriptedWeb {
    port: u16,
    posted: Arc<Mutex<Vec<Posted>>>,
}

impl ScriptedWeb {
    pub(crate) fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let posted: Arc<Mutex<Vec<Posted>>> = Arc::default();
        let (log, replies) = (Arc::clone(&posted), replies.to_vec());
        thread::spawn(move || {
            let mut replies = replies.into_iter();
            for socket in listener.incoming() {
                let reply = replies.next().unwrap_or(Reply::Status(200, "X-So: so"));
                serve(BufReader::new(socket.unwrap()), reply, &log);
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

fn serve(mut stream: BufReader<TcpStream>, reply: Reply, log: &Mutex<Vec<Posted>>) {
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
    let socket = stream.get_mut();
    match reply {
        Reply::Status(status, line) => {
            write!(socket, "HTTP/1.1 {status} so\r\n{line}\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
        Reply::Say(answer) => write!(socket, "{answer}").unwrap(),
        Reply::Silence => drop(stream.read_to_end(&mut Vec::new())),
        Reply::Close | Reply::Cut => {}
    }
}
