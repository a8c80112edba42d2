//! What was fetched and is not on the disk yet: so much of it at most, however slow the disk.

use std::sync::Arc;

use tokio::sync::{AcquireError, Semaphore, SemaphorePermit};

use super::writer::GROUP;

/// Documents that were read and are not landed yet. What was fetched and waits for its turn is smaller than what is read of it.
const READ: usize = 2 * GROUP;
/// Polls that have brought something which is not landed yet: with so many, more would only wait, each with what it has brought.
const POLLS: usize = 8 * GROUP;

/// The polls that have brought something, and their turns to be read and landed.
pub(super) struct Backlog {
    /// One more holder for each poll that waits.
    polls: Arc<()>,
    turns: Semaphore,
}

impl Default for Backlog {
    fn default() -> Self {
        Self { polls: Arc::default(), turns: Semaphore::new(READ) }
    }
}

impl Backlog {
    /// Nothing more should be asked for. A feed that is slow to answer is none of it.
    pub fn is_full(&self) -> bool {
        Arc::strong_count(&self.polls) > POLLS
    }

    /// A poll has brought something; it counts for as long as it holds what this gives.
    pub fn add(&self) -> Arc<()> {
        self.polls.clone()
    }

    /// Waits until what was fetched may be read.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.turns.acquire().await
    }

    /// Filled to the brim.
    #[cfg(test)]
    pub fn fill(&self) -> Vec<Arc<()>> {
        (0..POLLS).map(|_| self.add()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_while_so_many_polls_wait() {
        let backlog = Backlog::default();
        let mut waiting = backlog.fill();
        assert!(backlog.is_full());
        waiting.pop();
        assert!(!backlog.is_full());
    }
}
