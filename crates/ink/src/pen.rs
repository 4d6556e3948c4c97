//! The pen as a state machine: pointer events in, what they mean out.
//!
//! One [`Pen`] serves one page view. It decides which pointers draw at all (palm rejection), follows
//! one gesture at a time, and says what became of it; drawing and storing are left to the caller.
//!
//! Who draws, with any tool but the hand:
//!
//! | device | draws |
//! | --- | --- |
//! | pen, mouse | always |
//! | touch | when fingers may draw, no pen has been seen on this page view, no pen touches it or has left it within [`PALM_MS`] |
//!
//! A touch that may not draw moves the page, unless a pen touches the glass or has left it within
//! [`PALM_MS`] and not farther than [`PALM_MM`] away: then it is the palm and does nothing.
//!
//! A pen that comes down while a finger draws takes over: what the finger drew was the palm. A second
//! finger ends the first one's stroke, because two fingers zoom.
//!
//! A pen's eraser end erases, and its barrel button takes the tool of [`PenEvent::BarrelDoes`],
//! whatever tool is in hand, the hand included.

use crate::codec::MAX_POINTS;
use crate::geometry::{Point, Rect};
use crate::outline::{TOLERANCE, simplify};
use crate::recognise::recognise;
use crate::shape::{Form, Shape};
use crate::stroke::{Stroke, StrokePoint};

/// How long after the pen has left the page touches are taken for the palm, in milliseconds.
pub const PALM_MS: u64 = 500;
/// How near to where the pen has left the glass a touch is taken for the palm, in millimetres.
pub const PALM_MM: f32 = 60.0;
/// Shorter ways than this, in points, are a tap.
pub const TAP: f32 = 4.0;
/// Samples nearer than this to the last one, in points, add nothing.
const STEP: f32 = 0.05;

/// The tools of the reader's bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Tool {
    /// Moves the page, opens links and notes.
    #[default]
    Hand,
    /// Chooses marks by a loop around them.
    Lasso,
    /// Marks text: a band over it, a line under it or through it.
    Highlighter,
    /// Draws a translucent band anywhere.
    Marker,
    /// Draws.
    Pen,
    /// Draws a form.
    Shape(Form),
    /// Puts a sticky note.
    Note,
    /// Puts a stamp.
    Stamp,
    /// Puts a text box.
    Text,
    /// Takes marks away.
    Eraser,
}

/// What points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Device {
    /// A stylus.
    Pen,
    /// A finger, or a palm.
    Touch,
    /// A mouse or trackpad.
    Mouse,
}

/// Which part of a pen is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Held {
    /// The tip, or anything that is no pen.
    #[default]
    Tip,
    /// The tip, with the barrel button held.
    Barrel,
    /// The eraser end, or the eraser button held.
    Eraser,
}

/// What happened. Samples are in user space; `glass` is where the pointer is on the glass, in
/// millimetres from any corner that stays; `pointer` is the number by which the system tells
/// pointers apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PenEvent<'a> {
    /// Another tool was chosen; a gesture that runs is ended as if the pointer had left.
    Choose(Tool),
    /// Whether a finger draws was set.
    FingerDraws(bool),
    /// The tool of a pen's barrel button was set.
    BarrelDoes(Tool),
    /// A pointer touched the page.
    Down {
        /// Which pointer.
        pointer: i32,
        /// What it is.
        device: Device,
        /// With which part of it.
        held: Held,
        /// Where on the page.
        at: StrokePoint,
        /// Where on the glass.
        glass: Point,
    },
    /// A pointer moved; all samples since the last event (the coalesced ones), oldest first.
    Move {
        /// Which pointer.
        pointer: i32,
        /// The samples.
        samples: &'a [StrokePoint],
    },
    /// The pointer that draws has rested for a while: a stroke becomes the form it is like, and
    /// follows the pointer from then on.
    Rest {
        /// Width of the line that is drawn, in points.
        width: f32,
    },
    /// A pointer left the page.
    Up {
        /// Which pointer.
        pointer: i32,
        /// Where; its pressure is not used.
        at: StrokePoint,
        /// Where on the glass.
        glass: Point,
    },
    /// The system took the pointer away (a call, a system gesture).
    Cancel {
        /// Which pointer.
        pointer: i32,
    },
}

