//! Is this the same story? One rule a way of knowing, the surest first; each says why.

use jiff::Timestamp;

use crate::item::sketch::Sketch;
use crate::item::{NewsItem, headline_key, same_slug};

/// What is kept of a story to know others by.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    /// Its number in the file.
    pub row: i64,
    /// The story's id.
    pub id: String,
    /// The thread it is in.
    pub thread: String,
    /// Its own time, in seconds since 1970.
    pub at: i64,
    /// When the desk received it, in seconds since 1970.
    pub came: i64,
    /// Its text.
    pub sketch: Sketch,
    /// Numbers in its text, when that is short: a bit for each, by hash.
    pub numbers: u64,
    /// Its slugline, as printed.
    pub slug: Option<String>,
    /// Its headline, made comparable.
    pub headline: Option<String>,
    /// What it is among the versions of a story.
    pub part: Part,
}

/// What an item is among the versions of its story.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Part {
    /// A story of its own accord.
    #[default]
    Story,
    /// A flash, bulletin or alert: a line before the story.
    Alert,
    /// A later lead, writethru, take, add, correction: bears a mark that says so.
    Marked,
}

/// Stories under one slug and alerts belong together for so long, near-duplicates a little longer; seconds.
const SLUG_LIVES: i64 = 36 * 3600;
const ALERT_LIVES: i64 = 12 * 3600;
pub(super) const TEXT_LIVES: i64 = 72 * 3600;
/// What of the shorter text the longer one has: of the same story, of one under the same slug, of a short text.
const SAME: f64 = 0.42;
const SAME_UNDER_SLUG: f64 = 0.25;
const SAME_WHEN_SHORT: f64 = 0.72;
/// What two texts of much the same length share then, counted on both.
const SHARED: f64 = 0.3;
/// Texts of fewer runs of words are short: they are built alike ("Fed adds reserves"), so their numbers must agree.
const SHORT: usize = 90;
/// Hashes below which likeness is chance.
const EVIDENCE: usize = 6;

impl Member {
    /// What there is to know of an item, before it is in any thread.
    pub fn of(item: &NewsItem) -> Self {
        let text = text(item);
        let sketch = Sketch::of(&text);
        // asked for of short texts only
        let numbers = if sketch.hashes().len() < SHORT { numbers(&text) } else { 0 };
        Self {
            row: 0,
            id: item.id.clone(),
            thread: item.id.clone(),
            at: time(item).as_second(),
            came: item.received.unwrap_or_default().as_second(),
            numbers,
            sketch,
            slug: item.slugline.clone(),
            headline: item.headline.as_deref().and_then(headline_key),
            part: part(item),
        }
    }

    fn apart(&self, other: &Self) -> i64 {
        self.at.abs_diff(other.at).try_into().unwrap_or(i64::MAX)
    }

    fn same_headline(&self, other: &Self) -> bool {
        self.headline.is_some() && self.headline == other.headline
    }
}

/// The story's own words; a line of text is too little to go by, so the headline stands with it.
fn text(item: &NewsItem) -> String {
    const LINE: usize = 160;
    let body = item.body_text.as_deref().or(item.summary.as_deref()).unwrap_or_default();
    if body.len() > LINE {
        body.to_owned()
    } else {
        format!("{} {body}", item.headline.as_deref().unwrap_or_default())
    }
}

fn time(item: &NewsItem) -> Timestamp {
    item.appeared().unwrap_or_default()
}

/// A bit for each number in a text.
fn numbers(text: &str) -> u64 {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.' && c != ',');
    let bare = words.map(|word| word.trim_matches(['.', ',']));
    let numbers = bare.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let bit = |number: &str| {
        let hash = number
            .bytes()
            .fold(0xcbf2_9ce4_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_01b3));
        1_u64 << (hash >> 16 & 63)
    };
    numbers.fold(0, |bits, number| bits | bit(number))
}

/// Words of editorial types, sluglines and headlines that mark a later version or a part, and those of alerts.
const MARKS: &[&str] = &[
    "lead",
    "writethru",
    "update",
    "correction",
    "corrective",
    "clarification",
    "takes",
    "add",
    "refile",
    "repeat",
    "sidebar",
];
const ALERTS: &[&str] = &["flash", "bulletin", "apnewsalert", "newsalert", "alert", "urgent"];
/// Words that an alert has at most.
const ALERT_WORDS: u32 = 60;

fn part(item: &NewsItem) -> Part {
    let is =
        |known: &&&str| item.editorial_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case(known));
    let slug = item.slugline.as_deref().unwrap_or_default();
    if MARKS.iter().any(|mark| is(&mark)) || is_take(slug) {
        return Part::Marked;
    }
    let words = |text: &str| text.to_lowercase();
    let shouts =
        |text: &str| words(text).split(|c: char| !c.is_alphanumeric()).any(|word| ALERTS.contains(&word));
    let opens =
        item.headline.as_deref().unwrap_or_default().split([':', ' ', '-']).next().unwrap_or_default();
    let is_short = item.word_count.is_none_or(|count| count <= ALERT_WORDS);
    let alerts = item.urgency.is_some_and(|urgency| urgency <= 2)
        || shouts(slug)
        || (shouts(opens) && opens.len() > 4);
    if is_short && alerts { Part::Alert } else { Part::Story }
}

