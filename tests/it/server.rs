//! A loopback HTTP/1.1 server of our own: one path, one behaviour, well-kept or not.
//!
//! It runs on a thread of its own, so that tests with and without a runtime, and the real binary, can all talk to it.
//!
//! ```ignore
//! let server = Server::start([("/feed", Route::tagged("\"v1\"", RSS)), ("/gone", Route::status(410))]);
//! fetch(&server.url("/feed"));
//! assert_eq!(server.asked("/feed").len(), 1);
//! ```

use std::collections::HashMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A running server; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: oneshot::Sender<()>,
}

#[derive(Default)]
struct Shared {
    routes: Mutex<HashMap<String, Route>>,
    asked: Mutex<Vec<Asked>>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Path and query.
    pub target: String,
    headers: Vec<(String, String)>,
    /// The client's end: requests of one connection have the same.
    pub peer: SocketAddr,
}

/// What a path does.
#[derive(Clone)]
pub struct Route(Arc<dyn Fn(&Asked) -> Reply + Send + Sync>);

/// What goes over the line.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    steps: Vec<Step>,
    /// The connection may be used again: the reply says itself where it ends.
    keeps: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Vec<u8>),
    /// Sent so many times.
    Repeat(Vec<u8>, usize),
    Wait(Duration),
    /// Sent over and over until the client has had enough.
    Forever(Vec<u8>),
    /// Nothing more, and no end.
    Hang,
    /// The connection is broken off (RST).
    Reset,
}

impl Server {
    /// Starts on a free port of 127.0.0.1. A path without a route is a 404.
    pub fn start<'a>(routes: impl IntoIterator<Item = (&'a str, Route)>) -> Self {
        let shared = Arc::new(Shared::default());
        for (path, route) in routes {
            shared.routes.lock().unwrap().insert(path.to_owned(), route);
        }
        let (ready, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let inside = shared.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                ready.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! { () = serve(listener, inside) => {}, _ = stopped => {} }
            });
        });
        Self { address: address.recv().unwrap(), shared, _stop: stop }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `host:port`, as `allow_private` wants it.
    pub fn host_port(&self) -> String {
        self.address.to_string()
    }

    /// The port alone, for other spellings of the host.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Changes what a path does.
    pub fn set(&self, path: &str, route: Route) {
        self.shared.routes.lock().unwrap().insert(path.to_owned(), route);
    }

    /// The requests for a path so far, its query left aside.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let all = self.shared.asked.lock().unwrap();
        all.iter().filter(|asked| asked.path() == path).cloned().collect()
    }

    /// How many requests there have been for anything.
    pub fn count(&self) -> usize {
        self.shared.asked.lock().unwrap().len()
    }
}

impl Asked {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Route {
    /// Whatever `answer` makes of the request.
    pub fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }

    /// The same reply every time.
    pub fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone())
    }

    /// 200 with this body.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::always(Reply::whole(200, &[], body.as_ref()))
    }

    /// 200 with this body and these headers.
    pub fn with(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        Self::always(Reply::whole(200, headers, body.as_ref()))
    }

    /// A status and a short page.
    pub fn status(status: u16) -> Self {
        Self::always(Reply::whole(
            status,
            &[("Content-Type", "text/html")],
            b"<html><title>no</title></html>",
        ))
    }

    /// 200 with an ETag, 304 to whoever has it.
    pub fn tagged(etag: &str, body: impl AsRef<[u8]>) -> Self {
        let (etag, body) = (etag.to_owned(), body.as_ref().to_owned());
        Self::new(move |asked| match asked.header("if-none-match") {
            Some(known) if known == etag => Reply::whole(304, &[("ETag", &etag)], b""),
            _ => Reply::whole(200, &[("ETag", &etag), ("Content-Type", "application/rss+xml")], &body),
        })
    }

    /// The first reply to the first request, the second to the second; the last one from then on.
    pub fn in_turn(replies: Vec<Reply>) -> Self {
        let turn = AtomicUsize::new(0);
        Self::new(move |_| {
            let turn = turn.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
            replies[turn].clone()
        })
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::always(Reply::whole(status, &[("Location", location)], b""))
    }
}

