//! What several crates' tests share. A dev-dependency only; it never ships.

pub mod scene;
pub mod signer;

pub use scene::Scene;
pub use signer::Signer;
