//! What the reader asks of the app: marks are drawn at once, sent in order, and never lost.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::DocumentId;
use ink::{
    AnnotationId, Colour, Line, Mark, MarkKind, Markup, MarkupStyle, Point, Quote, Rect, Selection,
    Snap, Tool,
};
use ipc::{
    Audience, AudienceView, Command, MarkChange, MarkView, NewMark, OfVersion, PageText, Reply,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::drafts::{self, Draft};
use super::layout::transform;
use super::marks::Placed;
use super::state::{Caught, Chosen, Desk, Move, Subject};
use super::tools::Variant;
use super::turns::Turns;
use crate::app::{AppHandle, go, toast};
use crate::app_state::Happening;
use crate::bridge::{self, Failure};
use crate::components::audience;
use crate::dom::{self, kept};
use crate::route::Route;
use crate::tree;
use crate::words::Tongue;

/// Ways shorter than this, in points, are a tap on a word.
const TAP: f32 = 3.0;
/// Where copies of marks are kept.
const COPIED: &str = "pupitre.copied";
/// How far from the originals their copies are put.
const BESIDE: Point = Point { x: 14.0, y: -14.0 };
/// Height of a band drawn where there is no text, in points.
const BAND: f32 = 14.0;

/// The reader's line to the app. Clones stand for the same.
#[derive(Clone)]
pub(crate) struct Acts {
    pub(crate) document: DocumentId,
    pub(crate) app: AppHandle,
    pub(crate) desk: UseReducerHandle<Desk>,
    /// Whether the paper lies beside another.
    pub(crate) second: bool,
    /// The earlier version that is read; none when it is the present one.
    pub(crate) earlier: Option<u32>,
    turns: Turns,
    erasing: Rc<RefCell<BTreeSet<AnnotationId>>>,
    /// What the fine eraser has left of strokes so far.
    cutting: Rc<RefCell<BTreeMap<AnnotationId, Mark>>>,
}

/// Several changes at once.
#[derive(Debug, Clone, PartialEq, Default)]
struct Edits {
    put: Vec<NewMark>,
    erase: Vec<AnnotationId>,
    change: Vec<MarkChange>,
}

impl PartialEq for Acts {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.erasing, &other.erasing)
    }
}

impl Acts {
    pub(crate) fn new(
        document: DocumentId,
        app: AppHandle,
        desk: UseReducerHandle<Desk>,
        second: bool,
        earlier: Option<u32>,
    ) -> Self {
        let (turns, erasing, cutting) = (Turns::default(), Rc::default(), Rc::default());
        Self { document, app, desk, second, earlier, turns, erasing, cutting }
    }

    /// A question about the version that is read.
    pub(crate) fn about(&self, what: OfVersion) -> Command {
        what.ask(self.document, self.earlier)
    }

    /// The desk as it is now.
    pub(crate) fn now(&self) -> UseReducerHandle<Desk> {
        self.desk.clone()
    }

    pub(crate) fn words(&self) -> Tongue {
        self.app.clone().words.clone()
    }

    /// With whom notes may be shared now.
    pub(crate) fn audiences(&self) -> Vec<AudienceView> {
        self.app.clone().audiences()
    }

    pub(crate) fn say(&self, key: &str) {
        self.app.dispatch(Happening::Say(self.words().say(key)));
    }

    /// Does this when all changes asked before are done.
    pub(crate) fn in_turn(&self, task: impl Future<Output = ()> + 'static) {
        self.turns.push(task);
    }

    /// Says that something did not work.
    pub(crate) fn failed(&self, failure: &Failure) {
        toast(&self.app.dispatcher(), self.words().failure(failure));
    }

    /// Says who sees what is shared, the first time it is shared with them.
    pub(crate) fn announce(&self, audience: &Audience) {
        if *audience == Audience::Private {
            return;
        }
        let words = self.words();
        let who = audience::called(&words, audience);
        let told = format!("pupitre.told.{who}");
        if kept::get(&told).is_some() {
            return;
        }
        kept::set(&told, "1");
        let known = self.audiences();
        let names = known.iter().find(|known| known.audience.is(audience));
        let names = names.map(|known| known.readers.as_slice()).unwrap_or_default();
        let readers = audience::readers(&words, names);
        let places = [("who", who.into()), ("readers", readers.into())];
        toast(&self.app.dispatcher(), words.fill("shared-first", &places));
    }

