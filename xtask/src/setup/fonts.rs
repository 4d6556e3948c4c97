//! Fonts for papers that do not carry their own: DejaVu and Liberation, from the system's packages.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::places::Places;

const FAMILIES: [(&str, &str); 2] =
    [("dejavu", "fonts-dejavu-core"), ("liberation2", "fonts-liberation2")];

/// Copies the fonts and their licences beside libpdfium.
pub(super) fn install(places: &Places) -> Result<()> {
    let to = places.vendor.join("fonts");
    fs::create_dir_all(&to)?;
    for (folder, package) in FAMILIES {
        let from = Path::new("/usr/share/fonts/truetype").join(folder);
        for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "ttf") {
                fs::copy(&path, to.join(path.file_name().context("a name")?))?;
            }
        }
        let licence = Path::new("/usr/share/doc").join(package).join("copyright");
        fs::copy(licence, places.vendor.join(format!("LICENCE-{package}.txt")))?;
    }
    println!("setup: fonts copied to vendor/fonts");
    Ok(())
}
