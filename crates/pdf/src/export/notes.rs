//! The notes alone: a list by page, as a PDF of its own.

use std::collections::BTreeMap;
use std::io;

use ink::{Mark, MarkKind};
use jiff::Timestamp;
use lopdf::{Document, Object, ObjectId, Stream, dictionary, text_string};

use crate::typeset::{LEADING, shown, wrap};
use crate::worker::{drawn, helvetica, line, polygon};

/// A4, in points.
const SHEET: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 56.0;
const WIDTH: f32 = SHEET.0 - 2.0 * MARGIN;
/// Highest drawing, in points; a larger one is made smaller.
const DRAWING: f32 = 160.0;

/// The file's bytes.
pub(super) fn notes(title: &str, marks: &[(Mark, String)]) -> io::Result<Vec<u8>> {
    let mut by_page: BTreeMap<u32, Vec<&(Mark, String)>> = BTreeMap::new();
    for mark in marks {
        by_page.entry(mark.0.page).or_default().push(mark);
    }
    let mut sheets = Sheets::default();
    sheets.words(title, Words { bold: true, size: 16.0, indent: 0.0 });
    sheets.gap(6.0);
    for (page, mut marks) in by_page {
        // From the top of the page down.
        marks.sort_by(|(a, _), (b, _)| b.bounds().y1.total_cmp(&a.bounds().y1));
        sheets.gap(10.0);
        sheets.words(&format!("Page {page}"), Words { bold: true, size: 12.0, indent: 0.0 });
        for (mark, author) in marks {
            sheets.note(mark, author);
        }
    }
    sheets.finish(title)
}

/// How words are set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) bold: bool,
    pub(super) size: f32,
    pub(super) indent: f32,
}

/// Sheets that fill from the top.
#[derive(Debug, Default)]
pub(super) struct Sheets {
    full: Vec<String>,
    open: String,
    /// From the top margin down.
    used: f32,
}

impl Sheets {
    fn note(&mut self, mark: &Mark, author: &str) {
        self.gap(6.0);
        let head = match date(mark.modified_ms) {
            Some(date) => format!("{author} · {date}"),
            None => author.to_owned(),
        };
        self.words(&head, Words { bold: false, size: 8.5, indent: 0.0 });
        self.content(mark);
    }

    /// What the mark says and shows.
    pub(super) fn content(&mut self, mark: &Mark) {
        let body = Words { bold: false, size: 10.5, indent: 12.0 };
        match &mark.kind {
            MarkKind::Markup(markup) if !markup.quote.exact.is_empty() => {
                self.words(&format!("« {} »", markup.quote.exact), body);
            }
            MarkKind::Ink { .. } | MarkKind::Shape(_) => self.drawing(mark),
            MarkKind::Stamp(stamp) => self.words(&stamp.word, Words { bold: true, ..body }),
            MarkKind::Markup(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => {}
        }
        if !mark.text.is_empty() {
            self.words(&mark.text, body);
        }
    }

    pub(super) fn words(&mut self, text: &str, words: Words) {
        let Words { bold, size, indent } = words;
        for words in wrap(text, size, WIDTH - indent) {
            self.room(size * LEADING);
            self.used += size * LEADING;
            let (x, y) = (MARGIN + indent, SHEET.1 - MARGIN - self.used);
            let (font, words) = (if bold { "B" } else { "R" }, shown(&words));
            line(
                &mut self.open,
                format_args!("BT /{font} {size} Tf {x:.2} {y:.2} Td {words} Tj ET"),
            );
        }
    }

    fn drawing(&mut self, mark: &Mark) {
        let bounds = mark.bounds();
        let scale = (DRAWING / bounds.height()).min(WIDTH / bounds.width()).min(1.0);
        if !(scale.is_finite() && scale > 0.0) {
            return;
        }
        self.room(bounds.height() * scale);
        self.used += bounds.height() * scale;
        let x = MARGIN + 12.0 - bounds.x0 * scale;
        let y = SHEET.1 - MARGIN - self.used - bounds.y0 * scale;
        line(&mut self.open, format_args!("q {scale:.4} 0 0 {scale:.4} {x:.2} {y:.2} cm"));
        match &mark.kind {
            MarkKind::Ink { strokes, width, .. } => {
                for stroke in strokes {
                    polygon(&mut self.open, &ink::outline(stroke, *width));
                }
            }
            MarkKind::Shape(shape) => drawn(&mut self.open, &shape.path(), shape.width),
            MarkKind::Markup(_)
            | MarkKind::Stamp(_)
            | MarkKind::Note { .. }
            | MarkKind::Text { .. } => {}
        }
        line(&mut self.open, format_args!("Q"));
    }

    pub(super) fn gap(&mut self, height: f32) {
        self.used += height;
    }

    /// Begins a sheet when this one has no room left.
    fn room(&mut self, height: f32) {
        if self.used + height > SHEET.1 - 2.0 * MARGIN && !self.open.is_empty() {
            self.full.push(std::mem::take(&mut self.open));
            self.used = 0.0;
        }
    }

    pub(super) fn finish(mut self, title: &str) -> io::Result<Vec<u8>> {
        self.full.push(self.open);
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let regular = document.add_object(helvetica(false));
        let bold = document.add_object(helvetica(true));
        let resources = document
            .add_object(dictionary! { "Font" => dictionary! { "R" => regular, "B" => bold } });
        let mut pages: Vec<Object> = Vec::new();
        for content in self.full {
            let content = Stream::new(dictionary! {}, content.into_bytes());
            let content = document.add_object(content);
            pages.push(document.add_object(sheet(tree, content, resources)).into());
        }
        let count = i64::try_from(pages.len()).unwrap_or(i64::MAX);
        document
            .set_object(tree, dictionary! { "Type" => "Pages", "Kids" => pages, "Count" => count });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
        let info = document.add_object(dictionary! { "Title" => text_string(title) });
        document.trailer.set("Root", catalog);
        document.trailer.set("Info", info);
        document.compress();
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).map_err(io::Error::other)?;
        Ok(bytes)
    }
}

fn sheet(tree: ObjectId, content: ObjectId, resources: ObjectId) -> lopdf::Dictionary {
    let corners = [0.0, 0.0, SHEET.0, SHEET.1].map(Object::Real).to_vec();
    dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => corners,
        "Contents" => content,
        "Resources" => resources,
    }
}

/// The day and minute, in universal time: the tablet's zone is not known here.
fn date(ms: i64) -> Option<String> {
    let when = Timestamp::from_millisecond(ms).ok()?;
    Some(when.strftime("%Y-%m-%d %H:%M UTC").to_string())
}
