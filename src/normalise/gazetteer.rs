//! **Where is that town?** 170,000 places of 1,000 people or more, from GeoNames (CC BY 4.0, see `gazetteer/NOTICE.txt`).
//!
//! The table is sorted lines in packed frames; a lookup finds its frame in an index, unpacks it when nobody has before,
//! and searches it. A story seldom needs more than one: all of them would cost fifty milliseconds and 12 MB.

use std::sync::{LazyLock, OnceLock};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

static PACKED: &[u8] = include_bytes!("gazetteer/cities.tsv.zst");
/// A line a frame: its first folded spelling, its packed length.
static INDEX: &str = include_str!("gazetteer/cities.index.tsv");

static FRAMES: LazyLock<Vec<Frame>> = LazyLock::new(|| {
    let mut packed = PACKED;
    let frames = INDEX.lines().filter_map(|line| {
        let (first, length) = line.split_once('\t')?;
        let (frame, rest) = packed.split_at_checked(length.parse().ok()?)?;
        packed = rest;
        Some(Frame { first, packed: frame, lines: OnceLock::new() })
    });
    frames.collect()
});

/// Lines next to each other. All lines of one spelling are in one frame.
struct Frame {
    /// The first spelling in it.
    first: &'static str,
    packed: &'static [u8],
    lines: OnceLock<String>,
}

impl Frame {
    /// Folded spelling, name, country, admin1, population, latitude, longitude, `a` for an alternate.
    fn lines(&self) -> &str {
        self.lines.get_or_init(|| {
            let unpacked = zstd::decode_all(self.packed).unwrap_or_default();
            String::from_utf8(unpacked).unwrap_or_default()
        })
    }
}

/// One place of the gazetteer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Its usual English name.
    pub name: &'static str,
    /// ISO 3166 alpha-2 code.
    pub country: &'static str,
    /// GeoNames first-level division: the postal code of a US state, a number or letters elsewhere.
    pub admin1: &'static str,
    /// Inhabitants.
    pub population: u32,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// It was found under another of its names: `Peking` for Beijing.
    pub by_other_name: bool,
}

impl Place {
    fn from_line(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t').skip(1);
        Some(Self {
            name: cells.next()?,
            country: cells.next()?,
            admin1: cells.next()?,
            population: cells.next()?.parse().ok()?,
            lat: cells.next()?.parse().ok()?,
            lon: cells.next()?.parse().ok()?,
            by_other_name: cells.next() == Some("a"),
        })
    }

    /// How likely a bare name means this place: its own name counts double over another name.
    pub fn weight(&self) -> u64 {
        u64::from(self.population) * if self.by_other_name { 1 } else { 2 }
    }
}

/// Every place of that name, in any spelling of case, marks, blanks and `ST.`.
pub fn places(name: &str) -> impl Iterator<Item = Place> {
    let key = fold(name);
    lines_from(&key).take_while(move |line| key_of(line) == key.as_str()).filter_map(Place::from_line)
}

/// The likeliest place of that name among those that `fits`.
pub fn likeliest(name: &str, fits: impl Fn(&Place) -> bool) -> Option<Place> {
    places(name).filter(fits).max_by_key(Place::weight)
}

fn key_of(line: &str) -> &str {
    line.split('\t').next().unwrap_or_default()
}

fn lines_from(key: &str) -> std::str::Lines<'static> {
    let frame = FRAMES.partition_point(|frame| frame.first <= key).saturating_sub(1);
    let text: &'static str = FRAMES.get(frame).map_or("", Frame::lines);
    let (mut low, mut high) = (0, text.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memchr::memrchr(b'\n', &text.as_bytes()[..middle]).map_or(0, |at| at + 1).max(low);
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
        if key_of(&text[start..end]) < key {
            low = (end + 1).min(text.len());
        } else {
            high = start;
        }
    }
    text[low..].lines()
}

/// Letters that Unicode does not take apart.
const LETTERS: &[(char, &str)] = &[
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('ł', "l"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ı', "i"),
    ('ħ', "h"),
    ('ə', "e"),
];

/// First words that place names shorten.
const SHORT: &[(&str, &str)] = &[("st", "saint"), ("ste", "sainte"), ("ft", "fort"), ("mt", "mount")];

/// One spelling for all: lower case, no marks, no blanks or points; ST., FT., MT. written out.
pub fn fold(name: &str) -> String {
    let plain = plain(name);
    let mut words = plain.split([' ', '.', '-', '/', '\u{a0}']).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let rest: String = words.collect();
    let first = match SHORT.iter().find(|(short, _)| *short == first) {
        Some((_, long)) if !rest.is_empty() => long,
        _ => first,
    };
    let mut folded = String::with_capacity(first.len() + rest.len());
    folded.extend(first.chars().chain(rest.chars()).filter(char::is_ascii_alphanumeric));
    folded
}

/// Lower case without marks.
fn plain(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(name.len());
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match LETTERS.iter().find(|(letter, _)| *letter == c) {
            Some((_, ascii)) => plain.push_str(ascii),
            None => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_folded_as_we_fold() {
        let mut before = "";
        for frame in FRAMES.iter() {
            assert!(before < frame.first && frame.lines().starts_with(frame.first), "{}", frame.first);
            before = frame.lines().lines().next_back().map(key_of).unwrap_or_default();
        }
        before = "";
        for line in FRAMES.iter().flat_map(|frame| frame.lines().lines()) {
            let key = key_of(line);
            assert!(before <= key, "{before} stands before {key}");
            let place = Place::from_line(line).expect("every line is a place");
            assert!(place.by_other_name || fold(place.name) == key, "{} is filed under {key}", place.name);
            before = key;
        }
        assert!(FRAMES.iter().map(|frame| frame.lines().lines().count()).sum::<usize>() > 200_000);
    }

    #[test]
    fn a_name_is_found_in_any_spelling() {
        for (printed, name, country) in [
            ("SAO PAULO", "São Paulo", "BR"),
            ("ST. LOUIS", "St. Louis", "US"),
            ("Peking", "Beijing", "CN"),
            ("MÜNCHEN", "Munich", "DE"),
            ("København", "Copenhagen", "DK"),
            ("WINSTON SALEM", "Winston-Salem", "US"),
            ("COEUR D'ALENE", "Coeur d'Alene", "US"),
        ] {
            let place = likeliest(printed, |_| true).unwrap_or_else(|| panic!("{printed} is not found"));
            assert_eq!((place.name, place.country), (name, country), "{printed}");
        }
        assert!(likeliest("COPPER GRADE A", |_| true).is_none());
        assert!(places("").next().is_none());
        assert!(places("zzzzzz").next().is_none());
    }
}
