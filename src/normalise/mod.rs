//! **Here is a wire item: what is the story?** One pure file a field; no clock, no disk, no network, no config.
//!
//! [`normalise`] turns what a format read ([`Parsed`]) into what the desk holds ([`NewsItem`]). A field is read in a
//! file of its own by a function of its own; [`story`] calls them one after the other. What cannot be read leaves a fault
//! beside the story and never costs the story itself.

pub mod apart;
pub mod body;
pub mod byline;
pub mod caption;
pub mod class;
pub mod codes;
pub mod credit;
pub mod dateline;
pub mod dates;
pub mod datetime;
pub mod depth;
pub mod dialect;
pub mod embargo;
pub mod explain;
pub mod feed;
pub mod flow;
pub mod frames;
pub mod gazetteer;
pub mod harmless;
pub mod header;
pub mod headline;
pub mod html;
pub mod identity;
pub mod language;
pub mod links;
pub mod marked;
pub mod once;
pub mod order;
pub mod paragraphs;
pub mod plain;
pub mod regions;
pub mod rights;
pub mod scan;
pub mod shortcodes;
pub mod shown;
pub mod status;
pub mod story;
pub mod summary;
pub mod text;
pub mod urgency;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::item::{FeedInfo, NewsItem};
use crate::wire::{Parsed, WireFeed, WireItem};

use dialect::Dialects;
use identity::Shared;
use story::Frame;

/// The house rules of one feed: what its documents do not say.
#[derive(Debug, Clone, Default)]
pub struct House {
    /// The feed's id in the config.
    pub feed: Option<String>,
    /// Who sends it. Wins over what the documents say.
    pub provider: Option<String>,
    /// Language to suppose where nothing is said.
    pub language: Option<String>,
    /// Zone of local times; the dialect's, else UTC, when nothing is said.
    pub time_zone: Option<TimeZone>,
    /// The name of the dialect its copy is in; seen by provider and identifiers when nothing is said.
    pub dialect: Option<String>,
    /// The house's own dialects, beside those that come with wiredesk.
    pub dialects: Dialects,
}

/// Where a delivery came from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The base of relative links.
    pub url: Option<String>,
    /// When it was received.
    pub received: Timestamp,
}

/// A delivery as the desk holds it.
#[derive(Debug, Clone, Default)]
pub struct Copy {
    /// What the feed says of itself.
    pub feed: FeedInfo,
    /// Its stories, in document order.
    pub items: Vec<NewsItem>,
}

/// Makes stories of what a format read.
#[must_use]
pub fn normalise(parsed: Parsed, house: &House, origin: &Origin) -> Copy {
    let Parsed { format, feed: wire, items, faults } = parsed;
    let frame = frame(format, &wire, house, origin);
    let clock = frame.dialect_of_feed().clock(frame.zone.as_ref());
    let feed = feed::read(&wire, format, frame.base.as_ref(), &clock, faults);
    let read = |item: &WireItem| story::read(item, &frame);
    let chains: Vec<Option<String>> = items.iter().map(|item| item.chain.clone()).collect();
    let mut items: Vec<NewsItem> = items.iter().map(read).collect();
    identify(&mut items, &chains, &feed, house);
    Copy { feed, items }
}

fn frame<'a>(format: &'static str, feed: &'a WireFeed, house: &'a House, origin: &Origin) -> Frame<'a> {
    let page = links::own_page(&feed.links, None);
    let told = links::base(&[origin.url.as_deref(), feed.base.as_deref()]);
    Frame {
        format,
        feed,
        feed_id: house.feed.as_deref(),
        provider: house.provider.as_deref(),
        language: house.language.as_deref(),
        zone: house.time_zone.clone(),
        dialect: house.dialect.as_deref().and_then(|name| dialect::named(name, &house.dialects)),
        dialects: &house.dialects,
        base: told.or_else(|| links::base(&[page.as_deref()])),
        received: origin.received,
    }
}

