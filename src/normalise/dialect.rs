//! **What does this agency do differently?** Its rules beyond those that all wires share: one table, one file an agency.
//!
//! A dialect is chosen by name (a feed's `dialect`), by the provider, or by the identifiers that a document shows. A config
//! adds its own as `[[dialect]]` tables of the same keys; they are asked before the ones that come with wiredesk.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::codes;
use super::datetime::Clock;

/// The rules of one agency. Every key may be left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dialect {
    /// Its name, for a feed's `dialect`.
    pub name: String,
    /// Providers that speak it, in any case: `["AP", "Associated Press"]`.
    pub providers: Vec<String>,
    /// Beginnings of its identifiers: `["tag:reuters.com"]`.
    pub guids: Vec<String>,
    /// The zone of its local times, where the feed has none of its own: `"Europe/Madrid"`.
    pub time_zone: Option<String>,
    /// Its dates say UTC (`Z`, `GMT`, `+0000`) and mean the local time.
    pub utc_is_local: bool,
    /// Its words for a publication status, and what they mean: `usable`, `withheld`, `embargoed`, `canceled`.
    pub statuses: BTreeMap<String, String>,
    /// What it sets before a headline, and the editorial type that this is: `"BRIEF-" = "Brief"`.
    pub headline_tags: BTreeMap<String, String>,
    /// Words of its sluglines, and the editorial type they are: `"eil" = "Flash"`.
    pub slug_words: BTreeMap<String, String>,
    /// What parts the keywords of its sluglines: `"/"`. They are the story's keywords where it has no others.
    pub slug_separator: Option<String>,
    /// Its code schemes as sent, and the name under which the desk keeps them.
    pub schemes: BTreeMap<String, String>,
}

/// The dialects a house knows besides those that come with wiredesk.
pub type Dialects = Arc<[Dialect]>;

/// Those that come with wiredesk, one file each.
const FILES: &[&str] = &[
    include_str!("dialect/ap.toml"),
    include_str!("dialect/reuters.toml"),
    include_str!("dialect/afp.toml"),
    include_str!("dialect/dpa.toml"),
    include_str!("dialect/pa.toml"),
    include_str!("dialect/belga.toml"),
    include_str!("dialect/ansa.toml"),
    include_str!("dialect/ntb.toml"),
];

static BUILT_IN: LazyLock<Vec<Dialect>> =
    LazyLock::new(|| FILES.iter().filter_map(|file| toml::from_str(file).ok()).collect());

/// A wire without a dialect of its own.
static COMMON: LazyLock<Dialect> = LazyLock::new(Dialect::default);

/// The dialect of this name, of the house's own or of wiredesk's.
#[must_use]
pub fn named<'a>(name: &str, own: &'a [Dialect]) -> Option<&'a Dialect> {
    all(own).find(|dialect| dialect.name.eq_ignore_ascii_case(name))
}

/// The names of all dialects, the house's own first.
#[must_use]
pub fn names(own: &[Dialect]) -> Vec<&str> {
    all(own).map(|dialect| dialect.name.as_str()).collect()
}

/// The dialect of what `provider` sends, else of what is identified by `guid`; else the common one, which has no rules.
#[must_use]
pub fn of<'a>(provider: Option<&str>, guid: Option<&str>, own: &'a [Dialect]) -> &'a Dialect {
    let by_provider = provider.and_then(|name| all(own).find(|dialect| dialect.is_of(name.trim())));
    let by_guid = || guid.and_then(|guid| all(own).find(|dialect| dialect.identifies(guid)));
    by_provider.or_else(by_guid).unwrap_or(&COMMON)
}

fn all(own: &[Dialect]) -> impl Iterator<Item = &Dialect> {
    own.iter().chain(BUILT_IN.iter())
}

impl Dialect {
    fn is_of(&self, provider: &str) -> bool {
        self.providers.iter().any(|known| known.eq_ignore_ascii_case(provider))
    }

    fn identifies(&self, guid: &str) -> bool {
        self.guids.iter().any(|start| guid.starts_with(start.as_str()))
    }

    /// How its dates are read; the feed's own zone goes first.
    #[must_use]
    pub fn clock(&self, feed: Option<&jiff::tz::TimeZone>) -> Clock {
        let own = || self.time_zone.as_deref().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        let zone = feed.cloned().or_else(own).unwrap_or(jiff::tz::TimeZone::UTC);
        Clock { zone, utc_is_local: self.utc_is_local, day_first: false }
    }

    /// What its word for a status means; `None` for a word it does not have.
    #[must_use]
    pub fn status(&self, printed: &str) -> Option<&str> {
        let word = codes::last_segment(printed);
        self.statuses
            .iter()
            .find(|(sent, _)| sent.eq_ignore_ascii_case(word))
            .map(|(_, meant)| meant.as_str())
    }

