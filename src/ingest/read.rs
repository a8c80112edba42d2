//! From bytes to stories, away from the network's threads: format, then normalise, one delivery at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::report::{Failure, Stage};
use crate::config::Feed;
use crate::fetch::with_hint;
use crate::format;
use crate::item::NewsItem;
use crate::normalise::{self, Origin};
use crate::store::{Part, rejected};
use crate::wire::Delivery;

/// What one fetch's deliveries came to.
#[derive(Debug, Default)]
pub struct Reading {
    /// Deliveries that could be read, with their items.
    pub parts: Vec<Part>,
    /// One for each delivery that could not; its bytes are kept under `rejected/`.
    pub failures: Vec<Failure>,
    /// The addresses of those deliveries, with the reason.
    pub unread: Vec<(String, String)>,
    /// Faults beside documents and items.
    pub faults: usize,
    /// Stories that are there a second time, as their page told them or with the reason why it did not.
    pub again: usize,
    /// A document was cut short: its validators must not be believed.
    pub damaged: bool,
    /// Minutes between polls that a document asks for (`ttl`, `sy:updatePeriod`).
    pub asked_minutes: Option<u32>,
}

/// Faults of a document that cost it no story: a feed that has one for good, and a new date of its own in each delivery, is not kept
/// once a poll for it.
const LOSES_NOTHING: &[&str] = &["bad_date", "charset"];

/// Reads every delivery. One that cannot be read is put aside and costs its neighbours nothing.
pub fn read_all(deliveries: Vec<Delivery>, feed: &Feed, data_dir: &Path) -> Reading {
    let mut reading = Reading::default();
    for delivery in deliveries {
        match read_safely(&delivery, feed) {
            Ok((read, asked)) => {
                reading.asked_minutes = asked.or(reading.asked_minutes);
                reading.take(delivery, read);
            }
            Err(unread) => {
                let failure = put_aside(&delivery, feed, data_dir, unread);
                reading.unread.extend(delivery.url.map(|url| (url, failure.error.clone())));
                reading.failures.push(failure);
            }
        }
    }
    reading
}

impl Reading {
    fn take(&mut self, delivery: Delivery, read: normalise::Copy) {
        let document_faults = &read.feed.faults;
        self.damaged |= document_faults.iter().any(|fault| fault.code == "truncated");
        self.faults += document_faults.len() + read.items.iter().map(|item| item.faults.len()).sum::<usize>();
        let items = read.items.into_iter().filter(says_anything).collect();
        let faulty = document_faults.iter().any(|fault| !LOSES_NOTHING.contains(&&*fault.code));
        self.parts.push(Part { delivery, faulty, items });
    }
}

/// An item without a name, a word or an address is nothing that could be kept or found; its faults are counted all the same.
fn says_anything(item: &NewsItem) -> bool {
    let texts = [
        &item.guid,
        &item.link,
        &item.headline,
        &item.body_text,
        &item.summary,
        &item.ed_note,
        &item.slugline,
    ];
    let lists = [item.captions.len(), item.enclosures.len(), item.related.len()];
    texts.into_iter().any(Option::is_some) || lists.into_iter().any(|count| count > 0) || item.order.is_some()
}

/// A document's stories, and the minutes between polls that it asks for.
type Asking = (normalise::Copy, Option<u32>);

/// Why a delivery could not be read.
struct Unread {
    class: &'static str,
    error: String,
    hint: &'static str,
}

/// A parser must not panic; if one does, it is that delivery's failure and not the desk's end.
fn read_safely(delivery: &Delivery, feed: &Feed) -> Result<Asking, Unread> {
    catch_unwind(AssertUnwindSafe(|| read(delivery, feed))).unwrap_or_else(|_| {
        Err(Unread {
            class: "protocol",
            error: "the parser panicked".into(),
            hint: "please report it with the kept file",
        })
    })
}

fn read(delivery: &Delivery, feed: &Feed) -> Result<Asking, Unread> {
    let parsed = format::read(delivery, feed.format.as_deref()).map_err(|error| Unread {
        class: error.class(),
        error: error.to_string(),
        hint: error.hint(),
    })?;
    let origin = Origin { url: delivery.url.clone(), received: delivery.received };
    let asked = parsed.feed.ttl_minutes;
    Ok((normalise::normalise(parsed, &feed.house, &origin), asked))
}

fn put_aside(delivery: &Delivery, feed: &Feed, data_dir: &Path, unread: Unread) -> Failure {
    let from = delivery.url.as_deref().unwrap_or(&feed.id);
    let error = feed.transport.hide(format!("reading {from}: {}{}", unread.error, with_hint(unread.hint)));
    let kept = match rejected::keep(data_dir, &feed.id, delivery, &error) {
        Ok(path) => format!("kept as {}", path.display()),
        Err(error) => format!("not kept: {error}"),
    };
    Failure { stage: Stage::Read, error_class: unread.class.into(), error: format!("{error} ({kept})") }
}
