//! `cargo xtask package`: the Debian package of the window, with libpdfium, fonts and the licences of
//! everything that is linked, and the bills of materials.
//!
//! The bridge for browsers is for development and tests: the package is built without it.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::places::Places;
use crate::process::run as run_to_end;
use crate::{notices, sbom, setup, web};

/// Builds everything optimised and packs it.
pub(crate) fn run(places: &Places) -> Result<()> {
    setup::for_building(places)?;
    setup::for_packing(places)?;
    web::build(places, true)?;
    notices::write(places)?;
    run_to_end(
        Command::new("tauri")
            .args(["build", "--ci", "--bundles", "deb", "--config", "tauri.package.json"])
            .args(["--", "--no-default-features"])
            .current_dir(places.root.join("src-tauri"))
            .env("PATH", places.path()?)
            .env("CARGO_TARGET_DIR", &places.target),
    )?;
    for entry in fs::read_dir(places.target.join("release/bundle/deb"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "deb") {
            println!("package: {} ({} bytes)", path.display(), fs::metadata(&path)?.len());
        }
    }
    sbom::write(places)
}
