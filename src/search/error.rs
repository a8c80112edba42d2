//! What can go wrong with a question.

/// The desk could not answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index could not be read.
    #[error("searching the index: {0}; hint: run `wiredesk reindex`")]
    Index(String),
    /// A story that the index names could not be loaded.
    #[error("loading a story: {0}")]
    Load(Box<dyn std::error::Error + Send + Sync>),
}

impl SearchError {
    /// The error class of reports.
    #[must_use]
    pub fn class(&self) -> &'static str {
        "corrupt"
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.to_string())
    }
}
