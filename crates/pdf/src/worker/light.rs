//! Reading by a lamp: a page on cream, or light letters on dark, with its pictures as they are.
//!
//! The pixels are changed here and not by the web view's filters: a filter cannot tell a photograph
//! from a page, and costs every frame instead of once.

use std::collections::BTreeMap;

use ink::{PageTransform, Rect};
use ipc::Look;
use pdfium_render::prelude::{
    PdfPage, PdfPageObject, PdfPageObjectCommon, PdfPageObjectsCommon, PdfQuadPoints,
};

use super::draw::{self, Drawn};
use crate::protocol::{Area, Fault};

/// The dark of night and the light of its letters, as brightness.
const NIGHT: (i32, i32) = (24, 232);
/// Cream.
const SEPIA: [u32; 3] = [250, 241, 222];
/// How bright pictures stay at night, of 256.
const DIMMED: u32 = 222;
/// Width of the image by which pictures are judged, in pixels.
const LOOKED_AT: u32 = 192;
/// Share of bright grey pixels, of 100, from which a picture is a scanned page or a table.
const PAPER: usize = 62;
/// Most pictures of a page that are looked at, and how deep they may be nested.
const PICTURES: usize = 200;
const DEPTH: u32 = 4;
/// Pages whose light is remembered.
const KEPT: usize = 64;

/// How the light falls on one page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Light {
    look: Look,
    /// Pictures that keep their colours, in parts of the shown page from its top left corner.
    pictures: Vec<Rect>,
}

/// Lights of the pages of one paper.
#[derive(Debug, Default)]
pub(crate) struct Lights(BTreeMap<(u32, Look), Light>);

impl Lights {
    pub(crate) fn known(&self, page: u32, look: Look) -> Option<Light> {
        self.0.get(&(page, look)).cloned()
    }

    pub(crate) fn keep(&mut self, page: u32, look: Look, light: Light) {
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        self.0.insert((page, look), light);
    }
}

impl Light {
    /// Looks at a page.
    pub(crate) fn of(page: &PdfPage<'_>, look: Look, careful: bool) -> Result<Self, Fault> {
        let pictures = match look {
            Look::Paper | Look::Sepia => Vec::new(),
            Look::Night => pictures(page, careful)?,
        };
        Ok(Self { look, pictures })
    }

    /// Changes the pixels of a drawn part of the page.
    pub(crate) fn fall(&self, drawn: &mut Drawn) {
        match self.look {
            Look::Paper => {}
            Look::Sepia => {
                for pixel in drawn.pixels.as_chunks_mut::<4>().0 {
                    for (part, cream) in pixel.iter_mut().zip(SEPIA) {
                        *part = u8::try_from(u32::from(*part) * cream / 255).unwrap_or(u8::MAX);
                    }
                }
            }
            Look::Night => self.night(drawn),
        }
    }

    fn night(&self, drawn: &mut Drawn) {
        let (width, height) = (drawn.of_width as f32, drawn.of_height as f32);
        let pictures: Vec<Rect> = self
            .pictures
            .iter()
            .map(|part| Rect {
                x0: part.x0 * width - drawn.left as f32,
                y0: part.y0 * height - drawn.top as f32,
                x1: part.x1 * width - drawn.left as f32,
                y1: part.y1 * height - drawn.top as f32,
            })
            .collect();
        let row_bytes = usize::try_from(drawn.width).unwrap_or(0) * 4;
        if row_bytes == 0 {
            return;
        }
        for (y, row) in drawn.pixels.chunks_exact_mut(row_bytes).enumerate() {
            let middle = y as f32 + 0.5;
            let across: Vec<(f32, f32)> = pictures
                .iter()
                .filter(|picture| (picture.y0..picture.y1).contains(&middle))
                .map(|picture| (picture.x0, picture.x1))
                .collect();
            for (x, pixel) in row.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let middle = x as f32 + 0.5;
                if across.iter().any(|(from, to)| (*from..*to).contains(&middle)) {
                    dim(pixel);
                } else {
                    turn(pixel);
                }
            }
        }
    }
}

fn dim(pixel: &mut [u8; 4]) {
    for part in pixel {
        *part = u8::try_from(u32::from(*part) * DIMMED / 256).unwrap_or(u8::MAX);
    }
}