    /// Shows one's own mark to others than before.
    pub(crate) fn share(&self, annotation: AnnotationId, audience: Audience) {
        self.announce(&audience);
        let acts = self.clone();
        self.in_turn(async move {
            let document = Some(acts.document);
            match bridge::call(Command::ChangeAudience { document, annotation, audience }).await {
                Ok(Reply::Marked(view)) => acts.desk.dispatch(Move::Confirmed(view)),
                Ok(_) => {}
                Err(failure) => acts.failed(&failure),
            }
        });
    }

    /// Answers a note; the words are kept until they are safe.
    pub(crate) fn answer(&self, annotation: AnnotationId, text: String) {
        self.send_answer(dom::new_id(), annotation, text);
    }

    fn send_answer(&self, id: AnnotationId, annotation: AnnotationId, text: String) {
        let name = format!("answer-{id}");
        let draft = Draft::Answer { id, annotation, text };
        drafts::keep(self.document, &name, &draft);
        let acts = self.clone();
        self.in_turn(async move {
            match bridge::call(draft.command(acts.document)).await {
                Ok(Reply::Marked(view)) => {
                    drafts::forget(acts.document, &name);
                    acts.desk.dispatch(Move::Confirmed(view));
                }
                Ok(_) => drafts::forget(acts.document, &name),
                Err(failure) => acts.failed(&failure),
            }
        });
    }

    /// A mark from the hand.
    pub(crate) fn add(&self, mark: NewMark) {
        self.announce(&mark.audience);
        self.desk.dispatch(Move::Add(mark.clone()));
        if let Some(key) = self.now().pending_key() {
            self.send(key, mark);
        }
    }

    fn send(&self, key: u64, mark: NewMark) {
        let acts = self.clone();
        self.in_turn(async move {
            let name = format!("mark-{key}");
            match bridge::call(Command::Mark(mark.clone())).await {
                Ok(Reply::Marked(view)) => {
                    drafts::forget(acts.document, &name);
                    acts.desk.dispatch(Move::Kept { key, view });
                }
                // It was made before, the answer got lost, and it has been erased since.
                Ok(Reply::Marks(views)) => {
                    drafts::forget(acts.document, &name);
                    acts.desk.dispatch(Move::Dropped(key));
                    acts.desk.dispatch(Move::Marks(views));
                }
                Ok(_) => {}
                Err(failure) => {
                    drafts::keep(acts.document, &name, &Draft::New(Box::new(mark)));
                    acts.desk.dispatch(Move::Failed { key, failed: true });
                    acts.offer_retry(&failure);
                }
            }
        });
    }

    fn offer_retry(&self, failure: &Failure) {
        let words = self.words();
        let retry = {
            let acts = self.clone();
            Callback::from(move |()| acts.retry())
        };
        let text = format!("{} {}", words.say("mark-waits"), words.failure(failure));
        self.app.dispatch(Happening::Toast(text, Some((words.say("try-again"), retry))));
    }

    /// Sends again what the app could not keep.
    pub(crate) fn retry(&self) {
        let desk = self.now();
        for pending in desk.marks.pending().iter().filter(|pending| pending.failed) {
            self.desk.dispatch(Move::Failed { key: pending.key, failed: false });
            self.send(pending.key, pending.mark.clone());
        }
    }

    /// Sends what an earlier window could not.
    pub(crate) fn recover(&self) {
        let found = drafts::all(self.document);
        if found.is_empty() {
            return;
        }
        for (name, draft) in found {
            match draft {
                Draft::New(mark) => {
                    self.desk.dispatch(Move::Add((*mark).clone()));
                    let Some(key) = self.now().pending_key() else { continue };
                    let fresh = format!("mark-{key}");
                    drafts::keep(self.document, &fresh, &Draft::New(mark.clone()));
                    if fresh != name {
                        drafts::forget(self.document, &name);
                    }
                    self.send(key, *mark);
                }
                Draft::Answer { id, annotation, text } => self.send_answer(id, annotation, text),
                Draft::Words { .. } => {
                    let acts = self.clone();
                    self.in_turn(async move {
                        let command = draft.command(acts.document);
                        if let Ok(Reply::Marked(view)) = bridge::call(command).await {
                            drafts::forget(acts.document, &name);
                            acts.desk.dispatch(Move::Confirmed(view));
                        }
                    });
                }
            }
        }
        toast(&self.app.dispatcher(), self.words().say("drafts-found"));
    }

