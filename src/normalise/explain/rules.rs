//! The rules by name: which file reads a field, and what it does with the part that gave it.

use std::collections::BTreeMap;

/// A rule.
pub struct Rule {
    field: &'static str,
    /// The part it reads; empty for any.
    part: &'static str,
    /// The file it stands in.
    pub file: &'static str,
    /// What it does.
    pub says: &'static str,
}

const fn rule(field: &'static str, part: &'static str, file: &'static str, says: &'static str) -> Rule {
    Rule { field, part, file, says }
}

/// The first row that fits field and part is the rule; one without a part fits whatever gave the field.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    rule("id", "", "src/normalise/identity.rs", "made of the provider and of what identifies the story (identified_by)"),
    rule("identified_by", "", "src/normalise/identity.rs", "the best key that tells it from its neighbours: guid, page, headline and date, copy"),
    rule("guid", "guid", "src/normalise/story.rs", "as sent"),
    rule("guid", "", "src/normalise/mod.rs", "none was sent; the address of its page identifies it"),
    rule("version", "version", "src/normalise/story.rs", "as sent"),
    rule("version", "revision", "src/normalise/story.rs", "no number was sent; a mark of the revision stands in"),
    rule("provider", "provider", "src/normalise/story.rs", "as the item says; the config's provider goes first"),
    rule("provider", "", "src/normalise/story.rs", "of the config, else as the document says of all its items"),
    rule("feed", "", "src/normalise/story.rs", "the feed's id in the config"),
    rule("format", "", "src/format/mod.rs", "the first row of FORMATS whose sniff knows the document"),
    rule("type", "", "src/normalise/class.rs", "the desk's word for the printed class"),
    rule("pub_status", "", "src/normalise/status.rs", "the dialect's meaning, else the table's; an unknown word stays, and is held"),
    rule("editorial_type", "editorial_type", "src/normalise/story.rs", "as sent, known ones in one spelling"),
    rule("editorial_type", "sluglines", "src/normalise/header/slug.rs", "a version mark of the slugline"),
    rule("editorial_type", "headlines", "src/normalise/header/slug.rs", "a tag before the headline (the dialect's own go first)"),
    rule("editorial_type", "", "src/normalise/header.rs", "a note above the story"),
    rule("transmission", "", "src/normalise/header.rs", "the wire's own number, else one such as a0512 in the slugline or above the story"),
    rule("order", "", "src/normalise/order.rs", "what the copy asks the desk to do with another story: kill, withhold, release"),
    rule("signals", "", "src/normalise/story.rs", "as sent"),
    rule("headline", "", "src/normalise/headline.rs", "the main one by its role, markup off, on one line"),
    rule("slugline", "sluglines", "src/normalise/story.rs", "the first one, as sent; AP's word count left out"),
    rule("slugline", "", "src/normalise/header.rs", "a keyword line above the story"),
    rule("keywords", "sluglines", "src/normalise/dialect.rs", "the slugline's own keywords, parted as the dialect says"),
    rule("keywords", "", "src/normalise/codes.rs", "names of keywords and categories, each once"),
    rule("byline", "bylines", "src/normalise/byline.rs", "a byline element, as printed"),
    rule("byline", "creators", "src/normalise/byline.rs", "none is printed; the people (or the desk) named in structure"),
    rule("byline", "", "src/normalise/byline.rs", "the copy's element of class byline (marked.rs), else the first lines of the story"),
    rule("authors", "bylines", "src/normalise/byline/line.rs", "the names in the printed byline, role and organisation read off"),
    rule("authors", "creators", "src/normalise/byline.rs", "people named in structure; organisations are left out"),
    rule("authors", "", "src/normalise/byline.rs", "the names in the byline on the first lines of the story"),
    rule("contributors", "creators", "src/normalise/byline.rs", "people named in structure as contributors"),
    rule("contributors", "", "src/normalise/byline/signoff.rs", "those credited at the end of the story"),
    rule("dateline", "datelines", "src/normalise/dateline.rs", "a dateline element; completed by the story's head, resolved by the gazetteer"),
    rule("dateline", "", "src/normalise/dateline.rs", "the copy's element of class dateline (marked.rs), else found at the head of the story before a joiner, proven by credit, date, region or town"),
    rule("dateline_text", "", "src/normalise/dateline.rs", "a dateline element that is no dateline, as sent"),
    rule("published", "", "src/normalise/dates.rs", "publication, else creation, else sending; local times by the dialect's clock"),
    rule("updated", "", "src/normalise/dates.rs", "the last readable date of change"),
    rule("received", "", "src/ingest/poll.rs", "the desk's own clock"),
    rule("embargoed", "", "src/normalise/embargo.rs", "an unreadable or empty one holds with no end"),
    rule("expires", "", "src/normalise/dates.rs", "as sent"),
    rule("language", "language", "src/normalise/language.rs", "as the item says"),
    rule("language", "bodies", "src/normalise/language.rs", "as the text says (xml:lang), else seen by its small words"),
    rule("language", "", "src/normalise/language.rs", "of the text, the feed or the config"),
    rule("urgency", "", "src/normalise/urgency.rs", "1 to 9, by the provider's scale"),
    rule("summary", "summaries", "src/normalise/summary.rs", "the best by its role, markup off"),
    rule("summary", "", "src/normalise/summary.rs", "nothing else is said in words: what is printed under the picture"),
    rule("body_text", "bodies", "src/normalise/body.rs", "all parts in their order, made safe; notes, byline and trailers taken out (header.rs)"),
    rule("body_text", "", "src/normalise/story.rs", "no story was sent; the summary serves"),
    rule("body_html", "bodies", "src/normalise/html.rs", "all parts in their order, made safe"),
    rule("body_html", "", "src/normalise/story.rs", "no story was sent; the summary serves"),
    rule("word_count", "word_count", "src/normalise/body.rs", "as printed, for want of a text"),
    rule("word_count", "", "src/normalise/body.rs", "counted"),
    rule("captions", "media", "src/normalise/caption.rs", "what is printed under the pictures, with the largest file's address; credit, photographer and date split off (credit.rs)"),
    rule("captions", "", "src/normalise/caption.rs", "the story's own figures"),
    rule("enclosures", "", "src/normalise/links.rs", "attached media and links of that kind, once each"),
    rule("subjects", "", "src/normalise/codes.rs", "codes of controlled vocabularies, each once; schemes by the dialect's names"),
    rule("places", "", "src/normalise/codes.rs", "names of places, each once"),
    rule("people", "", "src/normalise/codes.rs", "names of people, each once"),
    rule("organisations", "", "src/normalise/codes.rs", "names of organisations, each once"),
    rule("genre", "", "src/normalise/codes.rs", "names of genres, each once"),
    rule("link", "links", "src/normalise/links.rs", "the link without a relation, or the alternate one"),
    rule("link", "", "src/normalise/links.rs", "the guid is an address"),
    rule("source", "", "src/normalise/story.rs", "as sent"),
    rule("credit", "", "src/normalise/story.rs", "as sent"),
    rule("copyright", "", "src/normalise/rights.rs", "all notices, one a line"),
    rule("usage_terms", "", "src/normalise/rights.rs", "all terms, one a line"),
    rule("ed_note", "ed_notes", "src/normalise/rights.rs", "all notes, one a line"),
    rule("ed_note", "", "src/normalise/header/notes.rs", "notes printed above or below the story"),
    rule("related", "", "src/normalise/links.rs", "items and links that it names"),
    rule("faults", "", "src/normalise/story.rs", "what was odd: of the format, the dates, the missing fields"),
];

