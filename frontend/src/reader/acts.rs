//! What the reader asks of the app: marks are drawn at once, sent in order, and never lost.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use domain::DocumentId;
use ink::{AnnotationId, Line, MarkKind, Markup, MarkupStyle, Point, Quote, Rect, Selection, Snap};
use ipc::{Audience, Command, MarkView, NewMark, PageText, Reply};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::drafts::{self, Draft};
use super::state::{Desk, Move, Subject};
use super::turns::Turns;
use crate::app::{AppHandle, toast};
use crate::app_state::Happening;
use crate::bridge::{self, Failure};
use crate::dom;
use crate::words::Tongue;

/// Ways shorter than this, in points, are a tap on a word.
const TAP: f32 = 3.0;
/// Height of a band drawn where there is no text, in points.
const BAND: f32 = 14.0;

/// The reader's line to the app. Clones stand for the same.
#[derive(Clone)]
pub(crate) struct Acts {
    pub(crate) document: DocumentId,
    pub(crate) app: AppHandle,
    pub(crate) desk: UseReducerHandle<Desk>,
    turns: Turns,
    erasing: Rc<RefCell<BTreeSet<AnnotationId>>>,
}

impl PartialEq for Acts {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.erasing, &other.erasing)
    }
}

impl Acts {
    pub(crate) fn new(document: DocumentId, app: AppHandle, desk: UseReducerHandle<Desk>) -> Self {
        Self { document, app, desk, turns: Turns::default(), erasing: Rc::default() }
    }

    /// The desk as it is now.
    pub(crate) fn now(&self) -> UseReducerHandle<Desk> {
        self.desk.clone()
    }

    pub(crate) fn words(&self) -> Tongue {
        self.app.clone().words.clone()
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

    /// A mark from the hand.
    pub(crate) fn add(&self, mark: NewMark) {
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
            kind,
            colour: desk.kit.colour(desk.tool),
            text: String::new(),
            audience: Audience::Private,
        }
    }

    /// The words between two places, marked.
    pub(crate) fn highlight(&self, page: u32, from: Point, to: Point) {
        if let Some(text) = self.now().texts.get(&page) {
            self.mark_between(page, text, from, to);
            return;
        }
        let acts = self.clone();
        let question = Command::PageText { document: self.document, page };
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
        } else if text.lines.is_empty() && (to.x - from.x).hypot(to.y - from.y) > TAP {
            let mut rect = Rect::from([from.x, from.y, to.x, to.y]);
            if rect.height() < BAND {
                rect = Rect { y0: from.y - BAND / 2.0, y1: from.y + BAND / 2.0, ..rect };
            }
            self.mark_rects(page, vec![rect], Quote::default());
        }
    }

    /// A chosen passage, marked.
    pub(crate) fn mark_selection(&self, page: u32, selection: &Selection) {
        self.mark_rects(page, selection.rects.clone(), selection.quote.clone());
        self.say("said-highlighted");
    }

    fn mark_rects(&self, page: u32, rects: Vec<Rect>, quote: Quote) {
        let markup = Markup { style: MarkupStyle::Highlight, rects, quote };
        self.add(self.new_mark(page, MarkKind::Markup(markup)));
    }

    /// What the eraser touches goes; all of one gesture is one step of undo.
    pub(crate) fn erase(&self, page: u32, path: &[Point], radius: f32, last: bool) {
        let ids = self.now().marks.page(page).erased(path, radius);
        if !ids.is_empty() {
            self.erasing.borrow_mut().extend(ids.iter().copied());
            self.desk.dispatch(Move::Hide(ids));
        }
        if last {
            let ids: Vec<_> = std::mem::take(&mut *self.erasing.borrow_mut()).into_iter().collect();
            self.remove(ids);
        }
    }

    /// Takes marks away; can be undone.
    pub(crate) fn remove(&self, ids: Vec<AnnotationId>) {
        let desk = self.now();
        for pending in desk.marks.pending().iter().filter(|pending| ids.contains(&pending.id())) {
            drafts::forget(self.document, &format!("mark-{}", pending.key));
        }
        self.desk.dispatch(Move::Hide(ids.clone()));
        // A mark that is still pending has no name that the app knows.
        let annotations: Vec<_> =
            ids.into_iter().filter(|id| desk.marks.is_confirmed(*id)).collect();
        if annotations.is_empty() {
            return;
        }
        let acts = self.clone();
        self.in_turn(async move {
            let document = Some(acts.document);
            match bridge::call(Command::Erase { document, annotations }).await {
                Ok(Reply::Marks(views)) => {
                    acts.desk.dispatch(Move::Marks(views));
                    acts.desk.dispatch(Move::History { can_undo: true, can_redo: false });
                    acts.say("said-erased");
                }
                Ok(_) => {}
                Err(failure) => {
                    acts.desk.dispatch(Move::Unhide);
                    acts.failed(&failure);
                }
            }
        });
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
            let question = Command::Marks { document: acts.document };
            if let Ok(Reply::Marks(views)) = bridge::call(question).await {
                acts.desk.dispatch(Move::Marks(views));
            }
        });
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
