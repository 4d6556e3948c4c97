//! What several crates' tests share. A dev-dependency only; it never ships.

pub mod authority;
pub mod convening;
pub mod drafting;
pub mod faults;
pub mod scene;
pub mod signer;
pub mod simulation;

pub use authority::Authority;
pub use scene::Scene;
pub use signer::Signer;
