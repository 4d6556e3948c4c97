//! Where the library, the fonts and the worker are, and how long a page may take.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the reader runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PdfConfig {
    /// The pdfium library; none when it was not found, and every request then answers
    /// [`client::ports::PdfErrorKind::Reader`].
    pub library: Option<PathBuf>,
    /// A folder of fonts for papers that do not carry their own; none reads the system's.
    pub fonts: Option<PathBuf>,
    /// The executable that becomes the worker; none takes this one.
    pub worker: Option<PathBuf>,
    /// Longest time for one page, after which the worker is replaced.
    pub page_limit: Duration,
    /// Encoded images kept, in bytes.
    pub cache: usize,
    /// Whether pdfium runs in this process, for platforms that have no child processes. One reader
    /// at a time may then live in it.
    pub in_process: bool,
}

impl PdfConfig {
    /// What is beside this executable. `PUPITRE_PDFIUM` (a file) and `PUPITRE_PDF_WORKER` (an
    /// executable) come first; then the executable's folder and two above it, then `lib/pupitre`
    /// beside that folder; at last, in debug builds, the checkout's `vendor` folder.
    #[must_use]
    pub fn find() -> Self {
        let folders = folders();
        let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
        let library = named("PUPITRE_PDFIUM")
            .or_else(|| folders.iter().map(|f| f.join(LIBRARY)).find(|f| f.is_file()));
        let fonts = folders
            .iter()
            .map(|folder| folder.join("fonts"))
            .find(|fonts| library_beside(fonts) && has_fonts(fonts));
        Self {
            library,
            fonts,
            worker: named("PUPITRE_PDF_WORKER").or_else(worker_of_tests),
            page_limit: Duration::from_secs(5),
            cache: KEPT,
            in_process: cfg!(any(not(unix), target_os = "ios", target_os = "android")),
        }
    }
}

/// Encoded images kept, in bytes: about twenty pages full of pictures at a tablet's width, several
/// hundred of text. The window keeps what it shows by itself, and what it has shown; sixteen times as
/// much made the app heavier than plain pdfium over a report of 105 MB (201 MB against 122).
const KEPT: usize = 6 << 20;

const LIBRARY: &str = if cfg!(windows) {
    "pdfium.dll"
} else if cfg!(target_vendor = "apple") {
    "libpdfium.dylib"
} else {
    "libpdfium.so"
};

fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(executable) = std::env::current_exe() {
        folders.extend(executable.ancestors().skip(1).take(3).map(Path::to_path_buf));
        if let Some(prefix) = executable.ancestors().nth(2) {
            folders.push(prefix.join("lib").join("pupitre"));
        }
        // A checkout's own `target` folder.
        if let Some(checkout) = executable.ancestors().nth(3) {
            folders.push(checkout.join("vendor"));
        }
    }
    if cfg!(debug_assertions) {
        folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vendor"));
    }
    folders
}

/// Fonts count only beside the library: a `fonts` folder elsewhere is not ours.
fn library_beside(fonts: &Path) -> bool {
    fonts.parent().is_some_and(|folder| folder.join(LIBRARY).is_file())
}

fn has_fonts(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// A test's executable is a harness that cannot become a worker; cargo puts ours one folder up.
fn worker_of_tests() -> Option<PathBuf> {
    let executable = std::env::current_exe().ok().filter(|_| cfg!(debug_assertions))?;
    let folder = executable.parent().filter(|folder| folder.ends_with("deps"))?;
    let name = if cfg!(windows) { "pdf-worker.exe" } else { "pdf-worker" };
    folder.parent().map(|f| f.join(name)).filter(|f| f.is_file())
}
