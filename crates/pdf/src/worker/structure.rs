//! The order and meaning that a tagged paper gives to its text.
//!
//! The library walks no structure tree for us, so its own functions are called here; pdfium has
//! already brought the paper's own names of parts to the standard ones. The map from those to roles
//! is that of ISO 32000-2, 14.8.4.

use std::collections::BTreeMap;
use std::ffi::{c_ulong, c_void};

use ipc::{ReadingPart, ReadingRole, TextLine};
use pdfium_render::prelude::{PdfPage, Pdfium, PdfiumLibraryBindingsAccessor};

use super::lines::{Content, Glyph};
use super::text;
use crate::protocol::Fault;

/// Deepest nesting that is followed.
const DEPTH: usize = 48;
/// Most parts of a page.
const MOST: usize = 20_000;
/// Longest description, in bytes.
const SAID: usize = 4_000;
/// Share of the page's letters, of 100, that the tree must tell about to be believed.
const TOLD: usize = 60;

/// The characters of a page with the marked content of each.
#[allow(unsafe_code, reason = "the library gives no safe way to the marks of a character")]
pub(crate) fn glyphs(pdfium: &'static Pdfium, page: &PdfPage<'_>) -> Result<Vec<Glyph>, Fault> {
    let library = pdfium.bindings();
    // SAFETY: the page is open as long as it is borrowed; the text page is closed below, after its
    // last use, and every object asked about belongs to the page.
    unsafe {
        let text = library.FPDFText_LoadPage(library.get_handle_from_page(page));
        if text.is_null() {
            return text::glyphs(page);
        }
        let glyphs = text::glyphs_with(page, |index| {
            let object = library.FPDFText_GetTextObject(text, index);
            if object.is_null() {
                return Content::Untold;
            }
            match library.FPDFPageObj_GetMarkedContentID(object) {
                number @ 0.. => Content::Marked(number),
                _ if library.FPDFPageObj_CountMarks(object) > 0 => Content::Artifact,
                _ => Content::Untold,
            }
        });
        library.FPDFText_ClosePage(text);
        glyphs
    }
}

/// An element of the tree as the paper has it.
#[derive(Default)]
struct Element {
    kind: String,
    said: String,
    children: Vec<Child>,
}

enum Child {
    Content(i32),
    Element(Element),
}

/// The page's parts as the paper tells them; none when it tells nothing or too little.
pub(crate) fn parts(
    pdfium: &'static Pdfium,
    page: &PdfPage<'_>,
    lines: &[TextLine],
    contents: &[Vec<Content>],
) -> Option<Vec<ReadingPart>> {
    let is_tagged = contents.iter().flatten().any(|c| matches!(c, Content::Marked(_)));
    if !is_tagged {
        return None;
    }
    let mut pieces = pieces(lines, contents);
    let length = |part: &ReadingPart| match part {
        ReadingPart::Text { from, to, .. } => (to - from) as usize,
        ReadingPart::Group { .. } => 0,
    };
    let all: usize = pieces.values().flatten().map(length).sum();
    let tree = tree(pdfium, page);
    let mut parts: Vec<ReadingPart> =
        tree.into_iter().filter_map(|element| part(element, &mut pieces)).collect();
    // What no element claimed: ornaments are left out, the rest is read at the end.
    pieces.remove(&Key::Artifact);
    let rest: usize = pieces.values().flatten().map(length).sum();
    if parts.is_empty() || rest * 100 > all * (100 - TOLD) {
        return None;
    }
    let rest: Vec<ReadingPart> = pieces.into_values().flatten().collect();
    if !rest.is_empty() {
        let role = ReadingRole::Paragraph;
        parts.push(ReadingPart::Group { role, said: None, parts: rest });
    }
    Some(parts)
}

/// [`Content`] in an order, so that nothing depends on chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Untold,
    Artifact,
    Marked(i32),
}

impl From<Content> for Key {
    fn from(content: Content) -> Self {
        match content {
            Content::Untold => Self::Untold,
            Content::Artifact => Self::Artifact,
            Content::Marked(number) => Self::Marked(number),
        }
    }
}

/// The runs of characters of each marked content.
fn pieces(lines: &[TextLine], contents: &[Vec<Content>]) -> BTreeMap<Key, Vec<ReadingPart>> {
    let mut pieces: BTreeMap<Key, Vec<ReadingPart>> = BTreeMap::new();
    for ((number, line), contents) in (0_u32..).zip(lines).zip(contents) {
        let mut from = 0_u32;
        for run in contents.chunk_by(|a, b| a == b) {
            let to = from + u32::try_from(run.len()).unwrap_or(u32::MAX / 2);
            let blank =
                line.text.chars().skip(from as usize).take(run.len()).all(char::is_whitespace);
            if let (Some(content), false) = (run.first(), blank) {
                let part = ReadingPart::Text { line: number, from, to };
                pieces.entry(Key::from(*content)).or_default().push(part);
            }
            from = to;
        }
    }
    pieces
}

