//! What hands do on the desk: the pen's strokes, choosing text, moving and zooming the pages.
//!
//! The pen's rules are `ink::Pen`'s; here browser events become its events, and what it says comes
//! true. A finger that only moves the page is left to the browser, which does it best.

mod carry;
pub(crate) mod listen;
pub(crate) mod native;
mod pen;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use ink::{Device, Held, Pen, PenEvent, PenOutcome, Point, StrokePoint, Tool};
use ipc::{Barrel, NativePen};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, PointerEvent};

use super::acts::{Acts, over_text};
use super::handles;
use super::layout::{Fit, transform};
use super::state::{Chosen, Move, Subject};
use super::wet::{Under, Wet};
use crate::components::page_img::generation_now;
use crate::dom;

/// How long a finger must rest to choose a word, in milliseconds.
const REST_MS: u32 = 450;
/// Ways shorter than this are a tap, in CSS pixels.
const STILL: f64 = 8.0;
/// Two taps within this are one double tap, in milliseconds.
const DOUBLE_MS: u64 = 320;
/// How long a pen must hold still to straighten what it has drawn, in milliseconds.
const HOLD_MS: u32 = 550;
/// Farther than this a pen does not hold still, in CSS pixels.
const HELD: f64 = 3.0;
/// A CSS pixel on the glass, in millimetres.
const MILLIMETRES: f64 = 25.4 / 96.0;
/// So near to the upper or lower edge the pages come along while text is chosen, in CSS pixels: a
/// finger's breadth.
const EDGE: f64 = 40.0;
/// Radius of the eraser, in CSS pixels.
const ERASER: f64 = 9.0;

/// What a hand is doing that is not the pen's.
enum Doing {
    Nothing,
    /// The pen has the pointer.
    Pen,
    /// A mouse moves the desk.
    Drags {
        pointer: i32,
        from: (f64, f64),
        desk: (f64, f64),
        moved: bool,
    },
    /// Text is being chosen.
    Chooses {
        pointer: i32,
        page: u32,
        from: Point,
        moved: bool,
    },
    /// A finger rests; the browser may still scroll with it.
    Rests {
        pointer: i32,
        from: (f64, f64),
    },
    /// Two fingers zoom.
    Pinches {
        apart: f64,
    },
    /// Marks that were caught are carried elsewhere.
    Carries {
        pointer: i32,
        from: Point,
        by: Point,
    },
}

/// The hands over one desk.
pub(crate) struct Hands {
    me: Weak<RefCell<Self>>,
    acts: Acts,
    scroller: HtmlElement,
    wet: Wet,
    pen: Pen,
    doing: Doing,
    /// Where the pen has held still since, and what ends when it has long enough.
    held: Option<((f64, f64), Timeout)>,
    page: u32,
    under: Option<Under>,
    fingers: BTreeMap<i32, (f64, f64)>,
    rest: Option<Timeout>,
    last_tap: (u64, (f64, f64)),
    settle: Option<Timeout>,
}

/// Hands, shared by their listeners.
pub(crate) type Shared = Rc<RefCell<Hands>>;

impl Hands {
    pub(crate) fn shared(acts: Acts, scroller: HtmlElement, wet: Wet) -> Shared {
        Rc::new_cyclic(|me| RefCell::new(Self::new(me.clone(), acts, scroller, wet)))
    }

    fn new(me: Weak<RefCell<Self>>, acts: Acts, scroller: HtmlElement, wet: Wet) -> Self {
        Self {
            me,
            acts,
            scroller,
            wet,
            pen: Pen::default(),
            doing: Doing::Nothing,
            held: None,
            page: 1,
            under: None,
            fingers: BTreeMap::new(),
            rest: None,
            last_tap: (0, (0.0, 0.0)),
            settle: None,
        }
    }

    /// Where the port lies in the window.
    fn port_corner(&self) -> (f64, f64) {
        let rect = self.scroller.get_bounding_client_rect();
        (rect.left(), rect.top())
    }

    /// A place of the window as a place of the port.
    fn in_port(&self, x: i32, y: i32) -> (f64, f64) {
        let (left, top) = self.port_corner();
        (f64::from(x) - left, f64::from(y) - top)
    }

    /// The page under a place of the port, when it is known how it lies.
    fn page_at(&self, at: (f64, f64)) -> Option<u32> {
        let desk = self.acts.now();
        let left = f64::from(self.scroller.scroll_left());
        let top = f64::from(self.scroller.scroll_top());
        let page = desk.layout.locate(left + at.0, top + at.1).map(|(page, ..)| page);
        page.filter(|page| desk.size(*page).is_some())
    }

