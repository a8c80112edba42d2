//! Whom does a fetch trust? The system's authorities, the one in `ca_file`, and nobody else.
//! The certificate in fixtures/tls is for 127.0.0.1 and localhost, by an authority made for this test; its key opens nothing.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiredesk::fetch::{Client, FetchError, Fetched, HostPort, Http, Limits, Settings, Transport};
use wiredesk::wire::Cursor;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls").join(name)
}

/// How a server of HTTP/2 or HTTP/1.1 is offered to the client, and what it sends once it has heard something.
#[derive(Clone)]
struct Manners {
    offers: Vec<Vec<u8>>,
    says: Vec<u8>,
    over_and_over: Vec<u8>,
    hangs: bool,
}

/// A TLS server on every loopback address, with one answer for everyone; its port.
async fn server() -> u16 {
    let says = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>".to_vec();
    serve(Manners { offers: Vec::new(), says, over_and_over: Vec::new(), hangs: false }).await
}

async fn serve(manners: Manners) -> u16 {
    let certificate = CertificateDer::from_pem_file(fixture("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols.clone_from(&manners.offers);
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let manners = manners.clone();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&manners.says).await;
                while !manners.over_and_over.is_empty()
                    && stream.write_all(&manners.over_and_over).await.is_ok()
                {
                    tokio::task::yield_now().await;
                }
                if manners.hangs {
                    std::future::pending::<()>().await;
                }
                let _ = stream.shutdown().await;
            });
        }
    });
    port
}

async fn get(host: &str, port: u16, ca_file: Option<&str>) -> Result<Fetched, FetchError> {
    get_within(host, port, ca_file, &Limits::default()).await
}

async fn get_within(
    host: &str,
    port: u16,
    ca_file: Option<&str>,
    limits: &Limits,
) -> Result<Fetched, FetchError> {
    let feed = Http {
        ca_file: ca_file.map(fixture),
        allow_private: vec![HostPort::try_from(format!("{host}:{port}")).unwrap()],
        ..Http::at(&format!("https://{host}:{port}/")).unwrap()
    };
    let client = Client::new(Settings::default());
    Transport::Http(feed).fetch(&client, &Cursor::default(), limits).await
}

#[tokio::test]
async fn an_authority_named_by_the_operator_is_trusted_and_no_other() {
    let port = server().await;
    for host in ["127.0.0.1", "localhost"] {
        assert_eq!(get(host, port, Some("authority.pem")).await.unwrap().bytes, 6, "{host}");
    }
    let unknown = get("localhost", port, None).await.unwrap_err();
    assert_eq!(unknown.class(), "tls", "{unknown}");
    assert!(unknown.to_string().contains("hint: name the authority's certificate in ca_file"), "{unknown}");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let port = server().await;
    let wrong = get("127.0.0.2", port, Some("authority.pem")).await.unwrap_err();
    assert_eq!(wrong.class(), "tls", "{wrong}");
    assert!(wrong.to_string().contains("not valid for name"), "{wrong}");
}

/// A name, the first bytes, what follows over and over, whether the server then hangs, and the classes it may have.
type Flood<'t> = (&'t str, Vec<u8>, Vec<u8>, bool, &'t [&'t str]);

/// A frame of HTTP/2 (RFC 9113, 4.1).
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PROMISE: u8 = 5;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW: u8 = 8;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

