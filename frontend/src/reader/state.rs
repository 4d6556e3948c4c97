//! The reader's state: the paper on the desk, what is seen of it, what lies in the hand.

mod moves;

use std::collections::BTreeMap;
use std::rc::Rc;

use ink::{AnnotationId, Point, Rect, Selection, Tool};
use ipc::{Audience, DocumentView, Look, NewMark, PageReading, PageSize, PageText};
use yew::Reducible;

use super::layout::{Fit, Layout, Port, ZOOM, zoom_for};
use super::marks::Marks;
use super::same::Same;
use super::tools::Kit;
use super::trail::Spot;
use super::view::{Mode, Turn};
pub(crate) use moves::Move;

/// What stands at the left of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rail {
    Pages,
    Outline,
    /// All papers of the sitting, as one.
    Packet,
}

/// A place the desk must be moved to; the number tells two moves apart.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Jump {
    pub(crate) number: u32,
    pub(crate) left: f64,
    pub(crate) top: f64,
}

/// Text that is chosen, on one page or on several one after another.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chosen {
    /// What is chosen on each page that has text, in order; never empty.
    pub(crate) parts: Rc<Vec<(u32, Selection)>>,
}

impl Chosen {
    /// The text between two places; none where there is none, or where a page between them has not
    /// been read yet.
    pub(crate) fn between(
        texts: &BTreeMap<u32, Same<PageText>>,
        from: (u32, Point),
        to: (u32, Point),
    ) -> Option<Self> {
        let (first, last) = if from.0 <= to.0 { (from, to) } else { (to, from) };
        let mut parts = Vec::new();
        for page in first.0..=last.0 {
            let text = texts.get(&page)?;
            let words = super::handles::centres(text);
            // A page of pictures alone is passed over.
            let (Some(top), Some(end)) = (words.first(), words.last()) else { continue };
            let from = if page == first.0 { first.1 } else { *top };
            let to = if page == last.0 { last.1 } else { *end };
            parts.extend(super::acts::selection(text, from, to).map(|found| (page, found)));
        }
        (!parts.is_empty()).then(|| Self { parts: Rc::new(parts) })
    }

    /// What is chosen on a page.
    pub(crate) fn on(&self, page: u32) -> Option<&Selection> {
        self.parts.iter().find(|(on, _)| *on == page).map(|(_, selection)| selection)
    }

    /// All its words, page after page.
    pub(crate) fn words(&self) -> String {
        let words: Vec<&str> = self.parts.iter().map(|(_, part)| part.words.as_str()).collect();
        words.join("\n")
    }
}

/// Marks that were caught in a loop.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caught {
    pub(crate) page: u32,
    pub(crate) ids: Rc<Vec<AnnotationId>>,
}

/// What is being written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Subject {
    /// A mark to be made when the first words are there.
    New(Box<NewMark>),
    Mark(AnnotationId),
}

/// The note that is open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Editing {
    /// Tells two openings apart.
    pub(crate) number: u32,
    pub(crate) subject: Subject,
}

/// Words looked for in this paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Found {
    pub(crate) text: String,
    /// Passages in order: page and rectangles.
    pub(crate) hits: Rc<Vec<(u32, Vec<Rect>)>>,
    /// The one that is shown.
    pub(crate) at: usize,
    /// Pages without text: nothing can be found on them.
    pub(crate) bare: u32,
    /// Whether pages are still being looked through.
    pub(crate) busy: bool,
}

/// The reader's state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Desk {
    pub(crate) paper: Same<DocumentView>,
    /// It is an earlier version: it is read and never changed.
    pub(crate) fixed: bool,
    /// Sizes of the pages as they lie.
    sizes: Rc<Vec<PageSize>>,
    pub(crate) mode: Mode,
    pub(crate) turn: Turn,
    pub(crate) look: Look,
    pub(crate) port: Port,
    /// Whether a part of a page has been drawn.
    pub(crate) awake: bool,
    pub(crate) fit: Fit,
    /// CSS pixels a point, as the pages lie now.
    pub(crate) zoom: f64,
    /// The zoom that images are made for; follows when the hand rests.
    pub(crate) sharp: f64,
    /// Number of this view: the app may drop the images of an older one.
    pub(crate) generation: u32,
    pub(crate) layout: Rc<Layout>,
    pub(crate) jump: Jump,
    pub(crate) tool: Tool,
    pub(crate) kit: Kit,
    /// Who shall see the next marks.
    pub(crate) audience: Audience,
    pub(crate) marks: Same<Marks>,
    pub(crate) rail: Option<Rail>,
    pub(crate) notes_open: bool,
    pub(crate) find_open: bool,
    pub(crate) found: Found,
    /// The bars have left.
    pub(crate) immersed: bool,
    pub(crate) chosen: Option<Chosen>,
    pub(crate) caught: Option<Caught>,
    pub(crate) editing: Option<Editing>,
    pub(crate) texts: BTreeMap<u32, Same<PageText>>,
    pub(crate) readings: BTreeMap<u32, Same<PageReading>>,
    pub(crate) can_undo: bool,
    pub(crate) can_redo: bool,
    /// The mark that is held up to the eye.
    pub(crate) shown: Option<AnnotationId>,
    /// Page to show once the size of the window is known.
    wanted: Option<u32>,
    /// Where the desk lay when the bars last came or went.
    turned: f64,
    edits: u32,
}

