//! The marks of a paper as the reader shows them: those the app has confirmed, and those the hand
//! has just made, which are drawn at once and never lost.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ink::hit::Places;
use ink::{AnnotationId, Mark, Point, Rect};
use ipc::{Audience, MarkView, NewMark};

use super::shown::Hidden;

/// Marks added since places were last worked out; more than these are worked out anew.
const LOOSE: usize = 256;

/// One mark with the rectangle around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) mark: Mark,
    pub(crate) bounds: Rect,
    pub(crate) mine: bool,
    /// Who can see it.
    pub(crate) audience: Audience,
    /// The app could not keep it; it waits here.
    pub(crate) failed: bool,
    /// The app has not named it yet.
    pub(crate) pending: bool,
}

/// The marks of one page, oldest first; equal when they are the same list. Thousands of marks are
/// found by place without looking at each.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageMarks(Rc<List>);

#[derive(Debug, Default)]
struct List {
    marks: Vec<Rc<Placed>>,
    /// Places of the first marks; the others are few.
    places: Rc<Places>,
}

impl PartialEq for PageMarks {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl PageMarks {
    /// The list; what it has in common with the former one is not worked out again.
    fn following(before: &Self, marks: Vec<Rc<Placed>>) -> Self {
        let known = before.0.places.len();
        let same = |(a, b): (&Rc<Placed>, &Rc<Placed>)| Rc::ptr_eq(a, b);
        let kept = known <= marks.len()
            && marks.len() - known <= LOOSE
            && before.0.marks.iter().zip(&marks).take(known).all(same);
        let places = if kept {
            Rc::clone(&before.0.places)
        } else {
            let named = marks.iter().take_while(|placed| !placed.pending);
            Rc::new(named.map(|placed| placed.bounds).collect())
        };
        Self(Rc::new(List { marks, places }))
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Rc<Placed>> {
        self.0.marks.iter()
    }

    /// Marks whose bounds touch the rectangle, oldest first.
    pub(crate) fn within(&self, rect: Rect) -> Vec<Rc<Placed>> {
        let List { marks, places } = &*self.0;
        let found = places.within(rect).into_iter().filter_map(|number| marks.get(number));
        let loose = marks.iter().skip(places.len()).filter(|p| p.bounds.touches(&rect));
        found.chain(loose).cloned().collect()
    }

    /// The newest mark at a place.
    pub(crate) fn at(&self, place: Point, radius: f32) -> Option<Rc<Placed>> {
        self.near(&[place], radius).pop()
    }

    /// The owner's marks that the eraser touches on its way.
    pub(crate) fn touched(&self, path: &[Point], radius: f32) -> Vec<Rc<Placed>> {
        let mut near = self.near(path, radius);
        near.retain(|placed| placed.mine);
        near
    }

    /// The owner's marks in a loop.
    pub(crate) fn caught(&self, around: &[Point]) -> Vec<AnnotationId> {
        let Some(bounds) = frame(around) else { return Vec::new() };
        let inside = |placed: &Rc<Placed>| {
            placed.mine && !placed.pending && ink::lasso::caught(&placed.mark, around)
        };
        self.within(bounds).into_iter().filter(inside).map(|placed| placed.mark.id).collect()
    }

    fn near(&self, path: &[Point], radius: f32) -> Vec<Rc<Placed>> {
        let Some(around) = frame(path) else { return Vec::new() };
        let mut found = self.within(around.grown(radius));
        found.retain(|placed| ink::hit::touches(&placed.mark, path, radius));
        found
    }
}

/// The rectangle around places.
fn frame(places: &[Point]) -> Option<Rect> {
    places.iter().map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y }).reduce(Rect::union)
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
        let (bounds, audience) = (mark.bounds(), self.mark.audience.clone());
        let failed = self.failed;
        Rc::new(Placed { bounds, mark, mine: true, audience, failed, pending: true })
    }
}

