//! Notes put on one page of an update.

use std::collections::BTreeMap;
use std::fmt::Arguments;

use ink::{AnnotationId, Mark, MarkKind, Rect};
use lopdf::{Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream};

use super::Shared;
use super::annotation::{annotation, popup};
use super::appearance::{Upright, fitted, form, line};

/// Levels of the page tree looked through for what a page inherits.
const LEVELS: usize = 64;

/// Adds the notes as annotations.
pub(super) fn annotate(
    update: &mut IncrementalDocument,
    page: ObjectId,
    marks: &[&(Mark, String)],
    shared: &mut Shared,
) -> lopdf::Result<()> {
    let upright = upright(update, page);
    let mut added = Vec::new();
    let objects: BTreeMap<AnnotationId, ObjectId> =
        marks.iter().map(|(mark, _)| (mark.id, update.new_document.new_object_id())).collect();
    for (mark, author) in marks {
        let bounds = room(mark, upright);
        let look = form(update, mark, bounds, upright, shared);
        let mut note = annotation(mark, author, page, bounds, look, upright);
        let Some(id) = objects.get(&mark.id).copied() else { continue };
        if let Some(answered) = mark.in_reply_to.and_then(|answered| objects.get(&answered)) {
            note.set("IRT", *answered);
            note.set("RT", "R");
        }
        added.push(Object::Reference(id));
        if matches!(mark.kind, MarkKind::Note { .. }) {
            let window = update.new_document.add_object(popup(id, page, bounds));
            note.set("Popup", window);
            added.push(Object::Reference(window));
        }
        update.new_document.set_object(id, note);
    }
    update.opt_clone_object_to_new_document(page)?;
    let annots = dictionary(&mut update.new_document, page)?.get(b"Annots").ok().cloned();
    match annots {
        Some(Object::Reference(list)) if update.get_prev_documents().get_object(list).is_ok() => {
            update.opt_clone_object_to_new_document(list)?;
            update.new_document.get_object_mut(list)?.as_array_mut()?.extend(added);
        }
        annots => {
            let mut all = match annots {
                Some(Object::Array(all)) => all,
                _ => Vec::new(),
            };
            all.extend(added);
            dictionary(&mut update.new_document, page)?.set("Annots", all);
        }
    }
    Ok(())
}

/// Draws the notes behind the page's own content.
pub(super) fn draw_into(
    update: &mut IncrementalDocument,
    page: ObjectId,
    marks: &[&(Mark, String)],
    shared: &mut Shared,
) -> lopdf::Result<()> {
    let upright = upright(update, page);
    // The page's own content is closed in: whatever it leaves turned or coloured is forgotten.
    let mut after = String::new();
    line(&mut after, format_args!("Q"));
    for (mark, _) in marks {
        let look = form(update, mark, room(mark, upright), upright, shared);
        let name = format!("PupitreNote{}", look.0);
        update.add_xobject(page, name.as_str(), look)?;
        line(&mut after, format_args!("q /{name} Do Q"));
    }
    let before = content(update, format_args!("q"));
    let after = content(update, format_args!("{after}"));
    update.opt_clone_object_to_new_document(page)?;
    let own = dictionary(&mut update.new_document, page)?.get(b"Contents").ok().cloned();
    let own = match own {
        Some(Object::Reference(id)) => {
            match update.get_prev_documents().get_object(id).and_then(Object::as_array) {
                Ok(list) => list.clone(),
                Err(_) => vec![Object::Reference(id)],
            }
        }
        Some(Object::Array(list)) => list,
        _ => Vec::new(),
    };
    let mut all = vec![before];
    all.extend(own);
    all.push(after);
    dictionary(&mut update.new_document, page)?.set("Contents", all);
    Ok(())
}

/// What the annotation covers; a text box grows down to hold all its words.
fn room(mark: &Mark, upright: Upright) -> Rect {
    match &mark.kind {
        MarkKind::Text { rect } => fitted(*rect, &mark.text, upright),
        MarkKind::Markup(_)
        | MarkKind::Ink { .. }
        | MarkKind::Shape(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. } => bounds(mark),
    }
}

/// What the annotation covers, with room for the edges of what is drawn.
pub(crate) fn bounds(mark: &Mark) -> Rect {
    match mark.kind {
        MarkKind::Note { .. } | MarkKind::Text { .. } | MarkKind::Stamp(_) => mark.bounds(),
        MarkKind::Markup(_) | MarkKind::Ink { .. } | MarkKind::Shape(_) => mark.bounds().grown(1.0),
    }
}

fn content(update: &mut IncrementalDocument, words: Arguments<'_>) -> Object {
    let stream = Stream::new(Dictionary::new(), format!("{words}\n").into_bytes());
    Object::Reference(update.new_document.add_object(stream))
}

fn dictionary(document: &mut Document, id: ObjectId) -> lopdf::Result<&mut Dictionary> {
    document.get_object_mut(id)?.as_dict_mut()
}

/// How the page is turned, from itself or from the tree above it.
fn upright(update: &IncrementalDocument, page: ObjectId) -> Upright {
    let document = update.get_prev_documents();
    let mut node = document.get_dictionary(page).ok();
    for _ in 0..LEVELS {
        let Some(here) = node else { break };
        if let Ok(turn) = here.get_deref(b"Rotate", document).and_then(Object::as_i64) {
            return Upright::of(turn);
        }
        node = here.get_deref(b"Parent", document).and_then(Object::as_dict).ok();
    }
    Upright::of(0)
}
