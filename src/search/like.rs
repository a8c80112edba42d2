//! More like this: the words that tell a story from others.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::{Searcher, Term};

use super::SearchError;
use super::terms::Phrase;
use crate::index::Index;
use crate::index::fields::{ALL, field};
use crate::item::NewsItem;

/// How many words are asked for.
const WORDS: usize = 14;
/// How often the headline counts beside the text.
const HEADLINE: usize = 3;
/// A word that fewer stories have leads nowhere: it is this story's alone, or a slip.
const FEWEST: u64 = 2;

/// A query for stories like `item`: the words that are often in it and seldom elsewhere, the most telling first. Empty when it has
/// no word that another story has.
///
/// # Errors
/// [`SearchError::Index`] on a damaged index.
pub fn like(index: &Index, item: &NewsItem) -> Result<String, SearchError> {
    catch_unwind(AssertUnwindSafe(|| Ok(telling(&index.searcher(), item)?.join(" "))))
        .unwrap_or_else(|_| Err(SearchError::Index("its files are damaged".into())))
}

fn telling(searcher: &Searcher, item: &NewsItem) -> tantivy::Result<Vec<String>> {
    let mut often: HashMap<String, usize> = HashMap::new();
    let texts =
        [(item.headline.as_deref(), HEADLINE), (item.body_text.as_deref().or(item.summary.as_deref()), 1)];
    for (text, counts) in texts {
        for word in text.into_iter().flat_map(Phrase::words) {
            let single = word.single().filter(|single| single.chars().count() > 2 && !word.is_small_number());
            single.into_iter().for_each(|single| *often.entry(single.to_owned()).or_default() += counts);
        }
    }
    let stories = searcher.num_docs().max(1) as f64;
    let mut words = Vec::new();
    for (word, often) in often {
        let with = searcher.doc_freq(&Term::from_field_text(field(ALL), &word))?;
        if with >= FEWEST {
            words.push(((often as f64).sqrt() * (stories / with as f64).ln(), word));
        }
    }
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(words.into_iter().take(WORDS).map(|(_, word)| word).collect())
}
