//! The server as tablets meet it: real HTTP on a real listener, a clock that the test sets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod access;
mod audit;
mod backup;
mod calendar;
mod cli;
mod connector;
mod damages;
mod doors;
mod enrolment;
mod farewell;
mod limits;
mod papers;
mod pokes;
mod scene;
mod story;
mod strangers;
mod sync;
mod tls;
