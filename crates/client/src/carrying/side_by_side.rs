//! An earlier version beside the present one.

use std::sync::Arc;

use domain::{DocumentId, Sha256};
use ink::{Carrier, Change};
use ipc::{CarriedView, Comparison, ErrorCode, PageSize, Problem, Reply};

use super::reading::Pages;
use crate::actor::Message;
use crate::core::Core;
use crate::{fetch, marking, pages, problem, views};

/// What changed since an earlier version, and what became of the notes on it.
pub(crate) async fn compare(
    core: &Arc<Core>,
    document: DocumentId,
    from: Option<u32>,
) -> Result<Reply, Problem> {
    let present = pages::present(core, &core.now(), document)?;
    let (number, pdf) = {
        let picture = core.now();
        let paper = picture.catalogue.paper(document)?;
        let mut earlier = paper.entry.document.versions.iter().rev().skip(1);
        let reading = picture.readings.get(&document);
        let read = reading.and_then(|reading| reading.changed_since(paper.version.number));
        let version = match from.or(read) {
            Some(from) => earlier.find(|version| version.number == from),
            None => earlier.next(),
        };
        version.map(|version| (version.number, version.sha256)).ok_or(ErrorCode::NotFound)?
    };
    if !core.now().here.contains(&pdf) {
        fetch::earlier(core, document, &pdf).await?;
    }
    crate::notes::refresh(core).await?;
    super::run(core, false).await?;
    let old = Pages::read(core, &pdf, &present.title).await?;
    let new = Pages::read(core, &present.pdf, &present.title).await?;
    let sizes = (old.sizes.clone(), new.sizes.clone());
    let (pages, changes) = tokio::task::spawn_blocking(move || compared(&old, &new))
        .await
        .map_err(|_| problem::internal("comparing two versions"))?;
    let view = view(core, document, number, &pdf, sizes).await?;
    core.post(Message::Compared { document, from: number, to: view.new.number });
    Ok(Reply::Compared(Box::new(Comparison { pages, changes, ..view })))
}

fn compared(old: &Pages, new: &Pages) -> (Vec<Option<u32>>, Vec<Change>) {
    let (before, after) = (old.sheets(), new.sheets());
    let carrier = Carrier::new(&before, &after);
    let pages = old.texts.iter().map(|text| carrier.page(text.page)).collect();
    (pages, carrier.changes())
}

async fn view(
    core: &Arc<Core>,
    document: DocumentId,
    number: u32,
    pdf: &Sha256,
    (old_sizes, new_sizes): (Vec<PageSize>, Vec<PageSize>),
) -> Result<Comparison, Problem> {
    let picture = core.now();
    let paper = picture.catalogue.paper(document)?;
    let entries = marking::on_every_version(core, paper.entry.document).await?;
    let mut notes: Vec<CarriedView> = views::notes::shown(entries)
        .into_iter()
        .filter(|entry| entry.document.pdf != paper.version.sha256)
        // An answer goes where its note goes.
        .filter(|entry| entry.mark.in_reply_to.is_none())
        .filter_map(|entry| {
            let before = if entry.document.pdf == *pdf {
                Some(entry.mark.clone())
            } else {
                picture.stands(&entry.document, *pdf, entry.mark.id).and_then(|c| c.on(&entry.mark))
            };
            let after = views::notes::standing(&picture, paper, entry, false);
            Some(CarriedView { before: before?, after })
        })
        .collect();
    let place = |mark: &ink::Mark| (mark.page, -(mark.bounds().y1 * 50.0) as i64, mark.id);
    notes.sort_by_key(|note| place(&note.before));
    let versions = views::versions::all(&picture, paper);
    let version = |wanted: u32, sizes: Vec<PageSize>| {
        let found = versions.iter().find(|version| version.number == wanted).cloned();
        found.map(|version| ipc::VersionView { sizes, ..version }).ok_or(ErrorCode::NotFound)
    };
    let title = match paper.entry.item_number {
        0 => paper.entry.document.title.clone(),
        item => {
            let title = paper.entry.item.map_or("", |item| &item.title);
            format!("{item}. {title}")
        }
    };
    Ok(Comparison {
        document,
        sitting: paper.sitting.id,
        title,
        old: version(number, old_sizes)?,
        new: version(paper.version.number, new_sizes)?,
        versions,
        pages: Vec::new(),
        changes: Vec::new(),
        notes,
    })
}