    /// A mark with the colour in hand.
    pub(crate) fn new_mark(&self, page: u32, kind: MarkKind) -> NewMark {
        let desk = self.now();
        NewMark {
            id: Some(dom::new_id()),
            document: self.document,
            page,
            colour: desk.kit.colour(Variant::of(&kind)),
            kind,
            text: String::new(),
            audience: desk.audience.clone(),
        }
    }

    /// The words between two places, marked.
    pub(crate) fn highlight(&self, page: u32, from: Point, to: Point) {
        if let Some(text) = self.now().texts.get(&page) {
            self.mark_between(page, text, from, to);
            return;
        }
        let acts = self.clone();
        let question = self.about(OfVersion::Text { page });
        spawn_local(async move {
            match bridge::call(question).await {
                Ok(Reply::PageText(text)) => acts.mark_between(page, &text, from, to),
                Ok(_) => {}
                Err(failure) => acts.failed(&failure),
            }
        });
    }

    fn mark_between(&self, page: u32, text: &PageText, from: Point, to: Point) {
        if let Some(selection) = selection(text, from, to) {
            self.mark_selection(page, &selection);
        } else if text.lines.is_empty() && from.distance(to) > TAP {
            let mut rect = Rect::from([from.x, from.y, to.x, to.y]);
            if rect.height() < BAND {
                rect = Rect { y0: from.y - BAND / 2.0, y1: from.y + BAND / 2.0, ..rect };
            }
            self.mark_rects(page, self.style(), vec![rect], Quote::default());
        }
    }

    /// How the highlighter in hand marks text.
    pub(crate) fn style(&self) -> MarkupStyle {
        let Variant::Markup(style) = self.now().kit.in_hand(Tool::Highlighter) else {
            return MarkupStyle::Highlight;
        };
        style
    }

    /// A passage, marked as the highlighter in hand does.
    fn mark_selection(&self, page: u32, selection: &Selection) {
        self.mark_passage(page, self.style(), selection);
    }

    /// A chosen passage, marked.
    pub(crate) fn mark_passage(&self, page: u32, style: MarkupStyle, selection: &Selection) {
        self.mark_rects(page, style, selection.rects.clone(), selection.quote.clone());
        self.say(match style {
            MarkupStyle::Highlight => "said-highlighted",
            MarkupStyle::Underline => "said-underlined",
            MarkupStyle::Strikeout => "said-struck-out",
        });
    }

    fn mark_rects(&self, page: u32, style: MarkupStyle, rects: Vec<Rect>, quote: Quote) {
        let markup = Markup { style, rects, quote };
        self.add(self.new_mark(page, MarkKind::Markup(markup)));
    }

    /// What the eraser touches goes; all of one gesture is one step of undo.
    pub(crate) fn erase(&self, page: u32, path: &[Point], radius: f32, last: bool) {
        let touched = self.now().marks.page(page).touched(path, radius);
        let parts = self.now().kit.in_hand(Tool::Eraser) == Variant::Parts;
        let (cut, whole): (Vec<_>, Vec<_>) = touched
            .into_iter()
            .partition(|placed| parts && matches!(placed.mark.kind, MarkKind::Ink { .. }));
        let left: Vec<_> = cut.iter().filter_map(|placed| rest_of(placed, path, radius)).collect();
        if !left.is_empty() {
            self.cutting.borrow_mut().extend(left.iter().map(|mark| (mark.id, mark.clone())));
            self.desk.dispatch(Move::Alter(left));
        }
        let ids: Vec<_> = whole.into_iter().map(|placed| placed.mark.id).collect();
        // With the fine eraser only ink goes: the rest is too easily taken by mistake.
        if !ids.is_empty() && !parts {
            self.erasing.borrow_mut().extend(ids.iter().copied());
            self.desk.dispatch(Move::Hide(ids));
        }
        if last {
            let ids: Vec<_> = std::mem::take(&mut *self.erasing.borrow_mut()).into_iter().collect();
            self.remove(ids);
            let cut = std::mem::take(&mut *self.cutting.borrow_mut());
            self.replace(cut.into_values().collect());
        }
    }

