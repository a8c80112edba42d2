//! **Which items hold this word?**
pub mod analyser;
pub mod fields;
mod fold;
mod pieces;
mod word;
