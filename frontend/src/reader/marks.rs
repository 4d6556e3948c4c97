//! The marks of a paper as the reader shows them: those the app has confirmed, and those the hand
//! has just made, which are drawn at once and never lost.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ink::{AnnotationId, Mark, Point, Rect};
use ipc::{MarkView, NewMark};

/// One mark with the rectangle around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) mark: Mark,
    pub(crate) bounds: Rect,
    pub(crate) mine: bool,
    /// The app could not keep it; it waits here.
    pub(crate) failed: bool,
}

/// The marks of one page, oldest first; equal when they are the same list.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageMarks(Rc<Vec<Rc<Placed>>>);

impl PartialEq for PageMarks {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl PageMarks {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Rc<Placed>> {
        self.0.iter()
    }

    /// Marks whose bounds touch the rectangle, oldest first.
    pub(crate) fn within(&self, rect: Rect) -> Vec<Rc<Placed>> {
        self.0.iter().filter(|placed| placed.bounds.touches(&rect)).cloned().collect()
    }

    /// The newest mark at a place.
    pub(crate) fn at(&self, place: Point, radius: f32) -> Option<&Rc<Placed>> {
        self.0.iter().rev().find(|placed| {
            placed.bounds.grown(radius).contains(place)
                && ink::hit::touches(&placed.mark, &[place], radius)
        })
    }

    /// The owner's marks that the eraser touches on its way.
    pub(crate) fn erased(&self, path: &[Point], radius: f32) -> Vec<AnnotationId> {
        let around = path.iter().map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y });
        let Some(around) = around.reduce(Rect::union) else { return Vec::new() };
        let around = around.grown(radius);
        self.0
            .iter()
            .filter(|placed| {
                placed.mine
                    && placed.bounds.touches(&around)
                    && ink::hit::touches(&placed.mark, path, radius)
            })
            .map(|placed| placed.mark.id)
            .collect()
    }
}

/// A mark that is on its way to the app, or that the app could not keep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pending {
    pub(crate) key: u64,
    pub(crate) mark: NewMark,
    pub(crate) failed: bool,
}

impl Pending {
    /// Its name; one that an older window kept has none until the app gives it one.
    pub(crate) fn id(&self) -> AnnotationId {
        if let Some(id) = self.mark.id {
            return id;
        }
        let mut bytes = [0xff; 16];
        for (place, byte) in bytes.iter_mut().skip(8).zip(self.key.to_be_bytes()) {
            *place = byte;
        }
        AnnotationId::from_bytes(bytes)
    }

    fn placed(&self) -> Rc<Placed> {
        let NewMark { page, kind, colour, text, .. } = self.mark.clone();
        let mark = Mark {
            id: self.id(),
            page,
            kind,
            colour,
            text,
            created_ms: 0,
            modified_ms: 0,
            in_reply_to: None,
        };
        Rc::new(Placed { bounds: mark.bounds(), mark, mine: true, failed: self.failed })
    }
}

/// All marks of a paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Marks {
    confirmed: BTreeMap<AnnotationId, Rc<MarkView>>,
    pending: Vec<Pending>,
    /// Erased here, not yet by the app.
    hidden: BTreeSet<AnnotationId>,
    pages: BTreeMap<u32, PageMarks>,
    next_key: u64,
}

impl Marks {
    /// The marks of a page as they are to be drawn.
    pub(crate) fn page(&self, page: u32) -> PageMarks {
        self.pages.get(&page).cloned().unwrap_or_default()
    }

    /// A confirmed mark.
    pub(crate) fn get(&self, id: AnnotationId) -> Option<&Rc<MarkView>> {
        self.confirmed.get(&id).filter(|_| !self.hidden.contains(&id))
    }

    /// Whether the app knows a mark, be it hidden here.
    pub(crate) fn is_confirmed(&self, id: AnnotationId) -> bool {
        self.confirmed.contains_key(&id)
    }

    /// Confirmed marks in reading order: by page, then from top to bottom.
    pub(crate) fn in_order(&self) -> Vec<Rc<MarkView>> {
        let mut all: Vec<_> = self
            .confirmed
            .values()
            .filter(|view| !self.hidden.contains(&view.mark.id))
            .cloned()
            .collect();
        // Whole points are fine enough to order by, from the top of the page down.
        all.sort_by_cached_key(|view| (view.mark.page, -(view.mark.bounds().y1 as i32)));
        all
    }

