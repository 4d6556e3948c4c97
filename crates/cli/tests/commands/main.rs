//! The contract with scripts: names, JSON and exit codes, through the real binary and server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod council;
mod devices;
mod failures;
mod members;
mod notes;
mod shapes;