    /// Strokes that were cut are replaced by what is left of them, as one step of undo.
    fn replace(&self, cut: Vec<Mark>) {
        let desk = self.now();
        let known = |id| desk.marks.get(id).cloned();
        let erase: Vec<_> =
            cut.iter().map(|mark| mark.id).filter(|id| known(*id).is_some()).collect();
        let put = cut.into_iter().filter_map(|mark| {
            let view = known(mark.id)?;
            let left = matches!(&mark.kind, MarkKind::Ink { strokes, .. } if !strokes.is_empty());
            left.then(|| self.copy_of(&MarkView { mark, ..(*view).clone() }))
        });
        self.edit(Edits { put: put.collect(), erase, ..Edits::default() }, "said-erased");
    }

    /// A new mark like one that is there.
    fn copy_of(&self, view: &MarkView) -> NewMark {
        let Mark { page, kind, colour, text, .. } = view.mark.clone();
        let audience = view.audience.clone();
        let id = Some(dom::new_id());
        NewMark { id, document: self.document, page, kind, colour, text, audience }
    }

    /// Marks that are moved: shown at once where they go.
    pub(crate) fn shift(&self, ids: &[AnnotationId], by: Point) {
        let by = ink::codec::rounded(by);
        let change = |annotation| MarkChange { shift: Some(by), ..MarkChange::of(annotation) };
        self.change_all(ids, change, |mark| mark.shift(by), "said-moved");
    }

    /// Moves what was caught by so much to the right and down on the page as it is shown.
    pub(crate) fn nudge(&self, caught: &Caught, (right, down): (f32, f32)) {
        let desk = self.now();
        let Some(size) = desk.size(caught.page) else { return };
        let page = transform(size, 1.0);
        let from = page.to_user(Point::default());
        let to = page.to_user(Point { x: right, y: down });
        self.shift(&caught.ids, Point { x: to.x - from.x, y: to.y - from.y });
    }

    /// Marks that take another colour.
    pub(crate) fn recolour(&self, ids: &[AnnotationId], colour: Colour) {
        let change = |annotation| MarkChange { colour: Some(colour), ..MarkChange::of(annotation) };
        self.change_all(ids, change, |mark| mark.colour = colour, "said-recoloured");
    }

    /// A form or a text box that gets other ends.
    pub(crate) fn reshape(&self, id: AnnotationId, ends: [Point; 2]) {
        let change = |annotation| MarkChange { ends: Some(ends), ..MarkChange::of(annotation) };
        let alter = |mark: &mut Mark| {
            mark.kind.reshape(ends);
        };
        self.change_all(&[id], change, alter, "said-resized");
    }

    fn change_all(
        &self,
        ids: &[AnnotationId],
        change: impl Fn(AnnotationId) -> MarkChange,
        alter: impl Fn(&mut Mark),
        said: &'static str,
    ) {
        let desk = self.now();
        let marks = ids.iter().filter_map(|id| desk.marks.get(*id)).map(|view| {
            let mut mark = view.mark.clone();
            alter(&mut mark);
            mark
        });
        let marks: Vec<_> = marks.collect();
        let change = marks.iter().map(|mark| change(mark.id)).collect();
        self.desk.dispatch(Move::Alter(marks));
        self.edit(Edits { change, ..Edits::default() }, said);
    }

    /// Keeps copies of marks, to be put elsewhere.
    pub(crate) fn copy(&self, ids: &[AnnotationId]) {
        let desk = self.now();
        let views = ids.iter().filter_map(|id| desk.marks.get(*id));
        let copies: Vec<_> = views.map(|view| self.copy_of(view)).collect();
        if let Ok(text) = serde_json::to_string(&copies) {
            kept::set(COPIED, &text);
            self.say("said-copied");
        }
    }

    /// Whether there is something to be put.
    pub(crate) fn can_paste(&self) -> bool {
        self.earlier.is_none() && kept::get(COPIED).is_some()
    }