    pub(crate) fn pending(&self) -> &[Pending] {
        &self.pending
    }

    /// All that the app confirms, as it stands now.
    pub(crate) fn replace(&mut self, views: Vec<MarkView>) {
        let fresh: BTreeMap<_, _> =
            views.into_iter().map(|view| (view.mark.id, Rc::new(view))).collect();
        let changed = |a: &BTreeMap<AnnotationId, Rc<MarkView>>, b: &BTreeMap<_, Rc<MarkView>>| {
            a.iter()
                .filter(|(id, view)| b.get(*id) != Some(*view))
                .map(|(_, view)| view.mark.page)
                .collect::<BTreeSet<u32>>()
        };
        let mut pages = changed(&self.confirmed, &fresh);
        pages.extend(changed(&fresh, &self.confirmed));
        let unhidden = std::mem::take(&mut self.hidden);
        pages.extend(unhidden.iter().filter_map(|id| fresh.get(id).map(|view| view.mark.page)));
        self.confirmed = fresh;
        for page in pages {
            self.rebuild(page);
        }
    }

    /// One mark as the app confirms it.
    pub(crate) fn confirm(&mut self, view: MarkView) {
        let page = view.mark.page;
        self.confirmed.insert(view.mark.id, Rc::new(view));
        self.rebuild(page);
    }

    /// Takes a mark from the hand, drawn at once; its key.
    pub(crate) fn add(&mut self, mark: NewMark) -> u64 {
        self.next_key += 1;
        let page = mark.page;
        self.pending.push(Pending { key: self.next_key, mark, failed: false });
        self.rebuild(page);
        self.next_key
    }

    /// The app has kept the mark with this key.
    pub(crate) fn kept(&mut self, key: u64, view: MarkView) {
        self.pending.retain(|pending| pending.key != key);
        self.confirm(view);
    }

    /// The app could not keep it, or is asked once more.
    pub(crate) fn set_failed(&mut self, key: u64, failed: bool) {
        let found = self.pending.iter_mut().find(|pending| pending.key == key);
        if let Some(pending) = found {
            pending.failed = failed;
            let page = pending.mark.page;
            self.rebuild(page);
        }
    }

    /// Takes marks from sight until the app answers; those that the app never kept, for ever.
    pub(crate) fn hide(&mut self, ids: &[AnnotationId]) {
        let mut pages: BTreeSet<u32> =
            ids.iter().filter_map(|id| Some(self.confirmed.get(id)?.mark.page)).collect();
        self.pending.retain(|pending| {
            let goes = pending.failed && ids.contains(&pending.id());
            if goes {
                pages.insert(pending.mark.page);
            }
            !goes
        });
        self.hidden.extend(ids);
        for page in pages {
            self.rebuild(page);
        }
    }

    /// Shows again what could not be erased.
    pub(crate) fn unhide(&mut self) {
        let hidden = std::mem::take(&mut self.hidden);
        let pages: BTreeSet<u32> =
            hidden.iter().filter_map(|id| Some(self.confirmed.get(id)?.mark.page)).collect();
        for page in pages {
            self.rebuild(page);
        }
    }

