//! Words read side by side, a sheet of stories at a time.

use std::sync::PoisonError;

use tantivy::{DocId, TERMINATED};

use super::list::List;
use super::top::Top;
use super::{Open, Place, Question, Scale, bonds};
use crate::search::bm25::{least, share};

/// Stories on a sheet: few enough that the sheet stays in the processor's cache.
const STORIES: usize = 4096;
const GROUPS: usize = STORIES / 64;
/// One bit a story of a sheet.
type Bits = [u64; GROUPS];
const NONE: Bits = [0; GROUPS];
const ALL_OF_THEM: Bits = [u64::MAX; GROUPS];

/// A word that so many times more stories have than all that are read is looked up story by story.
const MORE: u32 = 5;
/// About the share that a word has that is in a story once.
const ONCE: f32 = 0.7;
/// So many times more stories than are wanted have all words: the bar will be high.
const PLENTY: f32 = 100.0;
/// So many stories in which words may stand side by side are looked at together.
const TOGETHER: usize = 512;

/// What the lists that are read say of the stories of a sheet: a column for each.
struct Sheet {
    /// The story it begins with.
    first: DocId,
    has: Vec<Bits>,
    /// Those that have it so often that this could be enough.
    strong: Vec<Bits>,
    /// How often those have it that have it.
    often: Vec<u16>,
}

/// Offers the stories of a segment that have the words, and puts those aside in which the words may stand side by side.
pub(super) fn scan(
    question: Question<'_>,
    lists: Vec<List>,
    place: Place<'_>,
    top: &mut Top<'_>,
    open: &mut Vec<Open>,
) -> tantivy::Result<()> {
    let scale = question.scale;
    let missing = |word: usize| scale.words[word].most > 0.0 && lists.iter().all(|list| list.word != word);
    if scale.all && (0..scale.words.len()).any(missing) {
        return Ok(());
    }
    let mut sheet = Sheet::of(question, lists.len());
    let mut parted = Parted::of(scale, lists, place, top.wanted());
    let mut row = vec![0.0; scale.words.len()];
    let mut bar = -1.0;
    loop {
        if top.bar() > bar {
            bar = top.bar();
            parted.part(scale, bar);
        }
        if parted.read.len() == 1 {
            parted.scan_one(question, place, top, open)?;
            break;
        }
        let Some(next) = parted.next(scale) else { break };
        let enough: Vec<u32> =
            parted.read.iter().map(|list| parted.enough(scale, list, bar, place)).collect();
        sheet.fill(next, &mut parted.read, &enough);
        for (group, mut bits) in sheet.worth(scale, &parted).into_iter().enumerate() {
            while bits != 0 {
                let at = group * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let doc = sheet.first + at as DocId;
                sheet.row(&mut row, &parted.read, at, place.norm(doc));
                weigh(&mut row, doc, scale, &mut parted, place, top, open);
            }
        }
        if open.len() >= TOGETHER {
            bonds::settle(question, open, top)?;
        }
    }
    *question.paper.lock().unwrap_or_else(PoisonError::into_inner) = sheet.often;
    Ok(())
}

impl Sheet {
    fn of(question: Question<'_>, lists: usize) -> Self {
        let mut paper = question.paper.lock().unwrap_or_else(PoisonError::into_inner);
        let mut often = std::mem::take(&mut *paper);
        // what an earlier question left on it is never read: a bit says what was written by this one
        often.resize(often.len().max(STORIES * lists), 0);
        let none = vec![NONE; lists];
        Self { first: 0, has: none.clone(), strong: none, often }
    }

    /// Reads all lists from the sheet on that `next` is on.
    fn fill(&mut self, next: DocId, lists: &mut [List], enough: &[u32]) {
        self.first = next - next % STORIES as DocId;
        let first = self.first;
        let columns = self.has.iter_mut().zip(&mut self.strong).zip(self.often.chunks_exact_mut(STORIES));
        for ((list, enough), ((has, strong), often)) in lists.iter_mut().zip(enough).zip(columns) {
            (*has, *strong) = (NONE, NONE);
            list.skip_to(first);
            list.each_before(first + STORIES as DocId, |doc, count| {
                let at = (doc - first) as usize % STORIES;
                has[at / 64] |= 1 << (at % 64);
                strong[at / 64] |= u64::from(count >= *enough) << (at % 64);
                often[at] = count.min(u32::from(u16::MAX)) as u16;
            });
        }
    }

    /// The stories that could come over the bar: they have two words, or one often enough; where all must be there, each
    /// often enough.
    fn worth(&self, scale: &Scale, parted: &Parted) -> Bits {
        let (mut once, mut twice, mut enough, mut all) = (NONE, NONE, NONE, ALL_OF_THEM);
        let mut columns = self.has.iter().zip(&self.strong);
        for lists in parted.read.chunk_by(|a, b| a.word == b.word) {
            let (mut has, mut strong) = (NONE, NONE);
            for (one, strong_one) in columns.by_ref().take(lists.len()) {
                for group in 0..GROUPS {
                    has[group] |= one[group];
                    strong[group] |= strong_one[group];
                }
            }
            for group in 0..GROUPS {
                twice[group] |= once[group] & has[group];
                once[group] |= has[group];
                enough[group] |= strong[group];
                all[group] &= strong[group];
            }
        }
        if scale.all {
            return all;
        }
        twice.iter_mut().zip(enough).for_each(|(twice, enough)| *twice |= enough);
        twice
    }

