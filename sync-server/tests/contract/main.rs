//! What every log and every store of papers promises, run on each implementation; and long random
//! histories run on the database and on the model, which must answer alike.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod audit;
mod blobs;
mod convocations;
mod faults;
mod history;
mod log;
mod messages;
mod post;
mod postgres;
mod s3;
mod world;
