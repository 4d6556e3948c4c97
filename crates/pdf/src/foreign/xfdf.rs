//! The annotations of an XFDF file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use client::ports::{PdfError, PdfErrorKind};
use ink::{Point, Rect};
use ipc::ForeignNote;
use roxmltree::{Document, Node, ParsingOptions};

use super::{MOST, Raw};
use crate::reader::fault;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 32 << 20;
/// Most elements, attributes and texts of a file that is read.
const NODES: u32 = 2_000_000;

/// The text of a file that is XML; none of one that is something else.
pub(crate) fn text_of(file: &Path) -> Result<Option<String>, PdfError> {
    let unreadable = |error| fault(PdfErrorKind::Unreadable, error);
    let mut opened = File::open(file).map_err(unreadable)?;
    let mut start = [0; 64];
    let read = opened.read(&mut start).map_err(unreadable)?;
    let start = String::from_utf8_lossy(start.get(..read).unwrap_or_default()).into_owned();
    if !start.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(fault(PdfErrorKind::Damaged, "the file is too large"));
    }
    String::from_utf8(bytes).map(Some).map_err(|error| fault(PdfErrorKind::Damaged, error))
}

/// All notes in an XFDF file.
pub(crate) fn xfdf(text: &str) -> Result<Vec<ForeignNote>, PdfError> {
    // No document type: entities could not otherwise be told from a bomb.
    let options = ParsingOptions { nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options)
        .map_err(|error| fault(PdfErrorKind::Damaged, error))?;
    let root = document.root_element();
    if root.tag_name().name() != "xfdf" {
        return Err(fault(PdfErrorKind::Unsupported, "the file is no XFDF"));
    }
    let annots = root.children().filter(|node| node.has_tag_name_of("annots"));
    let elements = annots.flat_map(|annots| annots.children()).filter(Node::is_element);
    Ok(elements.filter_map(|node| raw(node).note()).take(MOST).collect())
}

/// Elements are told by their names; files differ in how they write the namespace.
trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn raw(node: Node<'_, '_>) -> Raw {
    let attribute = |name: &str| node.attribute(name).unwrap_or_default();
    let numbers = |name: &str| floats(attribute(name));
    let child = |name: &str| node.children().find(|child| child.has_tag_name_of(name));
    let text = |child: Option<Node<'_, '_>>| {
        let texts = child.map(|child| {
            child.descendants().filter_map(|n| if n.is_text() { n.text() } else { None })
        });
        texts.map(|texts| texts.collect::<Vec<_>>().join("")).unwrap_or_default()
    };
    let rect = match *numbers("rect").as_slice() {
        [x0, y0, x1, y1] => Rect::from([x0, y0, x1, y1]),
        _ => Rect::default(),
    };
    let number = |name: &str| numbers(name).first().copied();
    let ends = (points(&numbers("start")), points(&numbers("end")));
    let gestures = child("inklist").into_iter().flat_map(|list| list.children());
    let rich = child("contents-richtext");
    let words = child("contents").map_or_else(|| text(rich), |plain| text(Some(plain)));
    Raw {
        subtype: node.tag_name().name().to_lowercase(),
        // Pages count from 0 in the file.
        page: attribute("page")
            .trim()
            .parse::<u32>()
            .ok()
            .and_then(|p| p.checked_add(1))
            .unwrap_or(0),
        rect,
        apart: numbers("fringe").try_into().unwrap_or_default(),
        quads: points(&numbers("coords")),
        inks: gestures
            .filter(|gesture| gesture.has_tag_name_of("gesture"))
            .map(|gesture| points(&floats(gesture.text().unwrap_or_default())))
            .collect(),
        line: match (ends.0.first(), ends.1.first()) {
            (Some(from), Some(to)) => Some([*from, *to]),
            _ => None,
        },
        head: attribute("tail").contains("Arrow"),
        width: number("width"),
        opacity: number("opacity"),
        colour: colour(attribute("color")),
        icon: attribute("icon").to_owned(),
        name: attribute("name").to_owned(),
        answers: Some(attribute("inreplyto"))
            .filter(|_| attribute("replyType") != "group")
            .unwrap_or_default()
            .to_owned(),
        author: attribute("title").to_owned(),
        words,
        modified: attribute("date").to_owned(),
    }
}

/// Numbers parted by commas, semicolons or white space; none when one is not a sane number.
fn floats(text: &str) -> Vec<f32> {
    text.split([',', ';', ' ', '\n', '\t', '\r'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok().filter(|n: &f32| n.abs() <= ink::codec::MAX_COORDINATE))
        .collect::<Option<_>>()
        .unwrap_or_default()
}

fn points(numbers: &[f32]) -> Vec<Point> {
    numbers.as_chunks::<2>().0.iter().map(|pair| Point::from(*pair)).collect()
}

/// `#RRGGBB`.
fn colour(text: &str) -> Option<[f32; 3]> {
    let hex = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.is_ascii())?;
    let part = |from: usize| u8::from_str_radix(hex.get(from..from + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?].map(|part| f32::from(part) / 255.0))
}