    /// Where a page lies under the wet canvas.
    fn lay_under(&mut self, page: u32) {
        let desk = self.acts.now();
        let (Some(sheet), Some(size)) = (desk.layout.sheet(page), desk.size(page)) else { return };
        let left = f64::from(self.scroller.scroll_left());
        let top = f64::from(self.scroller.scroll_top());
        self.page = page;
        self.under = Some(Under {
            page: transform(size, desk.zoom),
            corner: (sheet.left - left, sheet.top - top),
            ratio: desk.port.ratio,
        });
    }

    fn on_page(&self, at: (f64, f64)) -> Point {
        let Some(under) = &self.under else { return Point::default() };
        let (x, y) = (at.0 - under.corner.0, at.1 - under.corner.1);
        under.page.to_user(Point { x: x as f32, y: y as f32 })
    }

    fn sample(&self, event: &PointerEvent) -> StrokePoint {
        self.sample_from(self.port_corner(), event)
    }

    /// The same with the port's corner known: there are many samples in one event.
    fn sample_from(&self, (left, top): (f64, f64), event: &PointerEvent) -> StrokePoint {
        let at = (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top);
        let Point { x, y } = self.on_page(at);
        let native = native::now().filter(|_| event.pointer_type() == "mouse");
        StrokePoint { x, y, pressure: native.map_or(event.pressure(), |pen| pen.pressure) }
    }

    fn eraser_radius(&self) -> f32 {
        (ERASER / self.acts.now().zoom) as f32
    }

    /// Brings the pen up to date with the tool in hand.
    fn take_tool(&mut self) {
        let desk = self.acts.now();
        let preferences = self.acts.app.clone().preferences();
        let finger = preferences.finger_draws;
        let barrel = match preferences.barrel {
            Barrel::Lasso => Tool::Lasso,
            Barrel::Eraser => Tool::Eraser,
            Barrel::Nothing => desk.tool,
        };
        let outcome = self.pen.handle(dom::now_ms(), PenEvent::BarrelDoes(barrel));
        self.comes_true(outcome);
        if self.pen.tool() != desk.tool {
            let outcome = self.pen.handle(dom::now_ms(), PenEvent::Choose(desk.tool));
            self.comes_true(outcome);
        }
        let outcome = self.pen.handle(dom::now_ms(), PenEvent::FingerDraws(finger));
        self.comes_true(outcome);
    }

    /// Zooms, and makes images anew when the hand rests.
    pub(crate) fn zoom(&mut self, factor: f64, at: (f64, f64)) {
        self.acts.desk.dispatch(Move::ZoomBy { factor, at });
        let desk = self.acts.desk.dispatcher();
        self.settle =
            Some(Timeout::new(160, move || desk.dispatch(Move::Settle(generation_now()))));
    }

    fn tap(&mut self, at: (f64, f64)) {
        let (when, where_) = self.last_tap;
        let now = dom::now_ms();
        self.last_tap = (now, at);
        if now - when < DOUBLE_MS && (at.0 - where_.0).hypot(at.1 - where_.1) < 30.0 {
            self.last_tap.0 = 0;
            if self.acts.now().fit == Fit::Free {
                self.acts.desk.dispatch(Move::Fit(Fit::Width));
                self.acts.desk.dispatch(Move::Settle(generation_now()));
            } else {
                self.zoom(2.0, at);
            }
            return;
        }
        let desk = self.acts.now();
        if desk.chosen.is_some() {
            self.acts.desk.dispatch(Move::Choose(None));
            return;
        }
        if let Some(page) = self.page_at(at) {
            self.lay_under(page);
            let radius = (6.0 / desk.zoom) as f32;
            let marks = desk.marks.page(page);
            let found = marks.at(self.on_page(at), radius).map(|placed| placed.mark.id);
            if let Some(id) = found.filter(|id| desk.marks.get(*id).is_some()) {
                self.acts.desk.dispatch(Move::Edit(Some(Subject::Mark(id))));
                return;
            }
        }
        if desk.editing.is_some() {
            self.acts.desk.dispatch(Move::Edit(None));
        } else {
            self.acts.desk.dispatch(Move::Immerse(!desk.immersed));
        }
    }

    fn choose(&self, from: (u32, Point), to: (u32, Point)) {
        let chosen = Chosen::between(&self.acts.now().texts, from, to);
        if chosen.is_some() {
            self.acts.desk.dispatch(Move::Choose(chosen));
        }
    }

