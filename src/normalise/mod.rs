//! **Here is a wire item: what is the story?** One pure file a field; no clock, no disk, no network, no config.

pub mod byline;
pub mod caption;
pub mod dateline;
pub mod gazetteer;
pub mod header;
pub mod regions;
