//! Names into addresses, the refused ones left out: checked at the very lookup a connection is made from, so that a
//! name cannot show one address to the check and another to the connection.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};

/// A name that may not be reached, or is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("{host}: {source}")]
    Unknown { host: String, source: std::io::Error },
    #[error("{host} is a {range} address")]
    Blocked { host: String, range: &'static str },
}

/// The system's resolver behind one of the two checks.
pub(super) struct Guarded(pub(super) fn(IpAddr) -> Option<&'static str>);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let refused = self.0;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = match tokio::net::lookup_host(format!("{host}:0")).await {
                Ok(found) => found.collect::<Vec<SocketAddr>>(),
                Err(source) => return Err(ResolveError::Unknown { host, source }.into()),
            };
            let addresses = keep(host, found, refused)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn keep(
    host: String,
    found: Vec<SocketAddr>,
    refused: fn(IpAddr) -> Option<&'static str>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let first = found.first().copied();
    let open: Vec<SocketAddr> = found.into_iter().filter(|found| refused(found.ip()).is_none()).collect();
    let blocked =
        first.filter(|_| open.is_empty()).and_then(|first| Some((first.ip(), refused(first.ip())?)));
    match blocked {
        Some((ip, range)) => Err(ResolveError::Blocked { host: format!("{host} ({ip})"), range }),
        None => Ok(open),
    }
}

#[cfg(test)]
mod tests {
    use super::super::address;
    use super::*;

    fn addresses(list: &[&str]) -> Vec<SocketAddr> {
        list.iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn only_the_open_addresses_of_a_name_are_used() {
        let kept =
            keep("mixed.example".into(), addresses(&["10.0.0.1", "1.1.1.1"]), address::refused).unwrap();
        assert_eq!(kept, addresses(&["1.1.1.1"]));
    }

    #[test]
    fn a_name_with_refused_addresses_only_is_blocked_and_says_why() {
        let blocked = keep("wiki.example".into(), addresses(&["10.0.0.1"]), address::refused).unwrap_err();
        assert_eq!(blocked.to_string(), "wiki.example (10.0.0.1) is a private address");
    }

    #[test]
    fn a_listed_name_may_be_private_but_never_metadata() {
        let listed = address::refused_behind_a_name;
        assert!(keep("wiki.example".into(), addresses(&["10.0.0.1"]), listed).is_ok());
        assert!(keep("wiki.example".into(), addresses(&["169.254.169.254"]), listed).is_err());
    }
}
