//! How one printed word becomes tokens when more than plain letters are in it: apostrophes, points, hyphens, accents.

use tantivy::tokenizer::Token;

use super::fold::{Class, class, fold_into};
use super::pieces::{Kind, Pieces};

/// The longest token kept, in bytes: longer runs are addresses and encoded matter.
pub(super) const MAX_TOKEN: usize = 64;
/// A compound of more parts than this is read as several.
const MAX_PARTS: usize = 6;

/// Capital names that fold into everyday words; only for these are capitals kept apart.
const AMBIGUOUS: &[&str] = &["aids", "am", "ice", "id", "is", "it", "pm", "un", "us", "who"];

/// Articles and pronouns that lose their vowel before another: `l'avion`, `d'Angelo`, `qu'il`, `dell'arte`.
const ELIDED: &[&str] = &["c", "d", "dell", "j", "l", "m", "n", "nell", "qu", "s", "t"];

/// Words in British and American spelling, told by their ends. A row is added where no wrong match can follow.
const SPELLINGS: &[(&str, &str)] = &[("isation", "ization"), ("isations", "izations")];

/// Gives `word` the spelling that the index keeps.
#[inline]
pub(super) fn spell(word: &mut String) {
    if word.len() < 9 {
        return;
    }
    if let Some((other, kept)) = SPELLINGS.iter().find(|(other, _)| word.ends_with(other)) {
        word.truncate(word.len() - other.len());
        word.push_str(kept);
    }
}

/// True when `folded`, printed in capitals, is a name and not the everyday word.
pub(super) fn is_ambiguous(folded: &str) -> bool {
    AMBIGUOUS.contains(&folded)
}

/// One part of a word: between hyphens.
#[derive(Default)]
struct Part {
    from: usize,
    to: usize,
    text: String,
    /// Where in `text` the last elided article ends.
    elided_at: Option<usize>,
    /// Where in `text` the atom being read began.
    atom_at: usize,
    dotted: bool,
}

/// Reads words out of `text`; buffers live on between words.
#[derive(Default)]
pub(super) struct WordReader {
    parts: Vec<Part>,
    used: usize,
}

impl Clone for WordReader {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl WordReader {
    /// Reads the word that starts at `start` (a [`Class::Word`] character) into `out`, its first token at `position`.
    /// Gives the byte after the word and the position after it.
    pub(super) fn read(
        &mut self,
        text: &str,
        start: usize,
        position: usize,
        capitals_tell: impl Fn() -> bool,
        out: &mut Pieces,
    ) -> (usize, usize) {
        self.used = 0;
        let mut at = start;
        while self.used < MAX_PARTS {
            at = self.read_part(text, at);
            match next_part(text, at) {
                Some(next) if self.used < MAX_PARTS => at = next,
                _ => break,
            }
        }
        self.emit(text, position, capitals_tell, out);
        (at, position + self.used)
    }

    /// Reads up to the next hyphen or gap; gives the byte after it.
    fn read_part(&mut self, text: &str, start: usize) -> usize {
        if self.used == self.parts.len() {
            self.parts.push(Part::default());
        }
        let part = &mut self.parts[self.used];
        self.used += 1;
        part.text.clear();
        (part.from, part.elided_at, part.atom_at, part.dotted) = (start, None, 0, false);
        let mut at = start;
        loop {
            at = read_atom(text, at, &mut part.text);
            part.to = at;
            match glue(text, at, part) {
                Glue::Apart => return at,
                Glue::Possessive(end) => return end,
                Glue::Spelt(next) => at = next,
            }
        }
    }

