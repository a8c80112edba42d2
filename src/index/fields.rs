//! The searchable fields: one table that schema, document builder, query parser and `search --help` read.

use jiff::Timestamp;
use tantivy::Term;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};

use super::analyser;
use crate::item::NewsItem;

/// How a field's text is cut, and whether a word in it ranks a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Words that rank: the rarer the word and the shorter the text, the more.
    Words,
    /// Words that only tell stories apart: names of feeds, subjects.
    Names,
    /// Each value as a whole, in lower case.
    Whole,
}

/// Hands over the values that a story has for a field.
pub type Read = fn(&NewsItem, &mut dyn FnMut(&str));

/// One searchable field.
pub struct FieldRow {
    /// Its name in the index.
    pub name: &'static str,
    /// What a reader may type before the colon; the first is the one shown. None: not to be asked for by name.
    pub prefixes: &'static [&'static str],
    /// How its text is cut.
    pub cut: Cut,
    /// The length in words beyond which a word in it counts for less. A constant and not the average of what is held, so
    /// that what a story scores does not hang on how much was superseded, and need not be added up to search.
    pub usual: u16,
    /// One line for `search --help`.
    pub says: &'static str,
    /// Hands over the field's values, in reading order.
    pub read: Read,
}

/// How many words from the start of the story are its lead.
const LEAD_WORDS: usize = 60;

/// The field that plain words are looked for in and ranked by: all of a story's text.
///
/// Its headline counts three times, its lead twice, so that one field and one rarity for each word do what a sum over
/// fields does not: in a field of its own a word like "new" or "exchange" looks rare in headlines and outweighs the
/// telling words. (On 137 judged queries over newswire nDCG@10 is .855 so, .851 as a sum of fields, and it takes a
/// fraction of the time.)
pub const ALL: usize = 0;
/// How often the headline is read into [`ALL`].
const HEADLINE_COUNTS: usize = 3;