    /// Puts the copies on the page that is read: beside the originals on their own page, at their
    /// height elsewhere.
    pub(crate) fn paste(&self) {
        if !self.can_paste() {
            return;
        }
        let copies = kept::get(COPIED).and_then(|text| tree::read(&text));
        let copies: Vec<NewMark> = copies.unwrap_or_default();
        let (document, page) = (self.document, self.now().page());
        let put = copies.into_iter().map(|copy| {
            let beside = copy.document == document && copy.page == page;
            let by = if beside { BESIDE } else { Point::default() };
            let mut mark = Mark {
                id: dom::new_id(),
                page,
                kind: copy.kind,
                colour: copy.colour,
                text: copy.text,
                created_ms: 0,
                modified_ms: 0,
                in_reply_to: None,
            };
            mark.shift(by);
            let Mark { id, kind, colour, text, .. } = mark;
            NewMark { id: Some(id), document, page, kind, colour, text, audience: copy.audience }
        });
        self.edit(Edits { put: put.collect(), ..Edits::default() }, "said-pasted");
    }

    /// Several changes as one step of undo. What was put is chosen afterwards when nothing went.
    fn edit(&self, edits: Edits, said: &'static str) {
        if edits == Edits::default() {
            return;
        }
        let Edits { put, erase, change } = edits;
        let choose = erase.is_empty() && change.is_empty();
        let (acts, document) = (self.clone(), self.document);
        self.in_turn(async move {
            match bridge::call(Command::Edit { document, put, erase, change }).await {
                Ok(Reply::Changed { put, gone }) => {
                    let (page, ids) = (put.first().map(|view| view.mark.page), ids(&put));
                    acts.desk.dispatch(Move::Changed { put, gone });
                    acts.desk.dispatch(Move::History { can_undo: true, can_redo: false });
                    if let Some(page) = page.filter(|_| choose) {
                        acts.desk.dispatch(Move::Take(Variant::Lasso));
                        acts.desk.dispatch(Move::Catch(Some(Caught { page, ids })));
                    }
                    acts.say(said);
                }
                Ok(_) => {}
                Err(failure) => {
                    acts.desk.dispatch(Move::Unhide);
                    acts.failed(&failure);
                }
            }
        });
    }

    /// Takes marks away; can be undone.
    pub(crate) fn remove(&self, ids: Vec<AnnotationId>) {
        let desk = self.now();
        for pending in desk.marks.pending().iter().filter(|pending| ids.contains(&pending.id())) {
            drafts::forget(self.document, &format!("mark-{}", pending.key));
        }
        self.desk.dispatch(Move::Hide(ids.clone()));
        // A mark on its way is known to the app when this one's turn comes; one that failed is not.
        let on_its_way = |id: &AnnotationId| {
            desk.marks.pending().iter().any(|pending| !pending.failed && pending.id() == *id)
        };
        let annotations: Vec<_> =
            ids.into_iter().filter(|id| desk.marks.is_confirmed(*id) || on_its_way(id)).collect();
        if annotations.is_empty() {
            return;
        }
        self.edit(Edits { erase: annotations, ..Edits::default() }, "said-erased");
    }

    /// Undo, or redo.
    pub(crate) fn history(&self, back: bool) {
        let desk = self.now();
        if (back && !desk.can_undo) || (!back && !desk.can_redo) {
            return;
        }
        let (acts, document) = (self.clone(), self.document);
        self.in_turn(async move {
            let command =
                if back { Command::Undo { document } } else { Command::Redo { document } };
            match bridge::call(command).await {
                Ok(Reply::Marks(views)) => {
                    acts.desk.dispatch(Move::Marks(views));
                    acts.say(if back { "said-undone" } else { "said-redone" });
                }
                Ok(_) => {}
                Err(failure) => acts.failed(&failure),
            }
            acts.ask_history().await;
        });
    }

    /// Whether undo and redo would change something now.
    async fn ask_history(&self) {
        let question = Command::Document { document: self.document };
        if let Ok(Reply::Document(paper)) = bridge::call(question).await {
            let (can_undo, can_redo) = (paper.can_undo, paper.can_redo);
            self.desk.dispatch(Move::History { can_undo, can_redo });
        }
    }

    /// Changes a mark.
    pub(crate) async fn change(
        &self,
        annotation: AnnotationId,
        text: Option<String>,
        colour: Option<ink::Colour>,
    ) -> Result<(), Failure> {
        let document = self.document;
        let command = Command::ChangeMark { document, annotation, text, colour };
        if let Reply::Marked(view) = bridge::call(command).await? {
            self.desk.dispatch(Move::Confirmed(view));
        }
        Ok(())
    }

