//! A config as understood: what `wiredesk check` prints.

use super::values::{Config, Feed};
use crate::fetch::{Secret, Settings};
use crate::schedule::show_duration;
use std::fmt::Write as _;

/// The config in words, one feed a paragraph; of secrets only where they are and whether they are there.
#[must_use]
pub fn describe(config: &Config) -> String {
    let mut text = String::new();
    let feeds = config.feeds.len();
    let _ = writeln!(text, "config    {}", config.file.display());
    let _ = writeln!(text, "data_dir  {}", config.data_dir.display());
    http(&mut text, &config.http);
    if let Some(status) = &config.status {
        let token = status
            .token
            .clone()
            .map_or_else(|| "no token".into(), |token| format!("token {}", secret(token)));
        let _ = writeln!(text, "status    http://{} ({token})", status.listen);
    }
    if let Some(alert) = &config.alert {
        let ways = [alert.command.as_ref().map(|_| "a command"), alert.url.as_ref().map(|_| "a webhook")];
        let ways: Vec<&str> = ways.into_iter().flatten().collect();
        let _ = writeln!(text, "alert     {} by {}", alert.on.join(", "), ways.join(" and "));
    }
    line(&mut text, "alerts kept", config.keep_alerts.map(show_duration));
    config.places.iter().for_each(|row| line(&mut text, "place", Some(row.join(", "))));
    let _ = writeln!(text, "feeds     {feeds}");
    for feed in &config.feeds {
        text.push('\n');
        describe_feed(&mut text, feed);
    }
    text
}

fn http(text: &mut String, http: &Settings) {
    let _ = writeln!(
        text,
        "http      connect within {}, {} at a time at one host, starts {} apart",
        show_duration(http.connect),
        http.per_host,
        show_duration(http.spacing)
    );
    line(
        text,
        "back-off",
        http.back_off_by_host.then(|| "of a whole host, when one of its feeds is told to wait".into()),
    );
    let pairs: Vec<String> = http.allow_private.iter().map(ToString::to_string).collect();
    line(text, "allow_private", Some(pairs.join(", ")).filter(|pairs| !pairs.is_empty()));
    line(text, "ca_file", http.ca_file.as_ref().map(|path| path.display().to_string()));
    line(text, "contact", http.contact.clone());
}

fn describe_feed(text: &mut String, feed: &Feed) {
    let off = if feed.enabled { "" } else { "  (not enabled)" };
    let _ = writeln!(text, "{}{off}", feed.id);
    let house = &feed.house;
    let zone = house.time_zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
    let facts = [
        (feed.transport.kind(), Some(feed.transport.place())),
        ("secret", feed.transport.secret().map(secret)),
        ("asked", Some(feed.cadence.to_string())),
        ("provider", house.provider.clone()),
        ("language", house.language.clone()),
        ("time_zone", zone),
        ("dialect", house.dialect.clone()),
        ("format", Some(feed.format.clone().unwrap_or_else(|| "read from the content".into()))),
        ("quiet_after", feed.quiet_after.map(show_duration)),
        ("full_text", feed.full_text.then(|| "of the pages behind its items".into())),
        ("limits", Some(limits(feed))),
    ];
    for (name, fact) in facts {
        line(text, &format!("  {name}"), fact);
    }
}

fn secret(secret: Secret) -> String {
    format!("{secret} ({})", if secret.is_set() { "set" } else { "missing" })
}

fn limits(feed: &Feed) -> String {
    let limits = &feed.limits;
    format!(
        "{} bytes, first byte within {}, whole within {}, {} redirects",
        limits.max_bytes,
        show_duration(limits.first_byte),
        show_duration(limits.whole),
        limits.redirects
    )
}

fn line(text: &mut String, name: &str, fact: Option<String>) {
    if let Some(fact) = fact {
        let _ = writeln!(text, "{name:<14}{fact}");
    }
}
