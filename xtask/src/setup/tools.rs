//! Rust's wasm target, and programs that cargo installs for the tests.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::packages::{self, which};
use crate::places::Places;
use crate::process::{ask, run};

/// The release of cargo-deny that reads our deny.toml.
pub(super) const CARGO_DENY: &str = "0.20.2";

/// What packing uses: a prebuilt program, never linked into anything.
const PACKER: &str = "@tauri-apps/cli@2.12.5";

/// The target of the screens.
pub(super) fn wasm_target() -> Result<()> {
    let sysroot = ask(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown").is_dir() {
        return Ok(());
    }
    println!("setup: adding Rust's target wasm32-unknown-unknown");
    run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
}

/// Installs a program into this person's cache, unless that version is there.
pub(super) fn cargo_tool(places: &Places, name: &str, version: &str) -> Result<()> {
    let kept = std::fs::read_to_string(places.tools.join(".crates.toml")).unwrap_or_default();
    if kept.contains(&format!("\"{name} {version} ")) {
        return Ok(());
    }
    println!("setup: building {name} {version} (once for this machine)");
    run(places
        .cargo()
        .args(["install", "--locked", "--quiet", "--version", version, name, "--root"])
        .arg(&places.tools)
        .env("CARGO_TARGET_DIR", places.target.join("tools")))
}

/// Installs the packer from npm.
pub(super) fn npm_tools(places: &Places) -> Result<()> {
    if which("npm").is_none() {
        packages::install(&["npm"])?;
    }
    println!("setup: installing {PACKER}");
    std::fs::create_dir_all(&places.tools)?;
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel", "error", "--prefix"])
        .arg(&places.tools)
        .arg(PACKER))
}
