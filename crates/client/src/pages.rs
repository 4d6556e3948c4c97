//! Pages of a paper: images, text, sizes.

use domain::{DocumentId, Sha256};
use ipc::{DocumentView, ErrorCode, PageArea, PageImage, PageText, Problem};
use std::path::PathBuf;

use crate::core::{Core, stopped};
use crate::picture::Picture;
use crate::ports::{PaperImage, PaperPage, PdfErrorKind, RenderArea};
use crate::{problem, views};

/// A paper in its present version, whole on this tablet.
pub(crate) struct Present {
    pub(crate) pdf: Sha256,
    pub(crate) path: PathBuf,
    pub(crate) title: String,
    pub(crate) pages: u32,
}

/// The paper, when it is here.
pub(crate) fn present(
    core: &Core,
    picture: &Picture,
    document: DocumentId,
) -> Result<Present, Problem> {
    let paper = picture.catalogue.paper(document)?;
    let title = paper.entry.document.title.clone();
    let pdf = paper.version.sha256;
    if !picture.here.contains(&pdf) {
        return Err(Problem::about(ErrorCode::NotHere, title));
    }
    Ok(Present { pdf, path: core.path(&pdf, &title)?, title, pages: paper.version.pages })
}

impl Present {
    /// Checks that there is such a page.
    pub(crate) fn check_page(&self, page: u32) -> Result<(), Problem> {
        check_page(page, self.pages)
    }
}

/// Checks that there is such a page.
pub(crate) fn check_page(page: u32, pages: u32) -> Result<(), Problem> {
    if page == 0 || page > pages {
        return Err(Problem::about(ErrorCode::NoSuchPage, page.to_string()));
    }
    Ok(())
}

/// The image of a page.
pub(crate) async fn image(core: &Core, image: PageImage) -> Result<PaperImage, Problem> {
    let picture = loaded(core).await?;
    let PageImage { document, version, page, width, area, generation } = image;
    let paper = picture.catalogue.paper(document)?;
    let title = &paper.entry.document.title;
    let shown = paper.entry.document.versions.iter().find(|known| known.number == version);
    let shown = shown.ok_or(ErrorCode::NotFound)?;
    if !picture.here.contains(&shown.sha256) {
        return Err(Problem::about(ErrorCode::NotHere, title));
    }
    check_page(page, shown.pages)?;
    let area = match area {
        PageArea::Whole => RenderArea::Whole,
        PageArea::Tile { column, row } => {
            let tile = ipc::page::TILE;
            let (x, y) = (column.saturating_mul(tile), row.saturating_mul(tile));
            RenderArea::Pixels { x, y, width: tile, height: tile }
        }
    };
    let path = core.path(&shown.sha256, title)?;
    let part = PaperPage { page, width: width.min(ipc::page::MAX_WIDTH), area, generation };
    core.papers.render(&path, part).await.map_err(|error| of_page(&error, title, page))
}

/// The text of a page with positions.
pub(crate) async fn text(core: &Core, paper: &Present, page: u32) -> Result<PageText, Problem> {
    paper.check_page(page)?;
    let text = core.papers.text(&paper.path, page).await;
    text.map_err(|error| of_page(&error, &paper.title, page))
}

/// One paper, opened for reading: with the sizes of its pages when it is here.
pub(crate) async fn open(core: &Core, document: DocumentId) -> Result<DocumentView, Problem> {
    let picture = core.now();
    let paper = picture.catalogue.paper(document)?;
    let view = views::document::view(&picture, &*core.files, paper.sitting, paper.entry);
    let mut view = view.ok_or(ErrorCode::NotFound)?;
    if picture.here.contains(&paper.version.sha256) {
        let present = present(core, &picture, document)?;
        let inspected = core.inspections.of(&*core.papers, present.pdf, &present.path).await;
        view.sizes =
            inspected.map_err(|error| problem::of_pdf(&error, &present.title))?.sizes.clone();
    }
    Ok(view)
}

/// A page's difficulty: a missing page is named by its number.
fn of_page(error: &crate::ports::PdfError, title: &str, page: u32) -> Problem {
    if error.kind == PdfErrorKind::NoSuchPage {
        return Problem::about(ErrorCode::NoSuchPage, page.to_string());
    }
    problem::of_pdf(error, title)
}

async fn loaded(core: &Core) -> Result<Picture, Problem> {
    let mut picture = core.picture.clone();
    let seen = tokio::select! {
        seen = picture.wait_for(|picture| picture.loaded) => seen.map(|picture| picture.clone()),
        () = core.closing.cancelled() => return Err(stopped()),
    };
    seen.map_err(|_| stopped())
}