/// Bright becomes dark and dark bright; the colour stays.
fn turn(pixel: &mut [u8; 4]) {
    let [r, g, b, _] = pixel.map(i32::from);
    let bright = brightness(r, g, b);
    let (dark, light) = NIGHT;
    let wanted = dark + (light - dark) * (255 - bright) / 255;
    let moved = |part: i32| u8::try_from((part - bright + wanted).clamp(0, 255)).unwrap_or(0);
    *pixel = [moved(r), moved(g), moved(b), 0];
}

const fn brightness(r: i32, g: i32, b: i32) -> i32 {
    (r * 77 + g * 150 + b * 29) >> 8
}

/// The pictures of the page that are worth their colours: not those that are a scanned page, whose
/// paper would glare.
fn pictures(page: &PdfPage<'_>, careful: bool) -> Result<Vec<Rect>, Fault> {
    let size = draw::size(page);
    let shown =
        PageTransform::new(size.width, size.height, size.rotation, size.left, size.bottom, 1.0);
    let mut found = Vec::new();
    for object in page.objects().iter() {
        collect(&object, DEPTH, &mut found);
    }
    let part = |rect: Rect| {
        let rect = shown.rect_to_shown(rect);
        Rect {
            x0: (rect.x0 / size.width).clamp(0.0, 1.0),
            y0: (rect.y0 / size.height).clamp(0.0, 1.0),
            x1: (rect.x1 / size.width).clamp(0.0, 1.0),
            y1: (rect.y1 / size.height).clamp(0.0, 1.0),
        }
    };
    let mut parts: Vec<Rect> = found.into_iter().map(part).collect();
    parts.retain(|part| part.width() > 0.0 && part.height() > 0.0);
    if parts.is_empty() {
        return Ok(parts);
    }
    let drawn = draw::draw(page, LOOKED_AT, Area::Whole, careful)?;
    parts.retain(|part| !is_paper(&drawn, part));
    Ok(parts)
}

/// Pictures among an object and what it holds.
fn collect(object: &PdfPageObject<'_>, depth: u32, found: &mut Vec<Rect>) {
    if found.len() >= PICTURES {
        return;
    }
    match object {
        PdfPageObject::Image(image) => found.extend(image.bounds().ok().map(|quad| rect(&quad))),
        PdfPageObject::XObjectForm(form) if depth > 0 => {
            // What is inside knows its place in the form, not on the page: a form with a picture in
            // it counts as one.
            let mut inside = Vec::new();
            for object in form.iter() {
                collect(&object, depth - 1, &mut inside);
            }
            if !inside.is_empty() {
                let around = PdfPageObjectCommon::bounds(form);
                found.extend(around.ok().map(|quad| rect(&quad)));
            }
        }
        PdfPageObject::XObjectForm(_)
        | PdfPageObject::Text(_)
        | PdfPageObject::Path(_)
        | PdfPageObject::Shading(_)
        | PdfPageObject::Unsupported(_) => {}
    }
}

fn rect(quad: &PdfQuadPoints) -> Rect {
    let area = quad.to_rect();
    Rect::from([area.left().value, area.bottom().value, area.right().value, area.top().value])
}

/// Whether most of what stands there is bright and grey.
fn is_paper(drawn: &Drawn, part: &Rect) -> bool {
    let (width, height) = (drawn.width as f32, drawn.height as f32);
    let span = |from: f32, to: f32, length: f32| {
        let first = (from * length).floor().max(0.0) as usize;
        first..((to * length).ceil().min(length) as usize).max(first)
    };
    let (columns, rows) = (span(part.x0, part.x1, width), span(part.y0, part.y1, height));
    let stride = usize::try_from(drawn.width).unwrap_or(0);
    let (mut seen, mut bright) = (0_usize, 0_usize);
    for row in rows {
        for column in columns.clone() {
            let at = (row * stride + column) * 4;
            let Some(&[r, g, b, _]) = drawn.pixels.get(at..at + 4) else { continue };
            seen += 1;
            let grey = r.max(g).max(b) - r.min(g).min(b) < 40;
            bright += usize::from(grey && brightness(r.into(), g.into(), b.into()) > 196);
        }
    }
    seen == 0 || bright * 100 >= seen * PAPER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_becomes_dark_ink_becomes_light_and_blue_stays_blue() {
        let mut white = [255, 255, 255, 0];
        let mut black = [0, 0, 0, 0];
        let mut blue = [31, 58, 138, 0];
        for pixel in [&mut white, &mut black, &mut blue] {
            turn(pixel);
        }
        assert_eq!(white[..3], [24; 3]);
        assert_eq!(black[..3], [232; 3]);
        assert!(blue[2] > blue[1] && blue[1] > blue[0] && blue[2] > 200, "{blue:?}");
    }
}