/// What a gesture came to.
#[derive(Debug, Clone, PartialEq)]
pub enum PenAction {
    /// A stroke is complete, smoothed and simplified; it is to be stored.
    Stroke {
        /// The stroke.
        stroke: Stroke,
        /// Whether the highlighter drew it.
        marker: bool,
    },
    /// A form is complete; the caller knows the width of its line.
    Shape {
        /// Which.
        form: Form,
        /// Where it begins.
        from: Point,
        /// Where it ends.
        to: Point,
    },
    /// A loop has been drawn around marks.
    Lasso(Vec<Point>),
    /// The highlighter has gone over this way; the words between are to be marked.
    Highlight {
        /// Where it began.
        from: Point,
        /// Where it ended.
        to: Point,
    },
    /// What lies within the eraser of this path is to go. A long gesture says so several times.
    Erase {
        /// The path since the last time, at least one point.
        path: Vec<Point>,
        /// Whether the gesture is over: all of it is one step of undo.
        last: bool,
    },
    /// A sticky note is to be put here.
    Note(Point),
    /// A stamp is to be put here.
    Stamp(Point),
    /// A text box is to be put here; a tap gives an empty rectangle.
    Text(Rect),
    /// What was being drawn is to be forgotten.
    Cancelled,
}

/// What the caller has to do.
#[derive(Debug, Clone, PartialEq, Default)]
#[must_use]
pub struct PenOutcome {
    /// The pointer is the pen's: it must not scroll, zoom or select.
    pub capture: bool,
    /// What is being drawn has changed: draw [`Pen::wet`], [`Pen::span`] again.
    pub redraw: bool,
    /// What the gesture came to, if it came to something.
    pub action: Option<PenAction>,
}

/// The gesture that runs.
#[derive(Debug, Clone, PartialEq, Default)]
enum State {
    #[default]
    Idle,
    Drawing {
        pointer: i32,
        device: Device,
        tool: Tool,
        stroke: Stroke,
    },
    /// A stroke has become a form.
    Straightened {
        pointer: i32,
        device: Device,
        shape: Shape,
        /// Where the pointer was when it did, and how far it has moved since.
        held: Point,
        to: Point,
    },
    Erasing {
        pointer: i32,
        device: Device,
        last: Point,
    },
    Spanning {
        pointer: i32,
        device: Device,
        tool: Tool,
        from: Point,
        to: Point,
    },
}

/// The pen of one page view.
#[derive(Debug, Clone, Default)]
pub struct Pen {
    tool: Tool,
    finger_draws: bool,
    barrel: Option<Tool>,
    pen_seen: bool,
    /// When the pen left the glass, and where.
    pen_left: Option<(u64, Point)>,
    state: State,
}

impl Pen {
    /// A pen with a tool in hand.
    #[must_use]
    pub fn new(tool: Tool, finger_draws: bool) -> Self {
        Self { tool, finger_draws, ..Self::default() }
    }

    /// The tool in hand.
    #[must_use]
    pub const fn tool(&self) -> Tool {
        self.tool
    }

    /// The stroke being drawn, not yet simplified.
    #[must_use]
    pub fn wet(&self) -> Option<&Stroke> {
        match &self.state {
            State::Drawing { stroke, .. } => Some(stroke),
            State::Idle
            | State::Straightened { .. }
            | State::Erasing { .. }
            | State::Spanning { .. } => None,
        }
    }

    /// The tool of the gesture that runs, which a pen's button may have chosen; else the one in hand.
    #[must_use]
    pub const fn in_use(&self) -> Tool {
        match &self.state {
            State::Drawing { tool, .. } | State::Spanning { tool, .. } => *tool,
            State::Erasing { .. } => Tool::Eraser,
            State::Straightened { shape, .. } => Tool::Shape(shape.form),
            State::Idle => self.tool,
        }
    }

    /// From where to where the highlighter, form, note or text gesture reaches so far.
    #[must_use]
    pub fn span(&self) -> Option<(Point, Point)> {
        match self.state {
            State::Spanning { from, to, .. } => Some((from, to)),
            State::Straightened { shape, held, to, .. } => Some(followed(&shape, held, to)),
            State::Idle | State::Drawing { .. } | State::Erasing { .. } => None,
        }
    }