impl Desk {
    /// A paper on the desk, to be opened at a page.
    pub(crate) fn new(paper: DocumentView, page: u32, kit: Kit, generation: u32) -> Self {
        let (can_undo, can_redo) = (paper.can_undo, paper.can_redo);
        Self {
            sizes: Rc::new(paper.sizes.clone()),
            paper: Same::new(paper),
            fixed: false,
            mode: Mode::default(),
            turn: Turn::default(),
            look: Look::default(),
            port: Port::default(),
            awake: false,
            fit: Fit::Width,
            zoom: 1.0,
            sharp: 1.0,
            generation,
            layout: Rc::default(),
            jump: Jump::default(),
            tool: Tool::Hand,
            kit,
            audience: Audience::Private,
            marks: Same::default(),
            rail: None,
            notes_open: false,
            find_open: false,
            found: Found::default(),
            immersed: false,
            chosen: None,
            caught: None,
            editing: None,
            texts: BTreeMap::new(),
            readings: BTreeMap::new(),
            can_undo,
            can_redo,
            shown: None,
            wanted: Some(page),
            turned: 0.0,
            edits: 0,
        }
    }

    /// The page that is read.
    pub(crate) fn page(&self) -> u32 {
        self.wanted.unwrap_or_else(|| self.layout.current(&self.port))
    }

    /// Pages in sight or next to it; the row that one may turn to among them.
    pub(crate) fn near(&self) -> std::ops::Range<u32> {
        let Port { top, height, .. } = self.port;
        let near = self.layout.between(top - height * 0.75, top + height * 1.75);
        // Nothing is near before the pages lie on the desk.
        let next = if near.is_empty() { 0 } else { self.after_next().min(self.paper.pages + 1) };
        near.start..near.end.max(next)
    }

    /// What is seen and what would be after a turn to the next row of pages, or reading on by a
    /// window.
    pub(crate) fn reach(&self) -> Port {
        let Port { top, height, head, .. } = self.port;
        let next = self.after_next().saturating_sub(1);
        let turned = self.layout.sheet(next).map_or(top, |sheet| sheet.top - head);
        Port { height: turned.max(top + height) + height - top, ..self.port }
    }

    /// The first page after the row that follows the one that is read.
    fn after_next(&self) -> u32 {
        let abreast = u32::try_from(self.mode.abreast()).unwrap_or(1);
        self.page() + 2 * abreast
    }

    /// Size of a page as it lies, turned as the reader turned it; none of a page of which only the
    /// extent is known yet: nothing can be placed on it.
    pub(crate) fn size(&self, page: u32) -> Option<&PageSize> {
        if self.paper.measured.is_some_and(|(first, last)| !(first..=last).contains(&page)) {
            return None;
        }
        self.sizes.get(usize::try_from(page.checked_sub(1)?).ok()?)
    }

    /// Where one is reading.
    pub(crate) fn spot(&self) -> Spot {
        let page = self.page();
        let down = self.layout.sheet(page).map_or(0.0, |sheet| {
            (self.port.top + self.port.head - sheet.top) / sheet.height.max(1.0)
        });
        Spot { document: self.paper.document, page, down }
    }

    /// Whether whole rows are turned: they fit the window.
    pub(crate) fn turns_pages(&self) -> bool {
        self.mode.is_paged() && self.fit == Fit::Page
    }

    fn fitting(&self, port: &Port) -> f64 {
        zoom_for(self.fit, &self.sizes, port, self.mode, self.zoom)
    }

    fn laid(&self, zoom: f64) -> Layout {
        Layout::new(&self.sizes, zoom, &self.port, self.mode)
    }

    fn turned_sizes(&self) -> Vec<PageSize> {
        self.paper.sizes.iter().map(|size| self.turn.of(size)).collect()
    }

