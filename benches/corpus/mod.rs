//! One made-up corpus for every bench: the same bytes for the same seed, on any machine.
//!
//! Stories of about 2.5 KB whose words are spread as in a language (Zipf, some 60,000 of them), so that an index pays what it
//! would pay for wire copy: few words in every story, most words in hardly any.
#![allow(dead_code, reason = "each bench uses a part of it")]

use std::fmt::Write;

/// Distinct words at most.
const VOCABULARY: u32 = 60_000;
/// The words that every story is held together by, commonest first.
const COMMON: [&str; 24] = [
    "the", "of", "to", "and", "in", "a", "said", "that", "on", "for", "is", "was", "with", "as", "by", "at",
    "from", "it", "has", "be", "are", "not", "after", "its",
];
const SYLLABLES: [&str; 32] = [
    "ra", "ne", "go", "ti", "mi", "nis", "ter", "re", "port", "lan", "der", "ka", "so", "vel", "mar", "in",
    "pol", "ex", "ber", "ton", "ha", "lo", "cu", "pre", "sen", "dis", "tra", "vo", "bi", "gen", "wa", "est",
];
const PLACES: [&str; 8] = [
    "GENEVA",
    "SACRAMENTO, Calif.",
    "DOHA, Qatar",
    "LONDON",
    "TRUCKEE, Calif.",
    "CAIRO",
    "BERLIN",
    "OMAHA, Neb.",
];

/// One story, not yet in any format.
pub struct Story {
    /// Unique in the corpus.
    pub guid: String,
    /// Nine words or so.
    pub headline: String,
    /// `First Last`.
    pub author: String,
    /// Paragraphs; the first opens with a dateline.
    pub paragraphs: Vec<String>,
    /// Two categories.
    pub categories: [String; 2],
    /// Minutes after the first story of the corpus.
    pub minute: u32,
}

/// The feeds of a corpus: `feeds` documents of `items` stories each.
pub fn feeds(seed: u64, feeds: usize, items: usize) -> Vec<Vec<Story>> {
    let mut dice = Dice(seed | 1);
    (0..feeds).map(|feed| (0..items).map(|item| story(&mut dice, feed, item)).collect()).collect()
}

/// RSS 2.0 with `content:encoded`, `dc:creator` and a picture's caption, as a newspaper's CMS writes it.
pub fn rss(title: &str, stories: &[Story]) -> String {
    let items: String = stories.iter().map(rss_item).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n<title>{title}</title>\n\
         <link>https://wire.example/</link>\n<description>Made-up news</description>\n<language>en</language>\n\
         {items}</channel>\n</rss>\n"
    )
}

/// Atom 1.0 with HTML content.
pub fn atom(title: &str, stories: &[Story]) -> String {
    let entries: String = stories.iter().map(atom_entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n\
         <id>tag:wire.example,2024:{title}</id>\n<title>{title}</title>\n<updated>2024-04-01T00:00:00Z</updated>\n\
         {entries}</feed>\n"
    )
}

/// RSS as most sites print it: a teaser and no story, with `description` its only text.
pub fn rss_brief(title: &str, stories: &[Story]) -> String {
    let items: String = stories.iter().map(brief_item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><link>https://wire.example/</link>\n{items}</channel></rss>\n"
    )
}

/// RSS with the whole story escaped in its description.
pub fn rss_escaped(title: &str, stories: &[Story]) -> String {
    let items: String = stories.iter().map(escaped_item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><link>https://wire.example/</link>\n{items}</channel></rss>\n"
    )
}

/// Atom with XHTML content.
pub fn atom_xhtml(title: &str, stories: &[Story]) -> String {
    let entries: String = stories.iter().map(xhtml_entry).collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>{title}</id><title>{title}</title>\n{entries}</feed>\n"
    )
}

