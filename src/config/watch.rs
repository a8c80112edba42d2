//! How the daemon is watched: its own page of numbers (`[status]`), and who is told when a feed goes wrong (`[alert]`).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::section::Section;
use crate::fetch::Secret;

/// Where the daemon answers `/healthz`, `/readyz`, `/metrics` and `/status`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The address it listens on.
    pub listen: SocketAddr,
    /// What whoever asks must bear (`Authorization: Bearer`); nothing where none is given, which only loopback may leave out.
    pub token: Option<Secret>,
}

/// Who is told when a feed goes wrong, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// A shell command; the alert is JSON on its standard input.
    pub command: Option<String>,
    /// An address; the alert is the JSON body of a POST.
    pub url: Option<String>,
    /// Failures in a row until a feed counts as failing.
    pub failures: u32,
    /// The kinds of [`KINDS`] that are told.
    pub on: Vec<String>,
}

/// What may be told of a feed.
pub const KINDS: &[&str] = &["failing", "quiet", "overflowing"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenStatus {
    listen: Option<String>,
    token_env: Option<String>,
    token_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAlert {
    command: Option<String>,
    url: Option<String>,
    #[serde(default = "few")]
    failures: u32,
    on: Option<Vec<String>>,
}

fn few() -> u32 {
    3
}

/// Reads `[status]`; none when it is not there, or wrong (which has then been said).
pub(super) fn status(top: &mut Section<'_, '_>, folder: &Path) -> Option<Status> {
    let written = top.take::<WrittenStatus>("status", "a table such as { listen = \"127.0.0.1:9464\" }")?;
    let WrittenStatus { listen, token_env, token_file } = &written.value;
    let address = listen.as_deref().map(str::parse::<SocketAddr>);
    let token = match (token_env, token_file) {
        (Some(name), None) => Some(Secret::Env(name.clone())),
        (None, Some(file)) => Some(Secret::File(folder.join(file))),
        (None, None) => None,
        (Some(_), Some(_)) => {
            top.refuse_unshown(&written, "token_env and token_file exclude each other");
            return None;
        }
    };
    let Some(Ok(listen)) = address else {
        top.refuse_unshown(&written, "expected listen = \"ADDRESS:PORT\", such as \"127.0.0.1:9464\"");
        return None;
    };
    if !listen.ip().is_loopback() && token.is_none() {
        top.refuse_unshown(
            &written,
            "others than this machine may ask there: token_env or token_file must name a token",
        );
        return None;
    }
    Some(Status { listen, token })
}

/// Reads `[alert]`; none when it is not there, or wrong (which has then been said).
pub(super) fn alert(top: &mut Section<'_, '_>) -> Option<Alert> {
    let written = top.take::<WrittenAlert>("alert", "a table such as { command = \"mail desk\" }")?;
    let WrittenAlert { command, url, failures, on } = &written.value;
    let on = on.clone().unwrap_or_else(|| KINDS.iter().map(|kind| (*kind).to_owned()).collect());
    let is_web = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    let wrong = if command.is_none() && url.is_none() {
        Some("expected command = \"...\" or url = \"https://...\"".to_owned())
    } else if !url.as_ref().is_none_or(is_web) {
        Some("expected an http or https address as url".to_owned())
    } else if *failures == 0 {
        Some("failures must be 1 or more".to_owned())
    } else {
        let known = on.iter().find(|kind| !KINDS.contains(&kind.as_str()));
        known.map(|kind| format!("on = {kind:?}: expected some of {}", super::complaint::quoted(KINDS)))
    };
    match wrong {
        Some(why) => {
            top.refuse_unshown(&written, &why);
            None
        }
        None => Some(Alert { command: command.clone(), url: url.clone(), failures: *failures, on }),
    }
}
