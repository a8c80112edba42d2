//! Where a caption's credit is labelled: `Foto:`, `photo by`, `©`.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::words::LABELS;

/// Letters of the longest credit.
pub const MOST: usize = 130;

/// Where the first label whose rest is short enough for a credit begins, and where that rest begins.
pub fn first(caption: &str) -> Option<(usize, usize)> {
    let tail = Tail::of(caption);
    let found = FINDERS.iter().filter_map(|(label, finder)| place_of(&tail, label, finder));
    found.min_by_key(|&(at, after)| (at, usize::MAX - after))
}

/// Each of [`LABELS`] with what seeks it, made ready once.
static FINDERS: LazyLock<Vec<(&str, Finder<'static>)>> =
    LazyLock::new(|| LABELS.iter().map(|label| (*label, Finder::new(*label))).collect());

/// The end of a caption, as far as a label and its credit can reach.
struct Tail<'a> {
    caption: &'a str,
    /// Where its last letters begin, the last one first.
    letters: Vec<usize>,
    /// Where `lower` begins in the caption.
    from: usize,
    lower: String,
}

impl<'a> Tail<'a> {
    fn of(caption: &'a str) -> Self {
        let longest = LABELS.iter().map(|label| label.len()).max().unwrap_or_default();
        let letters: Vec<usize> =
            caption.char_indices().rev().take(MOST + longest + 1).map(|(at, _)| at).collect();
        let from = letters.last().copied().unwrap_or_default();
        let lower = lower_same_length(caption.get(from..).unwrap_or_default());
        Self { caption, letters, from, lower }
    }

    /// Where the last `letters` letters and the one before them begin.
    fn last(&self, letters: usize) -> usize {
        self.letters.get(letters).copied().unwrap_or_default()
    }
}

/// The earliest place from which the label's rest is at most [`MOST`] letters.
fn place_of(tail: &Tail<'_>, label: &str, finder: &Finder<'_>) -> Option<(usize, usize)> {
    let caption = tail.caption;
    let from = tail.last(MOST + label.len());
    let sought = tail.lower.as_bytes().get(from.checked_sub(tail.from)?..)?;
    let mut places = finder.find_iter(sought).map(|at| from + at);
    let free = |at: &usize| {
        let before = caption.get(..*at).unwrap_or_default();
        let kicker = ["FILE", "File", "HANDOUT", "AP"].iter().any(|word| before.trim_end().ends_with(word));
        let begun = before.trim().len() > 2 && !kicker;
        let apart = !before.ends_with(|c: char| c.is_alphanumeric());
        begun && (apart || !label.starts_with(|c: char| c.is_ascii_alphanumeric()))
    };
    let by_name = |at: &usize| {
        let after = caption.get(at + label.len()..).unwrap_or_default().trim_start();
        !label.ends_with(' ') || after.starts_with(|c: char| !c.is_lowercase())
    };
    let sign = |at: &usize| label != "@" || caption.get(..*at).is_some_and(|before| before.ends_with(' '));
    let at = places.find(|at| free(at) && by_name(at) && sign(at))?;
    Some((at, if label == "@" { at } else { at + label.len() }))
}

/// Small letters, each as long as it was.
pub fn lower_same_length(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .map(|c| c.to_lowercase().next().filter(|lower| lower.len_utf8() == c.len_utf8()).unwrap_or(c))
        .collect()
}