/// A number generator of our own (xorshift64), so that no release of a crate changes the corpus.
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// In 0.0..1.0.
    fn unit(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A word of Zipf's law with exponent 1: rank r comes up about 1/r as often as rank 1.
    pub fn word(&mut self) -> String {
        word(f64::from(VOCABULARY).powf(self.unit()) as u32)
    }

    /// `count` words with a blank between.
    pub fn words(&mut self, count: u64) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

/// The word of a rank (1 is the commonest): rarer words are longer.
fn word(rank: u32) -> String {
    if let Some(common) = COMMON.get(rank as usize - 1) {
        return (*common).to_owned();
    }
    let mut left = rank - COMMON.len() as u32;
    let mut text = String::new();
    loop {
        text.push_str(SYLLABLES[(left % 32) as usize]);
        left /= 32;
        if left == 0 && text.len() > 3 {
            return text;
        }
    }
}

fn story(dice: &mut Dice, feed: usize, item: usize) -> Story {
    let place = PLACES[dice.below(PLACES.len() as u64) as usize];
    let lead = format!("{place} (MP) — {}", sentence(dice));
    let rest = (0..6).map(|_| format!("{} {}", sentence(dice), sentence(dice)));
    let paragraphs = std::iter::once(lead).chain(rest).collect();
    let (headline, author) = (capital(&dice.words(9)), format!("{} {}", name(dice), name(dice)));
    let categories = [capital(&dice.words(1)), capital(&dice.words(2))];
    let guid = format!("https://wire.example/{feed}/{item}-{:08x}", dice.below(1 << 32));
    Story { guid, headline, author, paragraphs, categories, minute: dice.below(10_000) as u32 }
}

fn sentence(dice: &mut Dice) -> String {
    let length = 16 + dice.below(16);
    let mut text = capital(&dice.words(length));
    match dice.below(8) {
        0 => _ = write!(text, ", {} {}", capital(&dice.word()), 1 + dice.below(400)),
        1 => _ = write!(text, ", U.S. officials said"),
        _ => {}
    }
    text.push('.');
    text
}

fn name(dice: &mut Dice) -> String {
    capital(&word(1_000 + dice.below(4_000) as u32))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn html(story: &Story) -> String {
    story.paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect()
}

fn rss_item(story: &Story) -> String {
    let Story { guid, headline, author, categories: [first, second], .. } = story;
    format!(
        "<item>\n<title>{headline}</title>\n<link>{guid}</link>\n<guid>{guid}</guid>\n<pubDate>{}</pubDate>\n\
         <dc:creator>By {author}</dc:creator>\n<category>{first}</category>\n<category>{second}</category>\n\
         <description>{}</description>\n<content:encoded><![CDATA[{}]]></content:encoded>\n\
         <media:content url=\"{guid}.jpg\" type=\"image/jpeg\"><media:description>{headline}, Monday, April 1, 2024. \
         (MP Photo/{author})</media:description></media:content>\n</item>\n",
        clock(story.minute, "%a, %d %b %Y %H:%M:%S +0000"),
        story.paragraphs[0],
        html(story),
    )
}

fn atom_entry(story: &Story) -> String {
    let Story { guid, headline, author, categories: [first, second], .. } = story;
    let content = html(story).replace('<', "&lt;").replace('>', "&gt;");
    let time = clock(story.minute, "%Y-%m-%dT%H:%M:%SZ");
    format!(
        "<entry>\n<id>{guid}</id>\n<title>{headline}</title>\n<link rel=\"alternate\" href=\"{guid}\"/>\n\
         <published>{time}</published>\n<updated>{time}</updated>\n<author><name>{author}</name></author>\n\
         <category term=\"{first}\"/>\n<category term=\"{second}\"/>\n<summary>{}</summary>\n\
         <content type=\"html\">{content}</content>\n</entry>\n",
        story.paragraphs[0],
    )
}

fn brief_item(story: &Story) -> String {
    let Story { guid, headline, .. } = story;
    let time = clock(story.minute, "%a, %d %b %Y %H:%M:%S +0000");
    format!(
        "  <item>\n    <title>{headline}</title>\n    <link>{guid}</link>\n    <description>{}</description>\n    \
         <pubDate>{time}</pubDate>\n    <guid isPermaLink=\"false\">{guid}</guid>\n  </item>\n",
        story.paragraphs[0],
    )
}

fn escaped_item(story: &Story) -> String {
    let Story { guid, headline, author, .. } = story;
    let text = html(story).replace('<', "&lt;").replace('>', "&gt;").replace('\u{2014}', "&amp;mdash;");
    format!(
        "<item><title>{headline} &#8212; {author} &amp; others</title><link>{guid}?a=1&amp;b=2</link>\
         <description>{text}</description><guid>{guid}</guid></item>\n"
    )
}

fn xhtml_entry(story: &Story) -> String {
    let Story { guid, headline, author, .. } = story;
    let (time, body) = (clock(story.minute, "%Y-%m-%dT%H:%M:%SZ"), html(story));
    format!(
        "<entry><id>{guid}</id><title>{headline}</title><link href=\"{guid}\"/><updated>{time}</updated><author><name>{author}</name></author>\n\
         <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{body}<img src=\"{guid}.jpg\" alt=\"\"/></div></content></entry>\n"
    )
}

/// 25 March 2024 and `minute` minutes.
fn clock(minute: u32, layout: &str) -> String {
    let start = jiff::civil::date(2024, 3, 25).at(0, 0, 0, 0);
    start.saturating_add(jiff::Span::new().minutes(i64::from(minute))).strftime(layout).to_string()
}
