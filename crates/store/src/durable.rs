//! Small files that are there whole or not at all.

use std::io::Write;
use std::path::Path;

/// Writes beside, makes durable, then renames. Only its owner may read the file.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    folder_of(path)
}

/// Makes the names in a file's folder durable.
pub(crate) fn folder_of(path: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened, and the file system keeps its names by itself.
    if cfg!(unix)
        && let Some(folder) = path.parent()
    {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
