//! The versions of a paper.

use domain::DocumentVersion;
use ipc::VersionView;

use crate::catalogue::Paper;
use crate::picture::Picture;

/// All versions, oldest first; page sizes stay empty.
pub(crate) fn all(picture: &Picture, paper: Paper<'_>) -> Vec<VersionView> {
    let view = |version: &DocumentVersion| VersionView {
        number: version.number,
        published: picture.catalogue.local(version.published),
        note: version.note.clone(),
        pages: version.pages,
        here: picture.here.contains(&version.sha256),
        current: version.number == paper.version.number,
        sizes: Vec::new(),
    };
    paper.entry.document.versions.iter().map(view).collect()
}
