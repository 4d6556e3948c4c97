//! The demo council: the papers of Valbrune, a French commune of about 9 000 inhabitants that does not exist.
//!
//! The prose is in `papers/*.typ`, the facts in `data/*.toml`, and everything that is added up in Rust, so that the
//! totals of one paper agree with those of another. Nothing is random: for one date the bytes are always the same.
//!
//! Start with [`write()`]; the path of a paper is agenda ([`agenda`]) -> facts ([`facts`]) -> pages (`pupitre-press`)
//! -> finish ([`scan`], [`turn`]) -> file.

pub mod agenda;
pub mod budget;
pub mod calendar;
pub mod council;
pub mod facts;
pub mod loan;
pub mod scan;
pub mod tender;
pub mod turn;

mod templates;
mod write;

pub use write::{Error, Folder, Written, write};
