//! The outline of a paper, within bounds: outlines may be endless, or bite their own tail.

use ipc::OutlineEntry;
use pdfium_render::prelude::{PdfBookmark, PdfDocument, PdfPage};

/// Deepest level kept.
const DEPTH: usize = 12;
/// Most entries kept.
const ENTRIES: usize = 5_000;
/// Longest title, in characters.
const TITLE: usize = 300;
/// Longest number of a page, in characters.
const LABEL: usize = 24;

/// What the paper calls this page; empty when it says nothing.
pub(crate) fn label(page: &PdfPage<'_>) -> String {
    let label = page.label().unwrap_or_default().trim();
    label.chars().filter(|c| !c.is_control()).take(LABEL).collect()
}

pub(crate) fn outline(document: &PdfDocument<'static>) -> Vec<OutlineEntry> {
    let mut left = ENTRIES;
    let mut path = Vec::new();
    document.bookmarks().root().map_or_else(Vec::new, |first| level(first, &mut left, &mut path))
}

/// An entry and the siblings after it. `path` holds the entries above.
fn level<'a>(
    first: PdfBookmark<'a>,
    left: &mut usize,
    path: &mut Vec<PdfBookmark<'a>>,
) -> Vec<OutlineEntry> {
    let mut entries = Vec::new();
    let mut seen: Vec<PdfBookmark<'a>> = Vec::new();
    let mut next = Some(first);
    while let Some(bookmark) = next.take() {
        // Comparing with every sibling is quadratic: a ring shorter than this is found at once, a
        // longer one ends with the entries.
        let turns = seen.iter().take(64).chain(path.iter()).any(|other| *other == bookmark);
        if *left == 0 || turns {
            break;
        }
        *left -= 1;
        let title: String = bookmark
            .title()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(TITLE)
            .collect();
        let page = bookmark
            .destination()
            .and_then(|destination| destination.page_index().ok())
            .and_then(|index| u32::try_from(index).ok())
            .map(|index| index + 1);
        let child = (path.len() + 1 < DEPTH).then(|| bookmark.first_child()).flatten();
        next = bookmark.next_sibling();
        let children = match child {
            Some(child) => {
                path.push(bookmark);
                let children = level(child, left, path);
                seen.extend(path.pop());
                children
            }
            None => {
                seen.push(bookmark);
                Vec::new()
            }
        };
        entries.push(OutlineEntry { title: title.trim().to_owned(), page, children });
    }
    entries
}
