//! Pixels as a file: JPEG for photographs and scans, PNG for text and drawings.
//!
//! Measured in the webview, JPEG is four times faster than raw pixels; on text it rings around the
//! letters while PNG is small. So the pixels decide: neighbours that differ by a little nearly
//! everywhere are a photograph.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::draw::Drawn;
use crate::protocol::Fault;

const QUALITY: u8 = 90;
/// Pairs of neighbours looked at.
const SAMPLES: usize = 8_192;
/// Share of pairs that differ by a little, of 100, from which an image is a photograph.
const PHOTOGRAPH: usize = 12;

/// The file, and whether it is a JPEG.
pub(crate) fn encode(drawn: Drawn) -> Result<(bool, Vec<u8>), Fault> {
    if is_photograph(&drawn) {
        jpeg(&drawn).map(|f| (true, f))
    } else {
        png(drawn).map(|f| (false, f))
    }
}

fn is_photograph(drawn: &Drawn) -> bool {
    let pairs = drawn.pixels.len() / 4;
    let step = (pairs / SAMPLES).max(1) * 4;
    let (mut seen, mut gentle) = (0, 0);
    for pair in drawn.pixels.windows(8).step_by(step) {
        let &[r, g, b, _, s, h, c, _] = pair else { continue };
        let far = r.abs_diff(s).max(g.abs_diff(h)).max(b.abs_diff(c));
        seen += 1;
        gentle += usize::from((1..=24).contains(&far));
    }
    gentle * 100 > seen * PHOTOGRAPH
}

fn jpeg(drawn: &Drawn) -> Result<Vec<u8>, Fault> {
    let (Ok(width), Ok(height)) = (u16::try_from(drawn.width), u16::try_from(drawn.height)) else {
        return Err(Fault::reader("the image is too large for a JPEG"));
    };
    let mut file = Vec::with_capacity(drawn.pixels.len() / 8);
    let mut encoder = Encoder::new(&mut file, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.encode(&drawn.pixels, width, height, ColorType::Rgba).map_err(Fault::reader)?;
    Ok(file)
}

fn png(drawn: Drawn) -> Result<Vec<u8>, Fault> {
    let Drawn { width, height, pixels, .. } = drawn;
    let grey = pixels.chunks_exact(4).all(|p| matches!(p, &[r, g, b, _] if r == g && g == b));
    let (samples, colours): (Vec<u8>, _) = if grey {
        (pixels.iter().copied().step_by(4).collect(), ExtendedColorType::L8)
    } else {
        let mut rgb = vec![0; pixels.len() / 4 * 3];
        for (to, from) in rgb.chunks_exact_mut(3).zip(pixels.chunks_exact(4)) {
            if let ([r, g, b], &[red, green, blue, _]) = (to, from) {
                (*r, *g, *b) = (red, green, blue);
            }
        }
        (rgb, ExtendedColorType::Rgb8)
    };
    drop(pixels);
    let mut file = Vec::with_capacity(samples.len() / 8);
    PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up)
        .write_image(&samples, width, height, colours)
        .map_err(Fault::reader)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(colour: impl Fn(u32, u32) -> [u8; 3]) -> Drawn {
        let pixels = (0..64 * 64_u32)
            .flat_map(|i| {
                let [r, g, b] = colour(i % 64, i / 64);
                [r, g, b, 0]
            })
            .collect();
        Drawn { width: 64, height: 64, pixels, left: 0, top: 0, of_width: 64, of_height: 64 }
    }

    #[test]
    fn text_travels_as_png_and_loses_nothing() {
        let (jpeg, file) =
            encode(drawn(|x, y| if x % 9 == 0 && y % 3 > 0 { [0, 0, 128] } else { [255; 3] }))
                .unwrap();
        assert!(!jpeg);
        let image = image::load_from_memory(&file).unwrap().to_rgb8();
        assert_eq!((image.width(), image.height()), (64, 64));
        assert_eq!(image.get_pixel(9, 1).0, [0, 0, 128]);
        assert_eq!(image.get_pixel(10, 1).0, [255; 3]);
    }

    #[test]
    fn grey_text_is_stored_grey() {
        let (_, file) = encode(drawn(|x, _| if x == 5 { [10; 3] } else { [255; 3] })).unwrap();
        assert_eq!(image::load_from_memory(&file).unwrap().color(), image::ColorType::L8);
    }

    #[test]
    fn a_photograph_travels_as_jpeg_and_looks_the_same() {
        let tint = |x: u32, y: u32| [x as u8 * 3, y as u8 * 3, (x + y) as u8];
        let (jpeg, file) = encode(drawn(tint)).unwrap();
        assert!(jpeg);
        let image = image::load_from_memory(&file).unwrap().to_rgb8();
        for (x, y, pixel) in image.enumerate_pixels() {
            for (got, wanted) in pixel.0.iter().zip(tint(x, y)) {
                assert!(got.abs_diff(wanted) < 12, "at {x},{y}: {got} for {wanted}");
            }
        }
    }
}
