//! `cargo xtask web`: the screens, from Rust to `dist/`.
//!
//! wasm-bindgen is linked as a library, so that its version is always the one of Cargo.lock. Only
//! files that changed are written: the window embeds `dist/` and is rebuilt when it changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::places::Places;
use crate::process::run;

const TARGET: &str = "wasm32-unknown-unknown";

/// One program of the screens, and the page that holds it.
struct Program {
    /// What cargo calls it.
    binary: &'static str,
    /// What its page calls it.
    name: &'static str,
    page: &'static str,
}

const PROGRAMS: [Program; 2] = [
    Program { binary: "pupitre-frontend", name: "pupitre", page: "index.html" },
    Program { binary: "pupitre-desk", name: "desk", page: "desk.html" },
];

/// Builds the screens; optimised for size when asked.
pub(crate) fn build(places: &Places, release: bool) -> Result<()> {
    let profile = if release { "web-release" } else { "dev" };
    run(places
        .cargo()
        .args(["build", "--package", "pupitre-frontend", "--target", TARGET])
        .args(["--profile", profile]))?;
    let folder = places.target.join(TARGET).join(if release { profile } else { "debug" });
    let out = tempfile::tempdir()?;
    for program in PROGRAMS {
        Bindgen::new()
            .input_path(folder.join(program.binary).with_extension("wasm"))
            .web(true)?
            .out_name(program.name)
            .typescript(false)
            .debug(!release)
            .remove_producers_section(release)
            // The names of functions are a quarter of what travels, and no person reads them.
            .remove_name_section(release)
            .generate(out.path())
            .context("binding the wasm")?;
    }
    for program in PROGRAMS {
        let page = places.root.join("frontend/index.html");
        let page = fs::read_to_string(&page).with_context(|| page.display().to_string())?;
        let page =
            page.replace("data-program=\"pupitre\"", &format!("data-program=\"{}\"", program.name));
        fs::write(out.path().join(program.page), page)?;
    }

    words(places, out.path())?;

    let mut files = BTreeMap::new();
    gather(out.path(), Path::new(""), &mut files)?;
    files.insert(PathBuf::from("start.js"), places.root.join("frontend/start.js"));
    for name in ["styles", "icons", "fonts"] {
        gather(&places.root.join("assets").join(name), Path::new(name), &mut files)?;
    }
    let dist = places.root.join("dist");
    lay_out(&files, &dist)?;
    PROGRAMS.iter().try_for_each(|program| report(&dist, program.name, release))
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

/// Lays the sentences of each language down as one file.
fn words(places: &Places, out: &Path) -> Result<()> {
    fs::create_dir_all(out.join("words"))?;
    for language in fs::read_dir(places.root.join("assets/i18n"))? {
        let language = language?;
        let mut files = BTreeMap::new();
        gather(&language.path(), Path::new(""), &mut files)?;
        let mut sentences = String::new();
        for path in files.values() {
            sentences += &fs::read_to_string(path).with_context(|| path.display().to_string())?;
            sentences.push('\n');
        }
        let file = out.join("words").join(language.file_name()).with_extension("ftl");
        fs::write(file, sentences)?;
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

fn report(dist: &Path, program: &str, release: bool) -> Result<()> {
    let bytes = fs::read(dist.join(format!("{program}_bg.wasm")))?;
    let size = bytes.len();
    if release {
        let mut packed = Vec::new();
        let params =
            brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &params)?;
        println!("web: {program} is ready; wasm {size} bytes, brotli {}", packed.len());
    } else {
        println!("web: {program} is ready; wasm {size} bytes, not optimised");
    }
    Ok(())
}