    /// Lays the pages anew and stays at the page that is read.
    fn lay(&mut self, generation: u32) {
        let page = self.page();
        self.sizes = Rc::new(self.turned_sizes());
        if self.port.width == 0.0 {
            return;
        }
        self.zoom = self.fitting(&self.port);
        self.layout = Rc::new(self.laid(self.zoom));
        self.sharp = self.zoom;
        self.generation = generation.max(self.generation + 1);
        self.go_to(page);
    }

    fn place(&mut self, port: Port) {
        let first = self.port.width == 0.0;
        let page = self.page();
        let old = Rc::clone(&self.layout);
        let before = self.port;
        self.port = port;
        self.zoom = self.fitting(&port);
        self.layout = Rc::new(self.laid(self.zoom));
        if first {
            self.sharp = self.zoom;
            self.wanted = None;
            self.go_to(page);
        } else if self.turns_pages() {
            self.go_to(page);
        } else {
            let line = (before.width / 2.0, before.head + 1.0);
            let (left, top) = old.keep(&self.layout, &Port { ratio: port.ratio, ..before }, line);
            let (left, top) = self.layout.bounded(&port, left, top);
            self.jump_to(left, top);
        }
    }

    fn rezoom(&mut self, zoom: f64, at: (f64, f64)) {
        let zoom = zoom.clamp(ZOOM.0, ZOOM.1);
        let after = self.laid(zoom);
        let (left, top) = self.layout.keep(&after, &self.port, at);
        self.zoom = zoom;
        self.layout = Rc::new(after);
        self.jump_to(left, top);
    }

    fn middle(&self) -> (f64, f64) {
        (self.port.width / 2.0, (self.port.height + self.port.head) / 2.0)
    }

    fn go_to(&mut self, page: u32) {
        let page = page.clamp(1, self.paper.pages.max(1));
        if self.port.width == 0.0 {
            self.wanted = Some(page);
            return;
        }
        let Some(sheet) = self.layout.sheet(page).copied() else { return };
        let middle = sheet.left + sheet.width / 2.0 - self.port.width / 2.0;
        let left = if sheet.width > self.port.width { sheet.left - 8.0 } else { middle };
        let top = match (self.layout.row_top(page), page) {
            (Some(top), _) if self.mode.is_paged() => top,
            (_, 1) => 0.0,
            _ => sheet.top - self.port.head - 8.0,
        };
        let (left, top) = self.layout.bounded(&self.port, left, top);
        self.jump_to(left, top);
    }

    /// Goes to a height of a page, in its user space.
    fn land(&mut self, page: u32, top: Option<f32>) {
        self.go_to(page);
        let (Some(sheet), Some(size), Some(top)) = (self.layout.sheet(page), self.size(page), top)
        else {
            return;
        };
        if self.turns_pages() {
            return;
        }
        let visible = super::layout::transform(size, 1.0).visible();
        let at = Rect { x0: visible.x0, y0: top, x1: visible.x0, y1: top };
        let shown = super::layout::transform(size, self.zoom).rect_to_shown(at);
        let down = f64::from(shown.y0).clamp(0.0, sheet.height);
        let (left, top) = (self.port.left, sheet.top + down - self.port.head - 16.0);
        let (left, top) = self.layout.bounded(&self.port, left, top);
        self.jump_to(left, top);
    }

    /// Goes back to where somebody was reading.
    fn return_to(&mut self, page: u32, down: f64) {
        self.go_to(page);
        if let Some(sheet) = self.layout.sheet(page).filter(|_| !self.turns_pages()) {
            let top = sheet.top + down * sheet.height - self.port.head;
            let (left, top) = self.layout.bounded(&self.port, self.port.left, top);
            self.jump_to(left, top);
        }
    }

    fn scroll_by(&mut self, part: f64) {
        if self.turns_pages() {
            let abreast = i32::try_from(self.mode.abreast()).unwrap_or(1);
            let step = if part < 0.0 { -abreast } else { abreast };
            self.go_to(self.page().saturating_add_signed(step));
            return;
        }
        let step = (self.port.height - self.port.head) * part;
        let (left, top) = (self.port.left, self.port.top + step);
        let (left, top) = self.layout.bounded(&self.port, left, top);
        self.jump_to(left, top);
    }

