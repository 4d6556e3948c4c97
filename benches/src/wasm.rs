//! The screens as they travel: `dist/` of `cargo xtask web --release`, compressed by brotli.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::figure::{Figure, Target};

/// What a page loads, and what the figure calls it.
const PROGRAMS: [(&str, &str); 2] = [
    ("pupitre_bg.wasm", "frontend wasm, brotli"),
    ("desk_bg.wasm", "frontend wasm of the clerk's desk, brotli"),
];

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist");
    let measured = PROGRAMS.iter().map(|(file, name)| {
        let bytes = std::fs::read(dist.join(file))
            .context("dist/ has no wasm; run `cargo xtask web --release` first")?;
        let mut packed = Vec::new();
        let mut packer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
        packer.write_all(&bytes)?;
        drop(packer);
        let kilobytes = packed.len() as f64 / 1_000.0;
        Ok(Figure::of(*name, "KB", vec![kilobytes], Target::Median(600.0))
            .peer("the same, not compressed", bytes.len() as f64 / 1_000.0)
            .limit("Yew, serde and Automerge alone", 258.3))
    });
    measured.collect()
}
