//! What several crates' tests share. A dev-dependency only; it never ships.

pub mod signer;

pub use signer::Signer;
