//! Many standing queries at once: which of them could match any of the new stories?
//!
//! The words that the queries need are looked up in what is new, all of them in one walk over its dictionary. From then on
//! a query is a few operations on bits, one bit a story; only where a bit is left does the query itself run.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use tantivy::Term;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::TermInfo;
use tantivy::schema::{Field, IndexRecordOption};

use super::SearchError;
use super::needs::Needs;
use super::query::Clock;
use super::standing::{Fresh, Segment, Standing};
use super::stem::{Stemmers, beginning};
use crate::index::fields::{ALL, field};

/// Below one word looked for in so many of what is new, each is looked up by itself.
const FEW: usize = 16;
/// Stories that are looked at together: 2 KB for each word that is asked for.
const AT_ONCE: usize = 1 << 14;
/// Words of stories of which it is remembered who asks for them.
const REMEMBERED: usize = 500_000;

/// Standing queries, by the words they need.
pub struct Watch {
    standing: Vec<Standing>,
    /// The words that any of them needs, numbered.
    words: Vec<Needs>,
    /// The same, by the word.
    numbers: HashMap<Term, Vec<u32>>,
    /// What each query needs, its words by number; none where that is anything.
    plans: Vec<Option<Bare>>,
    askers: Mutex<Askers>,
    /// Words are looked up one by one where that is less work.
    few: bool,
    /// Stories that are looked at together: for each word there is a bit for each of them.
    at_once: usize,
}

/// [`Needs`] with words by number.
enum Bare {
    Word(u32),
    All(Vec<Bare>),
    Any(Vec<Bare>),
}

/// Who asks for a word that a story has.
#[derive(Default)]
struct Askers {
    /// None before the first word.
    languages: Option<Vec<&'static str>>,
    /// By the stem in each of these languages.
    stems: HashMap<(usize, String), Vec<u32>>,
    beginnings: Beginnings,
    /// What was found out before.
    known: HashMap<Field, Known>,
    remembered: usize,
}

/// What the words that are asked for begin with in any form, in order, none of them the beginning of another: few of the words of a story
/// need more than a look at these.
#[derive(Default)]
struct Beginnings(Vec<Box<[u8]>>);

/// Words, and the numbers of the words that ask for them.
type Known = HashMap<Box<[u8]>, Box<[u32]>>;
/// One bit a story.
type Bits = Vec<u64>;

impl Watch {
    /// Watches for these.
    #[must_use]
    pub fn new(standing: Vec<Standing>) -> Self {
        let (mut words, mut numbers) = (Vec::new(), HashMap::<Term, Vec<u32>>::with_capacity(standing.len()));
        let plans = standing.iter().map(|one| bare(one.needs(), &mut words, &mut numbers)).collect();
        Self { standing, words, numbers, plans, askers: Mutex::default(), few: true, at_once: AT_ONCE }
    }

    /// The same that looks words up one by one where that is less work, or never, and at so many stories at once.
    #[cfg(test)]
    pub(super) fn looking_up(self, few: bool, at_once: usize) -> Self {
        Self { few, at_once, ..self }
    }

    /// The query of this number.
    #[must_use]
    pub fn standing(&self, number: usize) -> Option<&Standing> {
        self.standing.get(number)
    }

    /// The queries that match any of the new stories: their numbers, and the places of those stories in the store's log.
    ///
    /// # Errors
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn matches(&self, fresh: &Fresh, clock: &Clock) -> Result<Vec<(usize, Vec<u64>)>, SearchError> {
        let mut found = BTreeMap::<usize, Vec<u64>>::new();
        for part in fresh.parts(self.at_once) {
            self.among(&part, clock, |number, places| found.entry(number).or_default().extend(places))?;
        }
        Ok(found.into_iter().collect())
    }

    fn among(
        &self,
        fresh: &Fresh,
        clock: &Clock,
        mut tell: impl FnMut(usize, Vec<u64>),
    ) -> tantivy::Result<()> {
        let held = self.held(fresh)?;
        let mut bits = vec![0; fresh.stories.div_ceil(64)];
        for (number, (standing, plan)) in self.standing.iter().zip(&self.plans).enumerate() {
            bits.fill(u64::MAX);
            let numbers = match plan {
                Some(plan) if !plan.narrow(&mut bits, &held) => continue,
                Some(_) => Some(numbers_in(&bits)),
                None => None,
            };
            let matched = standing.among(fresh, clock, numbers.as_deref())?;
            if !matched.is_empty() {
                tell(number, matched);
            }
        }
        Ok(())
    }

