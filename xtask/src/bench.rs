//! `cargo xtask bench`: optimised products, then the benchmark program.

use anyhow::Result;

use crate::places::Places;
use crate::process;
use crate::{setup, web};

/// Builds everything optimised and measures.
pub(crate) fn run(places: &Places, words: &[String]) -> Result<()> {
    let peers = setup::for_benches(places)?;
    web::build(places, true)?;
    let products = ["pupitre", "pupitre-cli", "pupitre-server", "pupitre-benches"];
    process::run(
        places
            .cargo()
            .args(["build", "--release"])
            .args(products.iter().flat_map(|name| ["--package", name])),
    )?;
    let mut bench = std::process::Command::new(places.target.join("release/pupitre-benches"));
    process::run(
        places
            .with_pdfium(&mut bench)
            .args(words)
            .current_dir(&places.root)
            .env("PUPITRE_PEERS", peers)
            .env("PATH", places.path()?),
    )
}
