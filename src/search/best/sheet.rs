//! Words read side by side, a sheet of stories at a time.

use tantivy::{DocId, TERMINATED};

use super::list::List;
use super::top::Top;
use super::{Open, Place, Scale, norms, share};

/// Stories on a sheet: few enough that the sheet stays in the processor's cache.
const STORIES: DocId = 2048;
/// When every word must be there, those that so many times more stories have are looked up story by story.
const MORE: u32 = 12;

/// The scores of each word in each story of a sheet.
struct Sheet {
    /// One row a story, one column a word.
    scores: Vec<f32>,
    words: usize,
    /// One bit a story that has any of the words.
    touched: [u64; STORIES as usize / 64],
}

/// Offers the stories of a segment that have the words, and puts those aside in which the words may stand side by side.
pub(super) fn scan(
    scale: &Scale,
    lists: Vec<List>,
    place: Place<'_>,
    top: &mut Top<'_>,
    open: &mut Vec<Open>,
) {
    let missing = |word: usize| scale.words[word].most > 0.0 && lists.iter().all(|list| list.word != word);
    if scale.all && (0..scale.words.len()).any(missing) {
        return;
    }
    let words = scale.words.len();
    let scores = vec![0.0; STORIES as usize * words];
    let mut sheet = Sheet { scores, words, touched: [0; STORIES as usize / 64] };
    let mut parted = Parted { read: lists, looked_up: Vec::new(), absent: 0.0, unread: u32::MAX };
    let mut bar = -1.0;
    loop {
        if top.bar() > bar {
            bar = top.bar();
            parted.part(scale, bar);
        }
        let next = parted.read.iter().map(List::doc).min().unwrap_or(TERMINATED);
        if next == TERMINATED {
            return;
        }
        let first = next - next % STORIES;
        sheet.fill(first, &mut parted.read, place);
        sheet.offer(first, scale, &mut parted, place, top, open);
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
}

impl Parted {
    /// Which words are read when a story has to come over `bar`?
    fn part(&mut self, scale: &Scale, bar: f32) {
        if scale.all && self.unread != u32::MAX {
            return;
        }
        let unread = if scale.all { common(scale, &self.read) } else { scale.too_little(bar) };
        if unread == self.unread {
            return;
        }
        self.unread = unread;
        let mut lists: Vec<List> = self.read.drain(..).chain(self.looked_up.drain(..)).collect();
        lists.sort_by_key(List::len);
        let is_unread = |list: &List| self.unread & (1 << list.word) != 0;
        (self.looked_up, self.read) = lists.into_iter().partition(is_unread);
        let unread = (0..scale.words.len()).filter(|word| self.unread & (1 << word) != 0);
        self.absent = unread.map(|word| scale.words[word].most).sum();
    }
}

/// Words that many more stories have than the rarest.
fn common(scale: &Scale, lists: &[List]) -> u32 {
    let stories = |word: usize| lists.iter().filter(|list| list.word == word).map(List::len).sum::<u32>();
    let rarest = (0..scale.words.len()).map(stories).min().unwrap_or_default();
    let common = (0..scale.words.len()).filter(|word| stories(*word) / MORE > rarest);
    common.map(|word| 1 << word).sum()
}

impl Scale {
    /// The words that lift no story over the bar, not even all of them side by side; and those that do not count alone.
    fn too_little(&self, bar: f32) -> u32 {
        let mut by_most: Vec<usize> = (0..self.words.len()).collect();
        by_most.sort_by(|a, b| self.words[*a].most.total_cmp(&self.words[*b].most));
        let mut unread = 0;
        for word in by_most {
            let with = unread | (1 << word);
            let alone: f32 = (0..self.words.len())
                .filter(|word| with & (1 << word) != 0)
                .map(|word| self.words[word].most)
                .sum();
            let bound =
                self.bonds.iter().filter(|bond| bond.bits & !with == 0).map(|bond| bond.most).sum::<f32>();
            if alone > 0.0 && alone + bound >= bar {
                break;
            }
            unread = with;
        }
        unread
    }
}

impl Sheet {
    fn fill(&mut self, first: DocId, lists: &mut [List], place: Place<'_>) {
        let norms = norms();
        for list in lists {
            let (word, weight) = (list.word, list.weight);
            list.each_before(first + STORIES, |doc, often| {
                let at = (doc - first) as usize;
                let score = weight * share(often, norms[usize::from(place.norms.fieldnorm_id(doc))]);
                let known = &mut self.scores[at * self.words + word];
                *known = f32::max(*known, score);
                self.touched[at / 64] |= 1 << (at % 64);
            });
        }
    }

    /// Takes the stories off the sheet.
    fn offer(
        &mut self,
        first: DocId,
        scale: &Scale,
        parted: &mut Parted,
        place: Place<'_>,
        top: &mut Top<'_>,
        open: &mut Vec<Open>,
    ) {
        for (group, bits) in self.touched.iter_mut().enumerate() {
            let mut bits = std::mem::take(bits);
            while bits != 0 {
                let at = group * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let row = &mut self.scores[at * self.words..][..self.words];
                weigh(row, first + at as DocId, scale, parted, place, top, open);
                row.fill(0.0);
            }
        }
    }
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
    let absent = if scale.phrase { 0.0 } else { read + parted.absent };
    if absent + bound(row, has | parted.unread, scale) < top.bar() {
        return;
    }
    let (mut score, mut has) = (read, has);
    if !parted.looked_up.is_empty() {
        let norm = place.norm(doc);
        for list in &mut parted.looked_up {
            let known = &mut row[list.word];
            *known = f32::max(*known, list.score_in(doc, norm));
        }
        (score, has) = sum(row);
        if scale.all && has.count_ones() as usize != scale.words.len() {
            return;
        }
    }
    let silent = scale.words.iter().enumerate().filter(|(_, word)| word.most == 0.0);
    let bound = bound(row, has | silent.map(|(word, _)| 1 << word).sum::<u32>(), scale);
    if scale.phrase {
        score = 0.0;
    }
    let at_most = score + bound;
    if at_most < top.bar() {
        return;
    }
    if !scale.phrase {
        top.offer(place, doc, score);
    }
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
        let shares = bond
            .words
            .clone()
            .filter(|word| row[*word] > 0.0)
            .map(|word| row[word] / scale.words[word].itself);
        bound += bond.most * shares.fold(1.0, f32::min);
    }
    bound
}
