//! One sitting: its card, and its agenda with every paper.

use domain::{Change, DocumentRole, Sitting};
use ipc::{ChangeView, DocumentView, ItemView, SittingCard, SittingView};

use super::document;
use crate::convene::tracking;
use crate::picture::Picture;
use crate::ports::PaperFiles;

/// A sitting in a list.
pub(crate) fn card(picture: &Picture, sitting: &Sitting, now_ms: i64) -> SittingCard {
    let mut card = SittingCard {
        sitting: sitting.id,
        title: sitting.title.clone(),
        starts: picture.catalogue.local(sitting.starts),
        place: sitting.place.clone(),
        state: sitting.state,
        upcoming: sitting.starts.as_millisecond() > now_ms,
        items: u32::try_from(sitting.items.len()).unwrap_or(u32::MAX),
        documents: 0,
        available: 0,
        pages: 0,
        unread: 0,
        notes: 0,
        changed: 0,
        cancelled: sitting.cancelled.is_some(),
        reply: tracking::reply(picture, sitting.id, now_ms),
    };
    let seen = seen(picture, sitting);
    let new = sitting.changes.iter().filter(|change| is_new(change, seen)).count();
    card.changed = u32::try_from(new).unwrap_or(u32::MAX);
    for entry in sitting.packet() {
        let Some(version) = entry.document.current() else { continue };
        let reading = picture.readings.get(&entry.document.id);
        card.documents += 1;
        card.available += u32::from(picture.here.contains(&version.sha256));
        card.pages += version.pages;
        card.unread += u32::from(reading.is_none_or(|reading| reading.version < version.number));
        card.notes += picture.notes_on(entry.document);
    }
    card
}

/// One sitting with its agenda.
pub(crate) fn view(
    picture: &Picture,
    files: &dyn PaperFiles,
    sitting: &Sitting,
    now_ms: i64,
) -> SittingView {
    let mut convocation = None;
    let mut others = Vec::new();
    let mut items: Vec<ItemView> = sitting.items.iter().zip(1..).map(item).collect();
    for entry in sitting.packet() {
        let Some(paper) = document::view(picture, files, sitting, entry) else { continue };
        match entry.item_number.checked_sub(1).and_then(|index| items.get_mut(index)) {
            Some(item) => {
                item.notes += paper.notes;
                item.documents.push(paper);
            }
            None if paper.role == DocumentRole::Other => others.push(paper),
            None => convocation = Some(paper),
        }
    }
    let resume = resume(picture, convocation.iter().chain(items.iter().flat_map(|i| &i.documents)));
    let mut card = card(picture, sitting, now_ms);
    if let Some(reply) = card.reply.as_mut().filter(|reply| reply.asked) {
        reply.bearers = tracking::bearers(picture, sitting.id);
    }
    SittingView {
        card,
        convocation,
        items,
        others,
        changes: changes(picture, sitting),
        cancelled: sitting.cancelled.as_ref().and_then(|cancelled| cancelled.reason.clone()),
        attendance: sitting.attendance,
        resume,
    }
}

/// When the reader last looked at the changes; none before the first time.
fn seen(picture: &Picture, sitting: &Sitting) -> Option<i64> {
    picture.changes_seen.get(&sitting.id).copied()
}

/// Whoever has never looked at a sitting reads it as it is: nothing in it is a change.
fn is_new(change: &Change, seen: Option<i64>) -> bool {
    // Changes carry whole seconds.
    seen.is_some_and(|seen| change.at.as_second() > seen.div_euclid(1_000))
}

/// What has changed, latest first.
fn changes(picture: &Picture, sitting: &Sitting) -> Vec<ChangeView> {
    let seen = seen(picture, sitting);
    let view = |change: &Change| ChangeView {
        at: picture.catalogue.local(change.at),
        was: ChangeView::instant(change).map(|was| picture.catalogue.local(was)),
        number: change
            .item
            .and_then(|item| sitting.number(item))
            .map_or(0, |number| u32::try_from(number).unwrap_or(u32::MAX)),
        new: is_new(change, seen),
        change: change.clone(),
    };
    sitting.changes.iter().rev().map(view).collect()
}

fn item((item, number): (&domain::AgendaItem, u32)) -> ItemView {
    ItemView {
        item: item.id,
        number,
        title: item.title.clone(),
        rapporteur: item.rapporteur.clone(),
        theme: item.theme.clone(),
        closed_doors: item.closed_doors,
        deliberative: item.deliberative,
        documents: Vec::new(),
        notes: 0,
    }
}

/// Number of the item whose paper was read last.
fn resume<'a>(picture: &Picture, papers: impl Iterator<Item = &'a DocumentView>) -> Option<u32> {
    papers
        .filter(|paper| paper.item > 0)
        .filter_map(|paper| Some((picture.readings.get(&paper.document)?.at_ms, paper.item)))
        .max()
        .map(|(_, item)| item)
}
