//! The characters of a page as pdfium finds them.

use pdfium_render::prelude::{PdfPage, PdfPageTextChar, PdfRect};

use super::lines::{Content, Glyph, Turn};
use crate::protocol::Fault;

/// Most characters read from a page; no page that a person reads has a tenth of them.
const MOST: usize = 400_000;

/// Whether the page has any text that shows.
pub(crate) fn has_text(page: &PdfPage<'_>) -> bool {
    page.text().is_ok_and(|text| {
        text.chars().iter().take(MOST).any(|c| c.unicode_char().is_some_and(char::is_alphanumeric))
    })
}

/// All characters in the order of the page's content.
pub(crate) fn glyphs(page: &PdfPage<'_>) -> Result<Vec<Glyph>, Fault> {
    glyphs_with(page, |_| Content::Untold)
}

/// The same, each with the marked content that its number among the page's characters belongs to.
pub(crate) fn glyphs_with(
    page: &PdfPage<'_>,
    content: impl Fn(i32) -> Content,
) -> Result<Vec<Glyph>, Fault> {
    let text = page.text().map_err(Fault::damaged)?;
    let mut glyphs = Vec::new();
    let mut high = None;
    for (index, char) in (0..).zip(text.chars().iter().take(MOST)) {
        let Some(shown) = character(char.unicode_value(), &mut high) else { continue };
        let mut glyph = glyph(&char, shown);
        if let Some(placed) = &mut glyph.placed {
            placed.content = content(index);
        }
        glyphs.push(glyph);
    }
    Ok(glyphs)
}

/// The character of a code; surrogates that come alone are joined.
fn character(code: u32, high: &mut Option<u32>) -> Option<char> {
    match code {
        0xD800..=0xDBFF => {
            *high = Some(code);
            None
        }
        0xDC00..=0xDFFF => {
            let first = high.take()?;
            char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (code - 0xDC00))
        }
        // How pdfium writes the hyphen that splits a word at the end of a line.
        0x02 | 0xAD => Some('-'),
        // Ideographic and other spaces count as spaces, unmapped codes as nothing.
        0x09 | 0xA0 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Some(' '),
        0x0A | 0x0D => Some('\n'),
        0x00..=0x1F | 0x7F..=0x9F | 0x200B..=0x200F | 0xFEFF | 0xFFFE | 0xFFFF => None,
        code => char::from_u32(code),
    }
}

fn glyph(char: &PdfPageTextChar<'_>, shown: char) -> Glyph {
    if shown == '\n' || char.is_generated().unwrap_or(false) {
        return Glyph { shown, placed: None };
    }
    Glyph {
        shown,
        placed: super::lines::Placed::new(
            turn(char),
            origin(char),
            size(char),
            [bounds(char.loose_bounds().ok()), bounds(char.tight_bounds().ok())],
        ),
    }
}

fn origin(char: &PdfPageTextChar<'_>) -> Option<[f32; 2]> {
    char.origin().ok().map(|(x, y)| [x.value, y.value])
}

fn bounds(rect: Option<PdfRect>) -> Option<[f32; 4]> {
    rect.map(|r| [r.left().value, r.bottom().value, r.right().value, r.top().value])
}

/// Which way the text runs in user space.
fn turn(char: &PdfPageTextChar<'_>) -> Turn {
    char.matrix().map_or(Turn::Right, |matrix| Turn::of(matrix.a(), matrix.b()))
}

/// Height of the letters in points.
fn size(char: &PdfPageTextChar<'_>) -> f32 {
    let scale = char.matrix().map_or(1.0, |matrix| matrix.c().hypot(matrix.d()));
    let size = char.unscaled_font_size().value * scale;
    if size.is_finite() && size > 0.0 { size } else { 1.0 }
}
