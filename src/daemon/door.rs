//! The daemon's own port: how it is, for whoever watches it. It answers GET, a few pages, and nobody who has no business there.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Conversations at one time; more wait.
const AT_ONCE: usize = 16;
/// How long one may take to say what it wants, and the whole of it.
const PATIENCE: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(30);

/// A page: whether all is well, what kind of text it is, and the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// False gives 503.
    pub is_well: bool,
    /// The Content-Type.
    pub kind: &'static str,
    /// The text.
    pub text: String,
}

/// What the port shows: the page of a path, none where there is none.
pub type Pages = Arc<dyn Fn(&str) -> Option<Page> + Send + Sync>;

/// Answers at `listener` until dropped. With a `token`, only who bears it; without, only who asks this machine by its own name
/// (a page of the web that a reader has open cannot).
pub async fn serve(listener: TcpListener, token: Option<String>, pages: Pages) {
    let seats = Arc::new(Semaphore::new(AT_ONCE));
    let token = Arc::new(token);
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // too many open files, say: it goes on when there are fewer
                tracing::debug!(%error, "the status port");
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
        };
        let (token, pages) = (token.clone(), pages.clone());
        tokio::spawn(async move {
            let _seat = seat;
            let _ = tokio::time::timeout(WHOLE, converse(stream, &token, &pages)).await;
        });
    }
}

async fn converse(stream: TcpStream, token: &Option<String>, pages: &Pages) {
    let answer = |request: Request<Incoming>| async move {
        Ok::<_, Infallible>(respond(
            request.method(),
            request.uri().path(),
            request.headers(),
            token.as_deref(),
            pages,
        ))
    };
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(16 << 10).keep_alive(false);
    // whoever hung up has had enough
    let _ = server.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
}

fn respond(
    method: &Method,
    path: &str,
    headers: &HeaderMap,
    token: Option<&str>,
    pages: &Pages,
) -> Response<Full<Bytes>> {
    const PLAIN: &str = "text/plain; charset=utf-8";
    let plain = |status: StatusCode, text: &str| response(status, PLAIN, text.to_owned());
    if !matches!(*method, Method::GET | Method::HEAD) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "GET only\n");
    }
    match token {
        Some(token) if !bears(headers, token) => {
            return plain(StatusCode::UNAUTHORIZED, "a token is needed\n");
        }
        None if !is_asked_by_own_name(headers) => {
            return plain(StatusCode::FORBIDDEN, "ask by a loopback address\n");
        }
        _ => {}
    }
    match pages(path) {
        Some(page) => {
            let status = if page.is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
            response(status, page.kind, page.text)
        }
        None => plain(StatusCode::NOT_FOUND, "there are /healthz, /readyz, /metrics and /status\n"),
    }
}

fn response(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    response
}

/// Takes as long for a wrong token as for the right one.
fn bears(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let Some(given) = given.strip_prefix(b"Bearer ") else { return false };
    let differing = given.iter().zip(token.as_bytes().iter().cycle()).fold(0, |sum, (a, b)| sum | (a ^ b));
    differing == 0 && given.len() == token.len()
}

fn is_asked_by_own_name(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST).and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Method, path: &str, headers: &[(&str, &str)], token: Option<&str>) -> u16 {
        let pages: Pages = Arc::new(|path| {
            let page = |is_well| Page { is_well, kind: "text/plain", text: "here".into() };
            match path {
                "/healthz" => Some(page(true)),
                "/readyz" => Some(page(false)),
                _ => None,
            }
        });
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                hyper::header::HeaderName::try_from(*name).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        respond(&method, path, &map, token, &pages).status().as_u16()
    }

    #[test]
    fn only_who_has_business_there_is_answered() {
        let local: &[(&str, &str)] = &[("host", "127.0.0.1:9464")];
        let bearer: &[(&str, &str)] = &[("host", "desk.lan"), ("authorization", "Bearer letmein")];
        type Case<'c> = (&'c [(&'c str, &'c str)], Option<&'c str>, u16);
        let cases: &[Case<'_>] = &[
            (local, None, 200),
            (&[("host", "localhost")], None, 200),
            (&[("host", "[::1]:9464")], None, 200),
            (&[("host", "rebound.example")], None, 403),
            (&[("host", "[::ffff:8.8.8.8]")], None, 403),
            (&[], None, 403),
            (bearer, Some("letmein"), 200),
            (bearer, Some("letmeinn"), 401),
            (bearer, Some("letmei"), 401),
            (local, Some("letmein"), 401),
            (&[("authorization", "Bearer ")], Some("letmein"), 401),
        ];
        for (headers, token, status) in cases {
            assert_eq!(asked(Method::GET, "/healthz", headers, *token), *status, "{headers:?} {token:?}");
        }
        assert_eq!(asked(Method::POST, "/healthz", local, None), 405);
        assert_eq!(asked(Method::GET, "/readyz", local, None), 503);
        assert_eq!(asked(Method::GET, "/../etc/passwd", local, None), 404);
    }
}
