//! Where things are: the checkout, the target folder, what is kept between runs.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The folders this program works in.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Tools that this program installed, for every checkout of this person.
    pub(crate) tools: PathBuf,
    /// Libraries and fonts that are not in the repository.
    pub(crate) vendor: PathBuf,
}

impl Places {
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the checkout")?;
        // TARGET/debug/xtask
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(2).context("the target folder")?;
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))
            .context("HOME is not set")?;
        Ok(Self {
            root: root.to_owned(),
            target: target.to_owned(),
            tools: cache.join("pupitre/tools"),
            vendor: root.join("vendor"),
        })
    }

    /// A product built without optimisation.
    pub(crate) fn product(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Cargo, in the checkout, with the same target folder.
    pub(crate) fn cargo(&self) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        // `cargo run` sets these for this program; build scripts must not see them as changed.
        for (name, _) in std::env::vars_os() {
            let own = name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_"));
            if own || name == "CARGO_MANIFEST_DIR" || name == "CARGO_MANIFEST_PATH" {
                cargo.env_remove(name);
            }
        }
        cargo
    }

    /// `PATH` with the installed tools first.
    pub(crate) fn path(&self) -> Result<OsString> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = [self.tools.join("bin"), self.tools.join("node_modules/.bin")];
        Ok(std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path)))?)
    }

    /// Makes a program find libpdfium in this checkout, wherever its executable is.
    pub(crate) fn with_pdfium<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("PUPITRE_PDFIUM", self.vendor.join(crate::setup::LIBRARY))
    }
}