    /// Asks for all marks again: something changed from outside.
    pub(crate) fn refresh(&self) {
        let acts = self.clone();
        self.in_turn(async move {
            let question = acts.about(OfVersion::Marks);
            if let Ok(Reply::Marks(views)) = bridge::call(question).await {
                acts.desk.dispatch(Move::Marks(views));
            }
        });
    }

    /// Goes to a place of this paper; where one was is found again.
    pub(crate) fn jump(&self, page: u32, top: Option<f32>) {
        self.app.dispatch(Happening::Left(self.now().spot()));
        self.desk.dispatch(Move::Land { page, top });
    }

    /// Goes to another paper; where one was is found again.
    pub(crate) fn leave_for(&self, route: Route) {
        self.app.dispatch(Happening::Left(self.now().spot()));
        self.show(route);
    }

    /// Shows a paper in the place of this one: what lies beside stays.
    fn show(&self, route: Route) {
        let now = self.app.clone().route;
        if let (Route::Paper { document, .. }, true) = (route, self.second) {
            go(now.with_beside(Some(document)));
        } else {
            go(route.with_beside(now.beside()));
        }
    }

    /// Leaves this paper: for its sitting, or for the one it lies beside.
    pub(crate) fn close(&self) {
        if self.second {
            go(self.app.clone().route.with_beside(None));
        } else {
            go(Route::Sitting(self.now().paper.sitting));
        }
    }

    /// One step back on the way, or forward.
    pub(crate) fn step(&self, back: bool) {
        let Some(spot) = self.app.clone().trail.ahead(back) else { return };
        self.app.dispatch(Happening::Stepped { back, here: self.now().spot() });
        if spot.document == self.document {
            self.desk.dispatch(Move::Return { page: spot.page, down: spot.down });
        } else {
            let (document, page) = (spot.document, Some(spot.page));
            self.show(Route::Paper { document, page, note: None, beside: None });
        }
    }

    /// Chooses all text of the page that is read.
    pub(crate) fn choose_page(&self) {
        let desk = self.now();
        let page = desk.page();
        let chosen = desk.texts.get(&page).and_then(|text| {
            let centres = super::handles::centres(text);
            let (first, last) = (*centres.first()?, *centres.last()?);
            Chosen::between(&desk.texts, (page, first), (page, last))
        });
        if chosen.is_some() {
            self.desk.dispatch(Move::Choose(chosen));
        }
    }

    /// Copies the chosen text.
    pub(crate) fn copy_chosen(&self) {
        if let Some(chosen) = &self.now().chosen {
            dom::copy(&chosen.words());
            toast(&self.app.dispatcher(), self.words().say("copied"));
        }
    }

    /// Opens a mark for writing: one's own, or another's to be read.
    pub(crate) fn open(&self, view: &MarkView) {
        self.desk.dispatch(Move::Edit(Some(Subject::Mark(view.mark.id))));
    }

    /// Opens a new note or text box for writing; it is made with its first words.
    pub(crate) fn write(&self, page: u32, kind: MarkKind) {
        let mark = self.new_mark(page, kind);
        self.desk.dispatch(Move::Edit(Some(Subject::New(Box::new(mark)))));
    }
}

/// What the fine eraser leaves of a stroke; none when it did not reach it.
fn rest_of(placed: &Placed, path: &[Point], radius: f32) -> Option<Mark> {
    let MarkKind::Ink { strokes, width, nib } = &placed.mark.kind else { return None };
    let strokes = ink::cut(strokes, *width, path, radius)?;
    let kind = MarkKind::Ink { strokes, width: *width, nib: *nib };
    Some(Mark { kind, ..placed.mark.clone() })
}

fn ids(views: &[MarkView]) -> Rc<Vec<AnnotationId>> {
    Rc::new(views.iter().map(|view| view.mark.id).collect())
}

/// The passage between two places; the word at the place of a tap.
pub(crate) fn selection(text: &PageText, from: Point, to: Point) -> Option<Selection> {
    let lines: Vec<Line<'_>> = text.lines.iter().map(Line::from).collect();
    if (to.x - from.x).hypot(to.y - from.y) < TAP {
        ink::word_at(&lines, from)
    } else {
        ink::select(&lines, from, to, Snap::Words)
    }
}

/// Whether there is text under a place.
pub(crate) fn over_text(text: &PageText, place: Point) -> bool {
    text.lines.iter().any(|line| line.rect.grown(1.5).contains(place))
}
