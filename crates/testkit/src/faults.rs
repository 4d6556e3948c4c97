//! A disk that fails at a chosen call: no room, a fault, or the end of the process right before it or in the middle of
//! it. It is laid before the C library of a process of its own (`faults.c`), so that SQLite, the standard library
//! and whole products meet it as they are, with nothing in them that knows of it.
//!
//! Linux with a C compiler; elsewhere [`Faults::new`] says that there are none.

use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = include_str!("faults/faults.c");

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// There is no room: whatever writes is refused.
    Full,
    /// The disk fails: whatever reads, writes or syncs is refused.
    Io,
    /// The process ends before the call.
    Kill,
    /// Half of what is written is written, then the process ends.
    Torn,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Full, Self::Io, Self::Kill, Self::Torn];

    const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Io => "io",
            Self::Kill => "kill",
            Self::Torn => "torn",
        }
    }

    /// Whether the process does not outlive it.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Kill | Self::Torn)
    }
}

/// Which calls go wrong, and how.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// Number of the first call that does, from 1; none does at 0, and they are counted all the same.
    pub at: u64,
    /// How many do.
    pub many: u64,
}

/// The library that makes them.
#[derive(Debug)]
pub struct Faults {
    library: PathBuf,
}

impl Faults {
    /// Builds it into a folder; none where that cannot be done.
    #[must_use]
    pub fn new(folder: &Path) -> Option<Self> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let (source, library) = (folder.join("faults.c"), folder.join("faults.so"));
        std::fs::write(&source, SOURCE).ok()?;
        let built = Command::new("cc")
            .args(["-O1", "-shared", "-fPIC", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl")
            .status();
        built.is_ok_and(|status| status.success()).then_some(Self { library })
    }

    /// Has a command meet a fault in what lies under a folder.
    pub fn lay(&self, command: &mut Command, under: &Path, fault: Fault) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("PUPITRE_FAULT_UNDER", under)
            .env("PUPITRE_FAULT_KIND", fault.kind.name())
            .env("PUPITRE_FAULT_AT", fault.at.to_string())
            .env("PUPITRE_FAULT_FOR", fault.many.to_string())
            .env("PUPITRE_FAULT_TELLS", self.count());
    }

    /// How many calls the last command that ended by itself has made which a fault of its kind could have met.
    #[must_use]
    pub fn counted(&self) -> u64 {
        let text = std::fs::read_to_string(self.count()).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    fn count(&self) -> PathBuf {
        self.library.with_extension("count")
    }
}
