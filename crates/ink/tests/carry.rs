//! Notes carried into a new version, as scenes and as properties.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "a test may stop at the first surprise"
)]

use pupitre_ink as ink;

#[allow(dead_code, reason = "the benchmark asks more of it")]
#[path = "carry/press.rs"]
mod press;
#[path = "carry/scenes.rs"]
mod scenes;