    /// Brings a place of a page into sight, if it is not.
    fn go_to_rect(&mut self, page: u32, rect: Rect) {
        let (Some(sheet), Some(size)) = (self.layout.sheet(page).copied(), self.size(page)) else {
            return;
        };
        let shown = super::layout::transform(size, self.zoom).rect_to_shown(rect);
        let (x, y) = (sheet.left + f64::from(shown.x0), sheet.top + f64::from(shown.y0));
        let Port { left, top, width, height, head, .. } = self.port;
        let seen =
            (top + head..top + height * 0.75).contains(&y) && (left..left + width).contains(&x);
        if !seen {
            let left = if sheet.width > width { x - width / 3.0 } else { left };
            let (left, top) = self.layout.bounded(&self.port, left, y - head - height * 0.25);
            self.jump_to(left, top);
        }
    }

    fn jump_to(&mut self, left: f64, top: f64) {
        self.jump = Jump { number: self.jump.number + 1, left, top };
        self.port.left = left;
        self.port.top = top;
        self.turned = top;
    }

    fn scrolled(&mut self, left: f64, top: f64) {
        self.port.left = left;
        self.port.top = top;
        // Reading on sends the bars away; with a tool in hand they stay.
        let reads = self.tool == Tool::Hand && self.editing.is_none() && self.chosen.is_none();
        if top < self.turned || !reads || self.find_open {
            self.turned = top;
        } else if !self.immersed && top - self.turned > 260.0 {
            self.immersed = true;
        }
        if top <= 0.0 {
            self.immersed = false;
        }
    }

    fn show(&mut self, id: AnnotationId) {
        let Some(view) = self.marks.get(id).cloned() else { return };
        self.shown = Some(id);
        self.go_to_rect(view.mark.page, view.mark.bounds());
    }

    fn found_by(&mut self, step: i32) {
        let count = self.found.hits.len();
        if count == 0 {
            return;
        }
        let at = self.found.at as i64 + i64::from(step);
        self.found.at = usize::try_from(at.rem_euclid(count as i64)).unwrap_or(0);
        self.show_found();
    }

    fn show_found(&mut self) {
        let hit = self.found.hits.get(self.found.at).cloned();
        if let Some((page, rect)) = hit.and_then(|(page, rects)| Some((page, *rects.first()?))) {
            self.go_to_rect(page, rect);
        }
    }

    fn take_found(&mut self, found: Found) {
        let first = found.text != self.found.text || self.found.hits.is_empty();
        // Passages that are found later on earlier pages move the one that is shown.
        let shown = self.found.hits.get(self.found.at);
        let same = shown
            .filter(|_| !first)
            .and_then(|shown| found.hits.iter().position(|hit| hit == shown));
        let at = same.unwrap_or_else(|| {
            let page = self.page();
            found.hits.iter().position(|(hit, _)| *hit >= page).unwrap_or(0)
        });
        self.found = Found { at, ..found };
        if first {
            self.show_found();
        }
    }

    fn edit(&mut self, subject: Option<Subject>) {
        self.edits += 1;
        let number = self.edits;
        if let Some(Subject::Mark(id)) = &subject {
            self.shown = Some(*id);
        }
        self.editing = subject.map(|subject| Editing { number, subject });
        if self.editing.is_some() {
            self.chosen = None;
            self.immersed = false;
        }
    }

    /// The rectangle around what was caught; none when nothing of it is left.
    pub(crate) fn caught_rect(&self) -> Option<Rect> {
        let caught = self.caught.as_ref()?;
        let here = self.marks.page(caught.page);
        let ids = &caught.ids;
        let bounds = here.iter().filter(|p| ids.contains(&p.mark.id)).map(|p| p.bounds);
        bounds.reduce(Rect::union)
    }

    fn take(&mut self, tool: Tool) {
        if self.fixed {
            return;
        }
        self.tool = tool;
        self.chosen = None;
        self.immersed = false;
        if tool != Tool::Lasso {
            self.caught = None;
        }
    }

    fn changed_by_hand(&mut self) {
        self.can_undo = true;
        self.can_redo = false;
    }

    /// The key the next mark from the hand will have.
    pub(crate) fn pending_key(&self) -> Option<u64> {
        self.marks.pending().last().map(|pending| pending.key)
    }
}

impl Reducible for Desk {
    type Action = Move;

