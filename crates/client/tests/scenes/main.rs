//! Scenes: the client with the real store, the real server and the real PDF reader.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test may stop at the first surprise"
)]

mod archive;
mod audiences;
mod automatic;
mod brought;
mod chamber;
mod clerk;
mod convening;
mod corrections;
mod council;
mod damaged;
mod leaving;
mod lock;
mod marking;
mod messages;
mod papers;
mod publishing;
mod reading;
mod restored;
mod roster;
mod sealed;
mod sealed_idle;
mod sealed_newcomers;
mod sealed_reminder;
mod stamp;
mod thread;
mod undo;
mod versions;