/// The rule of `field`, given by the parts in `from`.
pub fn of(field: &str, from: &BTreeMap<&'static str, String>) -> &'static Rule {
    let fits = |rule: &&Rule| rule.field == field && (rule.part.is_empty() || from.contains_key(rule.part));
    RULES.iter().find(fits).unwrap_or(&WHOLE)
}

/// Where a field is looked for that has no row.
static WHOLE: Rule = rule("", "", "src/normalise/story.rs", "one field after the other is read there");

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_rule_stands_in_a_file_that_exists() {
        for rule in RULES {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(rule.file);
            assert!(file.is_file(), "{}: {}", rule.field, rule.file);
        }
    }

    #[test]
    fn every_field_that_a_fixture_shows_has_a_rule() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let folders = std::fs::read_dir(fixtures)
            .unwrap()
            .filter_map(|folder| std::fs::read_dir(folder.unwrap().path()).ok());
        let files = folders.flatten().map(|file| file.unwrap().path());
        let mut seen = 0;
        for file in files.filter(|file| file.to_string_lossy().ends_with(".expected.json")) {
            let expected: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            for item in expected["items"].as_array().into_iter().flatten() {
                for field in item.as_object().unwrap().keys() {
                    assert!(
                        RULES.iter().any(|rule| rule.field == field),
                        "{field} has no rule: {}",
                        file.display()
                    );
                }
                seen += 1;
            }
        }
        assert!(seen > 50, "only {seen} stories in the fixtures");
    }
}
