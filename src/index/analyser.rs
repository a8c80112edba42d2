//! **What counts as the same word?** The analyser for wire copy, used on stories and on queries alike.
//!
//! Letters are folded (NFKD, lower case, accents off), `1,655.8` is one number, a possessive's 's is off,
//! `O'Brien` is `obrien`, `U.S.` is `us` and, because that is also an everyday word, `US`; `cease-fire` is `cease`
//! `fire` and `ceasefire`; `organisation` is `organization`; scripts without spaces are cut into overlapping pairs. Offsets are bytes of the text as printed.
//! Plain ASCII words, nearly all there is in English copy, take a short path.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::fold::{Class, class};
pub use super::pieces::Kind;
use super::pieces::Pieces;
use super::word::{MAX_TOKEN, WordReader, emit_marked, is_ambiguous, is_capital_word, spell};

/// The analyser's name in the index.
pub const NAME: &str = "wire";
/// Changes whenever the same text would give other tokens: an index of another version is rebuilt.
pub const VERSION: u32 = 1;

/// Cuts text into tokens.
#[derive(Clone, Default)]
pub struct Analyser {
    token: Token,
    pieces: Pieces,
    words: WordReader,
    query: bool,
}

impl Analyser {
    /// For queries: capitals tell even where nothing is in small letters.
    #[must_use]
    pub fn for_queries() -> Self {
        Self { query: true, ..Self::default() }
    }
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Tokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens<'a> {
        self.token.reset();
        self.pieces.clear();
        Tokens { text, at: 0, position: 0, paired: false, kind: Kind::Plain, parts: self }
    }
}

/// The tokens of one text.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    position: usize,
    /// The character at `at` was already the second of a pair.
    paired: bool,
    kind: Kind,
    parts: &'a mut Analyser,
}

impl Tokens<'_> {
    /// Why the current token is there.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// An ASCII word that nothing is glued to.
    #[inline]
    fn plain_word(&mut self, start: usize, end: usize) -> bool {
        self.at = end;
        if end - start > MAX_TOKEN {
            self.position += 1;
            return false;
        }
        let word = &self.text[start..end];
        let token = &mut self.parts.token;
        token.text.clear();
        token.text.push_str(word);
        token.text.make_ascii_lowercase();
        spell(&mut token.text);
        (token.offset_from, token.offset_to, token.position) = (start, end, self.position);
        token.position_length = 1;
        self.kind = Kind::Plain;
        if is_capital_word(word)
            && is_ambiguous(&token.text)
            && (self.parts.query || capitals_tell(self.text))
        {
            emit_marked(start, end, self.position, &token.text, &mut self.parts.pieces);
        }
        self.position += 1;
        true
    }

    /// A word with more than ASCII letters and digits in it.
    fn other_word(&mut self, start: usize) {
        let Analyser { pieces, words, query, .. } = &mut *self.parts;
        let tell = || *query || capitals_tell(self.text);
        (self.at, self.position) = words.read(self.text, start, self.position, tell, pieces);
    }

    /// Two neighbours of a script without spaces, or one that stands alone.
    fn pair(&mut self, first: char) -> bool {
        let start = self.at;
        let middle = start + first.len_utf8();
        let second = self.text.get(middle..).and_then(|rest| rest.chars().next());
        let second = second.filter(|c| class(*c) == Class::Pair);
        self.at = middle;
        let ends_a_run = second.is_none() && std::mem::replace(&mut self.paired, second.is_some());
        if ends_a_run {
            return false;
        }
        self.paired = second.is_some();
        let token = &mut self.parts.token;
        token.text.clear();
        token.text.push(first);
        token.text.extend(second);
        (token.offset_from, token.offset_to) = (start, middle + second.map_or(0, char::len_utf8));
        (token.position, token.position_length) = (self.position, 1);
        self.kind = Kind::Plain;
        self.position += 1;
        true
    }

    /// Reads on from a character outside ASCII. True when the current token is set.
    fn wide(&mut self) -> bool {
        let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            self.at += 1;
            return false;
        };
        match class(c) {
            Class::Pair => return self.pair(c),
            Class::Word => self.other_word(self.at),
            _ => self.at += c.len_utf8(),
        }
        false
    }

    fn pop(&mut self) -> bool {
        match self.parts.pieces.pop(&mut self.parts.token) {
            Some(kind) => {
                self.kind = kind;
                true
            }
            None => false,
        }
    }
}

impl TokenStream for Tokens<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        loop {
            if self.pop() {
                return true;
            }
            let gap = bytes[self.at..].iter().position(|b| BYTES[*b as usize] != Byte::Gap);
            let Some(gap) = gap else { return false };
            self.at += gap;
            let start = self.at;
            let found = match BYTES[bytes[start] as usize] {
                Byte::Word => match plain_end(bytes, start) {
                    Some(end) => self.plain_word(start, end),
                    None => {
                        self.other_word(start);
                        false
                    }
                },
                Byte::Wide => self.wide(),
                Byte::Joint | Byte::Gap => {
                    self.at += 1;
                    false
                }
            };
            if found {
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        &self.parts.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.parts.token
    }
}

