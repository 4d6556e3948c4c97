//! System packages, through apt on Debian and Ubuntu.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{ask, run};

/// What a build needs; the fonts are shipped.
pub(super) const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "fonts-dejavu-core",
    "fonts-liberation2",
    "ca-certificates",
];

/// What the tests and the benchmarks need besides.
pub(super) const TESTS: &[&str] = &[
    "xvfb",
    "webkit2gtk-driver",
    "chromium",
    "chromium-driver",
    "poppler-utils",
    "imagemagick",
    "postgresql",
    "openssl",
    "python3-venv",
];

/// Installs those that are missing; asks for sudo only then.
pub(super) fn install(names: &[&str]) -> Result<()> {
    let missing: Vec<&str> = names.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("setup: installing system packages: {}", missing.join(" "));
    if which("apt-get").is_none() {
        bail!("this machine has no apt; install the equivalents of: {}", missing.join(" "));
    }
    run(apt().args(["update", "--quiet"]))?;
    run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(&missing))
}

/// Whether a program is found.
pub(super) fn which(name: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn is_installed(name: &str) -> bool {
    ask(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", name]))
        .is_ok_and(|said| said == "installed")
}

fn apt() -> Command {
    let mut command = if rustix::process::geteuid().is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.arg("apt-get");
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
