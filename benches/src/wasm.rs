//! The frontend as it travels: `dist/` of `cargo xtask web --release`, compressed by brotli.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::figure::{Figure, Target};

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let wasm = std::fs::read_dir(&dist)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|end| end == "wasm"))
        .context("dist/ has no wasm; run `cargo xtask web --release` first")?;
    let bytes = std::fs::read(wasm)?;
    let mut packed = Vec::new();
    let mut packer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    packer.write_all(&bytes)?;
    drop(packer);
    let kilobytes = packed.len() as f64 / 1_000.0;
    let figure = Figure::of("frontend wasm, brotli", "KB", vec![kilobytes], Target::Median(600.0))
        .peer("the same, not compressed", bytes.len() as f64 / 1_000.0)
        .limit("Yew, serde and Automerge alone", 258.3);
    Ok(vec![figure])
}