    /// Where the eraser is, while it erases.
    #[must_use]
    pub fn eraser(&self) -> Option<Point> {
        match self.state {
            State::Erasing { last, .. } => Some(last),
            State::Idle
            | State::Straightened { .. }
            | State::Drawing { .. }
            | State::Spanning { .. } => None,
        }
    }

    /// Whether a finger would draw now rather than move the page: for the page's `touch-action`.
    #[must_use]
    pub fn touch_draws(&self, now_ms: u64) -> bool {
        let free = self.state.device() != Some(Device::Pen)
            && self.pen_left.is_none_or(|(left, _)| now_ms.saturating_sub(left) >= PALM_MS);
        self.tool != Tool::Hand && self.finger_draws && !self.pen_seen && free
    }

    /// Takes one event. `now_ms` is any clock that does not go back.
    pub fn handle(&mut self, now_ms: u64, event: PenEvent<'_>) -> PenOutcome {
        match (std::mem::take(&mut self.state), event) {
            (state, PenEvent::Choose(tool)) => {
                let outcome = Self::end(state, None);
                self.tool = tool;
                outcome
            }
            (state, PenEvent::FingerDraws(draws)) => {
                self.state = state;
                self.finger_draws = draws;
                // Asking for it by hand outweighs the pen that was seen.
                self.pen_seen &= !draws;
                PenOutcome::default()
            }
            (state, PenEvent::BarrelDoes(tool)) => {
                self.state = state;
                self.barrel = Some(tool);
                PenOutcome::default()
            }
            (state, PenEvent::Down { pointer, device, held, at, glass }) => {
                let palm = self.palm(now_ms, &state, glass);
                self.down(now_ms, state, palm, (pointer, device, held), at)
            }
            (state, PenEvent::Rest { width }) => self.straighten(state, width),
            (state, PenEvent::Move { pointer, samples }) if state.pointer() == Some(pointer) => {
                self.follow(state, samples)
            }
            (state, PenEvent::Up { pointer, at, glass }) if state.pointer() == Some(pointer) => {
                if state.device() == Some(Device::Pen) {
                    self.pen_left = Some((now_ms, glass));
                }
                Self::end(state, Some(at))
            }
            (state, PenEvent::Cancel { pointer }) if state.pointer() == Some(pointer) => {
                Self::cancelled(state)
            }
            (state, PenEvent::Move { .. } | PenEvent::Up { .. } | PenEvent::Cancel { .. }) => {
                self.state = state;
                PenOutcome::default()
            }
        }
    }

    fn down(
        &mut self,
        now_ms: u64,
        state: State,
        palm: bool,
        (pointer, device, held): (i32, Device, Held),
        at: StrokePoint,
    ) -> PenOutcome {
        if device == Device::Pen {
            self.pen_seen = true;
        }
        match (state.device(), device) {
            // The finger was the palm of the hand that now writes.
            (Some(Device::Touch), Device::Pen) => {
                let mut outcome = self.begin(pointer, device, held, at);
                outcome.action = Some(PenAction::Cancelled);
                outcome.redraw = true;
                outcome
            }
            // Two fingers zoom.
            (Some(Device::Touch), Device::Touch) => {
                let mut outcome = Self::cancelled(state);
                outcome.capture = false;
                outcome
            }
            (None, Device::Touch) if palm || !self.touch_draws(now_ms) => PenOutcome {
                // A palm must not move the page either; a finger may.
                capture: self.tool != Tool::Hand && palm,
                ..PenOutcome::default()
            },
            (None, Device::Pen | Device::Mouse | Device::Touch) => {
                self.begin(pointer, device, held, at)
            }
            // One gesture at a time: what comes on top of it is a palm or a mistake.
            (Some(_), Device::Pen | Device::Mouse | Device::Touch) => {
                self.state = state;
                PenOutcome { capture: true, ..PenOutcome::default() }
            }
        }
    }