    /// For each word the new stories that have it, in any form where that will do.
    fn held(&self, fresh: &Fresh) -> tantivy::Result<Vec<Option<Bits>>> {
        let mut held = vec![None; self.words.len()];
        let mut fields: Vec<Field> = self.numbers.keys().map(Term::field).collect();
        fields.sort_unstable();
        fields.dedup();
        for segment in &fresh.segments {
            for field in &fields {
                let index = fresh.reader(segment).inverted_index(*field)?;
                let mut see = |word: u32, info: &TermInfo| {
                    let bits = held[word as usize].get_or_insert_with(|| vec![0; fresh.stories.div_ceil(64)]);
                    set(bits, &index, info, segment)
                };
                if self.few && self.words.len() * FEW < index.terms().num_terms() {
                    self.look_up(*field, fresh, &index, &mut see)?;
                } else {
                    self.walk(*field, fresh.reading.stemmers()?, &index, &mut see)?;
                }
            }
        }
        Ok(held)
    }

    fn look_up(
        &self,
        field: Field,
        fresh: &Fresh,
        index: &InvertedIndexReader,
        see: &mut dyn FnMut(u32, &TermInfo) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        for (number, word) in (0..).zip(&self.words) {
            let (Needs::Word(term) | Needs::AnyForm(term)) = word else { continue };
            if term.field() != field {
                continue;
            }
            let others = matches!(word, Needs::AnyForm(_)).then(|| fresh.reading.forms(term)).transpose()?;
            for term in std::iter::once(term).chain(others.iter().flat_map(|others| others.iter())) {
                if let Some(info) = index.get_term_info(term)? {
                    see(number, &info)?;
                }
            }
        }
        Ok(())
    }

    fn walk(
        &self,
        field: Field,
        stemmers: &Stemmers,
        index: &InvertedIndexReader,
        see: &mut dyn FnMut(u32, &TermInfo) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let mut askers = self.askers.lock().unwrap_or_else(PoisonError::into_inner);
        if askers.languages != Some(stemmers.languages()) || askers.remembered > REMEMBERED {
            *askers = Askers::of(&self.words, stemmers);
        }
        let mut terms = index.terms().stream()?;
        let mut place = 0;
        while terms.advance() {
            if !askers.beginnings.are_any_of(terms.key(), &mut place) {
                continue;
            }
            for word in askers.ask(field, terms.key(), stemmers, &self.numbers) {
                see(*word, terms.value())?;
            }
        }
        Ok(())
    }
}

/// `needs` with its words numbered.
fn bare(needs: Needs, words: &mut Vec<Needs>, numbers: &mut HashMap<Term, Vec<u32>>) -> Option<Bare> {
    let mut each = |parts: Vec<_>| parts.into_iter().filter_map(|part| bare(part, words, numbers)).collect();
    Some(match needs {
        Needs::Anything => return None,
        Needs::All(parts) => Bare::All(each(parts)),
        Needs::Any(parts) => Bare::Any(each(parts)),
        Needs::Word(ref term) | Needs::AnyForm(ref term) => {
            let known = numbers.entry(term.clone()).or_default();
            let same = known.iter().find(|number| words.get(**number as usize) == Some(&needs));
            Bare::Word(same.copied().unwrap_or_else(|| {
                let number = words.len() as u32;
                words.push(needs);
                known.push(number);
                number
            }))
        }
    })
}

impl Bare {
    /// Leaves of the stories in `bits` those that have what it takes; false when there are none.
    fn narrow(&self, bits: &mut Bits, held: &[Option<Bits>]) -> bool {
        match self {
            Self::Word(word) => held.get(*word as usize).and_then(Option::as_ref).is_some_and(|held| {
                bits.iter_mut().zip(held).for_each(|(bits, held)| *bits &= held);
                bits.iter().any(|bits| *bits != 0)
            }),
            Self::All(parts) => parts.iter().all(|part| part.narrow(bits, held)),
            Self::Any(parts) => {
                let all = std::mem::replace(bits, vec![0; bits.len()]);
                let narrowed = parts.iter().filter_map(|part| {
                    let mut these = all.clone();
                    part.narrow(&mut these, held).then_some(these)
                });
                for these in narrowed {
                    bits.iter_mut().zip(these).for_each(|(bits, these)| *bits |= these);
                }
                bits.iter().any(|bits| *bits != 0)
            }
        }
    }
}