/// Gives every story its identifier; the scope of identifiers is the provider, else the feed, else what the document says.
/// What the provider says a story's versions share (`chain`) goes before all else.
fn identify(items: &mut [NewsItem], chains: &[Option<String>], feed: &FeedInfo, house: &House) {
    let shared = Shared::among(items, &[feed.id.as_deref(), feed.link.as_deref()]);
    let house_scope = house.provider.as_deref().or(house.feed.as_deref());
    for (item, chain) in items.iter_mut().zip(chains) {
        let scope = house_scope.or(item.provider.as_deref()).unwrap_or_default();
        let identity = match chain {
            Some(chain) => identity::of_chain(chain, scope),
            None => identity::identify(item, scope, &shared),
        };
        if identity.by == "link" && item.guid.is_none() {
            item.guid.clone_from(&item.link);
        }
        // until now an order names another item by its provider's identifier
        if let Some(story) = item.order.as_mut().and_then(|order| order.story.as_mut()) {
            *story = identity::of_chain(story, scope).id;
        }
        item.id = identity.id;
        item.identified_by = Some(identity.by.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{DateKind, WireDate, WireDateline, WireLink, WireMedia, WirePerson, WireText};
    use proptest::prelude::*;

    fn parsed(items: Vec<WireItem>) -> Parsed {
        Parsed { format: "rss", items, ..Parsed::default() }
    }

    fn rss_item() -> WireItem {
        WireItem {
            headlines: vec![WireText::unsaid("AT&amp;T settles")],
            summaries: vec![WireText::unsaid("<p>All of <b>it</b>. <a href=\"/more\">More</a></p>")],
            links: vec![WireLink { href: "/1".into(), ..WireLink::default() }],
            dates: vec![WireDate { kind: DateKind::Published, text: "Mon, 1 Apr 2024 14:05 GMT".into() }],
            ..WireItem::default()
        }
    }

    #[test]
    fn an_item_with_a_description_only_is_a_story_with_a_text() {
        let origin = Origin { url: Some("https://a.example/feed".into()), received: Timestamp::UNIX_EPOCH };
        let copy = normalise(parsed(vec![rss_item()]), &House::default(), &origin);
        let item = &copy.items[0];
        assert_eq!(item.headline.as_deref(), Some("AT&T settles"));
        assert_eq!(item.summary.as_deref(), Some("All of it. More"));
        assert_eq!(item.body_text, item.summary);
        assert!(item.body_html.as_deref().unwrap().contains("href=\"https://a.example/more\""));
        assert_eq!(item.word_count, Some(4));
        assert_eq!(item.link.as_deref(), Some("https://a.example/1"));
        assert_eq!(item.published, "2024-04-01T14:05:00Z".parse().ok());
        assert_eq!(item.identified_by.as_deref(), Some("link"));
        assert_eq!(item.faults.iter().map(|fault| &*fault.code).collect::<Vec<_>>(), ["missing_guid"]);
        let page = Parsed { format: "html", ..parsed(vec![rss_item()]) };
        assert!(normalise(page, &House::default(), &origin).items[0].faults.is_empty());
    }

    #[test]
    fn the_same_delivery_gives_the_same_stories_and_an_empty_item_is_still_one() {
        let items = vec![rss_item(), WireItem::default(), WireItem::default()];
        let read = || normalise(parsed(items.clone()), &House::default(), &Origin::default()).items;
        assert_eq!(read(), read());
        assert_eq!(read().len(), 3);
    }

    #[test]
    fn the_house_rules_fill_in_what_is_not_said() {
        let house = House {
            feed: Some("ap-top".into()),
            provider: Some("AP".into()),
            language: Some("en_US".into()),
            time_zone: Some(TimeZone::fixed(jiff::tz::offset(-4))),
            ..House::default()
        };
        let dates = vec![WireDate { kind: DateKind::Published, text: "2024-04-01 10:05".into() }];
        let given = WireItem { dates, provider: Some("elsewhere".into()), ..rss_item() };
        let copy = normalise(parsed(vec![given]), &house, &Origin::default());
        let item = &copy.items[0];
        assert_eq!(item.provider.as_deref(), Some("AP"));
        assert_eq!(item.feed.as_deref(), Some("ap-top"));
        assert_eq!(item.language.as_deref(), Some("en-US"));
        assert_eq!(item.published, "2024-04-01T14:05:00Z".parse().ok());
    }

    #[test]
    fn a_house_s_own_dialect_is_spoken_by_its_provider_and_by_whom_the_house_says() {
        let text = "name = \"m\"\nproviders = [\"Meridian\"]\ntime_zone = \"Europe/Madrid\"\nutc_is_local = true\nstatuses = { frei = \"usable\" }\nheadline_tags = { \"AT&T\" = \"Flash\" }";
        let own = dialect::Dialects::from([toml::from_str(text).unwrap()]);
        let given = |provider: &str| WireItem {
            provider: Some(provider.into()),
            pub_status: Some("frei".into()),
            ..rss_item()
        };
        let by_house = House { dialects: own, ..House::default() };
        let by_name = House { dialect: Some("m".into()), ..by_house.clone() };
        for (house, provider, published, status, kind) in [
            (&by_house, "Meridian", "2024-04-01T12:05:00Z", "usable", Some("Flash")),
            (&by_house, "Another", "2024-04-01T14:05:00Z", "frei", None),
            (&by_name, "Another", "2024-04-01T12:05:00Z", "usable", Some("Flash")),
        ] {
            let item = normalise(parsed(vec![given(provider)]), house, &Origin::default()).items.remove(0);
            assert_eq!(item.published, published.parse().ok(), "{provider}");
            assert_eq!((item.pub_status.as_deref(), item.editorial_type.as_deref()), (Some(status), kind));
        }
    }

    /// What the readers of fields look for, in every order.
    const PIECES: [&str; 44] = [
        "<",
        ">",
        "&",
        ";",
        "&amp;",
        "<p>",
        "</p>",
        "<b",
        "\"",
        "'",
        " ",
        "\n",
        "\n\n",
        "By ",
        "BY ",
        "and ",
        ", ",
        ".",
        "/",
        "-",
        " — ",
        "(",
        ")",
        "AP",
        "Reuters",
        "LONDON",
        "Jane Roe",
        "Photo",
        "REUTERS/",
        "Photo:",
        "©",
        "é",
        "İ",
        "\u{0}",
        "\u{ad}",
        "2024",
        "4",
        ":",
        "T",
        "+",
        "April",
        "Eds:",
        "* ",
        "Reporting by ",
    ];

    proptest! {
        #[test]
        fn any_text_in_any_field_is_read_without_a_panic(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
            let text: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
            let item = filled(&text);
            let copy = normalise(parsed(vec![item.clone(), item]), &House::default(), &Origin::default());
            prop_assert_eq!(copy.items.len(), 2);
            for item in &copy.items {
                prop_assert!(!item.body_html.as_deref().unwrap_or_default().contains("<script"));
            }
        }
    }

    fn filled(text: &str) -> WireItem {
        let markups = || [WireText::plain(text), WireText::html(text), WireText::unsaid(text)].to_vec();
        let some = || Some(text.to_owned());
        let person = WirePerson { name: text.into(), role: some(), ..WirePerson::default() };
        let media = WireMedia {
            url: some(),
            caption: Some(WireText::unsaid(text)),
            credit: some(),
            ..WireMedia::default()
        };
        let kinds = [DateKind::Published, DateKind::Updated, DateKind::Embargoed, DateKind::Expires];
        WireItem {
            guid: some(),
            language: some(),
            headlines: markups(),
            sluglines: vec![text.into()],
            bylines: markups(),
            creators: vec![person],
            datelines: vec![WireDateline { text: text.into(), ..WireDateline::default() }],
            dates: kinds.map(|kind| WireDate { kind, text: text.into() }).to_vec(),
            summaries: markups(),
            bodies: markups(),
            media: vec![media],
            links: vec![WireLink { href: text.into(), ..WireLink::default() }],
            ..WireItem::default()
        }
    }
}