    fn begin(&mut self, pointer: i32, device: Device, held: Held, at: StrokePoint) -> PenOutcome {
        let place = Point { x: at.x, y: at.y };
        let tool = match held {
            Held::Tip => self.tool,
            Held::Barrel => self.barrel.unwrap_or(self.tool),
            Held::Eraser => Tool::Eraser,
        };
        let mut action = None;
        self.state = match tool {
            Tool::Hand => return PenOutcome::default(),
            Tool::Pen | Tool::Marker | Tool::Lasso => {
                let mut stroke = Stroke::default();
                extend(&mut stroke, pressed(tool, at));
                State::Drawing { pointer, device, tool, stroke }
            }
            Tool::Eraser => {
                action = Some(PenAction::Erase { path: vec![place], last: false });
                State::Erasing { pointer, device, last: place }
            }
            Tool::Highlighter | Tool::Shape(_) | Tool::Note | Tool::Stamp | Tool::Text => {
                State::Spanning { pointer, device, tool, from: place, to: place }
            }
        };
        PenOutcome { capture: true, redraw: true, action }
    }

    /// A stroke of the pen becomes the form it is like.
    fn straighten(&mut self, state: State, width: f32) -> PenOutcome {
        let State::Drawing { pointer, device, tool: Tool::Pen, stroke } = &state else {
            self.state = state;
            return PenOutcome::default();
        };
        let found = recognise(stroke, width).zip(stroke.points.last());
        let Some((shape, last)) = found else {
            self.state = state;
            return PenOutcome::default();
        };
        let held = Point { x: last.x, y: last.y };
        self.state =
            State::Straightened { pointer: *pointer, device: *device, shape, held, to: held };
        PenOutcome { capture: true, redraw: true, action: None }
    }

    fn follow(&mut self, state: State, samples: &[StrokePoint]) -> PenOutcome {
        let mut action = None;
        self.state = match state {
            State::Idle => State::Idle,
            State::Drawing { pointer, device, tool, mut stroke } => {
                for sample in samples {
                    extend(&mut stroke, pressed(tool, *sample));
                }
                if stroke.points.len() >= MAX_POINTS / 2 && tool != Tool::Lasso {
                    let next = stroke.points.last().copied().into_iter().collect();
                    let full = std::mem::replace(&mut stroke, Stroke { points: next });
                    action = Some(drawn(&full, tool));
                }
                State::Drawing { pointer, device, tool, stroke }
            }
            State::Straightened { pointer, device, shape, held, to } => {
                let to = samples.last().map_or(to, |s| Point { x: s.x, y: s.y });
                State::Straightened { pointer, device, shape, held, to }
            }
            State::Erasing { pointer, device, last } => {
                let mut path = vec![last];
                path.extend(samples.iter().map(|s| Point { x: s.x, y: s.y }));
                let last = path.last().copied().unwrap_or(last);
                action = Some(PenAction::Erase { path, last: false });
                State::Erasing { pointer, device, last }
            }
            State::Spanning { pointer, device, tool, from, to } => {
                let to = samples.last().map_or(to, |s| Point { x: s.x, y: s.y });
                State::Spanning { pointer, device, tool, from, to }
            }
        };
        PenOutcome { capture: true, redraw: true, action }
    }

    /// Ends a gesture; `at` is where the pointer left, if it did.
    fn end(state: State, at: Option<StrokePoint>) -> PenOutcome {
        let place = |last: Point| at.map_or(last, |at| Point { x: at.x, y: at.y });
        let action = match state {
            State::Idle => return PenOutcome::default(),
            State::Drawing { mut stroke, tool, .. } => {
                if let (Some(at), Some(last)) = (at, stroke.points.last().copied()) {
                    // A pen that leaves tells no pressure.
                    extend(&mut stroke, StrokePoint { pressure: last.pressure, ..at });
                }
                if stroke.points.is_empty() { PenAction::Cancelled } else { drawn(&stroke, tool) }
            }
            State::Straightened { shape, held, to, .. } => {
                let (from, to) = followed(&shape, held, place(to));
                PenAction::Shape { form: shape.form, from, to }
            }
            State::Erasing { last, .. } => {
                PenAction::Erase { path: vec![last, place(last)], last: true }
            }
            State::Spanning { tool, from, to, .. } => {
                let to = place(to);
                let tap = from.distance(to) < TAP;
                match tool {
                    Tool::Note => PenAction::Note(from),
                    Tool::Stamp => PenAction::Stamp(to),
                    // A form without size is a slip of the hand.
                    Tool::Shape(_) if tap => PenAction::Cancelled,
                    Tool::Shape(form) => PenAction::Shape { form, from, to },
                    Tool::Text if tap => PenAction::Text([from.x, from.y, from.x, from.y].into()),
                    Tool::Text => PenAction::Text([from.x, from.y, to.x, to.y].into()),
                    Tool::Hand
                    | Tool::Lasso
                    | Tool::Highlighter
                    | Tool::Marker
                    | Tool::Pen
                    | Tool::Eraser => PenAction::Highlight { from, to },
                }
            }
        };
        PenOutcome { capture: true, redraw: true, action: Some(action) }
    }

