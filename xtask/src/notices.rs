//! The licences of everything that is linked into the window, as each asks to be handed on: one text
//! file, each wording once with the packages it covers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, Package};

use crate::places::Places;
use crate::sbom;

/// Beginnings of the names of files that hold a licence or what it asks to be named.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"];
/// How deep below a package's folder they are looked for: sources of another language lie in theirs.
const DEPTH: usize = 2;

/// Writes the notices of the window beside libpdfium, and says where.
pub(crate) fn write(places: &Places) -> Result<()> {
    let text = of(&sbom::read(places, &[])?, "pupitre")?;
    let path = places.vendor.join("THIRD-PARTY.txt");
    fs::write(&path, &text)?;
    println!("licences of what is linked: {} ({} bytes)", path.display(), text.len());
    Ok(())
}

fn of(metadata: &Metadata, product: &str) -> Result<String> {
    let workspace: BTreeSet<_> = metadata.workspace_members.iter().collect();
    let root = metadata.workspace_packages();
    let root = root.iter().find(|package| package.name.as_str() == product).context("a product")?;
    let linked = sbom::needs(metadata, &root.id)?;
    let mut wordings = BTreeMap::<String, BTreeSet<String>>::new();
    for package in &metadata.packages {
        if !linked.contains_key(&package.id) || workspace.contains(&package.id) {
            continue;
        }
        let name = format!("{} {}", package.name, package.version);
        for wording in wordings_of(package)? {
            wordings.entry(wording).or_default().insert(name.clone());
        }
    }
    let mut text = String::from(
        "Pupitre is made with the packages below. Each is handed on under the licence that follows it.\n",
    );
    for (wording, packages) in &wordings {
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        write!(text, "\n{}\n{}\n\n{wording}\n", "-".repeat(72), packages.join(", "))?;
    }
    Ok(text)
}

/// The wordings that a package brings; what it declares where it brings none.
fn wordings_of(package: &Package) -> Result<Vec<String>> {
    let folder = package.manifest_path.parent().context("a package's folder")?;
    let mut files = Vec::new();
    look(folder.as_std_path(), DEPTH, &mut files)?;
    files.sort();
    let mut wordings = Vec::new();
    for file in files {
        // Some are not UTF-8; a name with an accent must not stop the package.
        let wording = String::from_utf8_lossy(&fs::read(&file)?).replace('\r', "");
        wordings.push(wording.trim().to_owned());
    }
    if wordings.is_empty() {
        let licence = package.license.as_deref().unwrap_or("no licence is declared");
        wordings.push(format!("(The package brings no text; it declares: {licence}.)"));
    }
    Ok(wordings)
}

fn look(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let kind = entry.file_type()?;
        if kind.is_file() && NAMES.iter().any(|known| name.starts_with(known)) {
            found.push(entry.path());
        } else if kind.is_dir() && depth > 1 {
            look(&entry.path(), depth - 1, found)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop anywhere")]
mod tests {
    use super::*;

    #[test]
    fn the_notices_hold_what_licences_of_linked_sources_ask_for() {
        let places = Places::find().unwrap();
        let metadata = sbom::read(&places, &["--offline"]).unwrap();
        let text = of(&metadata, "pupitre").unwrap();
        // BSD: the notice must be handed on with the program.
        assert!(text.contains("ZETETIC LLC"), "SQLCipher");
        assert!(text.contains("LibTomCrypt"), "its ciphers");
        assert!(text.contains("\nautomerge "), "a package of our own choice");
        assert!(!text.contains("no licence is declared"));
        assert!(!text.contains("proptest "), "tests are not shipped");
    }
}