/// The end of the ASCII word at `start`, or nothing when something is glued to it.
#[inline]
fn plain_end(bytes: &[u8], start: usize) -> Option<usize> {
    let rest = &bytes[start..];
    let length = rest.iter().position(|b| BYTES[*b as usize] != Byte::Word).unwrap_or(rest.len());
    let byte = |at: usize| rest.get(at).map_or(Byte::Gap, |b| BYTES[*b as usize]);
    let glued = match byte(length) {
        Byte::Wide => true,
        Byte::Joint => matches!(byte(length + 1), Byte::Word | Byte::Wide),
        Byte::Word | Byte::Gap => false,
    };
    (!glued).then_some(start + length)
}

/// In a headline set in capitals, capitals tell nothing.
fn capitals_tell(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_lowercase())
}

/// What a byte may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Byte {
    Gap,
    Word,
    Joint,
    Wide,
}

const BYTES: [Byte; 256] = {
    let mut table = [Byte::Gap; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => Byte::Word,
            b'\'' | b'.' | b',' | b'-' | b'&' => Byte::Joint,
            0x80.. => Byte::Wide,
            _ => Byte::Gap,
        };
        b += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `text@position` of each token; extras are marked by `+` (joined), `^` (capitals), `~` (elided).
    fn tokens(text: &str) -> String {
        let mut analyser = Analyser::default();
        let mut stream = analyser.token_stream(text);
        let mut shown = Vec::new();
        while stream.advance() {
            let sign = match stream.kind() {
                Kind::Plain => "",
                Kind::Joined => "+",
                Kind::Marked => "^",
                Kind::Elided => "~",
            };
            shown.push(format!("{sign}{}@{}", stream.token().text, stream.token().position));
        }
        shown.join(" ")
    }

    #[test]
    fn wire_copy_is_cut_as_a_desk_reads_it() {
        let cases = [
            ("Talks on Rafah.", "talks@0 on@1 rafah@2"),
            ("Israel's aid", "israel@0 aid@1"),
            ("Israel\u{2019}s aid", "israel@0 aid@1"),
            ("the workers' pay", "the@0 workers@1 pay@2"),
            ("O'Brien don\u{2019}t", "obrien@0 dont@1"),
            ("l'avion", "lavion@0 ~avion@0"),
            ("up 1,655.8 points", "up@0 1655.8@1 points@2"),
            ("in 1,2,3", "in@0 1@1 2@2 3@3"),
            ("ended.Next", "ended@0 next@1"),
            ("J.Smith J.P. Morgan", "j@0 smith@1 jp@2 morgan@3"),
            ("the U.S. and us", "the@0 us@1 ^US@1 and@2 us@3"),
            ("the US, the U.K.", "the@0 us@1 ^US@1 the@2 uk@3"),
            ("US SAYS U.N. MAY", "us@0 says@1 un@2 ^UN@2 may@3"),
            ("U.S.-led U.S.'s", "+usled@0 us@0 ^US@0 +usled@1 led@1 us@2 ^US@2"),
            ("a cease-fire now", "a@0 +ceasefire@1 cease@1 +ceasefire@2 fire@2 now@3"),
            ("cease\u{2011}fire", "+ceasefire@0 cease@0 +ceasefire@1 fire@1"),
            ("won 5-2 on F-16s", "won@0 5@1 2@2 on@3 +f16s@4 f@4 +f16s@5 16s@5"),
            ("co\u{ad}operate", "cooperate@0"),
            ("AT&T, S&P 500", "att@0 sp@1 500@2"),
            ("P\u{e9}rez Pe\u{301}rez", "perez@0 perez@1"),
            ("Caf\u{e9}'s \u{201c}bar\u{201d}", "cafe@0 bar@1"),
            ("Highway 1", "highway@0 1@1"),
            ("Organisations organized", "organizations@0 organized@1"),
            ("\u{6771}\u{4eac}\u{90fd}\u{3002}\u{4eac}", "\u{6771}\u{4eac}@0 \u{4eac}\u{90fd}@1 \u{4eac}@2"),
            ("\u{6771}\u{4eac}A\u{6771}", "\u{6771}\u{4eac}@0 a@1 \u{6771}@2"),
            (
                "\u{646}\u{62a}\u{646}\u{64a}\u{627}\u{647}\u{648} 5",
                "\u{646}\u{62a}\u{646}\u{64a}\u{627}\u{647}\u{648}@0 5@1",
            ),
            ("-- ... ''", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn an_endless_word_is_left_out_and_keeps_its_place() {
        let text = format!("a {} b {}é c", "x".repeat(500), "y".repeat(500));
        assert_eq!(tokens(&text), "a@0 b@2 c@4");
    }

    proptest! {
        #[test]
        fn any_text_gives_tokens_whose_offsets_lie_in_it(text in "(?s).{0,200}|[a-zA-Z0-9.,'& \u{e9}\u{6771}\u{2019}\u{301}-]{0,80}") {
            let mut analyser = Analyser::default();
            let mut stream = analyser.token_stream(&text);
            let mut last = (0, 0);
            while stream.advance() {
                let token = stream.token();
                prop_assert!(text.get(token.offset_from..token.offset_to).is_some_and(|s| !s.is_empty()));
                prop_assert!(token.position >= last.1 && (token.offset_from >= last.0 || stream.kind() == Kind::Joined), "{token:?} after {last:?}");
                prop_assert!(!token.text.is_empty() && token.text.len() <= MAX_TOKEN);
                last = (token.offset_from.max(last.0), token.position);
            }
        }
    }
}
