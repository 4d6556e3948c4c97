//! Pages of a paper: images, text, sizes.

use domain::{DocumentId, Sha256};
use ipc::{
    Availability, DocumentView, ErrorCode, FoundPages, PageArea, PageImage, PageReading, PageText,
    Problem, Secret,
};
use std::path::PathBuf;
use std::sync::Arc;

use crate::core::{Core, stopped};
use crate::picture::Picture;
use crate::ports::{Glance, Inspection, PaperImage, PaperPage, PdfErrorKind, RenderArea};
use crate::{inspections, problem, views};

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
    core.within_the_lease()?;
    let picture = loaded(core).await?;
    let PageImage { document, version, page, width, area, generation, look, ahead } = image;
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
    let width = width.min(ipc::page::MAX_WIDTH);
    let part = PaperPage { page, width, area, generation, look, ahead };
    core.papers.render(&path, part).await.map_err(|error| of_page(&error, title, page))
}

/// The text of a page with positions.
pub(crate) async fn text(core: &Core, paper: &Present, page: u32) -> Result<PageText, Problem> {
    paper.check_page(page)?;
    let text = core.papers.text(&paper.path, page).await;
    text.map_err(|error| of_page(&error, &paper.title, page))
}

/// A page in reading order, and its links.
pub(crate) async fn reading(
    core: &Core,
    paper: &Present,
    page: u32,
) -> Result<PageReading, Problem> {
    paper.check_page(page)?;
    let reading = core.papers.reading(&paper.path, page).await;
    reading.map_err(|error| of_page(&error, &paper.title, page))
}

/// Pages of a paper on which these words stand. A paper that the index has not come to yet is
/// indexed first.
pub(crate) async fn found(
    core: &Arc<Core>,
    paper: &Present,
    text: String,
) -> Result<FoundPages, Problem> {
    let pdf = paper.pdf;
    let indexed = core.shelf.ask(move |store| store.is_indexed(&pdf)).await?;
    if !indexed {
        crate::indexing::one(core, pdf).await?;
    }
    core.shelf.ask(move |store| store.find_pages(&pdf, &text)).await
}

/// Opens an encrypted paper and remembers what opened it.
pub(crate) async fn unlock(
    core: &Arc<Core>,
    document: DocumentId,
    password: Secret,
) -> Result<DocumentView, Problem> {
    let picture = core.now();
    let paper = present(core, &picture, document)?;
    core.papers.know(&paper.path, Some(password.clone()));
    let opened = core.inspections.of(&*core.papers, paper.pdf, &paper.path).await;
    if let Err(error) = opened {
        core.papers.know(&paper.path, None);
        let mut problem = problem::of_pdf(&error, &paper.title);
        if problem.code == ErrorCode::PdfPassword {
            problem.code = ErrorCode::WrongPassword;
        }
        return Err(problem);
    }
    let keys = Arc::clone(&core.keys);
    tokio::task::spawn_blocking(move || keys.keep_password(&paper.pdf, &password))
        .await
        .map_err(|_| stopped())?
        .map_err(|error| problem::of_keys(&error))?;
    // Its text can be read now: the index passed it by.
    let (later, pdf) = (Arc::clone(core), paper.pdf);
    core.tasks.spawn(async move {
        if let Err(problem) = crate::indexing::one(&later, pdf).await {
            tracing::warn!(?problem, "a paper that was opened is not indexed");
        }
    });
    open(core, document).await
}

/// One paper, opened for reading: with the sizes of its pages when it is here. One that was never
/// read through is only glanced at, and `measured` says how far its sizes can be trusted.
pub(crate) async fn open(core: &Arc<Core>, document: DocumentId) -> Result<DocumentView, Problem> {
    let picture = core.now();
    let mut view = shown(core, &picture, document)?;
    if view.availability != Availability::Here {
        return Ok(view);
    }
    let paper = present(core, &picture, document)?;
    draw_ahead(core, &paper, view.last_page, ipc::page::FIRST);
    if let Some(known) = inspections::known(core, paper.pdf).await? {
        // The other worker has nothing to tell of this paper first: it opens it too.
        draw_ahead(core, &paper, view.last_page, ipc::page::SMALL);
        return Ok(measured(view, &known));
    }
    let glance = core.papers.glance(&paper.path, view.last_page).await;
    let Glance { sizes, known } = glance.map_err(|error| problem::of_pdf(&error, &paper.title))?;
    let all = *known.start() <= 1 && known.clone().count() >= sizes.len();
    view.measured = (!all).then(|| known.into_inner());
    view.sizes = sizes;
    Ok(view)
}

/// One paper with what only reading it through tells; it is kept for the next time.
pub(crate) async fn measure(core: &Core, document: DocumentId) -> Result<DocumentView, Problem> {
    let picture = core.now();
    let view = shown(core, &picture, document)?;
    let paper = present(core, &picture, document)?;
    let known = inspections::whole(core, paper.pdf, &paper.path, &paper.title).await?;
    Ok(measured(view, &known))
}

fn shown(core: &Core, picture: &Picture, document: DocumentId) -> Result<DocumentView, Problem> {
    let paper = picture.catalogue.paper(document)?;
    let view = views::document::view(picture, &*core.files, paper.sitting, paper.entry);
    Ok(view.ok_or(ErrorCode::NotFound)?)
}

fn measured(view: DocumentView, known: &Inspection) -> DocumentView {
    let (sizes, labels) = (known.sizes.clone(), known.labels.clone());
    DocumentView { sizes, labels, ..view }
}

/// Has the page that the reader will show first drawn small: a worker opens the paper and decodes the
/// page's pictures while the window still lays the pages out.
fn draw_ahead(core: &Arc<Core>, paper: &Present, page: u32, width: u32) {
    let (core, path) = (Arc::clone(core), paper.path.clone());
    core.tasks.clone().spawn(async move {
        let (look, area) = (core.now().preferences.look, RenderArea::Whole);
        let small = PaperPage { page, width, area, generation: 0, look, ahead: false };
        if let Err(error) = core.papers.render(&path, small).await {
            // Whoever asks for the page itself hears why.
            tracing::debug!(%error, "a page is not drawn ahead");
        }
    });
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