#[tokio::test]
async fn floods_of_http_2_end_in_time_and_have_a_class() {
    let settings = frame(SETTINGS, 0, 0, &[]);
    let ok = || [settings.clone(), frame(HEADERS, END_HEADERS, 1, &[0x88])].concat();
    let then = |more: Vec<u8>| [ok(), more].concat();
    let literal = |letters: usize| {
        let mut block = vec![0x88, 0x00, 0x01, b'q', 0x7f];
        let mut rest = letters - 127;
        while rest >= 128 {
            block.push(u8::try_from(rest % 128).unwrap() | 0x80);
            rest /= 128;
        }
        block.push(u8::try_from(rest).unwrap());
        block.extend(vec![b'q'; letters]);
        block
    };
    let headers = |flags: u8| [settings.clone(), frame(HEADERS, flags, 1, &[0x88])].concat();
    let table: Vec<Flood> = vec![
        ("silence", settings.clone(), vec![], true, &["timeout"]),
        ("pings", settings.clone(), frame(PING, 0, 0, &[7; 8]).repeat(99), false, &["timeout", "protocol"]),
        ("settings", settings.clone(), settings.repeat(99), false, &["timeout", "protocol"]),
        (
            "windows",
            settings.clone(),
            frame(WINDOW, 0, 0, &[0, 0, 0, 1]).repeat(99),
            false,
            &["timeout", "protocol"],
        ),
        (
            "window of nothing",
            [settings.clone(), frame(WINDOW, 0, 0, &[0; 4])].concat(),
            vec![],
            true,
            &["protocol", "network"],
        ),
        (
            "continuations",
            headers(0),
            frame(CONTINUATION, 0, 1, &[0x88; 16]).repeat(99),
            false,
            &["protocol"],
        ),
        (
            "empty continuations",
            headers(0),
            frame(CONTINUATION, 0, 1, &[]).repeat(99),
            false,
            &["protocol", "timeout"],
        ),
        (
            "a huge header",
            [
                settings.clone(),
                frame(HEADERS, END_HEADERS, 1, &literal(16_000)),
                frame(HEADERS, END_HEADERS, 1, &literal(16_000)),
            ]
            .concat(),
            vec![],
            true,
            &["protocol", "truncated", "timeout"],
        ),
        ("empty data", ok(), frame(DATA, 0, 1, &[]).repeat(99), false, &["timeout", "protocol"]),
        (
            "data beyond the window",
            ok(),
            frame(DATA, 0, 1, &[b'q'; 16_000]).repeat(9),
            false,
            &["too_large", "protocol"],
        ),
        ("padding", ok(), frame(DATA, 8, 1, &[255; 256]).repeat(99), false, &["timeout", "protocol"]),
        (
            "a promise",
            [settings.clone(), frame(PROMISE, END_HEADERS, 1, &[0, 0, 0, 2, 0x88])].concat(),
            vec![],
            true,
            &["protocol"],
        ),
        ("no settings", frame(PING, 0, 0, &[0; 8]), vec![], true, &["timeout", "protocol"]),
        (
            "no HTTP/2 at all",
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec(),
            vec![],
            true,
            &["protocol"],
        ),
        (
            "a frame too long",
            [settings.clone(), frame(DATA, 0, 1, &[0; 99_999])].concat(),
            vec![],
            true,
            &["protocol"],
        ),
        (
            "a reset",
            [settings.clone(), frame(RESET, 0, 1, &[0, 0, 0, 8])].concat(),
            vec![],
            true,
            &["network", "protocol"],
        ),
        (
            "a reset in the body",
            then(frame(RESET, 0, 1, &[0, 0, 0, 2])),
            vec![],
            true,
            &["truncated", "protocol", "network"],
        ),
        (
            "goodbye",
            [settings.clone(), frame(GOAWAY, 0, 0, &[0; 8])].concat(),
            vec![],
            false,
            &["network", "protocol"],
        ),
        ("cut in the body", then(frame(DATA, 0, 1, b"<rss>")), vec![], false, &["truncated", "network"]),
    ];
    let short = std::time::Duration::from_millis(600);
    let limits = Limits { max_bytes: 1 << 20, first_byte: short, whole: short, ..Limits::default() };
    let mut wrong = Vec::new();
    for (case, says, over_and_over, hangs, classes) in table {
        let port = serve(Manners { offers: vec![b"h2".to_vec()], says, over_and_over, hangs }).await;
        let begun = std::time::Instant::now();
        let ended = match get_within("127.0.0.1", port, Some("authority.pem"), &limits).await {
            Ok(cut) => cut.failures.into_iter().next().expect(case).1,
            Err(error) => error,
        };
        if !classes.contains(&ended.class()) || begun.elapsed() > 5 * short {
            wrong.push(format!("{case}: {} after {:?}: {ended}", ended.class(), begun.elapsed()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
