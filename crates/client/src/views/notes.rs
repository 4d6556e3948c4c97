//! Marks on a paper, and notes in a list.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::Timestamp;
use ink::Mark;
use ipc::{Audience, ErrorCode, MarkView, NotShared, NoteCard, Origin, Placement};
use wire::DocKey;

use crate::catalogue::Paper;
use crate::picture::Picture;
use crate::ports::{NoteIndexEntry, NotedDocument};

/// A note of any version of a paper, as it stands on the present one.
pub(crate) fn standing(
    picture: &Picture,
    paper: Paper<'_>,
    entry: NoteIndexEntry,
    can_undo: bool,
) -> MarkView {
    let NoteIndexEntry { document, mark, arrived_ms } = entry;
    let owner = document.scope.owner;
    let mine = picture.member() == Some(owner);
    let fresh = !mine && arrived_ms > picture.read_ms(&document.pdf);
    let not_shared = picture.unshared.get(&mark.id).filter(|_| mine);
    let not_shared = not_shared.map(|meant| not_shared_with(picture, *meant));
    let mut view = MarkView {
        mark,
        audience: audience(picture, document.scope.audience),
        author: picture.catalogue.name(owner),
        author_id: owner,
        mine,
        fresh,
        not_shared,
        placement: Placement::Exact,
        can_undo,
        origin: None,
    };
    if document.pdf == paper.version.sha256 {
        return view;
    }
    let versions = &paper.entry.document.versions;
    let made_on = versions.iter().rev().find(|version| version.sha256 == document.pdf);
    let carried = picture.stands(&document, paper.version.sha256, view.mark.id);
    let there = carried.and_then(|carried| carried.on(&view.mark));
    view.origin = Some(Origin {
        version: made_on.map_or(0, |version| version.number),
        page: view.mark.page,
        placed: there.is_some(),
        settled: carried.and_then(|carried| carried.settled),
        waiting: carried.is_none(),
    });
    view.placement = carried.map_or(Placement::Page, |carried| carried.placement);
    view.mark.page = carried.map_or(view.mark.page, |carried| carried.page);
    if let Some(there) = there {
        view.mark = there;
    }
    view
}

/// The notes that are shown, in their order. One that two devices of its owner showed to different
/// people is shown once, as all of them together see it: nobody takes for private what is not.
pub(crate) fn shown(entries: Vec<NoteIndexEntry>) -> Vec<NoteIndexEntry> {
    let name = |entry: &NoteIndexEntry| (entry.document.scope.owner, entry.mark.id);
    let mut widest: BTreeMap<_, NotedDocument> = BTreeMap::new();
    for entry in &entries {
        let known = widest.entry(name(entry)).or_insert(entry.document);
        if width(entry.document) > width(*known) {
            *known = entry.document;
        }
    }
    let is_shown = |entry: &NoteIndexEntry| widest.get(&name(entry)) == Some(&entry.document);
    entries.into_iter().filter(is_shown).collect()
}

/// Puts first where the most people see a note.
pub(crate) fn widest_first(entries: &mut [NoteIndexEntry]) {
    entries.sort_by_key(|entry| std::cmp::Reverse(width(entry.document)));
}

/// How many people see a scope, roughly; the key decides between equals.
fn width(document: NotedDocument) -> (u8, DocKey) {
    let width = match document.scope.audience {
        wire::Audience::Private => 0,
        wire::Audience::Group(_) => 1,
        wire::Audience::Administration | wire::Audience::Person(_) => 2,
        wire::Audience::Council => 3,
    };
    (width, document.key)
}

fn not_shared_with(picture: &Picture, meant: wire::Audience) -> NotShared {
    let reason = match meant {
        wire::Audience::Group(group) if !picture.groups().any(|own| own.id == group) => {
            ErrorCode::NotInGroup
        }
        _ if picture.is_guest() => ErrorCode::Forbidden,
        wire::Audience::Private
        | wire::Audience::Group(_)
        | wire::Audience::Council
        | wire::Audience::Administration
        | wire::Audience::Person(_) => ErrorCode::Server,
    };
    NotShared { audience: audience(picture, meant), reason }
}

/// Who may see a scope, in a person's words.
pub(crate) fn audience(picture: &Picture, audience: wire::Audience) -> Audience {
    match audience {
        wire::Audience::Private => Audience::Private,
        wire::Audience::Group(group) => Audience::Group(
            picture.catalogue.group(group).map(|group| group.name.clone()).unwrap_or_default(),
        ),
        wire::Audience::Council | wire::Audience::Administration | wire::Audience::Person(_) => {
            Audience::Council
        }
    }
}

/// A note in a list; none when its paper is no longer published.
pub(crate) fn card(picture: &Picture, entry: NoteIndexEntry) -> Option<NoteCard> {
    let known = picture.catalogue.papers_of(&entry.document.pdf).next()?;
    let paper = picture.catalogue.paper(known.document).ok()?;
    let view = standing(picture, paper, entry, false);
    let waiting = view.origin.filter(|origin| origin.waiting);
    Some(NoteCard {
        annotation: view.mark.id,
        document: known.document,
        sitting: paper.sitting.id,
        document_title: paper.entry.document.title.clone(),
        item: u32::try_from(paper.entry.item_number).unwrap_or(u32::MAX),
        version: waiting.map_or(paper.version.number, |origin| origin.version),
        view,
    })
}

/// Notes by sitting, place in the packet, page, and from top to bottom.
pub(crate) fn in_agenda_order(picture: &Picture, entries: Vec<NoteIndexEntry>) -> Vec<NoteCard> {
    let mut cards: Vec<_> =
        shown(entries).into_iter().filter_map(|entry| card(picture, entry)).collect();
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