    fn emit(&self, text: &str, position: usize, capitals_tell: impl Fn() -> bool, out: &mut Pieces) {
        let parts = &self.parts[..self.used];
        let joins = joins(parts);
        for (ordinal, part) in parts.iter().enumerate() {
            // at both ends, so that the word before and the word after are its neighbours in a phrase
            if joins && (ordinal == 0 || ordinal + 1 == parts.len()) {
                emit_joined(parts, position + ordinal, out);
            }
            emit_part(text, part, position + ordinal, &capitals_tell, out);
        }
    }
}

/// `cease-fire` is also `ceasefire`; `5-2` and `737-800` are not 52 and 737800.
fn joins(parts: &[Part]) -> bool {
    let bytes: usize = parts.iter().map(|part| part.text.len()).sum();
    let number = |part: &Part| part.text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    parts.len() > 1 && bytes <= MAX_TOKEN && !parts.iter().all(number)
}

fn emit_joined(parts: &[Part], position: usize, out: &mut Pieces) {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
    let token = place(out.push(Kind::Joined), first.from, last.to, position);
    parts.iter().for_each(|part| token.text.push_str(&part.text));
}

fn emit_part(text: &str, part: &Part, position: usize, capitals_tell: &impl Fn() -> bool, out: &mut Pieces) {
    if part.text.is_empty() || part.text.len() > MAX_TOKEN {
        return;
    }
    let token = place(out.push(Kind::Plain), part.from, part.to, position);
    token.text.push_str(&part.text);
    spell(&mut token.text);
    if let Some(after) = part.elided_at.and_then(|at| part.text.get(at..)).filter(|after| !after.is_empty()) {
        place(out.push(Kind::Elided), part.from, part.to, position).text.push_str(after);
    }
    let printed = text.get(part.from..part.to).unwrap_or_default();
    let capitals = part.dotted || (is_capital_word(printed) && capitals_tell());
    if is_ambiguous(&part.text) && capitals {
        emit_marked(part.from, part.to, position, &part.text, out);
    }
}

/// Puts the capital form of `folded` in the queue.
pub(super) fn emit_marked(from: usize, to: usize, position: usize, folded: &str, out: &mut Pieces) {
    let token = place(out.push(Kind::Marked), from, to, position);
    token.text.push_str(folded);
    token.text.make_ascii_uppercase();
}

fn place(token: &mut Token, from: usize, to: usize, position: usize) -> &mut Token {
    (token.offset_from, token.offset_to, token.position) = (from, to, position);
    token
}

/// `US`, `WHO`: two capitals or more and nothing else.
pub(super) fn is_capital_word(printed: &str) -> bool {
    printed.len() > 1 && printed.bytes().all(|b| b.is_ascii_uppercase())
}

/// Appends the letters and digits from `at` on, folded; gives the byte after them.
fn read_atom(text: &str, at: usize, out: &mut String) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    for (offset, c) in rest.char_indices() {
        match class(c) {
            Class::Word if out.len() <= MAX_TOKEN => fold_into(out, c),
            Class::Word | Class::Ignorable => {}
            _ => return at + offset,
        }
    }
    text.len()
}

/// What stands between two atoms.
enum Glue {
    /// The part is over.
    Apart,
    /// It is over, and a possessive's 's, which ends here, is left out.
    Possessive(usize),
    /// It goes on at this byte.
    Spelt(usize),
}

/// Looks at the character after an atom, and the two after that.
fn glue(text: &str, at: usize, part: &mut Part) -> Glue {
    let mut after = text.get(at..).unwrap_or_default().chars();
    let (Some(joint), next) = (after.next(), after.next()) else { return Glue::Apart };
    let continues = next.is_some_and(|c| class(c) == Class::Word);
    let resume = at + joint.len_utf8();
    match joint {
        '.' if continues => glue_point(text, at, after.next(), next, part),
        // the point that closes an acronym belongs to it, and a possessive may follow
        '.' if part.dotted && !text[..at].ends_with('.') => Glue::Spelt(resume),
        ',' if continues && is_thousand(text, at) => Glue::Spelt(resume),
        '&' if continues && part.text.len() <= 3 => glue_ampersand(text, resume),
        _ if class(joint) == Class::Apostrophe && continues => {
            glue_apostrophe(after.next(), next, resume, part)
        }
        _ => Glue::Apart,
    }
}

/// `1.5` and `U.S.` go on; `end.Next` does not.
fn glue_point(text: &str, at: usize, second: Option<char>, next: Option<char>, part: &mut Part) -> Glue {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if digits(before) && digits(next) {
        part.text.push('.');
        return Glue::Spelt(at + 1);
    }
    let letters_so_far = part.text.len() == 1 || part.dotted;
    let one_letter = next.is_some_and(char::is_alphabetic) && second.is_none_or(|c| class(c) != Class::Word);
    if letters_so_far && one_letter && before.is_some_and(char::is_alphabetic) {
        part.dotted = true;
        return Glue::Spelt(at + 1);
    }
    Glue::Apart
}

/// `1,655`: exactly three digits follow.
fn is_thousand(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    at > 0 && digit(at - 1) && (1..=3).all(|i| digit(at + i)) && !digit(at + 4)
}

/// `AT&T`, `S&P`, `R&D`: short on both sides.
fn glue_ampersand(text: &str, resume: usize) -> Glue {
    let right = text.get(resume..).unwrap_or_default().chars().take(4);
    let letters = right.take_while(|c| class(*c) == Class::Word).count();
    if letters <= 3 { Glue::Spelt(resume) } else { Glue::Apart }
}

fn glue_apostrophe(second: Option<char>, next: Option<char>, resume: usize, part: &mut Part) -> Glue {
    let ends = second.is_none_or(|c| !matches!(class(c), Class::Word | Class::Apostrophe | Class::Ignorable));
    if matches!(next, Some('s' | 'S')) && ends {
        return Glue::Possessive(resume + 1);
    }
    let atom = part.text.get(part.atom_at..).unwrap_or_default();
    if ELIDED.contains(&atom) {
        part.elided_at = Some(part.text.len());
    }
    part.atom_at = part.text.len();
    Glue::Spelt(resume)
}

/// The byte after a hyphen that binds what stands before `at` to a word after it.
fn next_part(text: &str, at: usize) -> Option<usize> {
    let mut after = text.get(at..)?.chars();
    let hyphen = after.next().filter(|c| class(*c) == Class::Hyphen)?;
    after.next().filter(|c| class(*c) == Class::Word)?;
    Some(at + hyphen.len_utf8())
}
