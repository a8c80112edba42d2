//! Who is let in, and what every answer carries.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Whoever asks from this machine, or whoever knows the token.
pub struct Door {
    /// The token's hash: comparing hashes tells nothing by the time it takes.
    token: Option<[u8; 32]>,
}

/// The desk is not opened to the world by mistake.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// Other machines could ask, and no token was given.
    #[error(
        "listening on {0}: other machines reach that address, and no token is set; hint: listen on 127.0.0.1, or set \
         WIREDESK_TOKEN or --token-file"
    )]
    Open(SocketAddr),
    /// A token that is easily guessed.
    #[error(
        "reading the token: it has {0} characters; hint: use at least {SHORTEST}, as `openssl rand -hex 16` makes"
    )]
    Short(usize),
}

/// Characters that a token must have.
const SHORTEST: usize = 16;

impl Door {
    /// The door of a server at `address`.
    ///
    /// # Errors
    /// When that address is not of this machine alone and there is no token, or the token is too short.
    pub fn new(address: SocketAddr, token: Option<&str>) -> Result<Self, DoorError> {
        match token {
            Some(token) if token.len() < SHORTEST => Err(DoorError::Short(token.len())),
            None if !address.ip().is_loopback() => Err(DoorError::Open(address)),
            token => Ok(Self { token: token.map(hash) }),
        }
    }

    /// Why these headers are not let in.
    fn refusal(&self, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        match self.token {
            Some(token) if given(headers).is_none_or(|given| hash(&given) != token) => Some((
                StatusCode::UNAUTHORIZED,
                "a token is needed: as bearer, or as the password of any name",
            )),
            // a page elsewhere may have its own name lead here (DNS rebinding); it cannot change this header
            None if !is_local(headers) => {
                Some((StatusCode::MISDIRECTED_REQUEST, "this desk answers to localhost alone"))
            }
            _ => None,
        }
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The token in the headers: `Bearer TOKEN`, or `Basic`, which browsers ask for, with the token as password.
fn given(headers: &HeaderMap) -> Option<String> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    let pair = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(rest.trim()).ok())??;
    String::from_utf8(pair).ok()?.split_once(':').map(|(_, password)| password.to_owned())
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name);
    ["localhost", "127.0.0.1", "[::1]"].contains(&name.to_ascii_lowercase().as_str())
}

/// What every answer carries: nothing from elsewhere is loaded or run, nothing is kept, no address is passed on.
const HEADERS: &[(HeaderName, &str)] = &[
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Lets a request in or refuses it.
pub async fn guard(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut response = match door.refusal(request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Basic realm=\"wiredesk\", charset=\"UTF-8\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    for (name, value) in HEADERS {
        response.headers_mut().insert(name.clone(), HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_other_machines_needs_a_token_that_is_not_guessed() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();
        for (address, token, fits) in [
            ("127.0.0.1:80", None, true),
            ("[::1]:80", None, true),
            ("0.0.0.0:80", None, false),
            ("192.0.2.1:80", None, false),
            ("[::]:80", None, false),
            ("0.0.0.0:80", Some("0123456789abcdef"), true),
            ("127.0.0.1:80", Some("secret"), false),
        ] {
            assert_eq!(Door::new(at(address), token).is_ok(), fits, "{address} {token:?}");
        }
    }

    #[test]
    fn only_this_machine_or_the_token_gets_in() {
        let local: SocketAddr = "127.0.0.1:80".parse().unwrap();
        let open = Door::new(local, None).unwrap();
        let closed = Door::new(local, Some("0123456789abcdef")).unwrap();
        let basic = format!("Basic {}", STANDARD.encode("editor:0123456789abcdef"));
        for (door, name, value, status) in [
            (&open, "host", "localhost:8640", None),
            (&open, "host", "LOCALHOST", None),
            (&open, "host", "[::1]:8640", None),
            (&open, "host", "127.0.0.1", None),
            (&open, "host", "evil.example:8640", Some(421)),
            (&open, "host", "localhost.evil.example", Some(421)),
            (&open, "x-other", "", Some(421)),
            (&closed, "host", "localhost", Some(401)),
            (&closed, "authorization", "Bearer 0123456789abcdef", None),
            (&closed, "authorization", "bearer 0123456789abcdef", None),
            (&closed, "authorization", basic.as_str(), None),
            (&closed, "authorization", "Bearer 0123456789abcdeF", Some(401)),
            (&closed, "authorization", "Basic ????", Some(401)),
        ] {
            let headers = HeaderMap::from_iter([(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )]);
            let found = door.refusal(&headers).map(|(status, _)| status.as_u16());
            assert_eq!(found, status, "{name}: {value}");
        }
    }
}
