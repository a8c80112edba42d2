//! The one integration binary: a file a question, all of them linked once.

mod architecture;
mod golden;