/// Reuters' takes: the slug again with `=2`.
fn is_take(slug: &str) -> bool {
    slug.rsplit_once('=').is_some_and(|(_, take)| take.trim().parse::<u8>().is_ok())
}

/// Why two items are one story; none when they are two.
pub(super) type Reason = Option<String>;

/// One is named by the other's identifier or address, or bears the same.
pub(super) fn by_name(new: &Member, old: &Member, name: &str) -> Reason {
    let likeness = new.sketch.likeness(&old.sketch);
    let is_sure = name == "related" || new.same_headline(old) || likeness.contained >= SAME_UNDER_SLUG;
    is_sure.then(|| match name {
        "related" => format!("names {} as the story it goes with", old.id),
        name => format!("the same {name}"),
    })
}

/// The same slug: with a mark that says that it goes on, with an alert, or with text in common.
pub(super) fn by_slug(new: &Member, old: &Member) -> Reason {
    let (slug, other) = (new.slug.as_deref()?, old.slug.as_deref()?);
    let apart = new.apart(old);
    if !same_slug(slug, other) || apart > SLUG_LIVES {
        return None;
    }
    let likeness = new.sketch.likeness(&old.sketch);
    let alike = likeness.contained >= SAME_UNDER_SLUG && likeness.evidence >= EVIDENCE;
    match (new.part, old.part) {
        (Part::Marked, _) => Some(format!("a version mark under the slug {slug:?}")),
        (_, Part::Marked) => Some(format!("the slug {slug:?}, which a marked version bears")),
        (Part::Alert, _) | (_, Part::Alert) if apart <= ALERT_LIVES => {
            Some(format!("an alert and a story under the slug {slug:?}"))
        }
        _ if alike || new.same_headline(old) => Some(format!("the slug {slug:?} and words in common")),
        _ => None,
    }
}

/// Much the same text.
pub(super) fn by_text(new: &Member, old: &Member) -> Reason {
    let likeness = new.sketch.likeness(&old.sketch);
    if new.apart(old) > TEXT_LIVES || likeness.evidence < EVIDENCE {
        return None;
    }
    let size = |member: &Member| member.sketch.hashes().len();
    let is_short = size(new).min(size(old)) < SHORT;
    let both_short = size(new).max(size(old)) < SHORT;
    if both_short && !numbers_agree(new.numbers, old.numbers) {
        return None;
    }
    let wanted = if is_short { SAME_WHEN_SHORT } else { SAME };
    let same = likeness.contained >= wanted || (!is_short && likeness.shared >= SHARED);
    same.then(|| format!("{:.0} % of the shorter text is in the longer one", likeness.contained * 100.0))
}

/// More than half of the numbers of the text that has fewer are in the other.
fn numbers_agree(a: u64, b: u64) -> bool {
    let fewer = a.count_ones().min(b.count_ones());
    fewer == 0 || (a & b).count_ones() * 2 > fewer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(slug: &str, kind: &str, text: &str) -> NewsItem {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        NewsItem {
            id: text.into(),
            slugline: some(slug),
            editorial_type: some(kind),
            headline: some("Headline of the day"),
            body_text: some(text),
            word_count: Some(text.split(' ').count() as u32),
            ..NewsItem::default()
        }
    }

    fn long(words: std::ops::Range<usize>) -> String {
        words.map(|n| format!("w{n} ")).collect()
    }

    #[test]
    fn a_slug_joins_what_is_marked_alerted_or_alike_and_nothing_else() {
        let story = item("BC-Farm", "", &long(0..300));
        let other =
            NewsItem { headline: Some("Another day".into()), ..item("BC-Farm", "", &long(1000..1300)) };
        let cases = [
            (item("BC-Farm, 1st Ld", "Lead", &long(900..990)), true),
            (item("BC-Farm=2", "", &long(900..990)), true),
            (NewsItem { urgency: Some(1), ..item("BC-Farm", "", "A farm burns") }, true),
            (item("BC-Farm", "", &long(200..500)), true),
            (other.clone(), false),
            (item("BC-Forum, 1st Ld", "Lead", &long(0..300)), false),
        ];
        for (new, expected) in cases {
            let found = by_slug(&Member::of(&new), &Member::of(&story));
            assert_eq!(found.is_some(), expected, "{:?} {found:?}", new.slugline);
        }
    }

    #[test]
    fn short_texts_built_alike_are_two_stories_when_their_numbers_differ() {
        let fed = |sum: &str, rate: &str| {
            Member::of(&item(
                "",
                "",
                &format!(
                    "The central bank added reserves to the banking system by {sum} of customer repurchase agreements, a spokesman said. Federal funds traded at {rate} percent when it came to the market, dealers said, as had been expected by most of them for the day."
                ),
            ))
        };
        assert!(by_text(&fed("1,500", "6.25"), &fed("1,500", "6.25")).is_some());
        assert!(by_text(&fed("2,500", "6.75"), &fed("1,500", "6.25")).is_none());
    }

    #[test]
    fn much_the_same_text_is_one_story_for_three_days() {
        let one = Member::of(&item("", "", &long(0..400)));
        let cut = Member::of(&item("", "", &long(0..150)));
        let other = Member::of(&item("", "", &long(380..780)));
        assert!(by_text(&cut, &one).is_some());
        assert!(by_text(&other, &one).is_none());
        assert!(by_text(&Member { at: TEXT_LIVES + 1, ..cut }, &one).is_none());
    }
}