impl Reply {
    /// A well-formed answer.
    pub fn whole(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let length = body.len().to_string();
        let all = [headers, &[("Content-Length", length.as_str())]].concat();
        Self { keeps: true, ..Self::default() }.send(head(status, &all)).send(body)
    }

    /// Nothing yet: add to it by `send`, `wait`, `forever`, `hang`. When it ends the connection is closed.
    pub fn raw() -> Self {
        Self::default()
    }

    /// Status line and headers as given, and no length: the body ends with the connection.
    pub fn begin(status: u16, headers: &[(&str, &str)]) -> Self {
        Self::raw().send(head(status, headers))
    }

    pub fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push(Step::Send(bytes.as_ref().to_owned()));
        self
    }

    /// The same bytes over and over, without a copy of each.
    pub fn repeat(mut self, bytes: impl AsRef<[u8]>, times: usize) -> Self {
        self.steps.push(Step::Repeat(bytes.as_ref().to_owned(), times));
        self
    }

    /// One byte at a time, with a pause after each.
    pub fn drip(self, bytes: impl AsRef<[u8]>, pause: Duration) -> Self {
        bytes.as_ref().iter().fold(self, |reply, byte| reply.send([*byte]).wait(pause))
    }

    pub fn wait(mut self, time: Duration) -> Self {
        self.steps.push(Step::Wait(time));
        self
    }

    pub fn forever(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push(Step::Forever(bytes.as_ref().to_owned()));
        self
    }

    pub fn reset(mut self) -> Self {
        self.steps.push(Step::Reset);
        self
    }

    pub fn hang(mut self) -> Self {
        self.steps.push(Step::Hang);
        self
    }
}

/// Bytes, gzipped.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes, as HTTP's `deflate` (zlib).
pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes, by zstd.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 9).unwrap()
}

/// Bytes, by brotli.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut encoded, 4096, 5, 22);
    writer.write_all(bytes).unwrap();
    drop(writer);
    encoded
}

fn head(status: u16, headers: &[(&str, &str)]) -> String {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("HTTP/1.1 {status} Said\r\n{lines}\r\n")
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, peer)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        tokio::spawn(converse(stream, peer, shared.clone()));
    }
}

/// One connection: requests and replies until either side has had enough.
async fn converse(mut stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>) -> Option<()> {
    let mut heard = Vec::new();
    loop {
        let asked = hear(&mut stream, &mut heard, peer).await?;
        let route =
            shared.routes.lock().unwrap().get(asked.path()).cloned().unwrap_or_else(|| Route::status(404));
        let reply = route.0(&asked);
        shared.asked.lock().unwrap().push(asked);
        let keeps = reply.keeps;
        answer(&mut stream, reply).await?;
        if !keeps {
            return None;
        }
    }
}

async fn hear(stream: &mut TcpStream, heard: &mut Vec<u8>, peer: SocketAddr) -> Option<Asked> {
    let end = loop {
        if let Some(end) = heard.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(heard).await.ok()? == 0 {
            return None;
        }
    };
    let head: Vec<u8> = heard.drain(..end).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let header =
        |line: &str| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Some(Asked { target, headers: lines.filter_map(header).collect(), peer })
}

async fn answer(stream: &mut TcpStream, reply: Reply) -> Option<()> {
    for step in reply.steps {
        match step {
            Step::Send(bytes) => stream.write_all(&bytes).await.ok()?,
            Step::Repeat(bytes, times) => {
                // large writes: a million small ones would be the server's flood and not the client's
                let block = bytes.repeat((64 << 10) / bytes.len().max(1) + 1);
                let mut left = bytes.len() * times;
                while left > 0 {
                    let part = left.min(block.len());
                    stream.write_all(&block[..part]).await.ok()?;
                    left -= part;
                }
            }
            Step::Wait(time) => tokio::time::sleep(time).await,
            Step::Forever(bytes) => loop {
                stream.write_all(&bytes).await.ok()?;
                tokio::task::yield_now().await;
            },
            Step::Hang => std::future::pending().await,
            Step::Reset => stream.set_zero_linger().ok()?,
        }
    }
    stream.flush().await.ok()
}