    /// What was erased stays erased: it can be undone. The rest is forgotten.
    fn cancelled(state: State) -> PenOutcome {
        match state {
            State::Idle => PenOutcome::default(),
            State::Erasing { .. } => Self::end(state, None),
            State::Drawing { .. } | State::Straightened { .. } | State::Spanning { .. } => {
                PenOutcome { capture: true, redraw: true, action: Some(PenAction::Cancelled) }
            }
        }
    }

    fn palm(&self, now_ms: u64, state: &State, glass: Point) -> bool {
        let near = |(left, place): (u64, Point)| {
            now_ms.saturating_sub(left) < PALM_MS && place.distance(glass) <= PALM_MM
        };
        state.device() == Some(Device::Pen) || self.pen_left.is_some_and(near)
    }
}

impl State {
    const fn pointer(&self) -> Option<i32> {
        match self {
            Self::Idle => None,
            Self::Drawing { pointer, .. }
            | Self::Straightened { pointer, .. }
            | Self::Erasing { pointer, .. }
            | Self::Spanning { pointer, .. } => Some(*pointer),
        }
    }

    const fn device(&self) -> Option<Device> {
        match self {
            Self::Idle => None,
            Self::Drawing { device, .. }
            | Self::Straightened { device, .. }
            | Self::Erasing { device, .. }
            | Self::Spanning { device, .. } => Some(*device),
        }
    }
}

/// Adds a sample that says something new. A device without pressure tells 0 or 0.5.
fn extend(stroke: &mut Stroke, at: StrokePoint) {
    if !at.x.is_finite() || !at.y.is_finite() {
        return;
    }
    let told = at.pressure.is_finite() && at.pressure > 0.0;
    let at = StrokePoint { pressure: if told { at.pressure.min(1.0) } else { 0.5 }, ..at };
    let new = stroke.points.last().is_none_or(|last| (at.x - last.x).hypot(at.y - last.y) >= STEP);
    if new {
        stroke.points.push(at);
    }
}

/// The highlighter is as wide however it is pressed.
fn pressed(tool: Tool, at: StrokePoint) -> StrokePoint {
    if tool == Tool::Marker { StrokePoint { pressure: 0.5, ..at } } else { at }
}

/// What a complete stroke is.
fn drawn(stroke: &Stroke, tool: Tool) -> PenAction {
    if tool == Tool::Lasso {
        return PenAction::Lasso(stroke.points.iter().map(|p| Point { x: p.x, y: p.y }).collect());
    }
    PenAction::Stroke { stroke: simplify(stroke, TOLERANCE), marker: tool == Tool::Marker }
}

/// A straightened form that follows the pointer: the end of a line, the nearer sides of the others.
fn followed(shape: &Shape, held: Point, to: Point) -> (Point, Point) {
    let by = Point { x: to.x - held.x, y: to.y - held.y };
    if matches!(shape.form, Form::Line | Form::Arrow) {
        return (shape.from, shape.to.shifted(by));
    }
    let Rect { x0, y0, x1, y1 } = shape.frame();
    let middle = shape.frame().middle();
    let (near_x, far_x) = if held.x >= middle.x { (x1, x0) } else { (x0, x1) };
    let (near_y, far_y) = if held.y >= middle.y { (y1, y0) } else { (y0, y1) };
    (Point { x: far_x, y: far_y }, Point { x: near_x, y: near_y }.shifted(by))
}
