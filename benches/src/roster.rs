//! The national register of two départements becomes members: one command of the clerk's.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::figure::{Figure, Target};
use crate::products::{Server, tablet};

const RUNS: usize = 5;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data/tables/rne/rne-conseillers-municipaux-32-44.csv");
    if !file.is_file() {
        eprintln!("no real register here: the import is not measured");
        return Ok(Vec::new());
    }
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let folder = tempfile::tempdir()?;
        let server = Server::start(&folder.path().join("server"))?;
        let clerk = folder.path().join("clerk");
        let invitation = server.clerk_invitation.as_str();
        tablet(&clerk, &["enrol", &server.address, invitation, "--device", "Greffe"])?;
        let import = ["members", "import", file.to_str().context("a path")?];
        let (report, ms) = tablet(&clerk, &import)?;
        let added = report["added"].as_array().context("who was added")?.len();
        ensure!(added == 9_739, "{added} members");
        first.push(ms);
        again.push(tablet(&clerk, &import)?.1);
    }
    Ok(vec![
        Figure::of("import of 9,752 rows of the register", "ms", first, Target::Median(3_000.0)),
        Figure::of("the same list again", "ms", again, Target::Median(1_000.0)),
    ])
}
