//! libpdfium: the library inside the Python package pypdfium2, pinned by SHA-256.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use super::packages;
use crate::places::Places;
use crate::process::run;

const VERSION: &str = "5.15.2";

/// File name of the library.
pub(crate) const LIBRARY: &str = "libpdfium.so";

/// What stands for one kind of machine.
struct Build {
    platform: &'static str,
    wheel: &'static str,
    library: &'static str,
}

const X86_64: Build = Build {
    platform: "manylinux_2_17_x86_64",
    wheel: "dc31aea5b0fb9fefc9b537a65f4113980b2c40798445736a7e6565bc85161e37",
    library: "c76dc0f7839644bfa7c3e3107a6068df714e339c861bb7d4519907b821d427f9",
};
const AARCH64: Build = Build {
    platform: "manylinux_2_17_aarch64",
    wheel: "dd46e93c0c3a73f6cea8489baff6d77a5d0759dd53fbbce0aeb49c91830176fc",
    library: "4378615ad9710397c96c112611be9018629bbfe38805d91a2663a534b99c28ca",
};

/// Fetches the library, checks it, and puts it with its licences into `vendor/`.
pub(super) fn install(places: &Places) -> Result<()> {
    let build = match std::env::consts::ARCH {
        "x86_64" => X86_64,
        "aarch64" => AARCH64,
        other => bail!("there is no pinned libpdfium for {other}"),
    };
    let library = places.vendor.join(LIBRARY);
    let licences = places.vendor.join("pdfium-licences");
    if digest(&library).is_some_and(|found| found == build.library) && licences.is_dir() {
        return Ok(());
    }
    println!("setup: fetching libpdfium (pypdfium2 {VERSION})");
    let folder = tempfile::tempdir()?;
    let wheel = download(folder.path(), &build)?;
    // A wheel is a zip archive; Python reads it, so that this program need not.
    run(Command::new("python3").args(["-m", "zipfile", "-e"]).arg(wheel).arg(folder.path()))?;
    let fetched = folder.path().join("pypdfium2_raw").join(LIBRARY);
    ensure!(
        digest(&fetched).is_some_and(|found| found == build.library),
        "the fetched libpdfium is not the one that is pinned; it was thrown away"
    );
    fs::create_dir_all(&places.vendor)?;
    // A running program may hold the old one open.
    let fresh = library.with_extension("fresh");
    fs::copy(&fetched, &fresh)?;
    fs::rename(fresh, &library)?;
    copy(&folder.path().join(format!("pypdfium2-{VERSION}.dist-info/licenses")), &licences)
}

fn download(folder: &Path, build: &Build) -> Result<PathBuf> {
    let pip = Command::new("python3").args(["-m", "pip", "--version"]).output();
    if !pip.is_ok_and(|pip| pip.status.success()) {
        packages::install(&["python3-pip"])?;
    }
    let pins = folder.join("pins.txt");
    fs::write(&pins, format!("pypdfium2=={VERSION} --hash=sha256:{}\n", build.wheel))?;
    run(Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"])
        .args(["--disable-pip-version-check", "--require-hashes", "--platform", build.platform])
        .arg("--dest")
        .arg(folder)
        .arg("--requirement")
        .arg(pins))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "whl") {
            return Ok(path);
        }
    }
    bail!("pip fetched nothing")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let place = to.join(path.file_name().context("a name")?);
        if path.is_dir() {
            copy(&path, &place)?;
        } else {
            fs::copy(&path, place)?;
        }
    }
    Ok(())
}

/// SHA-256 of a file in hexadecimal; none when it is not there.
fn digest(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
