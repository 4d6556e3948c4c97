//! How much is read from, and written to, a notes document at once.

use std::time::Duration;

/// Largest payload, in bytes.
pub const PAYLOAD: usize = 256 * 1024;
/// Most changes in a payload.
pub const CHANGES: usize = 1_000;
/// Largest payload once inflated, in bytes.
pub const INFLATED: usize = 4 * 1024 * 1024;
/// Most single values that the changes of a payload may write.
pub const OPERATIONS: usize = 100_000;
/// Most changes that wait for others they build on.
pub const WAITING: usize = 64;
/// Longest text of a note, in bytes of UTF-8.
pub const TEXT: usize = 64 * 1024;
/// Longest word on a stamp, in bytes of UTF-8.
pub const WORD: usize = 256;
/// Largest ink of a note, in encoded bytes.
pub const INK: usize = 160 * 1024;
/// Most rectangles of marked text.
pub const RECTS: usize = 2_000;
/// A deadline that no honest bytes meet, even on a slow and busy tablet.
pub const DEADLINE: Duration = Duration::from_secs(5);