    fn rebuild(&mut self, page: u32) {
        let before = self.page(page);
        let known: BTreeMap<AnnotationId, &Rc<Placed>> =
            before.iter().map(|placed| (placed.mark.id, placed)).collect();
        let confirmed = self
            .confirmed
            .values()
            .filter(|view| view.mark.page == page && !self.hidden.contains(&view.mark.id))
            .map(|view| match known.get(&view.mark.id) {
                // The same mark keeps its place in memory: what is drawn of it is kept too.
                Some(placed) if placed.mark == view.mark => Rc::clone(placed),
                Some(_) | None => Rc::new(Placed {
                    bounds: view.mark.bounds(),
                    mark: view.mark.clone(),
                    mine: view.mine,
                    failed: false,
                }),
            });
        let pending = self.pending.iter().filter(|p| p.mark.page == page).map(|pending| {
            let placed = known.get(&pending.id()).filter(|p| p.failed == pending.failed);
            placed.map_or_else(|| pending.placed(), |placed| Rc::clone(placed))
        });
        let list: Vec<_> = confirmed.chain(pending).collect();
        if list.is_empty() {
            self.pages.remove(&page);
        } else {
            self.pages.insert(page, PageMarks(Rc::new(list)));
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::DocumentId;
    use ink::{Colour, MarkKind};
    use ipc::{Audience, Placement};

    use super::*;

    fn note(page: u32, x: f32) -> NewMark {
        NewMark {
            id: None,
            document: DocumentId::from_bytes([1; 16]),
            page,
            kind: MarkKind::Note { at: Point { x, y: 700.0 } },
            colour: Colour::Yellow,
            text: String::new(),
            audience: Audience::Private,
        }
    }

    fn view(n: u8, page: u32, y: f32) -> MarkView {
        let mark = Mark {
            id: AnnotationId::from_bytes([n; 16]),
            page,
            kind: MarkKind::Note { at: Point { x: 50.0, y } },
            colour: Colour::Yellow,
            text: String::new(),
            created_ms: 0,
            modified_ms: 0,
            in_reply_to: None,
        };
        MarkView {
            mark,
            audience: Audience::Private,
            author: "Claire Morand".into(),
            author_id: domain::MemberId::from_bytes([1; 16]),
            mine: true,
            fresh: false,
            not_shared: None,
            placement: Placement::Exact,
            can_undo: true,
        }
    }

    fn shown(marks: &Marks, page: u32) -> Vec<AnnotationId> {
        marks.page(page).iter().map(|placed| placed.mark.id).collect()
    }

    #[test]
    fn a_mark_is_drawn_before_the_app_answers_and_once_after() {
        let mut marks = Marks::default();
        let key = marks.add(note(1, 10.0));
        assert_eq!(shown(&marks, 1).len(), 1);
        marks.kept(key, view(7, 1, 700.0));
        assert_eq!(shown(&marks, 1), [AnnotationId::from_bytes([7; 16])]);
        assert!(marks.pending().is_empty());
    }

    #[test]
    fn a_mark_that_could_not_be_kept_stays_and_is_marked() {
        let mut marks = Marks::default();
        let key = marks.add(note(1, 10.0));
        marks.set_failed(key, true);
        marks.replace(vec![view(1, 1, 100.0)]);
        assert_eq!(
            marks.page(1).iter().map(|placed| placed.failed).collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(marks.pending().len(), 1);
    }

    #[test]
    fn what_is_erased_goes_at_once_and_comes_back_when_the_app_refuses() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 1, 100.0), view(2, 1, 200.0)]);
        let ids = marks.page(1).erased(&[Point { x: 55.0, y: 95.0 }], 3.0);
        assert_eq!(ids, [AnnotationId::from_bytes([1; 16])]);
        marks.hide(&ids);
        assert_eq!(shown(&marks, 1), [AnnotationId::from_bytes([2; 16])]);
        marks.unhide();
        assert_eq!(shown(&marks, 1).len(), 2);
    }

    #[test]
    fn undoing_an_erasure_shows_the_mark_again() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 1, 100.0)]);
        marks.hide(&[AnnotationId::from_bytes([1; 16])]);
        marks.replace(vec![]);
        assert!(shown(&marks, 1).is_empty());
        marks.replace(vec![view(1, 1, 100.0)]);
        assert_eq!(shown(&marks, 1).len(), 1);
    }

    #[test]
    fn pages_that_did_not_change_keep_their_drawing() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 1, 100.0), view(2, 2, 200.0)]);
        let (first, second) = (marks.page(1), marks.page(2));
        marks.replace(vec![view(1, 1, 100.0), view(2, 2, 300.0)]);
        assert!(marks.page(1) == first);
        assert!(marks.page(2) != second);
    }

    #[test]
    fn notes_are_listed_as_they_are_read() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 2, 700.0), view(2, 1, 100.0), view(3, 1, 600.0)]);
        let order: Vec<_> = marks.in_order().iter().map(|v| v.mark.id.to_bytes()[0]).collect();
        assert_eq!(order, [3, 2, 1]);
    }
}
