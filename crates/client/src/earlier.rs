//! Earlier versions of a paper: read with their notes as they stood, and never changed.

use std::sync::Arc;

use domain::{DocumentId, DocumentVersion};
use ipc::{Availability, DocumentView, ErrorCode, MarkView, OfVersion, Problem, Reply};

use crate::catalogue::Paper;
use crate::core::Core;
use crate::pages::{self, Present};
use crate::{fetch, marking, notes, problem, views};

/// Answers a question about a version; one that is not here is fetched.
pub(crate) async fn answer(
    core: &Arc<Core>,
    document: DocumentId,
    number: u32,
    ask: OfVersion,
) -> Result<Reply, Problem> {
    let paper = paper(core, document, number).await?;
    match ask {
        OfVersion::Paper => open(core, document, number, &paper).await,
        OfVersion::Text { page } => {
            Ok(Reply::PageText(Box::new(pages::text(core, &paper, page).await?)))
        }
        OfVersion::Reading { page } => {
            Ok(Reply::PageReading(Box::new(pages::reading(core, &paper, page).await?)))
        }
        OfVersion::Find { text } => pages::found(core, &paper, text).await.map(Reply::FoundPages),
        OfVersion::Outline => {
            let outline = core.papers.outline(&paper.path).await;
            outline.map(Reply::Outline).map_err(|error| problem::of_pdf(&error, &paper.title))
        }
        OfVersion::Marks => marks(core, document, number).await,
    }
}

fn version(known: Paper<'_>, number: u32) -> Result<&DocumentVersion, Problem> {
    let mut versions = known.entry.document.versions.iter();
    versions.find(|version| version.number == number).ok_or_else(|| ErrorCode::NotFound.into())
}

/// The version, whole on this tablet.
async fn paper(core: &Arc<Core>, document: DocumentId, number: u32) -> Result<Present, Problem> {
    let picture = core.now();
    let known = picture.catalogue.paper(document)?;
    let (pdf, count) = {
        let version = version(known, number)?;
        (version.sha256, version.pages)
    };
    if !picture.here.contains(&pdf) {
        fetch::earlier(core, document, &pdf).await?;
    }
    let title = known.entry.document.title.clone();
    Ok(Present { pdf, path: core.path(&pdf, &title)?, title, pages: count })
}

/// The paper in that version; nothing of it can be undone.
async fn open(
    core: &Arc<Core>,
    document: DocumentId,
    number: u32,
    paper: &Present,
) -> Result<Reply, Problem> {
    let picture = core.now();
    let known = picture.catalogue.paper(document)?;
    let inspected = core.inspections.of(&*core.papers, paper.pdf, &paper.path).await;
    let inspected = inspected.map_err(|error| problem::of_pdf(&error, &paper.title))?;
    let view = views::document::view(&picture, &*core.files, known.sitting, known.entry);
    let view = view.ok_or(ErrorCode::NotFound)?;
    let version = version(known, number)?;
    Ok(Reply::Document(Box::new(DocumentView {
        pages: version.pages,
        version: version.number,
        bytes: version.bytes,
        searchable: version.searchable,
        availability: Availability::Here,
        changed_since: None,
        last_page: view.last_page.clamp(1, version.pages.max(1)),
        sizes: inspected.sizes.clone(),
        labels: inspected.labels.clone(),
        ..view
    })))
}

/// The notes that were made on a version or before it, as they stand there.
async fn marks(core: &Arc<Core>, document: DocumentId, number: u32) -> Result<Reply, Problem> {
    notes::refresh(core).await?;
    let picture = core.now();
    let known = picture.catalogue.paper(document)?;
    let known = Paper { version: version(known, number)?, ..known };
    let versions = &known.entry.document.versions;
    let then = |pdf: &domain::Sha256| {
        versions.iter().any(|version| version.number <= number && version.sha256 == *pdf)
    };
    let mut entries = marking::on_every_version(core, known.entry.document).await?;
    entries.retain(|entry| then(&entry.document.pdf));
    let view = |entry| views::notes::standing(&picture, known, entry, false);
    let mut marks: Vec<MarkView> = views::notes::shown(entries).into_iter().map(view).collect();
    marks.retain(MarkView::is_placed);
    marks.sort_by_key(|view| (view.mark.created_ms, view.mark.id));
    Ok(Reply::Marks(marks))
}
