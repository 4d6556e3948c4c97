//! Turned pages: pages stored upright that a reader must show turned by a quarter, as office software writes them.

use std::collections::BTreeSet;

use lopdf::{Document, Object};

/// Marks `pages` (numbered from 1) of `pdf` as shown turned clockwise by 90 degrees.
///
/// # Errors
/// A PDF that cannot be read back.
pub fn quarter(pdf: &[u8], pages: &BTreeSet<u32>) -> Result<Vec<u8>, lopdf::Error> {
    let mut document = Document::load_mem(pdf)?;
    for (number, id) in document.get_pages() {
        if pages.contains(&number) {
            document.get_dictionary_mut(id)?.set("Rotate", Object::Integer(90));
        }
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}
