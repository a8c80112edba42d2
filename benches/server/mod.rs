//! A loopback HTTP server for the benches, in a process of its own so that its work is not counted as anybody's.
//!
//! It keeps connections open, answers `GET /N` with the document N and an ETag, and a matching `If-None-Match` with 304.

#![allow(dead_code, reason = "each bench uses a part of it")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// The argument that makes a bench's own binary the server.
pub const SERVE: &str = "--serve-corpus";

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    /// Where it listens, on 127.0.0.1.
    pub address: SocketAddr,
}

impl Server {
    /// Starts the bench's own binary again as the server.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with more arguments behind that.
    pub fn start_with(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().unwrap();
        let mut child =
            Command::new(program).arg(SERVE).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { child, address: address.trim().parse().unwrap() }
    }

    /// The address of each of the first `count` documents.
    pub fn urls(&self, count: usize) -> Vec<String> {
        (0..count).map(|number| format!("http://{}/{number}", self.address)).collect()
    }

    /// A config of the first `count` documents, a feed each, all asked `every` so often (`5m`).
    pub fn config(&self, count: usize, every: &str) -> String {
        let feed = |(number, url): (usize, String)| {
            format!(
                "[[feed]]\nid = \"feed-{number}\"\ntransport = {{ type = \"http\", url = \"{url}\" }}\nevery = \"{every}\"\n"
            )
        };
        let feeds: String = self.urls(count).into_iter().enumerate().map(feed).collect();
        format!("data_dir = \"data\"\nallow_private = [\"{}\"]\n{feeds}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Serves the documents until killed; its first line of output is its address.
pub fn serve(documents: Vec<String>) -> ! {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("{}", listener.local_addr().unwrap());
    let documents = Arc::new(documents);
    loop {
        let Ok((stream, _)) = listener.accept() else { continue };
        // an answer's last bytes do not wait for the acknowledgement of those before
        stream.set_nodelay(true).unwrap();
        let documents = Arc::clone(&documents);
        std::thread::spawn(move || converse(&stream, &documents));
    }
}

/// Answers requests on one connection until it closes.
fn converse(stream: &TcpStream, documents: &[String]) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    loop {
        let request = lines.next()?.ok()?;
        let headers: Vec<String> =
            lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
        let number = request.split(['/', ' ']).nth(2)?.parse::<usize>().ok()?;
        let body = documents.get(number)?;
        let etag = format!("\"{number}-{}\"", body.len());
        let known = headers
            .iter()
            .any(|line| line.to_ascii_lowercase().starts_with("if-none-match") && line.contains(&etag));
        answer(stream, &etag, (!known).then_some(body)).ok()?;
    }
}

fn answer(mut stream: &TcpStream, etag: &str, body: Option<&String>) -> std::io::Result<()> {
    let Some(body) = body else {
        return write!(stream, "HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n");
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: {etag}\r\n\
         Last-Modified: Mon, 01 Apr 2024 12:00:00 GMT\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat())
}