/// All marks of a paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Marks {
    confirmed: BTreeMap<AnnotationId, Rc<MarkView>>,
    pending: Vec<Pending>,
    /// Erased here, not yet by the app.
    hidden: BTreeSet<AnnotationId>,
    /// Changed here, not yet by the app.
    altered: BTreeMap<AnnotationId, Mark>,
    alterations: i64,
    /// Whose notes are not shown.
    hidden_from: Hidden,
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

    /// A mark as it is drawn now, changes on their way included.
    pub(crate) fn shown(&self, id: AnnotationId) -> Option<&Mark> {
        self.altered.get(&id).or_else(|| self.get(id).map(|view| &view.mark))
    }

    /// Whether the app knows a mark, be it hidden here.
    pub(crate) fn is_confirmed(&self, id: AnnotationId) -> bool {
        self.confirmed.contains_key(&id)
    }

    /// Whose notes are not shown.
    pub(crate) const fn hidden_from(&self) -> &Hidden {
        &self.hidden_from
    }

    pub(crate) fn set_hidden_from(&mut self, hidden: Hidden) {
        self.hidden_from = hidden;
        let pages: BTreeSet<u32> = self.confirmed.values().map(|view| view.mark.page).collect();
        for page in pages {
            self.rebuild(page);
        }
    }

    /// All that the app has confirmed, shown or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &MarkView> {
        self.confirmed.values().map(|view| &**view)
    }

    fn is_shown(&self, view: &MarkView) -> bool {
        !self.hidden.contains(&view.mark.id) && self.hidden_from.admits(view)
    }

    /// Whether a mark answers another that is shown: then it stands in that one's thread.
    fn is_answer(&self, view: &MarkView) -> bool {
        let answered = view.mark.in_reply_to.and_then(|id| self.confirmed.get(&id));
        answered.is_some_and(|answered| self.is_shown(answered))
    }

    /// The answers to a note, oldest first.
    pub(crate) fn answers(&self, id: AnnotationId) -> Vec<Rc<MarkView>> {
        let answers =
            |view: &&Rc<MarkView>| view.mark.in_reply_to == Some(id) && self.is_shown(view);
        let mut all: Vec<_> = self.confirmed.values().filter(answers).cloned().collect();
        all.sort_by_key(|view| (view.mark.created_ms, view.mark.id));
        all
    }

    /// Notes in reading order: by page, then from top to bottom; answers stand with their note.
    pub(crate) fn in_order(&self) -> Vec<Rc<MarkView>> {
        let mut all: Vec<_> = self
            .confirmed
            .values()
            .filter(|view| self.is_shown(view) && !self.is_answer(view))
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
        let mut shown: Vec<_> = std::mem::take(&mut self.hidden).into_iter().collect();
        shown.extend(std::mem::take(&mut self.altered).into_keys());
        pages.extend(shown.iter().filter_map(|id| fresh.get(id).map(|view| view.mark.page)));
        self.confirmed = fresh;
        for page in pages {
            self.rebuild(page);
        }
    }

    /// One mark as the app confirms it.
    pub(crate) fn confirm(&mut self, view: MarkView) {
        let page = view.mark.page;
        self.altered.remove(&view.mark.id);
        self.confirmed.insert(view.mark.id, Rc::new(view));
        self.rebuild(page);
    }

    /// What became of marks, as the app says.
    pub(crate) fn changed(&mut self, put: Vec<MarkView>, gone: &[AnnotationId]) {
        let mut pages: BTreeSet<u32> = put.iter().map(|view| view.mark.page).collect();
        for id in gone {
            self.altered.remove(id);
            self.hidden.remove(id);
            pages.extend(self.confirmed.remove(id).map(|view| view.mark.page));
        }
        for view in put {
            self.altered.remove(&view.mark.id);
            self.hidden.remove(&view.mark.id);
            self.confirmed.insert(view.mark.id, Rc::new(view));
        }
        for page in pages {
            self.rebuild(page);
        }
    }

    /// Shows marks as they will be, until the app says how they are.
    pub(crate) fn alter(&mut self, marks: Vec<Mark>) {
        let pages: BTreeSet<u32> = marks.iter().map(|mark| mark.page).collect();
        for mut mark in marks {
            self.alterations += 1;
            // What is drawn of a mark is kept by the time of its last change.
            mark.modified_ms = -self.alterations;
            self.altered.insert(mark.id, mark);
        }
        for page in pages {
            self.rebuild(page);
        }
    }

    /// Takes a mark from the hand, drawn at once; its key.
    pub(crate) fn add(&mut self, mark: NewMark) -> u64 {
        self.next_key += 1;
        let page = mark.page;
        let pending = Pending { key: self.next_key, mark, failed: false };
        let before = self.page(page);
        let mut list = before.0.marks.clone();
        list.push(pending.placed());
        self.pending.push(pending);
        self.pages.insert(page, PageMarks::following(&before, list));
        self.next_key
    }

    /// The app has kept the mark with this key.
    pub(crate) fn kept(&mut self, key: u64, view: MarkView) {
        let pending = self.pending.iter().position(|pending| pending.key == key);
        let Some(pending) = pending.map(|at| self.pending.remove(at)) else {
            return self.confirm(view);
        };
        let (page, id) = (view.mark.page, view.mark.id);
        let before = self.page(page);
        let mut list = before.0.marks.clone();
        let fresh = Rc::new(Placed {
            bounds: view.mark.bounds(),
            mark: view.mark.clone(),
            mine: view.mine,
            audience: view.audience.clone(),
            failed: false,
            pending: false,
        });
        self.confirmed.insert(id, Rc::new(view));
        // The usual case: the newest of all, which takes its place before those still on their way.
        let named = list.iter().rposition(|placed| !placed.pending).map_or(0, |last| last + 1);
        let newest = named == 0 || list.get(named - 1).is_some_and(|last| last.mark.id < id);
        let there = list.iter().rposition(|placed| placed.mark.id == pending.id());
        match there {
            Some(at) if newest && at >= named => {
                list.remove(at);
                list.insert(named, fresh);
                self.pages.insert(page, PageMarks::following(&before, list));
            }
            Some(_) | None => self.rebuild(page),
        }
    }

    /// The mark with this key is not to be there.
    pub(crate) fn drop_pending(&mut self, key: u64) {
        let gone = self.pending.iter().find(|pending| pending.key == key);
        let page = gone.map(|pending| pending.mark.page);
        self.pending.retain(|pending| pending.key != key);
        if let Some(page) = page {
            self.rebuild(page);
        }
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

    /// Shows again what could not be erased or changed.
    pub(crate) fn unhide(&mut self) {
        let mut hidden = std::mem::take(&mut self.hidden);
        hidden.extend(std::mem::take(&mut self.altered).into_keys());
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
            // What has no place on this version stands in the list alone.
            .filter(|view| view.is_placed())
            .filter(|view| view.mark.page == page && self.is_shown(view) && !self.is_answer(view))
            .map(|view| {
                let mark = self.altered.get(&view.mark.id).unwrap_or(&view.mark);
                match known.get(&mark.id) {
                    // The same mark keeps its place in memory: what is drawn of it is kept too.
                    Some(placed)
                        if placed.mark == *mark
                            && placed.audience == view.audience
                            && !placed.pending =>
                    {
                        Rc::clone(placed)
                    }
                    Some(_) | None => Rc::new(Placed {
                        bounds: mark.bounds(),
                        mark: mark.clone(),
                        mine: view.mine,
                        audience: view.audience.clone(),
                        failed: false,
                        pending: false,
                    }),
                }
            });
        let pending = self.pending.iter().filter(|p| p.mark.page == page).map(|pending| {
            let placed = known.get(&pending.id()).filter(|p| p.failed == pending.failed);
            placed.map_or_else(|| pending.placed(), |placed| Rc::clone(placed))
        });
        let list: Vec<_> = confirmed.chain(pending).collect();
        if list.is_empty() {
            self.pages.remove(&page);
        } else {
            self.pages.insert(page, PageMarks::following(&before, list));
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::DocumentId;
    use ink::{Colour, MarkKind};
    use ipc::Placement;

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
            origin: None,
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
        let touched = marks.page(1).touched(&[Point { x: 55.0, y: 95.0 }], 3.0);
        let ids: Vec<_> = touched.iter().map(|placed| placed.mark.id).collect();
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
    fn thousands_of_marks_are_found_by_place_while_more_are_made() {
        let mut marks = Marks::default();
        let at = |n: u32| (n % 100) as f32 * 6.0;
        marks.replace((0..1_000).map(|n| many(n, at(n), (n / 100) as f32 * 30.0)).collect());
        for n in 1_000..1_600 {
            let kind = MarkKind::Note { at: Point { x: 50.0, y: 5_000.0 } };
            let key = marks.add(NewMark { kind, ..note(1, 0.0) });
            let top = marks.page(1).within(Rect::from([0.0, 4_970.0, 500.0, 5_010.0]));
            assert_eq!(top.len() as u32, n - 1_000 + 1, "drawn before the app answers");
            marks.kept(key, many(n, 50.0, 5_000.0));
        }
        let list: Vec<_> = marks.page(1).iter().map(|placed| placed.mark.id).collect();
        assert_eq!(list.len(), 1_600);
        assert!(list.is_sorted());
        let found = marks.page(1).within(Rect::from([-1.0, 85.0, 2.0, 95.0]));
        assert!(found.iter().all(|placed| placed.bounds.touches(&[-1.0, 85.0, 2.0, 95.0].into())));
        assert!(!found.is_empty() && found.len() < 10, "{}", found.len());
    }

    #[test]
    fn what_is_altered_is_shown_so_until_the_app_says_how_it_is() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 1, 100.0), view(2, 1, 200.0)]);
        let mut mark = marks.page(1).iter().next().unwrap().mark.clone();
        mark.shift(Point { x: 300.0, y: 0.0 });
        marks.alter(vec![mark.clone()]);
        let places =
            |marks: &Marks| marks.page(1).within(Rect::from([345.0, 80.0, 360.0, 101.0])).len();
        assert_eq!(places(&marks), 1);
        marks.unhide();
        assert_eq!(places(&marks), 0, "the app refused");
        marks.alter(vec![mark.clone()]);
        let moved = MarkView { mark: Mark { modified_ms: 9, ..mark }, ..view(1, 1, 100.0) };
        marks.changed(vec![moved], &[AnnotationId::from_bytes([2; 16])]);
        assert_eq!((places(&marks), marks.page(1).iter().count()), (1, 1));
    }

    fn many(number: u32, x: f32, y: f32) -> MarkView {
        let mut view = view(1, 1, y);
        view.mark.id = AnnotationId::new(u64::from(number) + 1, [0; 10]);
        view.mark.kind = MarkKind::Note { at: Point { x, y } };
        view
    }

    #[test]
    fn notes_are_listed_as_they_are_read() {
        let mut marks = Marks::default();
        marks.replace(vec![view(1, 2, 700.0), view(2, 1, 100.0), view(3, 1, 600.0)]);
        let order: Vec<_> = marks.in_order().iter().map(|v| v.mark.id.to_bytes()[0]).collect();
        assert_eq!(order, [3, 2, 1]);
    }
}
