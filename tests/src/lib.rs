//! What the stories need: the real server, the real tablets, and papers made on the spot.
//!
//! The stories in `tests/` run the products as processes, the way people run them. Build them first
//! (`cargo xtask test` does): a test binary finds them beside itself in the target folder.

#![allow(clippy::indexing_slicing, reason = "a JSON value answers null for a missing place")]

pub mod killing;
pub mod mail;
pub mod papers;
pub mod screen;
pub mod server;
pub mod sms;
pub mod tablet;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

pub use mail::MailServer;
pub use server::Server;
pub use sms::SmsProvider;
pub use tablet::Tablet;

/// Path of a product built in the same target folder as this program: a test, whose own file is one
/// folder further down, or the benchmarks.
///
/// # Errors
/// It has not been built.
pub fn product(name: &str) -> Result<PathBuf> {
    let program = std::env::current_exe().context("this program's own path")?;
    let own = program.parent().context("the folder of this program")?;
    let folder = if own.ends_with("deps") { own.parent().unwrap_or(own) } else { own };
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    ensure!(path.exists(), "{} is not built; run `cargo build` first", path.display());
    Ok(path)
}

/// The folder of real council papers, when this machine has it; says so when not.
#[must_use]
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
pub fn real_papers(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no test data ({folder})");
    None
}
