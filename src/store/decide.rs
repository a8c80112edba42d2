//! What a person decides about a recall, and what waits for a person.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{OpenFlags, TransactionBehavior, params};

use super::db::Store;
use super::error::{Doing, StoreError};
use super::recall;
use super::types::{Landed, Revision};
use crate::item::{NewsItem, Verb};

const DECIDE: &str = "deciding on a recall";

/// What waits for a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Review {
    /// Orders that several stories answer to, each with these; the stories are held meanwhile.
    pub unsure: Vec<(NewsItem, Vec<NewsItem>)>,
    /// Orders that no story answers to: it has not come, or is named otherwise.
    pub waiting: Vec<NewsItem>,
    /// Killed stories that their provider sent again as usable.
    pub sent_again: Vec<NewsItem>,
}

impl Store {
    /// Opens the store of the data dir `dir` to note down a person's decisions, also beside the process that writes to
    /// it: each is one short transaction.
    ///
    /// # Errors
    /// As of [`Self::open_read_only`].
    pub fn open_beside(dir: &Path) -> Result<Self, StoreError> {
        drop(Self::open_read_only(dir)?);
        Self::connected(dir, OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Notes down what a person decided about the story `id` at `at`: [`Verb::Kill`], or [`Verb::Release`] of all that
    /// was done to it before. False when there is no such story.
    ///
    /// # Errors
    /// `locked`, `corrupt` or `storage`; then nothing was decided.
    pub fn decide(&mut self, id: &str, verb: Verb, reason: &str, at: Timestamp) -> Result<bool, StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate).doing(DECIDE)?;
        let known: bool = tx
            .query_row("SELECT EXISTS (SELECT 1 FROM story WHERE id = ?1)", [id], |row| row.get(0))
            .doing(DECIDE)?;
        if known {
            let word = if verb == Verb::Kill { "kill" } else { "release" };
            let sql = "INSERT INTO decision (id, verb, at, reason) VALUES (?1, ?2, ?3, ?4)";
            tx.execute(sql, params![id, word, at.as_microsecond(), reason]).doing(DECIDE)?;
            recall::settle(&tx, id, at, &mut Landed::default())?;
        }
        tx.commit().doing(DECIDE)?;
        self.mark.note(&self.conn);
        Ok(known)
    }

    /// Every story that was taken back or is held by an order, as its current revision.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn recalled(&self) -> Result<Vec<Revision>, StoreError> {
        self.revisions(&format!("{} WHERE s.recall IS NOT NULL ORDER BY r.seq", super::read::CURRENT), [])
    }

    /// What waits for a person.
    ///
    /// # Errors
    /// `corrupt` or `storage`.
    pub fn review(&self) -> Result<Review, StoreError> {
        let mut review = Review { waiting: self.unanswered()?, ..Review::default() };
        for story in self.recalled()?.into_iter().map(|revision| revision.item) {
            let Some(recalled) = story.recalled.clone() else { continue };
            if recalled.unsure {
                self.note_unsure(&mut review, recalled.by.as_deref().unwrap_or_default(), story)?;
            } else if recalled.by.as_deref() == Some(&story.id) && story.own_verb().is_none() {
                review.sent_again.push(story);
            }
        }
        Ok(review)
    }

    fn note_unsure(&self, review: &mut Review, by: &str, story: NewsItem) -> Result<(), StoreError> {
        if let Some((_, stories)) = review.unsure.iter_mut().find(|(order, _)| order.id == by) {
            stories.push(story);
        } else if let Some(order) = self.current(by)? {
            review.unsure.push((order.item, vec![story]));
        }
        Ok(())
    }

    /// Orders that mean no story, unless they take back their own chain.
    fn unanswered(&self) -> Result<Vec<NewsItem>, StoreError> {
        let sql = format!(
            "{} WHERE s.id IN (SELECT id FROM standing) AND s.id NOT IN (SELECT ordering FROM verdict) ORDER BY r.seq",
            super::read::CURRENT
        );
        let mut waiting = Vec::new();
        for order in self.revisions(&sql, [])? {
            let chain = self.history(&order.item.id)?;
            if chain.iter().all(|revision| revision.item.order.is_some()) {
                waiting.push(order.item);
            }
        }
        Ok(waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Desk, at, landing, story};
    use super::*;
    use crate::item::Order;

    fn order(id: &str, slug: &str, verb: Verb) -> NewsItem {
        let order = Order { verb, slug: Some(slug.into()), words: "Please kill".into(), ..Order::default() };
        NewsItem { order: Some(order), editorial_type: Some("Kill".into()), ..story(id, "1", "Kill") }
    }

    fn slugged(id: &str, slug: &str) -> NewsItem {
        NewsItem {
            slugline: Some(slug.into()),
            body_text: Some(format!("{id} {id} words of {id} own")),
            ..story(id, "1", &format!("Headline {id}"))
        }
    }

    fn shown(desk: &Desk, id: &str) -> bool {
        desk.store.current(id).unwrap().unwrap().item.publishability(at(99)).is_publishable()
    }

    #[test]
    fn what_is_not_clear_waits_for_a_person_and_is_held_meanwhile() {
        let mut desk = Desk::new();
        desk.store.land(landing("ap", 1, vec![slugged("a", "Farm"), slugged("b", "Farm")])).unwrap();
        desk.store
            .land(landing("ap", 2, vec![order("k", "Farm", Verb::Kill), order("k2", "Forum", Verb::Kill)]))
            .unwrap();
        let review = desk.store.review().unwrap();
        let ids = |items: &[NewsItem]| items.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        assert_eq!((review.unsure.len(), ids(&review.unsure[0].1)), (1, vec!["a".into(), "b".into()]));
        assert_eq!(ids(&review.waiting), ["k2"]);
        assert!(!shown(&desk, "a") && !shown(&desk, "b"));

        let mut beside = Store::open_beside(desk.dir.path()).unwrap();
        let before = desk.store.last_seq().unwrap();
        assert!(beside.decide("a", Verb::Kill, "it was this one", at(10)).unwrap());
        assert!(beside.decide("b", Verb::Release, "not meant", at(11)).unwrap());
        assert!(!beside.decide("nobody", Verb::Kill, "", at(11)).unwrap());
        assert!(!shown(&desk, "a") && shown(&desk, "b"));
        assert!(desk.store.last_seq().unwrap() > before, "followers hear of it");
        assert!(desk.store.review().unwrap().unsure.is_empty());
    }

    #[test]
    fn a_killed_story_that_is_sent_again_waits_for_a_person() {
        let mut desk = Desk::new();
        let canceled = |v| NewsItem { pub_status: Some("canceled".into()), ..story("a", v, "gone") };
        desk.store.land(landing("ap", 1, vec![canceled("1")])).unwrap();
        assert!(desk.store.review().unwrap().sent_again.is_empty());
        desk.store.land(landing("ap", 2, vec![story("a", "2", "back")])).unwrap();
        assert_eq!(desk.store.review().unwrap().sent_again.len(), 1);
        assert!(!shown(&desk, "a"));
        desk.store.decide("a", Verb::Release, "the desk called", at(3)).unwrap();
        assert!(shown(&desk, "a"));
        desk.store.land(landing("ap", 4, vec![canceled("3")])).unwrap();
        desk.store.land(landing("ap", 5, vec![story("a", "4", "back")])).unwrap();
        assert!(!shown(&desk, "a"), "a new kill counts again");
    }
}
