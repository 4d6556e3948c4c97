//! What a hand leaves on a page: geometry, strokes, highlights, the pen as a state machine, and
//! anchors to the text under a mark.
//!
//! All lengths are PDF points in the page's user space (origin bottom left, y upwards) unless a
//! type says otherwise; pages count from 1. Pure, and builds for wasm32: the frontend draws with
//! the same code that the tablet stores with.

pub mod geometry;
pub mod mark;
pub mod stroke;

pub use geometry::{Point, Rect};
pub use mark::{AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Quote};
pub use stroke::{Stroke, StrokePoint};
