//! A feed's secret on its way out: where it is put, and how it is kept out of everything shown.

use super::error::Cause;
use super::secret::Secret;
use super::shown::shown;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;

/// How a secret is sent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way<'a> {
    /// `Authorization: Bearer SECRET`
    Bearer,
    /// `Authorization: Basic`, this user's password
    Basic(&'a str),
    /// In this header
    Header(&'a str),
    /// As this query key
    Query(&'a str),
}

/// A secret made ready: headers for the first origin, and the words to keep quiet about. Without one both are empty.
#[derive(Default)]
pub(super) struct Credentials {
    pub headers: HeaderMap,
    hidden: Vec<String>,
}

/// A shorter secret would blot out half of every message.
const SHORTEST_HIDDEN: usize = 4;

impl Credentials {
    /// Reads the secret and puts it where it belongs: in a header, or into `url`.
    pub(super) fn ready(secret: &Secret, way: Way<'_>, url: &mut Url) -> Result<Self, Cause> {
        let token = secret.read()?;
        let mut basic = None;
        let (name, value) = match way {
            Way::Bearer => (Ok(AUTHORIZATION), format!("Bearer {token}")),
            Way::Basic(user) => {
                let pair = STANDARD.encode(format!("{user}:{token}"));
                (Ok(AUTHORIZATION), format!("Basic {}", basic.insert(pair)))
            }
            Way::Header(name) => (HeaderName::try_from(name), token.clone()),
            Way::Query(key) => {
                url.query_pairs_mut().append_pair(key, &token);
                return Ok(Self { headers: HeaderMap::new(), hidden: forms(&token) });
            }
        };
        let name = name.map_err(|_| Cause::Secret("header is no header name".into()))?;
        let mut value = HeaderValue::try_from(value).map_err(|_| unsendable(secret))?;
        value.set_sensitive(true);
        let mut hidden = forms(&token);
        hidden.extend(basic);
        Ok(Self { headers: HeaderMap::from_iter([(name, value)]), hidden })
    }

    /// A text with the secret blotted out, however a server may have quoted it.
    pub(super) fn hide(&self, text: String) -> String {
        self.hidden
            .iter()
            .fold(text, |text, form| if text.contains(form) { text.replace(form, "***") } else { text })
    }

    /// A URL as it may be shown and stored.
    pub(super) fn shown(&self, url: &Url) -> String {
        self.hide(shown(url))
    }
}

/// The secret as it is, and as it stands in a URL.
fn forms(token: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(token.as_bytes()).collect();
    [token.to_owned(), encoded].into_iter().filter(|form| form.len() >= SHORTEST_HIDDEN).collect()
}

fn unsendable(secret: &Secret) -> Cause {
    Cause::Secret(format!(
        "the secret {secret} cannot be sent in a header: it holds a line end or a control character"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(folder: &tempfile::TempDir, text: &str) -> Secret {
        let path = folder.path().join("token");
        std::fs::write(&path, text).unwrap();
        Secret::File(path)
    }

    #[test]
    fn a_quoted_secret_is_blotted_out_in_every_form() {
        let folder = tempfile::tempdir().unwrap();
        let mut url = Url::parse("https://wire.example/?n=5").unwrap();
        let ready = Credentials::ready(&secret(&folder, "hunter 2&co"), Way::Query("k"), &mut url).unwrap();
        assert_eq!(url.as_str(), "https://wire.example/?n=5&k=hunter+2%26co");
        assert_eq!(ready.shown(&url), "https://wire.example/?n=5&k=***");
        assert_eq!(ready.hide("said hunter 2&co".into()), "said ***");
    }

    #[test]
    fn a_secret_that_cannot_stand_in_a_header_is_refused_unshown() {
        let folder = tempfile::tempdir().unwrap();
        let mut url = Url::parse("https://wire.example/").unwrap();
        for (way, text) in [(Way::Bearer, "hun\nter2"), (Way::Header("x y"), "hunter2")] {
            let refused = Credentials::ready(&secret(&folder, text), way, &mut url).err().unwrap();
            assert!(!refused.to_string().contains("ter2"), "{refused}");
        }
    }
}
