//! **What do we hold?** The story as the desk understands it: the data dictionary of wiredesk.
//!
//! [`NewsItem`] is the one shape that `parse`, `search --json`, `show --json` and `export` print
//! (`fixtures/schema/story.schema.json` describes it; a test holds the two together). Which of two
//! revisions is current is [`supersedes`]; whether a story may be shown is [`NewsItem::publishability`], and nobody
//! else looks at `pub_status`.

pub mod diff;
mod elect;
mod gate;
pub mod judge;
mod label;
mod moment;
mod recall;
pub mod sketch;
mod slug;
mod versions;
mod view;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use crate::wire::Fault;
pub use elect::{elect, returns};
pub use gate::{Hold, Publishability, RULES, Rule};
pub use moment::Moment;
pub use recall::{Order, Recalled, Verb};
pub use slug::{headline_key, number_key, same_slug, slug_key};
pub use versions::{Said, content_hash, supersedes};
pub use view::Story;

/// A story, picture or package: one revision of it.
///
/// Absent means unknown. `published` and `updated` keep the offset that the provider gave, all other times are UTC. Texts are plain unless
/// the name says `html`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewsItem {
    /// wiredesk's own identifier of the story, the same for all its versions: 16 letters and digits.
    pub id: String,
    /// The provider's identifier, as sent; where none was sent, the address of its page if that tells it from its neighbours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// How `id` was decided: `guid`, `link`, `headline+date`, `content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identified_by: Option<String>,
    /// The provider's version, as sent; an unversioned item has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Who sent it: the config's `provider`, else what the document says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The feed it arrived on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feed: Option<String>,
    /// The format it was read from: a row of `FORMATS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// `text`, `picture`, `video`, `audio`, `graphic`, `composite`, `event` ...
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The provider's publication status: `usable`, `withheld`, `canceled`, or the provider's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pub_status: Option<String>,
    /// AP editorial type or its like: `Kill`, `Writethru`, `Corrective`, `Advisory` ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editorial_type: Option<String>,
    /// Signals as sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<String>,
    /// Headline, without markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Slugline: the editors' handle on a story, not for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slugline: Option<String>,
    /// Transmission number of old wires, as printed: `a0512`, `V9991`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transmission: Option<String>,
    /// Keywords and free categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The byline as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byline: Option<String>,
    /// The authors read from it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Those credited at the end of the copy: reporting, editing, "contributed to this report".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributors: Vec<Author>,
    /// Where, when and by whom it was filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Dateline>,
    /// What the provider's own dateline element holds where `dateline` does not print it: Reuters' NewsML puts the time there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline_text: Option<String>,
    /// First publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// This version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Moment>,
    /// When this desk received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Timestamp>,
    /// Not to be shown before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargoed: Option<Embargo>,
    /// Not to be shown after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Editorial urgency, 1 (most) to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgency: Option<u8>,
    /// Summary, without markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The story as clean text, paragraphs apart by an empty line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_text: Option<String>,
    /// The story as safe HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_html: Option<String>,
    /// Words in `body_text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word_count: Option<u32>,
    /// What is printed under the pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Caption>,
    /// Attached files, pictures and video.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub enclosures: Vec<Enclosure>,
    /// Subjects of controlled vocabularies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// Places the story is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// People in the story.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Organisations in the story.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<String>,
    /// The story's own page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where the provider had it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Credit line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Copyright notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copyright: Option<String>,
    /// Usage terms: what the licence allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage_terms: Option<String>,
    /// Notes to editors, one a line; not for readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ed_note: Option<String>,
    /// Forms of the copy: `Analysis`, `Obituary` ...
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub genre: Vec<String>,
    /// Other items this one names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Related>,
    /// What this item orders to be done to a story that it names by slug, number, headline or identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// The story was taken back, by whatever item. The store knows it and puts it in when it hands the item out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Recalled>,
    /// What was odd about the copy.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}

/// One author of a byline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Author {
    /// The name, in reading order.
    pub name: String,
    /// Role as printed: `AP Sports Writer`, `contributor`, `editor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Organisation: `AP`, `Reuters`, a newspaper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// Mail address, when the feed prints one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Where, when and by whom a story was filed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dateline {
    /// As printed, joiner left out: `WASHINGTON (AP)`.
    pub text: String,
    /// City, in reading case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// ISO 3166 alpha-2 country code where resolved, else as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Latitude, degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Longitude, degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// The date it prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The agency it credits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
}

/// A hold until a time, or with no end when the wire's time is empty or unreadable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Embargo {
    /// Until this instant.
    Until(Timestamp),
    /// With no end: the text as printed, possibly empty.
    Open(String),
}

/// What is printed under a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Caption {
    /// The text, credit taken off.
    pub text: String,
    /// Credit as printed, without its brackets: `AP Photo/Vadim Ghirda`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// The photographer named in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photographer: Option<String>,
    /// The picture's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The day the picture was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The provider cut the text short (`...`).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

/// An attached file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Enclosure {
    /// Address.
    pub url: String,
    /// MIME type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}

/// A subject of a controlled vocabulary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// Code as sent: `medtop:20000763`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Name as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Vocabulary as sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
}

/// Another item this one names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Related {
    /// How it is related, in the provider's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rel: Option<String>,
    /// Its identifier or address.
    pub target: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What a feed says of itself: the one line with `"kind":"feed"` that `parse` prints before the stories.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedInfo {
    /// Always `feed`.
    pub kind: String,
    /// The format it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Identifier of the feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Title, without markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Subtitle or description, without markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// The page it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// BCP 47 language tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Rights line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// First publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Moment>,
    /// Last change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Moment>,
    /// Who makes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Author>,
    /// Its categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Address of its logo, image or icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The provider it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// What was odd about the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
}
