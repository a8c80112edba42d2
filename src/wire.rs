//! **What did the wire give us?** The provider's own words, unrepaired.
//!
//! A transport hands over a [`Delivery`] (bytes and what was said about them), a format turns it into [`Parsed`]:
//! one [`WireItem`] a story, every field as it was printed. Nothing here is repaired, guessed or dated;
//! that is [`normalise`](crate::normalise)'s work. What was odd on the way is a [`Fault`] beside the value.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one fetch brought: bytes, and what the transport knew about them.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// The body as received, content-encoding already undone.
    pub bytes: Vec<u8>,
    /// Where it came from, after redirects: the base of relative links. A URL or a `file:` URL.
    pub url: Option<String>,
    /// The transport's `Content-Type`, if it gave one. Used for its charset only; the format is read from the content.
    pub content_type: Option<String>,
    /// When the transport finished receiving it.
    pub received: Timestamp,
    /// It ends before its sender meant it to.
    pub is_cut: bool,
}

/// Where a feed stands: saved in the same transaction as the items it acknowledges (invariant 1). Its texts are shared, since most polls
/// find nothing new and hand on what they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cursor {
    /// HTTP validator, kept together with [`last_modified`](Self::last_modified).
    pub etag: Option<Arc<str>>,
    /// HTTP validator, as the server printed it.
    pub last_modified: Option<Arc<str>>,
    /// Polls since the last unconditional GET; a stuck validator is outlived by asking plainly now and then.
    pub conditional_polls: u32,
    /// When the last unconditional GET was answered.
    pub last_full: Option<Timestamp>,
    /// A transport's own mark: AP's `next_page`, a drop folder's high-water mark.
    pub mark: Option<Arc<str>>,
}

/// Something odd in the copy: a value beside the result, never an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// One word for machines: `truncated`, `bad_date`, `missing_guid`, `charset` ...
    pub code: String,
    /// The field or element it is about, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// One line for a person, with the offending value.
    pub detail: String,
}

impl Fault {
    /// A fault about the whole document or item.
    pub fn new(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.into(), field: None, detail: detail.into() }
    }

    /// A fault about one field.
    pub fn of(code: &str, field: &str, detail: impl Into<String>) -> Self {
        Self { code: code.into(), field: Some(field.into()), detail: detail.into() }
    }
}

/// What a format made of one delivery.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// The row of `FORMATS` that read it: `rss`, `atom`, `newsml-g2` ...
    pub format: &'static str,
    /// What the feed says of itself.
    pub feed: WireFeed,
    /// The items, in document order.
    pub items: Vec<WireItem>,
    /// What was odd about the document as a whole.
    pub faults: Vec<Fault>,
}

/// What a feed, channel or news message says of itself.
#[derive(Debug, Clone, Default)]
pub struct WireFeed {
    /// Identifier of the feed itself (Atom `id`, NewsML-G2 message id).
    pub id: Option<String>,
    /// Title of the channel.
    pub title: Option<WireText>,
    /// Subtitle or description.
    pub subtitle: Option<WireText>,
    /// Links of the channel: `alternate`, `self`, `next`, `hub` ...
    pub links: Vec<WireLink>,
    /// Language as printed.
    pub language: Option<String>,
    /// Rights line.
    pub rights: Option<WireText>,
    /// Who makes the feed.
    pub creators: Vec<WirePerson>,
    /// Its own dates.
    pub dates: Vec<WireDate>,
    /// Categories and keywords of the whole feed.
    pub codes: Vec<WireCode>,
    /// Address of its logo, image or icon.
    pub image: Option<String>,
    /// The provider the document names (NewsML-G2 `header/sender`, a `dc:publisher`).
    pub provider: Option<String>,
    /// How often it says it changes, in minutes (`ttl`, `sy:updatePeriod`).
    pub ttl_minutes: Option<u32>,
    /// The base of relative links, when the document sets one.
    pub base: Option<String>,
}