/// Every searchable field; a field's place here is its number in the index.
pub static FIELDS: &[FieldRow] = &[
    FieldRow {
        name: "all",
        prefixes: &["text"],
        cut: Cut::Words,
        // lets long stories pass nearly unpunished and more mentions count little, as suits wire copy; Tantivy's own
        // two constants cannot be set
        usual: 1_500,
        says: "anywhere in the story's text, as with no prefix",
        read: |item, add| {
            each(std::iter::repeat_n(item.headline.as_deref(), HEADLINE_COUNTS).flatten(), add);
            each(item.slugline.as_deref(), add);
            each(item.keywords.iter().map(String::as_str), add);
            each(item.dateline.iter().map(|dateline| dateline.text.as_str()), add);
            each(text(item).map(lead), add);
            each(text(item), add);
            each(teaser(item), add);
            each(item.captions.iter().map(|caption| caption.text.as_str()), add);
        },
    },
    FieldRow {
        name: "headline",
        prefixes: &["headline", "title"],
        cut: Cut::Words,
        usual: 9,
        says: "in the headline",
        read: |item, add| each(item.headline.as_deref(), add),
    },
    FieldRow {
        name: "slugline",
        prefixes: &["slug", "slugline"],
        cut: Cut::Words,
        usual: 4,
        says: "in the slugline or a keyword",
        read: |item, add| {
            each(item.slugline.as_deref(), add);
            each(item.keywords.iter().map(String::as_str), add);
        },
    },
    FieldRow {
        name: "caption",
        prefixes: &["caption"],
        cut: Cut::Words,
        usual: 30,
        says: "under a picture",
        read: |item, add| each(item.captions.iter().map(|caption| caption.text.as_str()), add),
    },
    FieldRow {
        name: "byline",
        prefixes: &["byline", "by"],
        cut: Cut::Words,
        usual: 4,
        says: "in the byline, or a photographer's name",
        read: |item, add| {
            each(item.byline.as_deref(), add);
            each(item.authors.iter().map(|author| author.name.as_str()), add);
            each(item.captions.iter().filter_map(|caption| caption.photographer.as_deref()), add);
        },
    },
    FieldRow {
        name: "dateline",
        prefixes: &["dateline"],
        cut: Cut::Words,
        usual: 4,
        says: "in the dateline: city, region, country",
        read: |item, add| {
            let Some(dateline) = &item.dateline else { return };
            add(&dateline.text);
            each(
                [&dateline.city, &dateline.region, &dateline.country]
                    .into_iter()
                    .filter_map(Option::as_deref),
                add,
            );
        },
    },
    FieldRow {
        name: "place",
        prefixes: &["place"],
        cut: Cut::Names,
        usual: 2,
        says: "a place the story is about, or was filed from",
        read: |item, add| {
            each(item.places.iter().map(String::as_str), add);
            each(item.dateline.iter().filter_map(|dateline| dateline.city.as_deref()), add);
        },
    },
    FieldRow {
        name: "subject",
        prefixes: &["subject"],
        cut: Cut::Names,
        usual: 4,
        says: "name or code of a subject; a keyword, a genre",
        read: |item, add| {
            let said = |subject: &'_ crate::item::Subject| [subject.code.clone(), subject.name.clone()];
            item.subjects.iter().flat_map(said).flatten().for_each(|value| add(&value));
            each(item.keywords.iter().chain(&item.genre).map(String::as_str), add);
        },
    },
    FieldRow {
        name: "source",
        prefixes: &["source", "from"],
        cut: Cut::Names,
        usual: 4,
        says: "who sent it: provider, feed, source, credit",
        read: |item, add| {
            let names = [&item.provider, &item.feed, &item.source, &item.credit];
            each(names.into_iter().filter_map(Option::as_deref), add);
            each(item.dateline.iter().filter_map(|dateline| dateline.agency.as_deref()), add);
        },
    },
    FieldRow {
        name: "lang",
        prefixes: &["lang", "language"],
        cut: Cut::Whole,
        usual: 1,
        says: "the story's language: en, or en-GB alone",
        read: |item, add| {
            let Some(tag) = item.language.as_deref() else { return };
            add(tag);
            each(tag.split_once('-').map(|(language, _)| language), add);
        },
    },
    FieldRow {
        name: "type",
        prefixes: &["type"],
        cut: Cut::Whole,
        usual: 1,
        says: "text, picture, video, composite ...",
        read: |item, add| each(item.class.as_deref(), add),
    },
    FieldRow {
        name: "urgency",
        prefixes: &["urgency"],
        cut: Cut::Whole,
        usual: 1,
        says: "the editors' urgency, 1 (most) to 9",
        read: |item, add| item.urgency.into_iter().for_each(|urgency| add(&urgency.to_string())),
    },
    FieldRow {
        name: "has",
        prefixes: &["has"],
        cut: Cut::Whole,
        usual: 1,
        says: "a story that has one: caption, byline, dateline, picture, video, audio, note, summary",
        read: |item, add| HAS.iter().filter(|(_, has)| has(item)).for_each(|(name, _)| add(name)),
    },
    FieldRow {
        name: "id",
        prefixes: &["id"],
        cut: Cut::Whole,
        usual: 1,
        says: "the story with this identifier",
        read: |item, add| add(&item.id),
    },
];

/// What a story may have, for `has:`.
type Has = (&'static str, fn(&NewsItem) -> bool);

const HAS: &[Has] = &[
    ("caption", |item| !item.captions.is_empty()),
    ("byline", |item| item.byline.is_some()),
    ("dateline", |item| item.dateline.is_some()),
    ("picture", |item| {
        is_attached(item, "image/") || item.captions.iter().any(|caption| caption.url.is_some())
    }),
    ("video", |item| is_attached(item, "video/")),
    ("audio", |item| is_attached(item, "audio/")),
    ("note", |item| item.ed_note.is_some()),
    ("summary", |item| item.summary.is_some()),
];

fn is_attached(item: &NewsItem, kind: &str) -> bool {
    item.enclosures.iter().any(|file| file.mime.as_deref().is_some_and(|mime| mime.starts_with(kind)))
}

fn each<'a>(values: impl IntoIterator<Item = &'a str>, add: &mut dyn FnMut(&str)) {
    values.into_iter().filter(|value| !value.is_empty()).for_each(add);
}

