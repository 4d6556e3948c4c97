//! The press: letters and papers are set by Typst as a library.
//!
//! Nothing here touches the disk, the network or the clock: a template sees the files it is given and
//! nothing else, so that the same letter gives the same bytes on every machine. [`letters`] sets the
//! convocation; [`press`] is the machine under it, which the demo council's papers use as well.

pub mod letters;
pub mod press;

pub use letters::convocation;
