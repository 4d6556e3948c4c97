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
//! A pen that comes down while a finger draws takes over: what the finger drew was the palm. A second
//! finger ends the first one's stroke, because two fingers zoom.

use crate::codec::MAX_POINTS;
use crate::geometry::{Point, Rect};
use crate::outline::{TOLERANCE, simplify};
use crate::stroke::{Stroke, StrokePoint};

/// How long after the pen has left the page touches are taken for the palm, in milliseconds.
pub const PALM_MS: u64 = 500;
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
    /// Marks text.
    Highlighter,
    /// Draws.
    Pen,
    /// Puts a sticky note.
    Note,
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

/// What happened. Samples are in user space; `pointer` is the number by which the system tells
/// pointers apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PenEvent<'a> {
    /// Another tool was chosen; a gesture that runs is ended as if the pointer had left.
    Choose(Tool),
    /// Whether a finger draws was set.
    FingerDraws(bool),
    /// A pointer touched the page.
    Down {
        /// Which pointer.
        pointer: i32,
        /// What it is.
        device: Device,
        /// Whether the pen is turned round or its eraser button held.
        eraser: bool,
        /// Where.
        at: StrokePoint,
    },
    /// A pointer moved; all samples since the last event (the coalesced ones), oldest first.
    Move {
        /// Which pointer.
        pointer: i32,
        /// The samples.
        samples: &'a [StrokePoint],
    },
    /// A pointer left the page.
    Up {
        /// Which pointer.
        pointer: i32,
        /// Where; its pressure is not used.
        at: StrokePoint,
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
    Stroke(Stroke),
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
        stroke: Stroke,
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
    pen_seen: bool,
    pen_left_ms: Option<u64>,
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
            State::Idle | State::Erasing { .. } | State::Spanning { .. } => None,
        }
    }

    /// From where to where the highlighter, note or text gesture reaches so far.
    #[must_use]
    pub fn span(&self) -> Option<(Point, Point)> {
        match self.state {
            State::Spanning { from, to, .. } => Some((from, to)),
            State::Idle | State::Drawing { .. } | State::Erasing { .. } => None,
        }
    }

    /// Where the eraser is, while it erases.
    #[must_use]
    pub fn eraser(&self) -> Option<Point> {
        match self.state {
            State::Erasing { last, .. } => Some(last),
            State::Idle | State::Drawing { .. } | State::Spanning { .. } => None,
        }
    }

    /// Whether a finger would draw now rather than move the page: for the page's `touch-action`.
    #[must_use]
    pub fn touch_draws(&self, now_ms: u64) -> bool {
        self.tool != Tool::Hand && self.finger_draws && !self.pen_seen && !self.palm(now_ms)
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
            (state, PenEvent::Down { pointer, device, eraser, at }) => {
                self.down(now_ms, state, pointer, device, eraser, at)
            }
            (state, PenEvent::Move { pointer, samples }) if state.pointer() == Some(pointer) => {
                self.follow(state, samples)
            }
            (state, PenEvent::Up { pointer, at }) if state.pointer() == Some(pointer) => {
                self.note_leaving(now_ms, &state);
                Self::end(state, Some(at))
            }
            (state, PenEvent::Cancel { pointer }) if state.pointer() == Some(pointer) => {
                self.note_leaving(now_ms, &state);
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
        pointer: i32,
        device: Device,
        eraser: bool,
        at: StrokePoint,
    ) -> PenOutcome {
        if device == Device::Pen {
            self.pen_seen = true;
        }
        match (&state, device) {
            // The finger was the palm of the hand that now writes.
            (State::Drawing { device: Device::Touch, .. }, Device::Pen)
            | (State::Erasing { device: Device::Touch, .. }, Device::Pen)
            | (State::Spanning { device: Device::Touch, .. }, Device::Pen) => {
                let mut outcome = self.begin(pointer, device, eraser, at);
                outcome.action = Some(PenAction::Cancelled);
                outcome.redraw = true;
                outcome
            }
            // Two fingers zoom.
            (State::Drawing { device: Device::Touch, .. }, Device::Touch)
            | (State::Erasing { device: Device::Touch, .. }, Device::Touch)
            | (State::Spanning { device: Device::Touch, .. }, Device::Touch) => {
                let mut outcome = Self::cancelled(state);
                outcome.capture = false;
                outcome
            }
            (State::Idle, Device::Touch) if !self.touch_draws(now_ms) => PenOutcome {
                // A palm must not move the page either; a finger may.
                capture: self.tool != Tool::Hand && self.palm(now_ms),
                ..PenOutcome::default()
            },
            (State::Idle, Device::Pen | Device::Mouse | Device::Touch) => {
                self.begin(pointer, device, eraser, at)
            }
            // One gesture at a time: what comes on top of it is a palm or a mistake.
            (
                State::Drawing { .. } | State::Erasing { .. } | State::Spanning { .. },
                Device::Pen | Device::Mouse | Device::Touch,
            ) => {
                self.state = state;
                PenOutcome { capture: true, ..PenOutcome::default() }
            }
        }
    }

    fn begin(&mut self, pointer: i32, device: Device, eraser: bool, at: StrokePoint) -> PenOutcome {
        let place = Point { x: at.x, y: at.y };
        let tool = if eraser && self.tool != Tool::Hand { Tool::Eraser } else { self.tool };
        let mut action = None;
        self.state = match tool {
            Tool::Hand => return PenOutcome::default(),
            Tool::Pen => {
                let mut stroke = Stroke::default();
                extend(&mut stroke, at);
                State::Drawing { pointer, device, stroke }
            }
            Tool::Eraser => {
                action = Some(PenAction::Erase { path: vec![place], last: false });
                State::Erasing { pointer, device, last: place }
            }
            Tool::Highlighter | Tool::Note | Tool::Text => {
                State::Spanning { pointer, device, tool, from: place, to: place }
            }
        };
        PenOutcome { capture: true, redraw: true, action }
    }

    fn follow(&mut self, state: State, samples: &[StrokePoint]) -> PenOutcome {
        let mut action = None;
        self.state = match state {
            State::Idle => State::Idle,
            State::Drawing { pointer, device, mut stroke } => {
                for sample in samples {
                    extend(&mut stroke, *sample);
                }
                if stroke.points.len() >= MAX_POINTS / 2 {
                    let next = stroke.points.last().copied().into_iter().collect();
                    let full = std::mem::replace(&mut stroke, Stroke { points: next });
                    action = Some(PenAction::Stroke(simplify(&full, TOLERANCE)));
                }
                State::Drawing { pointer, device, stroke }
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
            State::Drawing { mut stroke, .. } => {
                if let (Some(at), Some(last)) = (at, stroke.points.last().copied()) {
                    // A pen that leaves tells no pressure.
                    extend(&mut stroke, StrokePoint { pressure: last.pressure, ..at });
                }
                if stroke.points.is_empty() {
                    PenAction::Cancelled
                } else {
                    PenAction::Stroke(simplify(&stroke, TOLERANCE))
                }
            }
            State::Erasing { last, .. } => {
                PenAction::Erase { path: vec![last, place(last)], last: true }
            }
            State::Spanning { tool, from, to, .. } => {
                let to = place(to);
                let tap = distance(from, to) < TAP;
                match tool {
                    Tool::Note => PenAction::Note(from),
                    Tool::Text if tap => PenAction::Text([from.x, from.y, from.x, from.y].into()),
                    Tool::Text => PenAction::Text([from.x, from.y, to.x, to.y].into()),
                    Tool::Hand | Tool::Highlighter | Tool::Pen | Tool::Eraser => {
                        PenAction::Highlight { from, to }
                    }
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
            State::Drawing { .. } | State::Spanning { .. } => {
                PenOutcome { capture: true, redraw: true, action: Some(PenAction::Cancelled) }
            }
        }
    }

    fn note_leaving(&mut self, now_ms: u64, state: &State) {
        if state.device() == Some(Device::Pen) {
            self.pen_left_ms = Some(now_ms);
        }
    }

    fn palm(&self, now_ms: u64) -> bool {
        self.state.device() == Some(Device::Pen)
            || self.pen_left_ms.is_some_and(|left| now_ms.saturating_sub(left) < PALM_MS)
    }
}

impl State {
    const fn pointer(&self) -> Option<i32> {
        match self {
            Self::Idle => None,
            Self::Drawing { pointer, .. }
            | Self::Erasing { pointer, .. }
            | Self::Spanning { pointer, .. } => Some(*pointer),
        }
    }

    const fn device(&self) -> Option<Device> {
        match self {
            Self::Idle => None,
            Self::Drawing { device, .. }
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

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}
