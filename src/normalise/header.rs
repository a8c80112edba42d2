//! **What did the desk write on the copy?** Slugline marks, notes to editors, transmission numbers and trailers.

use std::ops::Range;

/// The marks of a piece of wire copy, and where the story proper stands between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The slugline without cycle designator, version and word count: `US--Capitol Riot`.
    pub slug: Option<String>,
    /// AP's editorial type when a mark says it: `Lead`, `Writethru`, `Add`, `Takes`, `Corrective`, `Kill` ...
    pub editorial_type: Option<&'static str>,
    /// Notes to editors found in the body, as printed.
    pub ed_notes: Vec<String>,
    /// Transmission number, as printed: `a0512`, `V9991`.
    pub transmission: Option<String>,
    /// Word count, as printed in the slugline.
    pub word_count: Option<u32>,
    /// Bytes of the body that are the story: header lines before it and trailers behind it left out.
    pub body: Range<usize>,
}

/// Reads the marks of sluglines, headline and body.
pub fn read(_sluglines: &[String], _headline: Option<&str>, body_text: &str) -> Header {
    Header { body: 0..body_text.len(), ..Header::default() }
}
