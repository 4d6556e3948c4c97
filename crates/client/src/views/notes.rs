//! Marks on a paper, and notes in a list.

use std::cmp::Ordering;

use domain::Timestamp;
use ink::Mark;
use ipc::{Audience, MarkView, NoteCard, Placement};
use wire::Scope;

use crate::picture::Picture;
use crate::ports::NoteIndexEntry;

/// A mark as the reader shows it, on the version it was made on.
pub(crate) fn mark(picture: &Picture, scope: Scope, mark: Mark, can_undo: bool) -> MarkView {
    MarkView {
        mark,
        audience: audience(picture, scope),
        author: picture.catalogue.name(scope.owner),
        mine: picture.member() == Some(scope.owner),
        placement: Placement::Exact,
        can_undo,
    }
}

/// All marks of an index on one PDF, oldest first.
pub(crate) fn marks(
    picture: &Picture,
    entries: Vec<NoteIndexEntry>,
    can_undo: bool,
) -> Vec<MarkView> {
    let view = |entry: NoteIndexEntry| mark(picture, entry.document.scope, entry.mark, can_undo);
    let mut marks: Vec<_> = entries.into_iter().map(view).collect();
    marks.sort_by_key(|view| (view.mark.created_ms, view.mark.id));
    marks
}

/// Who may see a scope, in a person's words.
fn audience(picture: &Picture, scope: Scope) -> Audience {
    match scope.audience {
        wire::Audience::Private => Audience::Private,
        wire::Audience::Group(group) => Audience::Group(
            picture.catalogue.group(group).map(|group| group.name.clone()).unwrap_or_default(),
        ),
        wire::Audience::Council | wire::Audience::Administration => Audience::Council,
    }
}

/// A note in a list; none when its paper is no longer published.
pub(crate) fn card(picture: &Picture, entry: NoteIndexEntry) -> Option<NoteCard> {
    let paper = picture.catalogue.papers_of(&entry.document.pdf).next()?;
    let place = picture.catalogue.paper(paper.document).ok()?;
    let mut view = mark(picture, entry.document.scope, entry.mark, false);
    if !paper.current {
        view.placement = Placement::Page;
    }
    Some(NoteCard {
        annotation: view.mark.id,
        document: paper.document,
        sitting: place.sitting.id,
        document_title: place.entry.document.title.clone(),
        item: u32::try_from(place.entry.item_number).unwrap_or(u32::MAX),
        version: paper.version,
        view,
    })
}

/// Notes by sitting, place in the packet, page, and from top to bottom.
pub(crate) fn in_agenda_order(picture: &Picture, entries: Vec<NoteIndexEntry>) -> Vec<NoteCard> {
    let mut cards: Vec<_> = entries.into_iter().filter_map(|entry| card(picture, entry)).collect();
    let place = |card: &NoteCard| {
        let paper = picture.catalogue.paper(card.document).ok();
        paper.map_or((Timestamp::MAX, u32::MAX), |p| (p.sitting.starts, p.entry.first_page))
    };
    cards.sort_by(|a, b| {
        place(a)
            .cmp(&place(b))
            .then(a.document.cmp(&b.document))
            .then(a.view.mark.page.cmp(&b.view.mark.page))
            .then_with(|| downwards(&a.view.mark, &b.view.mark))
            .then(a.annotation.cmp(&b.annotation))
    });
    cards
}

fn downwards(a: &Mark, b: &Mark) -> Ordering {
    b.bounds().y1.total_cmp(&a.bounds().y1)
}