/// The story itself, or what there is of it. A picture's summary is its caption, which has a field of its own.
fn text(item: &NewsItem) -> Option<&str> {
    let summary = || item.summary.as_deref().filter(|_| item.captions.is_empty());
    item.body_text.as_deref().or_else(summary)
}

/// A summary that says more than the story's own beginning.
fn teaser(item: &NewsItem) -> Option<&str> {
    let (summary, body) = (item.summary.as_deref()?, item.body_text.as_deref()?);
    let opening: String = summary.chars().take(40).collect();
    (!body.contains(&opening)).then_some(summary)
}

/// The first [`LEAD_WORDS`] words of `text`.
fn lead(text: &str) -> &str {
    let spaces = text.bytes().enumerate().filter(|(at, b)| {
        b.is_ascii_whitespace() && !text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_whitespace)
    });
    let end = spaces.map(|(at, _)| at).nth(LEAD_WORDS - 1);
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The row that a reader means by `prefix`, and its number.
#[must_use]
pub fn by_prefix(prefix: &str) -> Option<usize> {
    FIELDS.iter().position(|row| row.prefixes.iter().any(|known| known.eq_ignore_ascii_case(prefix)))
}

/// The field of a row of [`FIELDS`].
#[must_use]
pub fn field(row: usize) -> Field {
    Field::from_field_id(u32::try_from(row).unwrap_or(u32::MAX))
}

/// The story `id` as a term: what an update takes out.
#[must_use]
pub fn story_term(id: &str) -> Term {
    let row = by_prefix("id").unwrap_or_default();
    Term::from_field_text(field(row), &id.to_lowercase())
}

/// The place in the store of the revision that is indexed.
pub const SEQ: &str = "seq";
/// When the story was first published, else received: seconds since 1970.
pub const PUBLISHED: &str = "published";
/// Only on stories that the gate holds until then: seconds since 1970.
pub const SHOWN_FROM: &str = "shown_from";
/// Only on stories that the gate holds from then on: seconds since 1970.
pub const SHOWN_UNTIL: &str = "shown_until";
/// Only on information for editors (advisories, daybooks), which is no story: 1.
pub const EDITORIAL: &str = "editorial";

const NUMBERS: &[&str] = &[SEQ, PUBLISHED, SHOWN_FROM, SHOWN_UNTIL, EDITORIAL];

/// The field of one of the numbers beside the text.
#[must_use]
pub fn number(name: &str) -> Field {
    field(FIELDS.len() + NUMBERS.iter().position(|known| *known == name).unwrap_or_default())
}

/// The schema: [`FIELDS`] in their order, then the numbers. Nothing is stored: the text lives in the store.
#[must_use]
pub fn schema() -> Schema {
    let mut schema = Schema::builder();
    for row in FIELDS {
        schema.add_text_field(row.name, options(row.cut));
    }
    for name in NUMBERS {
        schema.add_i64_field(name, NumericOptions::default().set_fast());
    }
    schema.build()
}

fn options(cut: Cut) -> TextOptions {
    use IndexRecordOption::{Basic, WithFreqsAndPositions};
    let (tokenizer, records) = match cut {
        Cut::Words | Cut::Names => (analyser::NAME, WithFreqsAndPositions),
        Cut::Whole => ("raw", Basic),
    };
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(records);
    TextOptions::default().set_indexing_options(indexing.set_fieldnorms(cut == Cut::Words))
}