/// One story, picture or package as its provider sent it. Lists keep document order; nothing is merged.
#[derive(Debug, Clone, Default)]
pub struct WireItem {
    /// The provider's identifier: `guid`, `id`, `doc-id`, `altids.itemid`.
    pub guid: Option<String>,
    /// What all versions of the story share, where `guid` names one version or nothing of its own
    /// (NewsML 1: provider, day and number of the item without its revision). `None`: the guid is it.
    pub chain: Option<String>,
    /// The provider's version, as printed.
    pub version: Option<String>,
    /// A revision mark that is not a number (AP Media API `etag`).
    pub revision: Option<String>,
    /// The number under which it went over the wire: ANPA 1312 and IPTC 7901 service and number, AP's `altids.transref`.
    pub transmission: Option<String>,
    /// Who sent it, as the document says.
    pub provider: Option<String>,
    /// What it is: `icls:text`, `picture`, `composite` ..., as printed.
    pub class: Option<String>,
    /// `pubStatus` / `management-status` / `media:status`, as printed.
    pub pub_status: Option<String>,
    /// `Kill`, `Writethru`, `Lead`, `Corrective` ...: AP's editorial type, NewsML 1's instruction.
    pub editorial_type: Option<String>,
    /// Signals: `sig:correction`, AP's `newscontent` ...
    pub signals: Vec<String>,
    /// Headlines; `role` tells a main one (`None`) from `sub`, `alt`, `kicker`, `short` ones.
    pub headlines: Vec<WireText>,
    /// Sluglines and keyword lines.
    pub sluglines: Vec<String>,
    /// Printed bylines.
    pub bylines: Vec<WireText>,
    /// People and desks named in structure.
    pub creators: Vec<WirePerson>,
    /// Datelines given in a field of their own.
    pub datelines: Vec<WireDateline>,
    /// Every date, as printed.
    pub dates: Vec<WireDate>,
    /// Language as printed.
    pub language: Option<String>,
    /// Editorial urgency (`urgency`, `ed-urg`), as printed.
    pub urgency: Option<String>,
    /// Summaries, abstracts, descriptions, teasers.
    pub summaries: Vec<WireText>,
    /// The story itself; several parts are one body in this order.
    pub bodies: Vec<WireText>,
    /// Pictures, video, enclosures and what is printed under them.
    pub media: Vec<WireMedia>,
    /// Links: `alternate` (or `None`) is the story's own address.
    pub links: Vec<WireLink>,
    /// Subjects, keywords, genres, places, people and organisations.
    pub codes: Vec<WireCode>,
    /// Where the item first came from (RSS `source`, NITF `distributor`, G2 `infoSource`).
    pub source: Option<String>,
    /// Credit line.
    pub credit: Option<String>,
    /// Copyright notices.
    pub copyrights: Vec<String>,
    /// Usage terms, rights restrictions.
    pub usage_terms: Vec<String>,
    /// Notes to editors.
    pub ed_notes: Vec<String>,
    /// Other items this one names, with how they are related.
    pub related: Vec<WireRelation>,
    /// The word count the provider printed.
    pub word_count: Option<String>,
    /// What was odd about this item.
    pub faults: Vec<Fault>,
}

impl WireItem {
    /// Takes a status that the document says, beside those it has said before. Two that differ are together one that nobody knows, so
    /// that the story is held: which of them is meant is not for us to guess.
    pub fn add_status(&mut self, said: Option<String>) {
        let Some(said) = said.filter(|said| !said.trim().is_empty()) else { return };
        self.pub_status = Some(match self.pub_status.take() {
            Some(before) if before.trim().eq_ignore_ascii_case(said.trim()) => before,
            Some(before) => format!("{before} and {said} (both)"),
            None => said,
        });
    }
}

/// How far a text may be read as markup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Markup {
    /// Plain text: a `<` is a less-than sign.
    #[default]
    Plain,
    /// HTML or XHTML, as source text.
    Html,
    /// The format does not say (RSS `title`, `description`): plain text or HTML, seen by its looks.
    Unsaid,
}

/// A run of text with what its document said about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireText {
    /// The text. For [`Markup::Html`] the source of the markup.
    pub text: String,
    /// How far it may be read as markup.
    pub markup: Markup,
    /// What part it plays among its siblings, in the provider's word.
    pub role: Option<String>,
    /// `xml:lang` in force.
    pub lang: Option<String>,
    /// `xml:base` in force, already resolved against its parents.
    pub base: Option<String>,
}

impl WireText {
    /// Plain text and nothing known about it.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Markup source.
    pub fn html(text: impl Into<String>) -> Self {
        Self { text: text.into(), markup: Markup::Html, ..Self::default() }
    }

