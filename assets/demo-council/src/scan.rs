//! The scanner: pages become pictures of paper, slightly askew, grey and grained, with no text under them.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use typst_layout::{Page, PagedDocument};
use typst_render::RenderOptions;

/// Pixels per point: 150 dots per inch, what an office scanner sends by default.
const SCALE: f64 = 150.0 / 72.0;
/// How far the sheet lay askew on the glass, in radians.
const SKEW: f32 = 0.011;
/// The paper's grey; ink is darkened from there.
const PAPER: f32 = 232.0;

/// Scans every page; JPEG pictures of A4 at 150 dots per inch, the same bytes for the same pages.
///
/// # Errors
/// A picture the encoder refuses.
pub fn pages(document: &PagedDocument) -> Result<Vec<Vec<u8>>, image::ImageError> {
    document.pages().iter().zip(1_u64..).map(|(page, number)| picture(page, number)).collect()
}

fn picture(page: &Page, number: u64) -> Result<Vec<u8>, image::ImageError> {
    let options = RenderOptions { pixel_per_pt: SCALE.into(), ..RenderOptions::default() };
    let pixmap = typst_render::render(page, &options);
    let sheet = Sheet {
        width: i32::try_from(pixmap.width()).unwrap_or(0),
        height: i32::try_from(pixmap.height()).unwrap_or(0),
        ink: pixmap.data().chunks_exact(4).map(luminance).collect(),
    };
    let mut grain = Grain(0x9e37_79b9_7f4a_7c15 ^ number);
    // Odd sheets lie askew one way, even ones the other.
    let skew = if number % 2 == 1 { SKEW } else { -SKEW * 0.6 };
    let (sin, cos) = skew.sin_cos();
    let (cx, cy) = (sheet.width as f32 / 2.0, sheet.height as f32 / 2.0);
    let mut scanned = Vec::with_capacity(sheet.ink.len());
    for y in 0..sheet.height {
        for x in 0..sheet.width {
            let (dx, dy) = (x as f32 - cx, y as f32 - cy);
            let ink = sheet.at(cx + dx * cos - dy * sin, cy + dx * sin + dy * cos);
            // The lid was not quite closed on the left.
            let shadow = 38.0 * (1.0 - x as f32 / 46.0).max(0.0);
            let value = ink * PAPER / 255.0 - shadow + grain.next();
            scanned.push(value.clamp(0.0, 255.0) as u8);
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 62).write_image(
        &scanned,
        pixmap.width(),
        pixmap.height(),
        ExtendedColorType::L8,
    )?;
    Ok(bytes)
}

fn luminance(pixel: &[u8]) -> u8 {
    let part = |at: usize, weight: u32| u32::from(pixel.get(at).copied().unwrap_or(255)) * weight;
    u8::try_from((part(0, 54) + part(1, 183) + part(2, 19)) >> 8).unwrap_or(255)
}

/// A page's ink in grey, 255 being bare paper.
struct Sheet {
    width: i32,
    height: i32,
    ink: Vec<u8>,
}

impl Sheet {
    /// The grey at a point between pixels; outside the sheet, the scanner's lid.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        let upper = self.pixel(left, top) * (1.0 - fx) + self.pixel(left + 1, top) * fx;
        let lower = self.pixel(left, top + 1) * (1.0 - fx) + self.pixel(left + 1, top + 1) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    fn pixel(&self, x: i32, y: i32) -> f32 {
        let inside = (0..self.width).contains(&x) && (0..self.height).contains(&y);
        let at = if inside { usize::try_from(y * self.width + x).ok() } else { None };
        at.and_then(|at| self.ink.get(at)).map_or(212.0, |&grey| f32::from(grey))
    }
}

/// The sensor's noise: xorshift from a fixed seed, in grey levels around zero.
struct Grain(u64);

impl Grain {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let byte = (self.0 >> 56) as u8;
        (f32::from(byte) - 127.5) / 22.0
    }
}