    /// Text is being chosen up to a place of the port, be it on another page.
    fn chooses(&mut self, page: u32, from: Point, at: (f64, f64)) {
        let desk = self.acts.now();
        let left = f64::from(self.scroller.scroll_left());
        let top = f64::from(self.scroller.scroll_top());
        let place = (left + at.0, top + at.1);
        // At the edge the pages come along.
        let edge = if at.1 < desk.port.head + EDGE {
            -EDGE
        } else if at.1 > desk.port.height - EDGE {
            EDGE
        } else {
            0.0
        };
        if edge != 0.0 && !desk.turns_pages() {
            self.scroller.set_scroll_top((top + edge / 2.0).round() as i32);
        }
        let Some((on, ..)) = desk.layout.locate(place.0, place.1) else { return };
        let Some(to) = handles::on_page(&desk, on, place) else { return };
        let way = f64::from((to.x - from.x).hypot(to.y - from.y)) * desk.zoom;
        if on == page && way <= STILL {
            return;
        }
        if let Doing::Chooses { moved, .. } = &mut self.doing {
            *moved = true;
        }
        self.choose((page, from), (on, to));
    }

    fn down(&mut self, event: &PointerEvent, shared: &Shared) {
        let device = match event.pointer_type().as_str() {
            "pen" => Device::Pen,
            "touch" => Device::Touch,
            _ if native::now().is_some() => Device::Pen,
            _ => Device::Mouse,
        };
        let held = held(event, device);
        if event.button() > 0 && held == Held::Tip || owned(event) {
            return;
        }
        let at = self.in_port(event.client_x(), event.client_y());
        let pointer = event.pointer_id();
        if device == Device::Touch {
            self.fingers.insert(pointer, at);
        }
        self.take_tool();
        let page = self.page_at(at);
        let desk = self.acts.now();
        if self.carries(page, pointer, at, device) {
            self.capture(pointer);
            event.prevent_default();
            return;
        }
        if !desk.fixed && (desk.tool != Tool::Hand || held != Held::Tip) {
            if !matches!(self.doing, Doing::Pen) {
                let Some(page) = page else { return };
                self.lay_under(page);
                self.wet.begin(&desk.port);
            }
            let glass = glass(at);
            let at = self.sample(event);
            let down = PenEvent::Down { pointer, device, held, at, glass };
            let outcome = self.pen.handle(dom::now_ms(), down);
            let captured = outcome.capture;
            self.comes_true(outcome);
            if captured {
                self.doing = Doing::Pen;
                self.capture(pointer);
                event.prevent_default();
                return;
            }
            self.doing = Doing::Nothing;
        }
        let text_here = page.is_some_and(|page| {
            self.lay_under(page);
            let place = self.on_page(at);
            desk.texts.get(&page).is_some_and(|text| over_text(text, place))
        });
        if device == Device::Mouse {
            event.prevent_default();
            self.capture(pointer);
            self.doing = match page {
                Some(page) if text_here => {
                    Doing::Chooses { pointer, page, from: self.on_page(at), moved: false }
                }
                Some(_) | None => {
                    let left = f64::from(self.scroller.scroll_left());
                    let desk = (left, f64::from(self.scroller.scroll_top()));
                    Doing::Drags { pointer, from: at, desk, moved: false }
                }
            };
            return;
        }
        if matches!(self.doing, Doing::Nothing) && self.fingers.len() <= 1 {
            self.doing = Doing::Rests { pointer, from: at };
            if let Some(page) = page.filter(|_| text_here) {
                let from = self.on_page(at);
                let shared = Rc::clone(shared);
                self.rest = Some(Timeout::new(REST_MS, move || {
                    let mut hands = shared.borrow_mut();
                    if matches!(hands.doing, Doing::Rests { .. }) {
                        hands.doing = Doing::Chooses { pointer, page, from, moved: true };
                        hands.choose((page, from), (page, from));
                    }
                }));
            }
        }
    }

    fn moves(&mut self, event: &PointerEvent) {
        let pointer = event.pointer_id();
        let corner = self.port_corner();
        let at = (f64::from(event.client_x()) - corner.0, f64::from(event.client_y()) - corner.1);
        match &mut self.doing {
            Doing::Pen => {
                let samples = parts(event, "getCoalescedEvents");
                let samples: Vec<_> =
                    samples.iter().map(|part| self.sample_from(corner, part)).collect();
                let samples = if samples.is_empty() {
                    vec![self.sample_from(corner, event)]
                } else {
                    samples
                };
                let moved = PenEvent::Move { pointer, samples: &samples };
                let outcome = self.pen.handle(dom::now_ms(), moved);
                let redraw = outcome.redraw && self.pen.wet().is_some();
                self.hold(at);
                self.comes_true(PenOutcome { redraw: outcome.redraw && !redraw, ..outcome });
                if redraw {
                    let ahead = parts(event, "getPredictedEvents");
                    let ahead: Vec<_> =
                        ahead.iter().map(|part| self.sample_from(corner, part)).collect();
                    self.draw(&ahead);
                }
            }
            Doing::Drags { pointer: same, from, desk, moved } if *same == pointer => {
                let (dx, dy) = (at.0 - from.0, at.1 - from.1);
                *moved |= dx.hypot(dy) > STILL;
                if *moved {
                    self.scroller.set_scroll_left((desk.0 - dx).round() as i32);
                    self.scroller.set_scroll_top((desk.1 - dy).round() as i32);
                }
            }
            Doing::Chooses { pointer: same, page, from, .. } if *same == pointer => {
                let (page, from) = (*page, *from);
                self.chooses(page, from, at);
            }
            Doing::Rests { pointer: same, from } if *same == pointer => {
                if (at.0 - from.0).hypot(at.1 - from.1) > STILL {
                    self.rest = None;
                    self.doing = Doing::Nothing;
                }
            }
            Doing::Carries { pointer: same, from, .. } if *same == pointer => {
                let from = *from;
                self.carried(from, at);
            }
            Doing::Drags { .. }
            | Doing::Chooses { .. }
            | Doing::Rests { .. }
            | Doing::Pinches { .. }
            | Doing::Carries { .. }
            | Doing::Nothing => {
                // A mouse near the edge brings the bars back.
                if event.pointer_type() == "mouse" && event.buttons() == 0 && at.1 < 40.0 {
                    let desk = self.acts.now();
                    if desk.immersed {
                        self.acts.desk.dispatch(Move::Immerse(false));
                    }
                }
            }
        }
    }