    /// Text of a field whose format does not say whether it is markup.
    pub fn unsaid(text: impl Into<String>) -> Self {
        Self { text: text.into(), markup: Markup::Unsaid, ..Self::default() }
    }

    /// The same with a role.
    #[must_use]
    pub fn with_role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// True when the provider gave it this role, in any case. A text without a role has the role `""`.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.role.as_deref().unwrap_or("").eq_ignore_ascii_case(role)
    }
}

/// A person or desk as structure names it. RSS's `mail@host (Name)` stays whole in `name`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WirePerson {
    /// The name as printed.
    pub name: String,
    /// Job title or role, as printed (`AP Sports Writer`, a qcode, `contributor`, `photographer`).
    pub role: Option<String>,
    /// The organisation.
    pub org: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Identifier or home page.
    pub uri: Option<String>,
    /// The document says this is an organisation, not a person.
    pub is_org: bool,
}

/// A dateline that stands in a field of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireDateline {
    /// As printed; may be empty when only structure is given.
    pub text: String,
    /// City as given in structure.
    pub city: Option<String>,
    /// State, province or region as given in structure.
    pub region: Option<String>,
    /// Country name or code as given in structure.
    pub country: Option<String>,
    /// Latitude and longitude as printed.
    pub position: Option<(String, String)>,
    /// Date printed or normed inside the dateline element.
    pub date: Option<String>,
}

/// Which date a printed date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateKind {
    /// First publication (`pubDate`, `published`, `firstCreated`, `date.issue`).
    Published,
    /// This version (`updated`, `versionCreated`, `ThisRevisionCreated`).
    Updated,
    /// When the content was made (`contentCreated`, `dc:created`).
    Created,
    /// Not before (`embargoed`, `date.release`). An empty text is a hold with no end.
    Embargoed,
    /// Not after (`date.expire`, `expires`).
    Expires,
    /// When the transmission was sent (`header/sent`): a last resort.
    Sent,
    /// First publication as a page prints it for its readers, by their clock (`May 10, 2022 9:25pm`), beside one for machines.
    Shown,
}

/// One printed date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireDate {
    /// Which date it is.
    pub kind: DateKind,
    /// As printed.
    pub text: String,
}

/// What a code or keyword is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// A subject of a controlled vocabulary, or an RSS category with a scheme.
    #[default]
    Subject,
    /// A free keyword or category.
    Keyword,
    /// The form of the copy: `genre`, `tobject.property`.
    Genre,
    /// A place the story is about.
    Place,
    /// A person in the story.
    Person,
    /// An organisation in the story.
    Organisation,
}

/// A code, term or keyword.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireCode {
    /// What it is about.
    pub kind: CodeKind,
    /// Code as printed: `medtop:20000763`, `15008000`.
    pub code: Option<String>,
    /// Printed name.
    pub name: Option<String>,
    /// Vocabulary as printed: a scheme URI or alias.
    pub scheme: Option<String>,
}

/// A picture, sound, video or attached file, with what is printed beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireMedia {
    /// Address as printed, resolved only against an explicit `xml:base`.
    pub url: Option<String>,
    /// MIME type as printed.
    pub mime: Option<String>,
    /// Size in bytes as printed.
    pub length: Option<String>,
    /// Caption text.
    pub caption: Option<WireText>,
    /// Credit as a field of its own.
    pub credit: Option<String>,
    /// Photographer as a field of its own.
    pub photographer: Option<String>,
    /// When it was taken, as printed.
    pub date: Option<String>,
    /// `image`, `video`, `thumbnail`, `preview` ..., as printed.
    pub role: Option<String>,
}

/// A link with its relation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireLink {
    /// Address, resolved only against an explicit `xml:base`.
    pub href: String,
    /// Relation: `None` means the item's own page.
    pub rel: Option<String>,
    /// MIME type as printed.
    pub mime: Option<String>,
    /// Title of the link.
    pub title: Option<String>,
}

/// Another item this one names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WireRelation {
    /// How it is related: `irel:seeAlso`, `previous-version`, `package-member`.
    pub rel: Option<String>,
    /// Its identifier or address.
    pub target: String,
    /// Its printed title.
    pub title: Option<String>,
}
