//! The server as tablets meet it: real HTTP on a real listener, a clock that the test sets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod scene;
mod story;