    fn reduce(self: Rc<Self>, action: Move) -> Rc<Self> {
        let mut desk = Rc::unwrap_or_clone(self);
        match action {
            Move::Port { width, height, ratio, head } => {
                desk.place(Port { width, height, ratio, head, ..desk.port });
            }
            Move::Awake => desk.awake = true,
            Move::Scrolled { left, top } => desk.scrolled(left, top),
            Move::ZoomBy { factor, at } => {
                desk.fit = Fit::Free;
                desk.rezoom(desk.zoom * factor, at);
            }
            Move::Fit(fit) => {
                desk.fit = fit;
                let zoom = desk.fitting(&desk.port);
                desk.rezoom(zoom, desk.middle());
                if desk.turns_pages() {
                    desk.go_to(desk.page());
                }
            }
            Move::Settle(generation) => {
                let zoom = desk.fitting(&desk.port);
                if (zoom - desk.zoom).abs() > 1e-9 {
                    desk.rezoom(zoom, desk.middle());
                }
                if (zoom - desk.sharp).abs() > 1e-9 {
                    desk.sharp = zoom;
                    desk.generation = generation.max(desk.generation + 1);
                }
            }
            Move::GoTo(page) => desk.go_to(page),
            Move::Land { page, top } => desk.land(page, top),
            Move::Return { page, down } => desk.return_to(page, down),
            Move::ScrollBy(part) => desk.scroll_by(part),
            Move::Mode(mode, generation) => {
                desk.mode = mode;
                desk.fit = if mode.is_paged() { Fit::Page } else { Fit::Width };
                desk.lay(generation);
            }
            Move::Turn { clockwise, generation } => {
                desk.turn = desk.turn.further(clockwise);
                desk.lay(generation);
            }
            Move::Look(look) => desk.look = look,
            Move::Measured(paper) => {
                let DocumentView { sizes, labels, .. } = *paper;
                desk.paper.change(|known| {
                    (known.sizes, known.labels, known.measured) = (sizes, labels, None);
                });
                desk.sizes = Rc::new(desk.turned_sizes());
            }
            Move::Reading(reading) => {
                desk.readings.insert(reading.page, Same::new(reading));
            }
            Move::Show(id) => desk.show(id),
            Move::Tool(tool) => desk.take(tool),
            Move::Take(variant) => {
                desk.kit = desk.kit.with_variant(variant);
                desk.take(variant.tool());
            }
            Move::Colour(colour) => {
                desk.kit = desk.kit.with_colour(desk.kit.in_hand(desk.tool), colour);
            }
            Move::Width(width) => {
                desk.kit = desk.kit.with_width(desk.kit.in_hand(desk.tool), width);
            }
            Move::Catch(caught) => {
                desk.caught = caught.filter(|caught| !caught.ids.is_empty());
                desk.editing = None;
            }
            Move::Audience(audience) => desk.audience = audience,
            Move::Hidden(hidden) => desk.marks.change(|marks| marks.set_hidden_from(hidden)),
            Move::Rail(rail) => desk.rail = rail,
            Move::Notes(open) => desk.notes_open = open,
            Move::Find(open) => {
                desk.find_open = open;
                desk.immersed = false;
                if !open {
                    desk.found = Found::default();
                }
            }
            Move::Found(found) => desk.take_found(found),
            Move::FoundBy(step) => desk.found_by(step),
            Move::Immerse(immersed) => {
                desk.immersed = immersed && desk.tool == Tool::Hand && !desk.find_open;
                desk.turned = desk.port.top;
            }
            Move::Choose(chosen) => desk.chosen = chosen,
            Move::Edit(subject) => desk.edit(subject),
            Move::Text(text) => {
                desk.texts.insert(text.page, Same::new(text));
            }
            Move::Marks(views) => desk.marks.change(|marks| marks.replace(views)),
            Move::Add(mark) => {
                desk.marks.change(|marks| marks.add(mark));
            }
            Move::Kept { key, view } => {
                desk.marks.change(|marks| marks.kept(key, *view));
                desk.changed_by_hand();
            }
            Move::Dropped(key) => desk.marks.change(|marks| marks.drop_pending(key)),
            Move::Failed { key, failed } => {
                desk.marks.change(|marks| marks.set_failed(key, failed));
            }
            Move::Confirmed(view) => {
                desk.marks.change(|marks| marks.confirm(*view));
                desk.changed_by_hand();
            }
            Move::Changed { put, gone } => {
                desk.marks.change(|marks| marks.changed(put, &gone));
                if desk.caught_rect().is_none() {
                    desk.caught = None;
                }
            }
            Move::Alter(marks) => desk.marks.change(|all| all.alter(marks)),
            Move::Hide(ids) => desk.marks.change(|marks| marks.hide(&ids)),
            Move::Unhide => desk.marks.change(Marks::unhide),
            Move::History { can_undo, can_redo } => {
                desk.can_undo = can_undo;
                desk.can_redo = can_redo;
            }
        }
        Rc::new(desk)
    }
}

#[cfg(test)]
mod tests;
