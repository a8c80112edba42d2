//! The tokens of one printed word, waiting to be handed out: a queue that gives its strings back.

use tantivy::tokenizer::Token;

/// Why a token is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A word as it is read.
    #[default]
    Plain,
    /// The parts of a hyphen compound written as one: `ceasefire` beside `cease` and beside `fire`.
    Joined,
    /// A capital name that folds into an everyday word, in capitals: `US` beside `us`.
    Marked,
    /// The word after an elided article: `avion` beside `lavion`.
    Elided,
}

/// A queue of tokens; spent ones keep their buffers for the next word.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    tokens: Vec<(Token, Kind)>,
    filled: usize,
    taken: usize,
}

impl Pieces {
    /// Forgets what is left.
    pub(super) fn clear(&mut self) {
        self.filled = 0;
        self.taken = 0;
    }

    /// A fresh token at the end of the queue: its text is empty.
    pub(super) fn push(&mut self, kind: Kind) -> &mut Token {
        if self.taken == self.filled {
            self.clear();
        }
        if self.filled == self.tokens.len() {
            self.tokens.push((Token::default(), kind));
        }
        self.filled += 1;
        let slot = &mut self.tokens[self.filled - 1];
        slot.1 = kind;
        slot.0.text.clear();
        slot.0.position_length = 1;
        &mut slot.0
    }

    /// Moves the next token into `into`; its old buffer joins the queue.
    pub(super) fn pop(&mut self, into: &mut Token) -> Option<Kind> {
        if self.taken == self.filled {
            return None;
        }
        let (token, kind) = &mut self.tokens[self.taken];
        std::mem::swap(token, into);
        self.taken += 1;
        Some(*kind)
    }
}