    /// The editorial type that headline or sluglines say in its way.
    #[must_use]
    pub fn editorial_type(&self, headline: Option<&str>, sluglines: &[String]) -> Option<&str> {
        let tagged =
            |(tag, _): &(&String, &String)| headline.is_some_and(|text| text.starts_with(tag.as_str()));
        let words = || sluglines.iter().flat_map(|slug| slug.split(|c: char| !c.is_alphanumeric()));
        let said = |(word, _): &(&String, &String)| words().any(|one| one.eq_ignore_ascii_case(word));
        let by_tag = self.headline_tags.iter().find(tagged);
        by_tag.or_else(|| self.slug_words.iter().find(said)).map(|(_, kind)| kind.as_str())
    }

    /// The keywords that its slugline is made of.
    #[must_use]
    pub fn keywords(&self, slugline: Option<&str>) -> Vec<String> {
        let (Some(separator), Some(slugline)) = (self.slug_separator.as_deref(), slugline) else {
            return Vec::new();
        };
        slugline.split(separator).map(str::trim).filter(|word| !word.is_empty()).map(Into::into).collect()
    }

    /// The desk's name of a scheme; one it does not know stays as sent.
    #[must_use]
    pub fn scheme<'a>(&'a self, sent: &'a str) -> &'a str {
        self.schemes.get(sent).map_or(sent, String::as_str)
    }

    /// What is wrong with it, for the one who wrote it: an unknown zone, a status the desk has no word for.
    #[must_use]
    pub fn complaint(&self) -> Option<String> {
        const MEANT: [&str; 4] = ["usable", "withheld", "embargoed", "canceled"];
        if self.name.is_empty() {
            return Some("a dialect needs a name".into());
        }
        let zone = self.time_zone.as_deref().filter(|name| jiff::tz::TimeZone::get(name).is_err());
        let status = self.statuses.values().find(|meant| !MEANT.contains(&meant.as_str()));
        zone.map(|zone| format!("unknown time zone {zone:?}; expected one such as \"Europe/Madrid\""))
            .or_else(|| {
                status.map(|meant| {
                    format!("a status cannot mean {meant:?}; expected one of {}", MEANT.join(", "))
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_that_comes_with_wiredesk_is_read_and_sound() {
        for file in FILES {
            let dialect: Dialect = toml::from_str(file).unwrap_or_else(|error| panic!("{error}\n{file}"));
            assert_eq!(dialect.complaint(), None, "{}", dialect.name);
            assert!(
                !dialect.providers.is_empty() || !dialect.guids.is_empty(),
                "{} is never chosen",
                dialect.name
            );
        }
    }

    #[test]
    fn a_dialect_is_chosen_by_provider_then_by_identifier_and_the_house_goes_first() {
        let own = [Dialect { name: "house".into(), providers: vec!["Reuters".into()], ..Dialect::default() }];
        for (provider, guid, of_house, name) in [
            (Some("reuters"), None, false, "reuters"),
            (Some("Reuters"), None, true, "house"),
            (Some("A newspaper"), Some("tag:reuters.com,2014:newsml_X"), false, "reuters"),
            (None, Some("urn:newsml:dpa.com:20090101:1"), false, "dpa"),
            (Some("A newspaper"), Some("1"), false, ""),
            (None, None, true, ""),
        ] {
            let known = if of_house { own.as_slice() } else { &[] };
            assert_eq!(of(provider, guid, known).name, name, "{provider:?} {guid:?}");
        }
        assert_eq!(named("AP", &own).map(|dialect| dialect.name.as_str()), Some("ap"));
        assert_eq!(names(&own)[..2], ["house", "ap"]);
    }

    #[test]
    fn a_rule_is_a_row_of_the_table() {
        let dialect: Dialect = toml::from_str(
            "name = \"x\"\nslug_separator = \"/\"\n[statuses]\nfrei = \"usable\"\n[headline_tags]\n\"EIL: \" = \"Flash\"\n[slug_words]\nkorr = \"Correction\"\n[schemes]\n\"urn:x\" = \"medtop\"",
        )
        .unwrap();
        assert_eq!(dialect.status("stat:Frei"), Some("usable"));
        assert_eq!(dialect.status("stat:zu"), None);
        let slugs = ["Moles/KORR/".to_owned()];
        assert_eq!(dialect.editorial_type(Some("EIL: Moles dig"), &slugs), Some("Flash"));
        assert_eq!(dialect.editorial_type(Some("Moles dig"), &slugs), Some("Correction"));
        assert_eq!(dialect.keywords(Some("Moles/Voles/")), ["Moles", "Voles"]);
        assert_eq!((dialect.scheme("urn:x"), dialect.scheme("urn:y")), ("medtop", "urn:y"));
    }

    #[test]
    fn what_is_wrong_with_a_dialect_is_said() {
        let cases = [
            ("", "needs a name"),
            ("name = \"x\"\ntime_zone = \"Europe/Nowhere\"", "Europe/Nowhere"),
            ("name = \"x\"\n[statuses]\nok = \"fine\"", "\"fine\""),
        ];
        for (text, part) in cases {
            let dialect: Dialect = toml::from_str(text).unwrap();
            assert!(dialect.complaint().is_some_and(|said| said.contains(part)), "{text}");
        }
    }
}
