//! A connection whose every answer has a deadline, in plain or through TLS.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Where a connection goes.
pub(crate) struct Endpoint<'a> {
    /// Name of the server: the one that its certificate is for.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    /// Whether only this machine itself is connected to.
    pub(crate) is_loopback: bool,
    /// Certificates in PEM of authorities that are trusted besides those of the system.
    pub(crate) authorities: Option<&'a [u8]>,
    /// How long each step may take.
    pub(crate) timeout: Duration,
    /// Time since some moment, by a clock that nobody sets.
    pub(crate) elapsed: fn() -> Duration,
}

/// A connection whose reads and writes end at a deadline, however slowly bytes come.
pub(crate) struct TimedSocket {
    socket: TcpStream,
    elapsed: fn() -> Duration,
    deadline: Duration,
}

/// The bytes of a connection.
pub(crate) enum NetworkStream {
    Plain(TimedSocket),
    Tls(Box<StreamOwned<ClientConnection, TimedSocket>>),
}

impl TimedSocket {
    /// Connects to the first address of a server that answers.
    pub(crate) fn connect(server: &Endpoint<'_>) -> io::Result<Self> {
        let mut last = io::Error::new(ErrorKind::NotFound, "its name has no address");
        for address in addresses(server)? {
            match TcpStream::connect_timeout(&address, server.timeout) {
                Ok(socket) => {
                    socket.set_nodelay(true)?;
                    let deadline = (server.elapsed)() + server.timeout;
                    return Ok(Self { socket, elapsed: server.elapsed, deadline });
                }
                Err(cause) => last = cause,
            }
        }
        Err(last)
    }

    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.deadline.saturating_sub((self.elapsed)());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

/// The addresses of a server; without protection those of this machine alone.
fn addresses(server: &Endpoint<'_>) -> io::Result<Vec<SocketAddr>> {
    let all = (server.host, server.port).to_socket_addrs()?;
    let is_allowed = |address: &SocketAddr| !server.is_loopback || address.ip().is_loopback();
    Ok(all.filter(is_allowed).collect())
}

impl Read for TimedSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        self.socket.read(buffer)
    }
}

impl Write for TimedSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl NetworkStream {
    /// The same connection through TLS, once the server has proved who it is.
    pub(crate) fn secured(self, server: &Endpoint<'_>) -> io::Result<Self> {
        let Self::Plain(socket) = self else { return Ok(self) };
        let name = ServerName::try_from(server.host.to_owned()).map_err(io::Error::other)?;
        let config = configuration(server)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock)?;
        }
        Ok(Self::Tls(Box::new(stream)))
    }

    /// The address of this end.
    pub(crate) fn own_address(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Plain(socket) => socket.socket.local_addr(),
            Self::Tls(stream) => stream.sock.socket.local_addr(),
        }
    }

    /// Gives what comes next this long.
    pub(crate) fn expect_within(&mut self, timeout: Duration) {
        let socket = match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &mut stream.sock,
        };
        socket.deadline = (socket.elapsed)() + timeout;
    }
}

impl Read for NetworkStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for NetworkStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}

/// TLS 1.2 or 1.3, towards servers that an authority of the system or of the settings vouches for.
fn configuration(server: &Endpoint<'_>) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let own = server.authorities.into_iter().flat_map(CertificateDer::pem_slice_iter);
    for certificate in own {
        let certificate = certificate.map_err(io::Error::other)?;
        roots.add(certificate).map_err(io::Error::other)?;
    }
    let provider = Arc::new(ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(io::Error::other)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