    /// What each word that is read counts in a story.
    fn row(&self, row: &mut [f32], lists: &[List], at: usize, norm: f32) {
        row.fill(0.0);
        for ((list, has), often) in lists.iter().zip(&self.has).zip(self.often.chunks_exact(STORIES)) {
            if has[at / 64] & (1 << (at % 64)) != 0 {
                let score = list.weight * share(u32::from(often[at]), norm);
                row[list.word] = f32::max(row[list.word], score);
            }
        }
    }
}

/// The lists that are read, and those that are looked up for a story that another word has found.
struct Parted {
    read: Vec<List>,
    looked_up: Vec<List>,
    /// What the words looked up count at most.
    absent: f32,
    /// The words that are not read, as bits.
    unread: u32,
    /// How many stories of the segment have each word.
    stories: Vec<u32>,
}

impl Parted {
    fn of(scale: &Scale, lists: Vec<List>, place: Place<'_>, wanted: usize) -> Self {
        let mut stories = vec![0; scale.words.len()];
        lists.iter().for_each(|list| stories[list.word] += list.len());
        let mut parted = Self { read: lists, looked_up: Vec::new(), absent: 0.0, unread: 0, stories };
        let unread = if scale.all { parted.common(place, wanted) } else { scale.silent() };
        parted.leave(scale, unread);
        parted
    }

    /// Leaves the words unread that lift no story over `bar` by themselves.
    fn part(&mut self, scale: &Scale, bar: f32) {
        if scale.all {
            return;
        }
        let mut by_most: Vec<usize> =
            bits(!scale.silent()).take_while(|word| *word < scale.words.len()).collect();
        by_most.sort_by(|a, b| scale.words[*a].most.total_cmp(&scale.words[*b].most));
        // what counts only beside others has no list: it is never read
        let (mut unread, mut pays) = (scale.silent(), self.unread);
        for word in by_most {
            unread |= 1 << word;
            if scale.potential(unread) >= bar {
                break;
            }
            if self.pays(scale, unread, bar) {
                pays = unread;
            }
        }
        if pays != self.unread {
            self.leave(scale, pays);
        }
    }

    /// Is less to be looked up for other words than would have to be read?
    fn pays(&self, scale: &Scale, unread: u32, bar: f32) -> bool {
        let stories = |is_unread: bool| {
            let words = self.stories.iter().enumerate();
            let words = words.filter(|(word, _)| (unread & (1 << word) != 0) == is_unread);
            words.map(|(_, stories)| *stories).sum::<u32>()
        };
        let absent: f32 = bits(unread).map(|word| scale.words[word].most).sum();
        let rare = |word: usize| (bar - absent) / scale.each(word, scale.words[word].most, unread) > ONCE;
        let others = (0..scale.words.len()).filter(|word| unread & (1 << word) == 0);
        stories(true) / MORE > stories(false) || others.into_iter().all(rare)
    }

    fn leave(&mut self, scale: &Scale, unread: u32) {
        self.unread = unread;
        let mut lists: Vec<List> = self.read.drain(..).chain(self.looked_up.drain(..)).collect();
        lists.sort_by_key(|list| (self.stories[list.word], list.word));
        let is_unread = |list: &List| unread & (1 << list.word) != 0;
        (self.looked_up, self.read) = lists.into_iter().partition(is_unread);
        self.absent = bits(unread).map(|word| scale.words[word].most).sum();
    }

    /// Words that many more stories have than the rarest; all others, where that one alone lifts the bar soon.
    fn common(&self, place: Place<'_>, wanted: usize) -> u32 {
        let all = place.segment.reader.max_doc().max(1) as f32;
        let words = || self.stories.iter().enumerate();
        let Some((rarest, least)) = words().min_by_key(|(_, stories)| **stories) else { return 0 };
        let have_all = words().map(|(_, stories)| *stories as f32 / all).product::<f32>() * all;
        let plenty = have_all > PLENTY * wanted as f32;
        let common =
            words().filter(|(word, stories)| *word != rarest && (plenty || **stories / MORE > *least));
        common.map(|(word, _)| 1 << word).sum()
    }

    /// How often a story must have the word of a list to come over the bar, with none of the other words read; where all
    /// must be there, with all others again and again.
    fn enough(&self, scale: &Scale, list: &List, bar: f32, place: Place<'_>) -> u32 {
        least(self.share_for(scale, list)(bar), place.shortest)
    }

    /// The same as a share of the word's weight.
    fn share_for(&self, scale: &Scale, list: &List) -> impl Fn(f32) -> f32 + use<> {
        let (absent, each) = match scale.all {
            true => (scale.potential(!(1 << list.word)), list.weight),
            false => (self.absent, scale.each(list.word, list.weight, self.unread)),
        };
        move |bar| (bar - absent) / each
    }

