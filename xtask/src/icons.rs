//! `cargo xtask icons`: the PNG icons, from the one drawing in `assets/icons/pupitre.svg`.
//!
//! The drawings are committed; this is run by hand when the SVG changes.

use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::places::Places;
use crate::process::ask;
use crate::setup;

const SIZES: [u32; 4] = [32, 128, 256, 512];

/// Draws the SVG with Chromium, on nothing, and scales it.
pub(crate) fn draw(places: &Places) -> Result<()> {
    setup::for_tests(places)?;
    let icons = places.root.join("assets/icons");
    let folder = tempfile::tempdir()?;
    let page = folder.path().join("icon.html");
    let svg = fs::read_to_string(icons.join("pupitre.svg"))?;
    fs::write(
        &page,
        format!("<style>*{{margin:0}}svg{{display:block;width:1024px;height:1024px}}</style>{svg}"),
    )?;
    let large = folder.path().join("large.png");
    ask(Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"])
        .args(["--default-background-color=00000000", "--window-size=1024,1024"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--screenshot={}", large.display()))
        .arg(&page))?;
    for size in SIZES {
        ask(Command::new("convert")
            .arg(&large)
            .args(["-resize", &format!("{size}x{size}"), "-strip"])
            .arg(format!("PNG32:{}", icons.join(format!("pupitre-{size}.png")).display())))?;
    }
    Ok(())
}
