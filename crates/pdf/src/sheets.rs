//! Words on A4 sheets that fill from the top.

use std::io;

use client::ports::{Block, PdfError, PdfErrorKind, Print};
use lopdf::{Document, Object, ObjectId, Stream, dictionary, text_string};

use crate::reader::fault;
use crate::typeset::{LEADING, shown, wrap};
use crate::worker::{helvetica, line};

/// A4, in points.
pub(crate) const SHEET: (f32, f32) = (595.0, 842.0);
pub(crate) const MARGIN: f32 = 56.0;
pub(crate) const WIDTH: f32 = SHEET.0 - 2.0 * MARGIN;
/// Space between two cells, in points.
const GUTTER: f32 = 8.0;

/// Writes a document of words.
pub(crate) fn print(print: &Print) -> Result<(), PdfError> {
    let mut sheets = Sheets::default();
    print.blocks.iter().for_each(|block| sheets.block(block));
    let unwritable = |error| fault(PdfErrorKind::Unwritable, error);
    let bytes = sheets.finish(&print.title).map_err(unwritable)?;
    crate::export::save_bytes(&print.out, &bytes)
}

/// How words are set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) bold: bool,
    pub(crate) size: f32,
    pub(crate) indent: f32,
}

/// Sheets that fill from the top.
#[derive(Debug, Default)]
pub(crate) struct Sheets {
    full: Vec<String>,
    pub(crate) open: String,
    /// From the top margin down.
    pub(crate) used: f32,
}

impl Sheets {
    fn block(&mut self, block: &Block) {
        let body = Words { bold: false, size: 10.5, indent: 0.0 };
        match block {
            Block::Title(text) => {
                self.words(text, Words { bold: true, size: 18.0, ..body });
                self.gap(6.0);
            }
            Block::Heading(text) => {
                self.gap(16.0);
                self.words(text, Words { bold: true, size: 14.0, ..body });
                self.gap(3.0);
            }
            Block::Section(text) => {
                self.gap(9.0);
                self.words(text, Words { bold: true, ..body });
            }
            Block::Text(text) => {
                self.gap(2.0);
                self.words(text, body);
            }
            Block::Small(text) => self.words(text, Words { size: 8.5, indent: 12.0, ..body }),
            Block::Row(cells) => self.row(cells, body),
            Block::Gap => self.gap(body.size * LEADING),
            Block::Sheet => self.turn(),
        }
    }

    /// Cells side by side; the row is as high as its highest cell and never parted.
    fn row(&mut self, cells: &[(f32, String)], words: Words) {
        let leading = words.size * LEADING;
        let set: Vec<(f32, Vec<String>)> = cells
            .iter()
            .map(|(share, text)| (*share, wrap(text, words.size, WIDTH * share - GUTTER)))
            .collect();
        let most = set.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        let most = f32::from(u16::try_from(most).unwrap_or(u16::MAX));
        self.gap(2.0);
        self.room(leading * most);
        let top = self.used;
        let mut left = 0.0;
        for (share, lines) in set {
            self.used = top;
            for text in lines {
                self.used += leading;
                let indent = words.indent + left;
                self.set(&text, Words { indent, ..words });
            }
            left += WIDTH * share;
        }
        self.used = top + leading * most;
    }

    pub(crate) fn words(&mut self, text: &str, words: Words) {
        let Words { size, indent, .. } = words;
        for text in wrap(text, size, WIDTH - indent) {
            self.room(size * LEADING);
            self.used += size * LEADING;
            self.set(&text, words);
        }
    }

    /// One line, its foot where the sheet is used to.
    fn set(&mut self, text: &str, words: Words) {
        let Words { bold, size, indent } = words;
        let (x, y) = (MARGIN + indent, SHEET.1 - MARGIN - self.used);
        let (font, text) = (if bold { "B" } else { "R" }, shown(text));
        line(&mut self.open, format_args!("BT /{font} {size} Tf {x:.2} {y:.2} Td {text} Tj ET"));
    }

    pub(crate) fn gap(&mut self, height: f32) {
        self.used += height;
    }

    /// Begins a sheet when this one has no room left.
    pub(crate) fn room(&mut self, height: f32) {
        if self.used + height > SHEET.1 - 2.0 * MARGIN && !self.open.is_empty() {
            self.turn();
        }
    }

    fn turn(&mut self) {
        self.full.push(std::mem::take(&mut self.open));
        self.used = 0.0;
    }

    pub(crate) fn finish(mut self, title: &str) -> io::Result<Vec<u8>> {
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