/// Reads the page's tree. The library's own types cannot be named outside it, so the walk is one
/// loop with the open elements on a stack.
#[allow(unsafe_code, reason = "the library gives no safe way to the structure tree")]
fn tree(pdfium: &'static Pdfium, page: &PdfPage<'_>) -> Vec<Element> {
    let library = pdfium.bindings();
    let mut roots = Vec::new();
    let mut left = MOST;
    // SAFETY: the page is open as long as it is borrowed, the tree is closed at the end, and no
    // element of it is used after that.
    unsafe {
        let tree = library.FPDF_StructTree_GetForPage(library.get_handle_from_page(page));
        if tree.is_null() {
            return roots;
        }
        for root in 0..library.FPDF_StructTree_CountChildren(tree).max(0) {
            let first = library.FPDF_StructTree_GetChildAtIndex(tree, root);
            if first.is_null() {
                continue;
            }
            let mut open = vec![(first, 0, Element::default())];
            while let Some((handle, next, element)) = open.last_mut() {
                let handle = *handle;
                if *next == 0 {
                    element.kind = wide(64, |to, length| {
                        library.FPDF_StructElement_GetType(handle, to, length)
                    });
                    let actual = wide(SAID, |to, length| {
                        library.FPDF_StructElement_GetActualText(handle, to, length)
                    });
                    element.said = if actual.is_empty() {
                        wide(SAID, |to, length| {
                            library.FPDF_StructElement_GetAltText(handle, to, length)
                        })
                    } else {
                        actual
                    };
                }
                let child = *next;
                *next += 1;
                if child < library.FPDF_StructElement_CountChildren(handle) && left > 0 {
                    left -= 1;
                    let content = library.FPDF_StructElement_GetChildMarkedContentID(handle, child);
                    if content >= 0 {
                        element.children.push(Child::Content(content));
                        continue;
                    }
                    let below = library.FPDF_StructElement_GetChildAtIndex(handle, child);
                    if !below.is_null() && open.len() < DEPTH {
                        open.push((below, 0, Element::default()));
                    }
                } else if let Some((_, _, done)) = open.pop() {
                    match open.last_mut() {
                        Some((_, _, above)) => above.children.push(Child::Element(done)),
                        None => roots.push(done),
                    }
                }
            }
        }
        library.FPDF_StructTree_Close(tree);
    }
    roots
}

/// A text that the library writes as UTF-16 of at most so many bytes.
fn wide(most: usize, write: impl Fn(*mut c_void, c_ulong) -> c_ulong) -> String {
    let length = usize::try_from(write(std::ptr::null_mut(), 0)).unwrap_or(0);
    if length <= 2 || length > most {
        return String::new();
    }
    let mut units = vec![0_u16; length.div_ceil(2)];
    let Ok(bytes) = c_ulong::try_from(units.len() * 2) else { return String::new() };
    write(units.as_mut_ptr().cast(), bytes);
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    let text = String::from_utf16_lossy(units.get(..end).unwrap_or_default());
    text.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// An element with the text that belongs to it; none when nothing is left of it.
fn part(element: Element, pieces: &mut BTreeMap<Key, Vec<ReadingPart>>) -> Option<ReadingPart> {
    let Element { kind, said, children } = element;
    let role = role(&kind)?;
    let mut parts = Vec::new();
    for child in children {
        match child {
            Child::Content(number) => {
                parts.extend(pieces.remove(&Key::Marked(number)).unwrap_or_default());
            }
            Child::Element(below) => match part(below, pieces) {
                // Rows stand in their table, not in its head or body.
                Some(ReadingPart::Group {
                    role: ReadingRole::Plain,
                    said: None,
                    parts: inside,
                }) => {
                    parts.extend(inside);
                }
                other => parts.extend(other),
            },
        }
    }
    let said = Some(said).filter(|said| !said.is_empty());
    if parts.is_empty() && (said.is_none() || role == ReadingRole::Plain) {
        return None;
    }
    Some(ReadingPart::Group { role, said, parts })
}

/// What a standard structure type is; none for what is not to be read.
fn role(kind: &str) -> Option<ReadingRole> {
    Some(match kind {
        "Artifact" => return None,
        "P" | "Caption" | "BibEntry" | "Index" | "Code" | "Form" => ReadingRole::Paragraph,
        "Title" | "H" | "H1" => ReadingRole::Heading(1),
        "H2" => ReadingRole::Heading(2),
        "H3" => ReadingRole::Heading(3),
        "H4" => ReadingRole::Heading(4),
        "H5" => ReadingRole::Heading(5),
        "H6" => ReadingRole::Heading(6),
        "L" | "TOC" => ReadingRole::List,
        "LI" | "TOCI" => ReadingRole::Item,
        "Table" => ReadingRole::Table,
        "TR" => ReadingRole::Row,
        "TH" => ReadingRole::Header,
        "TD" => ReadingRole::Cell,
        "Figure" | "Formula" => ReadingRole::Figure,
        "BlockQuote" | "Quote" => ReadingRole::Quote,
        "Note" | "FENote" => ReadingRole::Note,
        _ => ReadingRole::Plain,
    })
}
