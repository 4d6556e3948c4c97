//! Plain pdfium in one process, as most readers use it: one document that stays open, each page
//! loaded, drawn whole, encoded and closed. The peer of the reader's turns and of its memory.
//!
//! pdfium can be set up once in a process, so this program starts itself again for it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use pdfium_render::prelude::{PdfBitmap, PdfBitmapFormat, PdfRenderConfig, Pdfium};
use serde::{Deserialize, Serialize};

use crate::memory::pss_kb;

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) file: PathBuf,
    /// Width of a page, in pixels.
    pub(crate) width: u32,
    pub(crate) pages: Vec<u32>,
    pub(crate) encode: Encode,
    /// Whether memory is looked at after each page, which takes time.
    pub(crate) weigh: bool,
}

/// What becomes of the pixels.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) enum Encode {
    Jpeg,
    Png,
    Nothing,
}

/// What it took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Opening and the first page, in milliseconds.
    pub(crate) first_ms: f64,
    /// Each page, in milliseconds.
    pub(crate) pages_ms: Vec<f64>,
    /// Most memory that was this process's own or its share of what is shared, in KB.
    pub(crate) peak_kb: u64,
}

/// Does a job in a process of its own.
pub(crate) fn run(job: &Job) -> Result<Done> {
    crate::again::run(crate::again::PLAIN, job)
}

/// Does a job here.
pub(crate) fn work(job: &Job) -> Result<Done> {
    let Some(library) = pdf::PdfConfig::find().library else { bail!("libpdfium was not found") };
    let pdfium = Pdfium::new(Pdfium::bind_to_library(&library)?);
    // As the reader's workers are: the fonts have been looked through before the paper comes.
    let last = *job.pages.last().context("a page")?;
    page(&pdfium.load_pdf_from_file(&job.file, None)?, last, job)?;
    let begin = Instant::now();
    let document = pdfium.load_pdf_from_file(&job.file, None)?;
    let (mut first_ms, mut pages_ms, mut peak_kb) = (0.0, Vec::new(), 0);
    for number in &job.pages {
        let start = Instant::now();
        page(&document, *number, job)?;
        pages_ms.push(start.elapsed().as_secs_f64() * 1_000.0);
        if pages_ms.len() == 1 {
            first_ms = begin.elapsed().as_secs_f64() * 1_000.0;
        }
        if job.weigh {
            peak_kb = pss_kb(&[std::process::id()])?.max(peak_kb);
        }
    }
    Ok(Done { first_ms, pages_ms, peak_kb })
}

fn page(
    document: &pdfium_render::prelude::PdfDocument<'_>,
    number: u32,
    job: &Job,
) -> Result<Vec<u8>> {
    let page = document.pages().get(i32::try_from(number)? - 1)?;
    let proportion = page.height().value / page.width().value;
    let (width, height) = (job.width, (job.width as f32 * proportion).round() as u32);
    let (w, h) = (i32::try_from(width)?, i32::try_from(height)?);
    let mut pixels = vec![255; usize::try_from(width * height * 4)?];
    let mut bitmap = PdfBitmap::from_bytes(w, h, PdfBitmapFormat::BGRx, &mut pixels)?;
    let config = PdfRenderConfig::new()
        .set_format(PdfBitmapFormat::BGRx)
        .clear_before_rendering(false)
        .set_fixed_size(w, h);
    page.render_into_bitmap_with_config(&mut bitmap, &config)?;
    drop(bitmap);
    let mut file = Vec::new();
    match job.encode {
        Encode::Nothing => {}
        Encode::Jpeg => {
            let mut encoder = Encoder::new(&mut file, 90);
            encoder.set_sampling_factor(SamplingFactor::F_1_1);
            encoder.encode(&pixels, width.try_into()?, height.try_into()?, ColorType::Rgba)?;
        }
        Encode::Png => {
            let grey: Vec<u8> = pixels.iter().copied().step_by(4).collect();
            PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Up)
                .write_image(&grey, width, height, ExtendedColorType::L8)?;
        }
    }
    Ok(file)
}

/// How our reader encodes most of such a paper.
pub(crate) const fn encoding(of: crate::reports::Report) -> Encode {
    match of {
        crate::reports::Report::Text => Encode::Png,
        crate::reports::Report::Pictures | crate::reports::Report::Scans => Encode::Jpeg,
    }
}

/// A job on a file.
pub(crate) fn job(file: &Path, width: u32, pages: Vec<u32>, encode: Encode) -> Job {
    Job { file: file.to_owned(), width, pages, encode, weigh: false }
}