impl Askers {
    fn of(words: &[Needs], stemmers: &Stemmers) -> Self {
        let (mut beginnings, mut asked) = (Vec::new(), HashMap::<_, Vec<u32>>::new());
        for (number, word) in (0..).zip(words) {
            let (Needs::Word(term) | Needs::AnyForm(term)) = word else { continue };
            let value = term.value();
            let text = value.as_str().unwrap_or_default();
            let stems = if matches!(word, Needs::AnyForm(_)) { stemmers.stems(text) } else { Vec::new() };
            let beginning = beginning(text, &stems);
            beginnings.push(beginning.unwrap_or(text).as_bytes().into());
            for stem in stems.into_iter().enumerate().filter(|_| beginning.is_some()) {
                asked.entry(stem).or_default().push(number);
            }
        }
        let (languages, beginnings) = (Some(stemmers.languages()), beginnings.into_iter().collect());
        Self { languages, stems: asked, beginnings, ..Self::default() }
    }

    /// The numbers of the words that `key`, a word of the field, is or is perhaps a form of.
    fn ask(
        &mut self,
        of: Field,
        key: &[u8],
        stemmers: &Stemmers,
        numbers: &HashMap<Term, Vec<u32>>,
    ) -> &[u32] {
        let known = self.known.entry(of).or_default();
        if !known.contains_key(key) {
            let text = std::str::from_utf8(key).unwrap_or_default();
            let mut found = numbers.get(&Term::from_field_text(of, text)).cloned().unwrap_or_default();
            if of == field(ALL) {
                let forms = stemmers.stems(text).into_iter().enumerate();
                found.extend(forms.filter_map(|stem| self.stems.get(&stem)).flatten());
                found.sort_unstable();
                found.dedup();
            }
            self.remembered += 1;
            known.insert(key.into(), found.into());
        }
        known.get(key).map(|found| &**found).unwrap_or_default()
    }
}

impl FromIterator<Box<[u8]>> for Beginnings {
    fn from_iter<I: IntoIterator<Item = Box<[u8]>>>(all: I) -> Self {
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_unstable();
        all.dedup_by(|next, kept| next.starts_with(kept));
        Self(all)
    }
}

impl Beginnings {
    /// True when `word` begins like a word that is asked for. Words come in order, and `place`, 0 before the first, is how far they have come.
    fn are_any_of(&self, word: &[u8], place: &mut usize) -> bool {
        *place += self.0.iter().skip(*place).take_while(|known| ***known <= *word).count();
        // none begins with another, so only the last before the word can be its beginning
        place.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|known| word.starts_with(known))
    }
}

/// Sets the bit of each new story that has a word.
fn set(
    bits: &mut Bits,
    index: &InvertedIndexReader,
    info: &TermInfo,
    segment: &Segment,
) -> tantivy::Result<()> {
    let mut blocks = index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
    while !blocks.docs().is_empty() {
        for doc in blocks.docs() {
            if let Ok(at) = segment.stories.binary_search_by_key(doc, |(doc, _)| *doc) {
                let number = segment.before + at;
                bits[number / 64] |= 1 << (number % 64);
            }
        }
        blocks.advance();
    }
    Ok(())
}

/// The numbers of the stories whose bit is set, in order.
fn numbers_in(bits: &Bits) -> Vec<usize> {
    let each = |(at, word): (usize, &u64)| {
        let rest = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
        let set = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
        set.map(move |word| at * 64 + word.trailing_zeros() as usize)
    };
    bits.iter().enumerate().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_by_the_beginning_of_a_form_that_is_asked_for() {
        let asked = ["talk", "tal", "strip", "oil", "talking"].map(|text| text.as_bytes().into());
        let beginnings: Beginnings = asked.into_iter().collect();
        let mut place = 0;
        for (word, is_any) in [
            ("", false),
            ("a", false),
            ("oils", true),
            ("stri", false),
            ("stripe", true),
            ("ta", false),
            ("tal", true),
            ("tale", true),
            ("talk", true),
            ("zoo", false),
        ] {
            assert_eq!(beginnings.are_any_of(word.as_bytes(), &mut place), is_any, "{word}");
        }
        assert!(!Beginnings::default().are_any_of(b"talk", &mut 0));
    }

    #[test]
    fn the_numbers_of_the_bits_that_are_set_are_told_in_order() {
        for (bits, numbers) in
            [(vec![], vec![]), (vec![0, 0], vec![]), (vec![0b101, 1 << 63 | 1], vec![0, 2, 64, 127])]
        {
            assert_eq!(numbers_in(&bits), numbers, "{bits:?}");
        }
    }
}
