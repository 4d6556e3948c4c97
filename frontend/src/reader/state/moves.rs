//! What may happen at the desk.

use ink::{AnnotationId, Colour, Mark, Tool};
use ipc::{Audience, DocumentView, Look, MarkView, NewMark, PageReading, PageText};

use super::{Caught, Chosen, Found, Rail, Subject};
use crate::reader::layout::Fit;
use crate::reader::shown::Hidden;
use crate::reader::tools::Variant;
use crate::reader::view::Mode;

/// What may happen to it.
#[derive(Debug)]
pub(crate) enum Move {
    /// The window has this size; height of the bar.
    Port {
        width: f64,
        height: f64,
        ratio: f64,
        head: f64,
    },
    /// The first part of a page is there: what stands beside it may come.
    Awake,
    Scrolled {
        left: f64,
        top: f64,
    },
    /// Zooms by a factor around a place of the port.
    ZoomBy {
        factor: f64,
        at: (f64, f64),
    },
    Fit(Fit),
    /// The hand rests: images may be made for this zoom.
    /// The number of the view that begins.
    Settle(u32),
    GoTo(u32),
    /// To a height of a page, in its user space.
    Land {
        page: u32,
        top: Option<f32>,
    },
    /// Back to where somebody was reading, in parts of the page from its top.
    Return {
        page: u32,
        down: f64,
    },
    /// How pages follow each other; the number of the view that begins.
    Mode(Mode, u32),
    /// A quarter turn.
    Turn {
        clockwise: bool,
        generation: u32,
    },
    Look(Look),
    /// The whole paper has been read through: turns, corners and labels of all pages.
    Measured(Box<DocumentView>),
    Reading(PageReading),
    /// Moves on by parts of the height in sight.
    ScrollBy(f64),
    /// Shows a mark.
    Show(AnnotationId),
    Tool(Tool),
    /// Takes a tool in one of its variants.
    Take(Variant),
    /// Who shall see the next marks.
    Audience(Audience),
    /// Whose notes are not shown.
    Hidden(Hidden),
    Colour(Colour),
    Width(usize),
    Rail(Option<Rail>),
    Notes(bool),
    Find(bool),
    Found(Found),
    /// To the next passage, or the one before.
    FoundBy(i32),
    Immerse(bool),
    Choose(Option<Chosen>),
    /// Marks were caught in a loop, or are let go.
    Catch(Option<Caught>),
    Edit(Option<Subject>),
    Text(PageText),
    Marks(Vec<MarkView>),
    /// A mark from the hand.
    Add(NewMark),
    Kept {
        key: u64,
        view: Box<MarkView>,
    },
    /// A mark from the hand is not to be there.
    Dropped(u64),
    Failed {
        key: u64,
        failed: bool,
    },
    Confirmed(Box<MarkView>),
    /// What became of marks, as the app says.
    Changed {
        put: Vec<MarkView>,
        gone: Vec<AnnotationId>,
    },
    /// Shows marks as they will be.
    Alter(Vec<Mark>),
    Hide(Vec<AnnotationId>),
    Unhide,
    History {
        can_undo: bool,
        can_redo: bool,
    },
}