/// The story, or the information for editors, as the index holds it; none when the gate holds it and only a new version
/// can lift that, so that no query finds what a desk took back.
#[must_use]
pub fn document(item: &NewsItem, seq: u64) -> Option<TantivyDocument> {
    let (shown, editorial) = match item.shown() {
        Some(shown) => (shown, false),
        None => (item.shown_to_editors()?, true),
    };
    let mut document = TantivyDocument::new();
    for (row, described) in FIELDS.iter().enumerate() {
        let field = field(row);
        (described.read)(item, &mut |value| match described.cut {
            Cut::Whole => document.add_text(field, value.to_lowercase()),
            Cut::Words | Cut::Names => document.add_text(field, value),
        });
    }
    document.add_i64(number(SEQ), seq.cast_signed());
    document.add_i64(number(PUBLISHED), published(item).as_second());
    if shown.start > Timestamp::MIN {
        document.add_i64(number(SHOWN_FROM), shown.start.as_second());
    }
    if shown.end < Timestamp::MAX {
        document.add_i64(number(SHOWN_UNTIL), shown.end.as_second());
    }
    if editorial {
        document.add_i64(number(EDITORIAL), 1);
    }
    Some(document)
}

/// The time by which stories are put in order.
#[must_use]
pub fn published(item: &NewsItem) -> Timestamp {
    item.appeared().unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Caption, Dateline, Embargo};

    #[test]
    fn no_prefix_means_two_fields_and_every_field_explains_itself() {
        let mut prefixes: Vec<_> = FIELDS.iter().flat_map(|row| row.prefixes).collect();
        let count = prefixes.len();
        prefixes.sort_unstable();
        prefixes.dedup();
        assert_eq!(prefixes.len(), count, "{prefixes:?}");
        assert!(FIELDS.iter().all(|row| !row.says.is_empty() && !row.prefixes.is_empty()));
        assert_eq!(FIELDS[ALL].name, "all");
        let schema = schema();
        for (place, row) in FIELDS.iter().enumerate() {
            assert_eq!(schema.get_field(row.name).unwrap(), field(place));
        }
        for name in NUMBERS {
            assert_eq!(schema.get_field(name).unwrap(), number(name));
        }
    }

    #[test]
    fn fields_are_read_from_their_places_in_the_story() {
        let words: Vec<String> = (0..100).map(|n| format!("w{n}")).collect();
        let item = NewsItem {
            id: "abc".into(),
            headline: Some("Talks".into()),
            body_text: Some(words.join(" ")),
            dateline: Some(Dateline {
                text: "CAIRO (AP)".into(),
                agency: Some("AP".into()),
                ..Dateline::default()
            }),
            captions: vec![Caption {
                text: "A tent".into(),
                photographer: Some("J. Doe".into()),
                ..Caption::default()
            }],
            language: Some("en-GB".into()),
            ..NewsItem::default()
        };
        let read = |prefix: &str| {
            let mut values = Vec::new();
            (FIELDS[by_prefix(prefix).unwrap()].read)(&item, &mut |value| values.push(value.to_owned()));
            values
        };
        assert_eq!(read("TITLE"), ["Talks"]);
        let text = ["CAIRO (AP)".to_owned(), words[..LEAD_WORDS].join(" "), words.join(" "), "A tent".into()];
        assert_eq!(read("text"), [vec!["Talks".to_owned(); 3], text.into()].concat());
        assert_eq!(read("by"), ["J. Doe"]);
        assert_eq!(read("source"), ["AP"]);
        assert_eq!(read("lang"), ["en-GB", "en"]);
        assert!(by_prefix("http").is_none());
    }

    #[test]
    fn what_a_desk_took_back_is_not_indexed() {
        let status = |status: &str| NewsItem { pub_status: Some(status.into()), ..NewsItem::default() };
        let embargo = |embargo| NewsItem { embargoed: Some(embargo), ..NewsItem::default() };
        assert!(document(&status("canceled"), 1).is_none());
        assert!(document(&embargo(Embargo::Open(String::new())), 1).is_none());
        assert!(document(&embargo(Embargo::Until(Timestamp::UNIX_EPOCH)), 1).is_some());
        assert!(document(&status("usable"), 1).is_some());
    }
}