    fn up(&mut self, event: &PointerEvent) {
        let pointer = event.pointer_id();
        self.fingers.remove(&pointer);
        self.rest = None;
        self.held = None;
        let at = self.in_port(event.client_x(), event.client_y());
        match std::mem::replace(&mut self.doing, Doing::Nothing) {
            Doing::Pen => {
                let up = PenEvent::Up { pointer, at: self.sample(event), glass: glass(at) };
                let outcome = self.pen.handle(dom::now_ms(), up);
                self.comes_true(outcome);
                if self.pen.wet().is_some() || self.pen.span().is_some() {
                    self.doing = Doing::Pen;
                }
            }
            Doing::Carries { by, .. } => self.put_down(by),
            Doing::Drags { moved: false, .. }
            | Doing::Chooses { moved: false, .. }
            | Doing::Rests { .. } => self.tap(at),
            Doing::Pinches { apart } if self.fingers.len() > 1 => {
                self.doing = Doing::Pinches { apart };
            }
            Doing::Drags { .. }
            | Doing::Chooses { .. }
            | Doing::Pinches { .. }
            | Doing::Nothing => {}
        }
    }

    fn cancel(&mut self, event: &PointerEvent) {
        let pointer = event.pointer_id();
        self.fingers.remove(&pointer);
        self.rest = None;
        self.held = None;
        let outcome = self.pen.handle(dom::now_ms(), PenEvent::Cancel { pointer });
        self.comes_true(outcome);
        if matches!(self.doing, Doing::Carries { .. }) {
            self.put_down(Point::default());
        }
        if !matches!(self.doing, Doing::Pinches { .. }) {
            self.doing = Doing::Nothing;
        }
    }

    fn capture(&self, pointer: i32) {
        // Fails when the pointer has already gone; then nothing is left to follow.
        drop(self.scroller.set_pointer_capture(pointer));
    }
}

/// Which part of a pen touches the page, as far as the platform tells.
fn held(event: &PointerEvent, device: Device) -> Held {
    if device != Device::Pen {
        return Held::Tip;
    }
    if let Some(pen) = native::now().filter(|_| event.pointer_type() == "mouse") {
        return match pen {
            NativePen { eraser: true, .. } => Held::Eraser,
            NativePen { barrel: true, .. } => Held::Barrel,
            NativePen { .. } => Held::Tip,
        };
    }
    let (buttons, button) = (event.buttons(), event.button());
    if buttons & 32 != 0 || button == 5 {
        Held::Eraser
    } else if buttons & 2 != 0 || button == 2 {
        Held::Barrel
    } else {
        Held::Tip
    }
}

/// A place of the port on the glass.
fn glass(at: (f64, f64)) -> Point {
    Point { x: (at.0 * MILLIMETRES) as f32, y: (at.1 * MILLIMETRES) as f32 }
}

/// Whether the pointer is on something that has its own way (a note's icon, a panel).
fn owned(event: &PointerEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.and_then(|target| target.closest("[data-own]").ok().flatten()).is_some()
}

/// The events that the browser folded into this one, or foresees after it.
fn parts(event: &PointerEvent, method: &str) -> Vec<PointerEvent> {
    let method = js_sys::Reflect::get(event, &JsValue::from_str(method)).unwrap_or_default();
    let Ok(method) = method.dyn_into::<js_sys::Function>() else { return Vec::new() };
    let list = method.call0(event).unwrap_or_default();
    let Ok(list) = list.dyn_into::<js_sys::Array>() else { return Vec::new() };
    list.iter().filter_map(|part| part.dyn_into().ok()).collect()
}
