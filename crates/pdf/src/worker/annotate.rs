//! Notes as an incremental update: the paper's own bytes stay as they are and what is new follows
//! them (ISO 32000-1, 7.5.6), so that a signature stays valid and the record copy is still inside.

mod annotation;
mod appearance;
mod page;

use std::collections::BTreeMap;

pub(crate) use annotation::stamp_name;
pub(crate) use appearance::{drawn, line, polygon};
pub(crate) use page::bounds;

use ink::Mark;
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, dictionary};

use crate::protocol::{Fault, FaultKind};

/// What follows the paper's bytes. `flatten` draws the notes into the pages instead of adding
/// annotations.
pub(crate) fn update(
    original: &[u8],
    pages: u32,
    marks: &[(Mark, String)],
    flatten: bool,
) -> Result<Vec<u8>, Fault> {
    let document = Document::load_mem(original).map_err(|error| trouble(&error))?;
    if document.is_encrypted() {
        return Err(Fault {
            kind: FaultKind::Password,
            detail: "the paper is encrypted with a password".into(),
        });
    }
    let found = document.get_pages();
    if found.len() != usize::try_from(pages).unwrap_or(usize::MAX) {
        return Err(Fault::damaged("the pages are not where they should be"));
    }
    let mut update = IncrementalDocument::create_from(original.to_vec(), document);
    // It belongs to the trailer of a file that has both kinds of table; ours has one.
    update.new_document.trailer.remove(b"XRefStm");
    let mut by_page: BTreeMap<u32, Vec<&(Mark, String)>> = BTreeMap::new();
    for mark in marks {
        by_page.entry(mark.0.page).or_default().push(mark);
    }
    let mut objects = Shared::default();
    for (number, marks) in by_page {
        let Some(page) = found.get(&number).copied() else {
            let detail = format!("page {number} of {pages}");
            return Err(Fault { kind: FaultKind::NoSuchPage, detail });
        };
        let written = if flatten {
            page::draw_into(&mut update, page, &marks, &mut objects)
        } else {
            page::annotate(&mut update, page, &marks, &mut objects)
        };
        written.map_err(|error| trouble(&error))?;
    }
    let mut all = Vec::with_capacity(original.len() + (64 << 10));
    update.save_to(&mut all).map_err(Fault::damaged)?;
    match all.strip_prefix(original) {
        Some(new) => Ok(new.to_vec()),
        None => Err(Fault::damaged("the copy does not begin with the original")),
    }
}

fn trouble(error: &lopdf::Error) -> Fault {
    let locked = matches!(error, lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_));
    let kind = if locked { FaultKind::Password } else { FaultKind::Damaged };
    Fault { kind, detail: error.to_string() }
}

/// Objects that all notes of an update share, made when first needed.
#[derive(Debug, Default)]
struct Shared {
    font: Option<ObjectId>,
    bold: Option<ObjectId>,
}

impl Shared {
    /// Helvetica in the Western European encoding.
    fn font(&mut self, update: &mut IncrementalDocument) -> ObjectId {
        *self.font.get_or_insert_with(|| update.new_document.add_object(helvetica(false)))
    }

    /// The same in bold.
    fn bold(&mut self, update: &mut IncrementalDocument) -> ObjectId {
        *self.bold.get_or_insert_with(|| update.new_document.add_object(helvetica(true)))
    }
}

/// Helvetica, upright or bold, which every reader has.
pub(crate) fn helvetica(bold: bool) -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type1",
        "BaseFont" => if bold { "Helvetica-Bold" } else { "Helvetica" },
        "Encoding" => "WinAnsiEncoding",
    }
}

/// A rectangle of user space.
fn rectangle(rect: ink::Rect) -> Object {
    Object::Array([rect.x0, rect.y0, rect.x1, rect.y1].map(Object::Real).to_vec())
}
