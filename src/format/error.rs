//! What can stop a document from being read at all.

/// Why a document gave nothing. What is merely odd is a [`Fault`](crate::wire::Fault) instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Nothing but white space, or nothing.
    #[error("reading the document: it is empty")]
    Empty,
    /// No row of `FORMATS` knows it.
    #[error("reading the document: no feed or news item in it, found {found}")]
    NotAFeed {
        /// What it is instead, for a person: `an HTML page titled "504 Gateway Time-out"`.
        found: String,
    },
    /// The format asked for does not exist.
    #[error("reading the document: there is no format {wanted:?}; hint: one of {known}")]
    UnknownFormat {
        /// As asked for.
        wanted: String,
        /// The names there are, comma separated.
        known: String,
    },
    /// Reading it would take more memory than any news is worth.
    #[error("reading the document as {format}: it has {found}, more than any news has")]
    TooMuch {
        /// The row of `FORMATS`.
        format: &'static str,
        /// What there is too much of.
        found: String,
    },
    /// It ends too early, and what there is of it may be half a story.
    #[error("reading the document as {format}: it was cut short, and has no whole story")]
    Cut {
        /// The row of `FORMATS`.
        format: &'static str,
    },
    /// It is of this format but too broken to give an item.
    #[error("reading the document as {format}: {detail}")]
    Syntax {
        /// The row of `FORMATS`.
        format: &'static str,
        /// Where it broke.
        detail: String,
    },
}

impl FormatError {
    /// The class that reports and metrics count it under.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAFeed { .. } => "not_a_feed",
            Self::UnknownFormat { .. } => "config",
            Self::TooMuch { .. } => "limit",
            Self::Cut { .. } => "truncated",
            Self::Syntax { .. } => "xml_syntax",
        }
    }

    /// What a person may do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "if it stays so, ask the provider",
            Self::NotAFeed { .. } => {
                "look at it in a browser: it may want a sign-in, or the feed has moved; `wiredesk feeds add` finds the feed behind a page"
            }
            Self::UnknownFormat { .. } => "",
            Self::TooMuch { .. } => "ask the provider to split it, or for a feed of fewer stories",
            Self::Cut { .. } => "it is asked for again; if it stays so, the provider's server breaks off",
            Self::Syntax { .. } => "`wiredesk parse --explain` with the file shows how far it can be read",
        }
    }
}
