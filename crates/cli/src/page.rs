//! A page as a PNG file.

use std::io::Cursor;
use std::path::Path;

use client::Client;
use domain::DocumentId;
use image::ImageFormat;
use ipc::{Command, ErrorCode, Look, PageArea, PageImage, Problem, Reply};

use crate::answers::Answer;
use crate::failure::Failure;
use crate::tablet::{ask, the};

/// Draws a page to a PNG.
pub(crate) async fn draw(
    client: &Client,
    document: DocumentId,
    page: u32,
    width: u32,
    out: &Path,
) -> Result<Answer, Failure> {
    let paper = ask(client, Command::Document { document }, the!(Reply::Document)).await?;
    let version = paper.version;
    let whole = PageImage {
        document,
        version,
        page,
        width,
        area: PageArea::Whole,
        generation: 0,
        look: Look::Paper,
        ahead: false,
    };
    let drawn = client.page_image(whole).await?;
    let bytes = if drawn.mime == "image/png" { drawn.bytes } else { png(&drawn.bytes)? };
    let file = out.display().to_string();
    std::fs::write(out, bytes)
        .map_err(|_| Failure::Problem(Problem::about(ErrorCode::FileUnwritable, &file)))?;
    Ok(Answer::Written { file })
}

fn png(image: &[u8]) -> Result<Vec<u8>, Failure> {
    let broken = |_| Failure::Problem(Problem::about(ErrorCode::Internal, "the drawn page"));
    let mut png = Cursor::new(Vec::new());
    let image = image::load_from_memory(image).map_err(broken)?;
    image.write_to(&mut png, ImageFormat::Png).map_err(broken)?;
    Ok(png.into_inner())
}