    /// The next story that any of the words read is in; with all of them to be there, the rarest of them.
    fn next(&self, scale: &Scale) -> Option<DocId> {
        let rarest = self.read.first().map(|list| list.word);
        let lists = self.read.iter().filter(|list| !scale.all || Some(list.word) == rarest);
        lists.map(List::doc).min().filter(|doc| *doc != TERMINATED)
    }

    /// The rest of a segment in which a single list is read.
    fn scan_one(
        &mut self,
        question: Question<'_>,
        place: Place<'_>,
        top: &mut Top<'_>,
        open: &mut Vec<Open>,
    ) -> tantivy::Result<()> {
        let scale = question.scale;
        let Some(mut list) = self.read.pop() else { return Ok(()) };
        let (word, weight) = (list.word, list.weight);
        let share_for = self.share_for(scale, &list);
        let mut row = vec![0.0; scale.words.len()];
        let mut failed = Ok(());
        list.each_with(top, place.shortest, share_for, |top, doc, often| {
            row.fill(0.0);
            row[word] = weight * share(often, place.norm(doc));
            weigh(&mut row, doc, scale, self, place, top, open);
            if open.len() >= TOGETHER && failed.is_ok() {
                failed = bonds::settle(question, open, top);
            }
        });
        failed
    }
}

impl Scale {
    /// Words that count only beside others.
    fn silent(&self) -> u32 {
        let silent = self.words.iter().enumerate().filter(|(_, word)| word.most == 0.0);
        silent.map(|(word, _)| 1 << word).sum()
    }

    /// What a story counts at most that has these words and no others.
    fn potential(&self, words: u32) -> f32 {
        let alone: f32 = self
            .words
            .iter()
            .enumerate()
            .filter(|(word, _)| words & (1 << word) != 0)
            .map(|(_, word)| word.most)
            .sum();
        let bonds = self.bonds.iter().filter(|bond| bond.bits & !words == 0);
        alone + bonds.map(|bond| bond.most).sum::<f32>()
    }

    /// What a word of such a weight counts at most that stands beside words that are not read.
    fn each(&self, word: usize, weight: f32, unread: u32) -> f32 {
        let bonds = self.bonds.iter().filter(|bond| bond.bits & !(unread | (1 << word)) == 0);
        weight * (1.0 + bonds.map(|bond| bond.most).sum::<f32>() / self.words[word].itself)
    }
}

fn bits(words: u32) -> impl Iterator<Item = usize> {
    (0..32).filter(move |word| words & (1 << word) != 0)
}

/// One story: is it worth looking up the other words, is it worth reading where its words stand?
#[inline]
fn weigh(
    row: &mut [f32],
    doc: DocId,
    scale: &Scale,
    parted: &mut Parted,
    place: Place<'_>,
    top: &mut Top<'_>,
    open: &mut Vec<Open>,
) {
    let (read, has) = sum(row);
    if scale.all && (has | parted.unread).count_ones() as usize != scale.words.len() {
        return;
    }
    if read + parted.absent + bound(row, has | parted.unread, scale) < top.bar() {
        return;
    }
    let (mut score, mut has) = (read, has);
    if !parted.looked_up.is_empty() {
        let norm = place.norm(doc);
        let mut before = None;
        for list in &mut parted.looked_up {
            if scale.all && before.is_some_and(|word| word != list.word && row[word] == 0.0) {
                return;
            }
            before = Some(list.word);
            let known = &mut row[list.word];
            *known = f32::max(*known, list.score_in(doc, norm));
        }
        (score, has) = sum(row);
        if scale.all && has.count_ones() as usize != scale.words.len() {
            return;
        }
    }
    if has & scale.find == 0 {
        return;
    }
    let bound = bound(row, has | scale.silent(), scale);
    let at_most = score + bound;
    if at_most < top.bar() {
        return;
    }
    top.offer(place, doc, score);
    if bound > 0.0 {
        open.push(Open { segment: place.ord, doc, score, at_most });
    }
}

/// What its words count, and which it has.
#[inline]
fn sum(row: &[f32]) -> (f32, u32) {
    let (mut sum, mut has) = (0.0, 0);
    for (word, score) in row.iter().enumerate() {
        sum += score;
        has |= u32::from(*score > 0.0) << word;
    }
    (sum, has)
}

/// What it adds at most that the words a story has, or may have, stand side by side: they do so at most as often as the
/// one that is there least.
#[inline]
fn bound(row: &[f32], has: u32, scale: &Scale) -> f32 {
    let mut bound = 0.0;
    for bond in scale.bonds.iter().filter(|bond| bond.bits & !has == 0) {
        let there = row[bond.words.clone()].iter().zip(&scale.words[bond.words.clone()]);
        let shares = there.filter(|(score, _)| **score > 0.0).map(|(score, word)| score * word.one);
        bound += bond.most * shares.fold(1.0, f32::min);
    }
    bound
}
