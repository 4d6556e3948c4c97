//! The annotations of a PDF.

use ink::{Point, Rect};
use ipc::ForeignNote;
use lopdf::{Dictionary, Document, Object, decode_text_string};

use super::{MOST, Raw};
use crate::protocol::Fault;

/// All notes in a PDF's bytes, page by page.
pub(crate) fn annots(pdf: &[u8]) -> Result<Vec<ForeignNote>, Fault> {
    let document = Document::load_mem(pdf).map_err(Fault::damaged)?;
    let mut notes = Vec::new();
    for (page, id) in document.get_pages() {
        // A page whose list is broken has none that could be read.
        let Ok(list) = document.get_page_annotations(id) else { continue };
        for annotation in list {
            notes.extend(raw(&document, page, annotation).note());
            if notes.len() >= MOST {
                return Ok(notes);
            }
        }
    }
    Ok(notes)
}

fn raw(document: &Document, page: u32, annotation: &Dictionary) -> Raw {
    let entry = |key: &[u8]| annotation.get_deref(key, document).ok();
    let text = |key| entry(key).and_then(|o| decode_text_string(o).ok()).unwrap_or_default();
    let name = |object: &Object| object.as_name().ok().map(words).unwrap_or_default();
    let numbers = |key| entry(key).map(|o| floats(document, o)).unwrap_or_default();
    let rect = match *numbers(b"Rect").as_slice() {
        [x0, y0, x1, y1] => Rect::from([x0, y0, x1, y1]),
        _ => Rect::default(),
    };
    let style = entry(b"BS").and_then(|style| style.as_dict().ok());
    let width = style.and_then(|style| style.get_deref(b"W", document).ok()?.as_float().ok());
    let border = numbers(b"Border");
    let ends = entry(b"LE").and_then(|ends| ends.as_array().ok());
    let head = ends.and_then(|ends| ends.get(1)).map(name);
    Raw {
        subtype: entry(b"Subtype").map(name).unwrap_or_default().to_lowercase(),
        page,
        rect,
        apart: numbers(b"RD").try_into().unwrap_or_default(),
        quads: points(&numbers(b"QuadPoints")),
        inks: entry(b"InkList")
            .and_then(|lists| lists.as_array().ok())
            .map(|lists| lists.iter().map(|list| points(&floats(document, list))).collect())
            .unwrap_or_default(),
        line: match *points(&numbers(b"L")).as_slice() {
            [from, to] => Some([from, to]),
            _ => None,
        },
        head: head.is_some_and(|head| head.contains("Arrow")),
        width: width.or(border.get(2).copied()),
        opacity: entry(b"CA").and_then(|opacity| opacity.as_float().ok()),
        colour: rgb(&numbers(b"C")).or_else(|| written(&text(b"DA"))),
        icon: entry(b"Name").map(name).unwrap_or_default(),
        name: text(b"NM"),
        // A group (`/RT /Group`) is one note in several parts, no answer.
        answers: entry(b"IRT")
            .filter(|_| entry(b"RT").map(name).is_none_or(|kind| kind == "R"))
            .and_then(|note| note.as_dict().ok()?.get_deref(b"NM", document).ok())
            .and_then(|named| decode_text_string(named).ok())
            .unwrap_or_default(),
        author: text(b"T"),
        words: text(b"Contents"),
        modified: text(b"M"),
    }
}

/// Numbers of an array, references followed; none when one is not a sane number.
fn floats(document: &Document, object: &Object) -> Vec<f32> {
    let object = document.dereference(object).map_or(object, |(_, object)| object);
    let Ok(array) = object.as_array() else { return Vec::new() };
    let number = |object: &Object| {
        let (_, object) = document.dereference(object).ok()?;
        object.as_float().ok().filter(|n| n.is_finite() && n.abs() <= ink::codec::MAX_COORDINATE)
    };
    array.iter().map(number).collect::<Option<_>>().unwrap_or_default()
}

fn points(numbers: &[f32]) -> Vec<Point> {
    numbers.as_chunks::<2>().0.iter().map(|pair| Point::from(*pair)).collect()
}

/// A colour in grey, RGB or CMYK.
fn rgb(parts: &[f32]) -> Option<[f32; 3]> {
    match *parts {
        [grey] => Some([grey; 3]),
        [r, g, b] => Some([r, g, b]),
        [c, m, y, k] => Some([c, m, y].map(|ink| (1.0 - ink) * (1.0 - k))),
        _ => None,
    }
}

/// The colour in which a text box says that its words are written.
fn written(appearance: &str) -> Option<[f32; 3]> {
    let before = appearance.split(" rg").next().filter(|before| before.len() < appearance.len())?;
    let mut parts = before.split_whitespace().rev().map(|part| part.parse().ok());
    let (b, g, r) = (parts.next()??, parts.next()??, parts.next()??);
    Some([r, g, b])
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
