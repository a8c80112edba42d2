//! Which addresses a feed may reach: a table of ranges, judged by number, so that no spelling gets past it.

use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

struct Range4(&'static str, [u8; 4], u32);
struct Range6(&'static str, [u16; 8], u32);

/// IPv4 ranges no feed lives in (IANA special-purpose registry, and what clouds keep for themselves).
static REFUSED4: [Range4; 18] = [
    Range4("unspecified", [0, 0, 0, 0], 8),
    Range4("private", [10, 0, 0, 0], 8),
    Range4("carrier-grade NAT", [100, 64, 0, 0], 10),
    Range4("loopback", [127, 0, 0, 0], 8),
    Range4("metadata", [169, 254, 169, 254], 32),
    Range4("link-local", [169, 254, 0, 0], 16),
    Range4("private", [172, 16, 0, 0], 12),
    Range4("metadata", [192, 0, 0, 192], 32),
    Range4("protocol", [192, 0, 0, 0], 24),
    Range4("documentation", [192, 0, 2, 0], 24),
    Range4("6to4 relay", [192, 88, 99, 0], 24),
    Range4("private", [192, 168, 0, 0], 16),
    Range4("benchmarking", [198, 18, 0, 0], 15),
    Range4("documentation", [198, 51, 100, 0], 24),
    Range4("documentation", [203, 0, 113, 0], 24),
    Range4("metadata", [168, 63, 129, 16], 32),
    Range4("multicast", [224, 0, 0, 0], 4),
    Range4("reserved", [240, 0, 0, 0], 4),
];

/// IPv6 ranges no feed lives in. What is outside 2000::/3 and not named here is refused all the same.
static REFUSED6: [Range6; 13] = [
    Range6("loopback", [0, 0, 0, 0, 0, 0, 0, 1], 128),
    Range6("unspecified", [0; 8], 96),
    Range6("NAT64", [0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96),
    Range6("NAT64", [0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48),
    Range6("Teredo", [0x2001, 0, 0, 0, 0, 0, 0, 0], 32),
    Range6("protocol", [0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    Range6("documentation", [0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    Range6("6to4", [0x2002, 0, 0, 0, 0, 0, 0, 0], 16),
    Range6("documentation", [0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    Range6("metadata", [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128),
    Range6("unique local", [0xfc00, 0, 0, 0, 0, 0, 0, 0], 7),
    Range6("link-local", [0xfe80, 0, 0, 0, 0, 0, 0, 0], 10),
    Range6("multicast", [0xff00, 0, 0, 0, 0, 0, 0, 0], 8),
];

/// The name of the range for which `address` is refused; `None` for an ordinary public address.
pub(super) fn refused(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => refused4(address),
        IpAddr::V6(address) => refused6(address),
    }
}

/// Ranges that a *name* on the operator's list may not lead to either: only their own digits open them.
pub(super) fn refused_behind_a_name(address: IpAddr) -> Option<&'static str> {
    refused(address).filter(|range| matches!(*range, "metadata" | "link-local" | "multicast" | "unspecified"))
}

fn refused4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let fits =
        |range: &&Range4| same_prefix(bits.into(), Ipv4Addr::from(range.1).to_bits().into(), 32 - range.2);
    REFUSED4.iter().find(fits).map(|range| range.0)
}

fn refused6(address: Ipv6Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    let fits = |range: &&Range6| same_prefix(bits, Ipv6Addr::from(range.1).to_bits(), 128 - range.2);
    let named = REFUSED6.iter().find(fits).map(|range| range.0);
    named.or_else(|| (bits >> 125 != 1).then_some("reserved"))
}

fn same_prefix(a: u128, b: u128, free_bits: u32) -> bool {
    a.checked_shr(free_bits) == b.checked_shr(free_bits)
}

/// The literal address in a URL, however it is spelled (`0x7f.1`, `2130706433`, `[::ffff:7f00:1]`); `None` for a name.
fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// The range for which a URL is refused before anybody is asked what its name means: a literal address, or this very machine
/// by name (RFC 6761 6.3), which not every resolver knows with a dot behind it.
pub(super) fn refused_as_written(url: &Url) -> Option<&'static str> {
    let local = |name: &str| name == "localhost" || name.ends_with(".localhost");
    match url.host()? {
        Host::Domain(name) => local(name.trim_end_matches('.')).then_some("loopback"),
        _ => literal(url).and_then(refused),
    }
}

/// One entry of `allow_private`: a host as feeds write it, and a port. Both must match.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct HostPort {
    /// Host name in lower case, or an address.
    pub host: String,
    /// Port.
    pub port: u16,
}

impl HostPort {
    /// Whether `url` names this very host and port.
    #[must_use]
    pub fn matches(&self, url: &Url) -> bool {
        url.port_or_known_default() == Some(self.port) && url.host_str() == Some(self.host.as_str())
    }
}

impl TryFrom<String> for HostPort {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = || {
            format!(
                "\"{text}\" is not \"host:port\"; hint: write it like \"127.0.0.1:8080\" or \"[::1]:8080\""
            )
        };
        let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
        let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(expected)?;
        let url = Url::parse(&format!("http://{host}/")).map_err(|_| expected())?;
        let host =
            url.host_str().filter(|_| url.port().is_none() && url.path() == "/").ok_or_else(expected)?;
        Ok(Self { host: host.to_owned(), port })
    }
}

impl std::fmt::Display for HostPort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        let table = [
            ("http://127.0.0.1/", "loopback"),
            ("http://127.1/", "loopback"),
            ("http://2130706433/", "loopback"),
            ("http://0x7f000001/", "loopback"),
            ("http://0177.0.0.01/", "loopback"),
            ("http://127.0.0.1./", "loopback"),
            ("http://user@127.0.0.1/", "loopback"),
            ("http://%31%32%37.0.0.1/", "loopback"),
            ("http://\u{ff11}27.0.0.1/", "loopback"),
            ("http://[::1]/", "loopback"),
            ("http://[::ffff:127.0.0.1]/", "loopback"),
            ("http://[::ffff:7f00:1]/", "loopback"),
            ("http://[::127.0.0.1]/", "unspecified"),
            ("http://0/", "unspecified"),
            ("http://[::]/", "unspecified"),
            ("http://10.1.2.3/", "private"),
            ("http://172.31.255.255/", "private"),
            ("http://192.168.0.1/", "private"),
            ("http://100.127.0.1/", "carrier-grade NAT"),
            ("http://169.254.169.254/latest/meta-data/", "metadata"),
            ("http://[fd00:ec2::254]/", "metadata"),
            ("http://168.63.129.16/", "metadata"),
            ("http://169.254.1.1/", "link-local"),
            ("http://[fe80::1]/", "link-local"),
            ("http://[fd12:3456::1]/", "unique local"),
            ("http://[64:ff9b::a00:1]/", "NAT64"),
            ("http://[64:ff9b:1::1]/", "NAT64"),
            ("http://[2002:7f00:1::]/", "6to4"),
            ("http://[2001:0:53aa::1]/", "Teredo"),
            ("http://[2001:db8::1]/", "documentation"),
            ("http://[fec0::1]/", "reserved"),
            ("http://[100::1]/", "reserved"),
            ("http://198.19.0.1/", "benchmarking"),
            ("http://192.0.0.8/", "protocol"),
            ("http://255.255.255.255/", "reserved"),
            ("http://239.0.0.1/", "multicast"),
            ("http://[ff02::1]/", "multicast"),
        ];
        for (spelling, range) in table {
            let address =
                literal(&Url::parse(spelling).unwrap()).unwrap_or_else(|| panic!("{spelling} is a name"));
            assert_eq!(refused(address), Some(range), "{spelling} is {address}");
        }
    }

    #[test]
    fn this_machine_is_refused_by_name_too() {
        let table = [
            ("http://localhost/", Some("loopback")),
            ("http://LOCALHOST.:8080/", Some("loopback")),
            ("http://a.localhost/", Some("loopback")),
            ("http://127.1/", Some("loopback")),
            ("http://localhost.example/", None),
            ("http://notlocalhost/", None),
        ];
        for (url, range) in table {
            assert_eq!(refused_as_written(&Url::parse(url).unwrap()), range, "{url}");
        }
    }

    #[test]
    fn public_addresses_on_both_sides_of_every_range_pass() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.0.1",
            "192.169.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:200::1",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
        ] {
            assert_eq!(refused(address.parse().unwrap()), None, "{address}");
        }
    }

    #[test]
    fn host_and_port_must_both_match() {
        let allowed = HostPort::try_from("Desk.Example:8080".to_owned()).unwrap();
        let table = [
            ("http://desk.example:8080/x", true),
            ("http://desk.example/x", false),
            ("http://desk.example:8081/", false),
            ("http://other.example:8080/", false),
        ];
        for (url, fits) in table {
            assert_eq!(allowed.matches(&Url::parse(url).unwrap()), fits, "{url}");
        }
        let six = HostPort::try_from("[0:0::1]:443".to_owned()).unwrap();
        assert!(six.matches(&Url::parse("https://[::1]/").unwrap()));
    }

    #[test]
    fn an_entry_without_a_port_is_refused() {
        for text in
            ["127.0.0.1", "localhost:", "localhost:0", ":80", "::1", "a:b:80", "a/b:80", "10.0.0.0/8:80"]
        {
            let refused = HostPort::try_from(text.to_owned()).unwrap_err();
            assert!(refused.contains(&format!("\"{text}\" is not \"host:port\"")), "{refused}");
        }
    }
}
