//! Which language is it? What the copy says, else its feed, else the house, else, for long text, its looks.

use super::text;

/// Characters below which a text is too short to tell its language by looking.
const ENOUGH: usize = 200;
/// Characters that are looked at: more costs time and tells no more.
const LOOKED_AT: usize = 400;

/// Languages as detection names them (ISO 639-3), and as BCP 47 does, for those that have a two-letter code.
const SHORT: &[(&str, &str)] = &[
    ("afr", "af"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

/// A BCP 47 tag from what is printed: `en_US` is `en-US`, `EN` is `en`. What is no tag at all is `None`.
#[must_use]
pub fn tag(printed: &str) -> Option<String> {
    let printed = text::line(printed).replace('_', "-");
    let is_tag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_first =
        |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic());
    let first = printed.split('-').next().filter(|part| is_first(part) || part.eq_ignore_ascii_case("x"))?;
    let rest: Vec<&str> = printed.split('-').skip(1).collect();
    rest.iter().all(|part| is_tag(part)).then(|| {
        let tidy = rest.iter().map(|part| tidy(part));
        std::iter::once(first.to_ascii_lowercase()).chain(tidy).collect::<Vec<_>>().join("-")
    })
}

/// The usual case of a subtag (RFC 5646 2.1.1): region `US`, script `Hant`, the rest lower.
fn tidy(part: &str) -> String {
    let lower = part.to_ascii_lowercase();
    match part.len() {
        2 => part.to_ascii_uppercase(),
        4 if part.bytes().all(|b| b.is_ascii_alphabetic()) => {
            let (head, tail) = lower.split_at(1);
            format!("{}{tail}", head.to_ascii_uppercase())
        }
        _ => lower,
    }
}

/// The first of `said` that is a tag or a language's name; else the language `body` is seen to be in; else what is
/// printed, as sent.
#[must_use]
pub fn read(said: &[Option<&str>], body: Option<&str>) -> Option<String> {
    let said = || said.iter().flatten().copied();
    let named = || said().find_map(by_name);
    let as_sent = || said().find_map(text::field);
    said().find_map(tag).or_else(named).or_else(|| seen(body?)).or_else(as_sent)
}

/// Does a reader of this language (a BCP 47 tag) read `04/05/2024` as the 4th of May? All do but those of the United States
/// and the Philippines; English alone says nothing, and is taken for theirs.
#[must_use]
pub fn reads_day_first(tag: &str) -> bool {
    const MONTH_FIRST: &[&str] = &["US", "PR", "PH"];
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    match parts.find(|part| part.len() == 2) {
        Some("CA") => language != "en",
        Some(region) => !MONTH_FIRST.contains(&region),
        None => !["", "en", "tl", "fil"].contains(&language),
    }
}

/// `en` for `English` and `de` for `Deutsch`.
fn by_name(printed: &str) -> Option<String> {
    let is = |name: &str| name.to_lowercase() == printed.trim().to_lowercase();
    let found = whatlang::Lang::all().iter().find(|lang| is(lang.eng_name()) || is(lang.name()))?;
    short(found.code())
}

fn short(code: &str) -> Option<String> {
    SHORT.iter().find(|(long, _)| *long == code).map(|(_, short)| (*short).to_owned())
}

/// The language of a text by its looks: only when there is enough of it and no doubt.
fn seen(body: &str) -> Option<String> {
    body.char_indices().nth(ENOUGH)?;
    let end = body.char_indices().nth(LOOKED_AT).map_or(body.len(), |(at, _)| at);
    let looked_at = body.get(..end)?;
    let words = Words::of(looked_at);
    if words.are_english() {
        return Some("en".into());
    }
    if words.is_table() {
        return None;
    }
    let info = whatlang::detect(looked_at).filter(whatlang::Info::is_reliable)?;
    short(info.lang().code())
}

/// Small words of English that no other language is full of.
const ENGLISH: [&str; 16] = [
    "the", "of", "and", "to", "that", "was", "for", "with", "said", "from", "by", "is", "it", "has", "were",
    "have",
];

/// What is seen in one glance at a text's words, at a fiftieth of the cost of comparing letters with seventy languages.
#[derive(Default)]
struct Words {
    all: usize,
    english: usize,
    numbers: usize,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self::default();
        for word in text.split_ascii_whitespace() {
            words.all += 1;
            words.english += usize::from(ENGLISH.contains(&word));
            words.numbers += usize::from(word.starts_with(|c: char| c.is_ascii_digit()));
        }
        words
    }

    /// Results and prices are in no language: "Shr profit one ct vs loss two cts" has passed for French.
    fn is_table(&self) -> bool {
        self.all > 20 && self.numbers * 6 > self.all
    }

    /// Most wires are English: a sixth of its words are small ones.
    fn are_english(&self) -> bool {
        self.english * 6 >= self.all && self.all > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_tags_are_tidied_and_nonsense_is_dropped() {
        let cases = [
            ("en_US", Some("en-US")),
            ("EN", Some("en")),
            (" de-at ", Some("de-AT")),
            ("zh-hant-tw", Some("zh-Hant-TW")),
            ("es-419", Some("es-419")),
            ("x-default", Some("x-default")),
            ("", None),
            ("english, mostly", None),
            ("12", None),
        ];
        for (printed, expected) in cases {
            assert_eq!(tag(printed).as_deref(), expected, "{printed:?}");
        }
    }

    #[test]
    fn what_is_said_wins_over_what_is_seen_and_short_text_is_not_guessed_at() {
        let german =
            "Die Verhandlungen wurden am Montag wieder aufgenommen, wie ein Sprecher mitteilte. ".repeat(4);
        assert_eq!(read(&[None, Some("fr")], Some(&german)).as_deref(), Some("fr"));
        assert_eq!(read(&[None, Some("??")], Some(&german)).as_deref(), Some("de"));
        let english = "The talks were taken up again on Monday, said a man of the ministry, and it is for both to go on. ".repeat(3);
        assert_eq!(read(&[], Some(&english)).as_deref(), Some("en"));
        assert!(Words::of(&english).are_english() && !Words::of(&german).are_english());
        let table =
            "Net profit 52,405 vs loss 67,967 Sales 289,572 vs 188,713 Year Shr loss 5 cts vs loss 5 cts "
                .repeat(3);
        assert_eq!(read(&[], Some(&table)), None);
        assert_eq!(read(&[None, Some("Deutsch")], None).as_deref(), Some("de"));
        assert_eq!(read(&[Some("see below")], None).as_deref(), Some("see below"));
        assert_eq!(read(&[], Some("Die Verhandlungen")), None);
        assert_eq!(read(&[], None), None);
    }
}
