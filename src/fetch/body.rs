//! Reading an answer to its end, counted after decompression; and telling what went wrong on the line.

use super::coding;
use super::error::{Cause, plain};
use super::resolve::ResolveError;
use bytes::Bytes;
use reqwest::Response;
use std::error::Error;
use std::io;
use tokio::time::{Instant, timeout_at};

/// How far a request had come when the line failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the head of the answer.
    Head,
    /// In the body.
    Body,
}

/// Bytes for which room is made because a server announces them.
const BELIEVED: u64 = 1 << 20;

/// What came of an answer.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Its bytes, decompressed.
    pub bytes: Vec<u8>,
    /// Why there are not more of them, when it was cut short.
    pub cut: Option<Cause>,
}

/// The body, decompressed, as far as it came by `deadline`, or why not. Never holds more than twice `limit` bytes.
pub(super) async fn read(response: Response, limit: u64, deadline: Instant) -> Result<Body, Cause> {
    let named = coding::named(response.headers());
    let packed = received(response, limit, deadline).await?;
    let unpacked = tokio::task::spawn_blocking(move || coding::undo(&named, packed, limit)).await;
    unpacked.unwrap_or_else(|error| Err(Cause::Decode(error.to_string())))
}

async fn received(mut response: Response, limit: u64, deadline: Instant) -> Result<Body, Cause> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit {
        return Err(Cause::TooLarge { limit });
    }
    let room = usize::try_from(announced.min(BELIEVED)).unwrap_or_default();
    let mut body = Body { bytes: Vec::with_capacity(room), cut: None };
    loop {
        match next(&mut response, deadline).await {
            Ok(Some(chunk)) if (body.bytes.len() + chunk.len()) as u64 > limit => {
                return Err(Cause::TooLarge { limit });
            }
            Ok(Some(chunk)) => body.bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(cut @ (Cause::Truncated(_) | Cause::Timeout(_))) => {
                return Ok(Body { cut: Some(cut), ..body });
            }
            Err(cause) => return Err(cause),
        }
    }
}

async fn next(response: &mut Response, deadline: Instant) -> Result<Option<Bytes>, Cause> {
    match timeout_at(deadline, response.chunk()).await {
        Ok(chunk) => chunk.map_err(|error| classify(&error, Stage::Body)),
        Err(_) => Err(Cause::Timeout("in the body".into())),
    }
}

/// What an error in unpacking a body is about.
pub(super) fn in_body(error: &io::Error) -> Cause {
    io_cause(error, Stage::Body, false).unwrap_or_else(|| Cause::Decode(error.to_string()))
}

/// What a reqwest error is about, read off the chain of its sources: its own kinds mix time-outs, cuts and bad gzip.
pub(super) fn classify(error: &reqwest::Error, stage: Stage) -> Cause {
    let links = chain(error);
    let from_hyper = links.iter().any(|link| link.is::<hyper::Error>());
    if let Some(cause) = links.iter().find_map(|link| telling(*link, stage, from_hyper)) {
        return cause;
    }
    let innermost = links.last().map(|link| plain(*link)).unwrap_or_default();
    match error {
        _ if error.is_timeout() => Cause::Timeout("connecting".into()),
        _ if error.is_decode() => Cause::Decode(innermost),
        _ => Cause::Network(innermost),
    }
}

/// The cause, if this link of the chain tells it.
fn telling(link: &(dyn Error + 'static), stage: Stage, from_hyper: bool) -> Option<Cause> {
    if let Some(error) = link.downcast_ref::<ResolveError>() {
        return Some(match error {
            ResolveError::Unknown { .. } => Cause::Network(error.to_string()),
            ResolveError::Blocked { host, range } => Cause::BlockedAddress { host: host.clone(), range },
        });
    }
    if let Some(error) = link.downcast_ref::<rustls::Error>() {
        return Some(Cause::Tls(error.to_string()));
    }
    if let Some(error) = link.downcast_ref::<hyper::Error>() {
        return hyper_cause(error, stage);
    }
    if let Some(error) = link.downcast_ref::<h2::Error>() {
        return Some(stream_cause(error, stage));
    }
    link.downcast_ref::<io::Error>().and_then(|error| io_cause(error, stage, from_hyper))
}

fn hyper_cause(error: &hyper::Error, stage: Stage) -> Option<Cause> {
    match stage {
        _ if error.is_parse() => Some(Cause::Protocol(error.to_string())),
        Stage::Body if error.is_incomplete_message() => Some(Cause::Truncated(error.to_string())),
        Stage::Head if error.is_incomplete_message() => Some(Cause::Network(NO_ANSWER.into())),
        _ => None,
    }
}

/// HTTP/2: what we would not take is a broken rule; what the server ended is a cut, or no answer.
fn stream_cause(error: &h2::Error, stage: Stage) -> Cause {
    match stage {
        _ if error.is_library() => Cause::Protocol(error.to_string()),
        Stage::Body => Cause::Truncated(error.to_string()),
        Stage::Head => Cause::Network(error.to_string()),
    }
}

/// Bad data is bad gzip, or, where it was hyper that read it, bad HTTP.
fn io_cause(error: &io::Error, stage: Stage, from_hyper: bool) -> Option<Cause> {
    match (error.kind(), stage) {
        (io::ErrorKind::TimedOut, _) => Some(Cause::Timeout(error.to_string())),
        (io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset, Stage::Body) => {
            Some(Cause::Truncated(error.to_string()))
        }
        (
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe,
            Stage::Head,
        ) if from_hyper => Some(Cause::Network(NO_ANSWER.into())),
        (io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput, Stage::Body) if from_hyper => {
            Some(Cause::Protocol(error.to_string()))
        }
        (io::ErrorKind::InvalidData, Stage::Body) => Some(Cause::Decode(error.to_string())),
        _ => None,
    }
}

/// The server hung up on the request. On a kept connection this may be no fault at all: it had just grown too old.
pub(super) const NO_ANSWER: &str = "the server closed the connection without an answer";

/// The error and its sources, outermost first. An `io::Error` hides the error it carries from `source()`: looked into.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
        match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    }
    std::iter::successors(Some(error), |error| inner(*error)).take(32).collect()
}
