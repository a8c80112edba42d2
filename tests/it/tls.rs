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

/// A TLS server on every loopback address, with one answer for everyone; its port.
async fn server() -> u16 {
    let certificate = CertificateDer::from_pem_file(fixture("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>").await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

async fn get(host: &str, port: u16, ca_file: Option<&str>) -> Result<Fetched, FetchError> {
    let feed = Http {
        ca_file: ca_file.map(fixture),
        allow_private: vec![HostPort::try_from(format!("{host}:{port}")).unwrap()],
        ..Http::at(&format!("https://{host}:{port}/")).unwrap()
    };
    let client = Client::new(Settings::default());
    Transport::Http(feed).fetch(&client, &Cursor::default(), &Limits::default()).await
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
