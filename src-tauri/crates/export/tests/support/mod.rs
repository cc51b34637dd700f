//! Small PDFs of every shape, one annotation of every kind, and the programs of others that read and draw them.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

pub mod hybrid;
pub mod image;
pub mod marks;
pub mod pages;
pub mod tools;
