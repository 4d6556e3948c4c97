//! What a hand leaves on a page: geometry, strokes, highlights, the pen as a state machine, and
//! anchors to the text under a mark.
//!
//! All lengths are PDF points in the page's user space (origin bottom left, y upwards) unless a
//! type says otherwise; pages count from 1. Pure, and builds for wasm32: the frontend draws with
//! the same code that the tablet stores with.

pub mod carry;
pub mod codec;
pub mod cut;
pub mod find;
pub mod geometry;
pub mod hit;
pub mod hyphen;
pub mod lasso;
pub mod mark;
pub mod outline;
pub mod pen;
pub mod quote;
pub mod recognise;
pub mod selection;
pub mod shape;
pub mod stamp;
pub mod stroke;
pub mod transform;

pub use carry::{Carried, Carrier, Change, ChangeKind, Passage, Place, Placement, Settled, Sheet};
pub use codec::{StrokeCodecError, decode_stroke, encode_stroke};
pub use cut::cut;
pub use find::Findable;
pub use geometry::{Point, Rect};
pub use hit::MarkIndex;
pub use hyphen::rejoined;
pub use mark::{AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Nib, Quote};
pub use outline::{outline, simplify, tail_outline};
pub use pen::{Device, Held, Pen, PenAction, PenEvent, PenOutcome, Tool};
pub use quote::QuoteError;
pub use recognise::recognise;
pub use selection::{Line, Selection, Snap, line_at, select, word_at, words_from};
pub use shape::{Form, Shape, Step};
pub use stamp::{Sign, Stamp};
pub use stroke::{Stroke, StrokePoint};
pub use transform::PageTransform;
