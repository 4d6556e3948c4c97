//! `cargo xtask web`: the screens, from Rust to `dist/`.
//!
//! wasm-bindgen is linked as a library, so that its version is always the one of Cargo.lock. Only
//! files that changed are written: the window embeds `dist/` and is rebuilt when it changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::places::Places;
use crate::process::{ask, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// Builds the screens; optimised for size when asked.
pub(crate) fn build(places: &Places, release: bool) -> Result<()> {
    let profile = if release { "web-release" } else { "dev" };
    run(places
        .cargo()
        .args(["build", "--package", "pupitre-frontend", "--target", TARGET])
        .args(["--profile", profile]))?;
    let folder = places.target.join(TARGET).join(if release { profile } else { "debug" });
    let out = tempfile::tempdir()?;
    Bindgen::new()
        .input_path(folder.join("pupitre-frontend.wasm"))
        .web(true)?
        .out_name("pupitre")
        .typescript(false)
        .debug(!release)
        .remove_producers_section(release)
        .generate(out.path())
        .context("binding the wasm")?;
    let wasm = out.path().join("pupitre_bg.wasm");
    if release {
        squeeze(places, &wasm)?;
    }

    let mut files = BTreeMap::new();
    gather(out.path(), Path::new(""), &mut files)?;
    for name in ["index.html", "start.js"] {
        files.insert(PathBuf::from(name), places.root.join("frontend").join(name));
    }
    for name in ["styles", "icons", "fonts"] {
        gather(&places.root.join("assets").join(name), Path::new(name), &mut files)?;
    }
    let dist = places.root.join("dist");
    lay_out(&files, &dist)?;
    report(&dist.join("pupitre_bg.wasm"), release)
}

/// Lists a folder's files by their place in `dist/`; a folder that is not there has none.
fn gather(from: &Path, to: &Path, files: &mut BTreeMap<PathBuf, PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let (path, place) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            gather(&path, &place, files)?;
        } else {
            files.insert(place, path);
        }
    }
    Ok(())
}

/// Makes `dist/` hold these files and nothing else; files that are the same stay untouched.
fn lay_out(files: &BTreeMap<PathBuf, PathBuf>, dist: &Path) -> Result<()> {
    for (place, from) in files {
        let bytes = fs::read(from).with_context(|| from.display().to_string())?;
        let to = dist.join(place);
        if fs::read(&to).is_ok_and(|old| old == bytes) {
            continue;
        }
        fs::create_dir_all(to.parent().context("a folder")?)?;
        fs::write(&to, bytes).with_context(|| to.display().to_string())?;
    }
    let mut there = BTreeMap::new();
    gather(dist, Path::new(""), &mut there)?;
    for (place, path) in there {
        if !files.contains_key(&place) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Makes the wasm smaller with wasm-opt, when a recent one is at hand.
fn squeeze(places: &Places, wasm: &Path) -> Result<()> {
    let path = places.path()?;
    let version = ask(Command::new("wasm-opt").arg("--version").env("PATH", &path));
    let number = version.ok().and_then(|said| said.split(' ').nth(2)?.trim().parse::<u32>().ok());
    // Older ones do not read what Rust 1.95 writes.
    if number.is_none_or(|number| number < 120) {
        println!("web: no wasm-opt of version 120 or later; the wasm stays as it is");
        return Ok(());
    }
    let small = wasm.with_extension("small");
    run(Command::new("wasm-opt").env("PATH", path).arg("-Oz").arg(wasm).arg("-o").arg(&small))?;
    fs::rename(small, wasm)?;
    Ok(())
}

fn report(wasm: &Path, release: bool) -> Result<()> {
    let bytes = fs::read(wasm)?;
    if release {
        let mut packed = Vec::new();
        let params =
            brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &params)?;
        println!("web: dist/ is ready; wasm {} bytes, brotli {}", bytes.len(), packed.len());
    } else {
        println!("web: dist/ is ready; wasm {} bytes, not optimised", bytes.len());
    }
    Ok(())
}
