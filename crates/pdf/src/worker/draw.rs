//! Pages as pixels.

use ipc::PageSize;
use pdfium_render::prelude::{
    PdfBitmap, PdfBitmapFormat, PdfDocument, PdfPage, PdfPageRenderRotation, PdfRenderConfig,
};

use crate::protocol::{Area, Fault, FaultKind};

/// Most pixels of one image: 256 MB of them while it is drawn.
const MOST_PIXELS: u64 = 64 << 20;
/// Width of the image by which a page is tried, in pixels.
const TRIAL: u32 = 96;
/// Longest side that pdfium's coordinates bear, in pixels.
const LONGEST: f64 = 500_000.0;

/// A4.
pub(crate) const SIZE_OF_A_BROKEN_PAGE: PageSize =
    PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };

/// Pixels, four bytes each: red, green, blue and one that means nothing.
pub(crate) struct Drawn {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
    /// Where its corner lies on the whole page, and the whole page's size, in pixels.
    pub(crate) left: u32,
    pub(crate) top: u32,
    pub(crate) of_width: u32,
    pub(crate) of_height: u32,
}

/// The page as it is shown.
pub(crate) fn size(page: &PdfPage<'_>) -> PageSize {
    let rotation = match page.rotation() {
        Ok(PdfPageRenderRotation::Degrees90) => 90,
        Ok(PdfPageRenderRotation::Degrees180) => 180,
        Ok(PdfPageRenderRotation::Degrees270) => 270,
        Ok(PdfPageRenderRotation::None) | Err(_) => 0,
    };
    let (left, bottom) = page
        .boundaries()
        .bounding()
        .map_or((0.0, 0.0), |b| (b.bounds.left().value, b.bounds.bottom().value));
    PageSize { width: page.width().value, height: page.height().value, rotation, left, bottom }
}

/// Width and height of every page as it is shown; its turn and its corner are not looked at.
pub(crate) fn extents(document: &PdfDocument<'_>) -> Vec<PageSize> {
    let pages = document.pages();
    let extent = |index| match pages.page_size(index) {
        Ok(size) => PageSize {
            width: size.width().value,
            height: size.height().value,
            ..SIZE_OF_A_BROKEN_PAGE
        },
        Err(_) => SIZE_OF_A_BROKEN_PAGE,
    };
    pages.as_range().map(extent).collect()
}

/// Draws an area of the page with its annotations and form fields. The page's height in pixels is
/// its width times its proportion, rounded.
pub(crate) fn draw(
    page: &PdfPage<'_>,
    width: u32,
    area: Area,
    careful: bool,
) -> Result<Drawn, Fault> {
    let size = size(page);
    let proportion = f64::from(size.height) / f64::from(size.width);
    if !(proportion.is_finite() && proportion > 0.0) || width == 0 {
        return Err(Fault::damaged("the page has no size"));
    }
    let mut whole_width = f64::from(width);
    if area == Area::Whole {
        // A whole page too large to be drawn at this width is drawn smaller.
        whole_width = whole_width.min((MOST_PIXELS as f64 / proportion).sqrt());
    }
    let whole_width = whole_width.round().clamp(1.0, LONGEST);
    let whole_height = (whole_width * proportion).round().clamp(1.0, LONGEST);
    let (whole_width, whole_height) = (whole_width as u32, whole_height as u32);
    let (x, y, width, height) = match area {
        Area::Whole => (0, 0, whole_width, whole_height),
        Area::Pixels { x, y, width, height } => (
            x,
            y,
            width.min(whole_width.saturating_sub(x)),
            height.min(whole_height.saturating_sub(y)),
        ),
    };
    let count = u64::from(width) * u64::from(height);
    if count == 0 || count > MOST_PIXELS {
        let detail = format!("an image of {width} by {height} pixels");
        return Err(Fault { kind: FaultKind::NoSuchPage, detail });
    }
    let signed = |value: u32| i32::try_from(value).map_err(Fault::reader);
    let bytes = usize::try_from(count * 4).map_err(Fault::reader)?;
    let mut pixels = vec![255; bytes];
    let mut bitmap =
        PdfBitmap::from_bytes(signed(width)?, signed(height)?, PdfBitmapFormat::BGRx, &mut pixels)
            .map_err(Fault::reader)?;
    let config =
        PdfRenderConfig::new().set_format(PdfBitmapFormat::BGRx).clear_before_rendering(false);
    let config = if careful {
        // The way without form fields: from the page at one pixel a point.
        let scale = |pixels: u32, points: f32| pixels as f32 / points.trunc().max(1.0);
        config.set_fixed_size(signed(width)?, signed(height)?).transform(
            scale(whole_width, size.width),
            0.0,
            0.0,
            scale(whole_height, size.height),
            -(x as f32),
            -(y as f32),
        )
    } else {
        Ok(config
            .set_fixed_size(signed(whole_width)?, signed(whole_height)?)
            .set_origin(-signed(x)?, -signed(y)?))
    };
    let config = config.map_err(Fault::damaged)?;
    page.render_into_bitmap_with_config(&mut bitmap, &config).map_err(Fault::damaged)?;
    drop(bitmap);
    let (of_width, of_height) = (whole_width, whole_height);
    Ok(Drawn { width, height, pixels, left: x, top: y, of_width, of_height })
}

/// Draws the page small, to see whether it can be drawn.
pub(crate) fn attempt(page: &PdfPage<'_>, careful: bool) -> Result<(), Fault> {
    draw(page, TRIAL, Area::Whole, careful).map(drop)
}
