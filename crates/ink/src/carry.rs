//! Carrying notes into a new version of a paper.
//!
//! What a note stands on is read from the old version's text, not from what was stored with the
//! note: the old PDF stays on the tablet, and reading it again cannot be out of date. Text is found
//! again by its letters and by what stands around it; everything else (ink, a sticky note, a text
//! box, a free highlight) moves rigidly with the line of text it stands on, under or beside.
//!
//! Never a guess in silence: what is not found beyond doubt is to be checked by its author, and what
//! is gone goes to a tray, with its old place. Nothing is ever deleted.
//!
//! After Hypothesis (quote, context and position weighed; W3C Web Annotation selectors), with two
//! thresholds instead of one score, and page alignment by shingles; measured in `benches`.

mod anchor;
mod approx;
mod changes;
mod find;
mod letters;
mod pages;
mod placing;

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::mark::{AnnotationId, Mark, MarkKind, Quote};
use crate::selection::Line;

pub use changes::{Change, ChangeKind, Passage};
use letters::Edition;
use pages::Pages;

/// One page of a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet<'a> {
    /// Its lines in reading order.
    pub lines: Vec<Line<'a>>,
    /// Its visible box in user space.
    pub area: Rect,
}

/// How a note stands on the version that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// Made on this version, or found again at the very same place.
    Exact,
    /// Found again beyond doubt at another place, or settled by its author.
    Moved,
    /// Similar words were found: to be checked.
    Fuzzy,
    /// Only its page is known: to be checked.
    Page,
    /// Its place is gone.
    Orphan,
}

impl Placement {
    /// Whether its author is to look at it.
    #[must_use]
    pub const fn is_doubtful(self) -> bool {
        matches!(self, Self::Fuzzy | Self::Page | Self::Orphan)
    }
}

/// Where a note of an earlier version stands on a later one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The note: its identifier is the same on every version.
    pub id: AnnotationId,
    /// Page from 1 on the new version; the nearest known one when its place is gone.
    pub page: u32,
    /// How sure that is.
    pub placement: Placement,
    /// The place.
    pub place: Place,
    /// What its author decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<Settled>,
}

/// A place on the new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// On these words.
    Text {
        /// One rectangle per line of text.
        rects: Vec<Rect>,
        /// The words.
        quote: Quote,
    },
    /// As on the old version, moved by so many points.
    Shift {
        /// To the right.
        dx: f32,
        /// Upwards.
        dy: f32,
    },
    /// None.
    Nowhere,
}

/// What its author decided about a carried note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settled {
    /// The place found is right.
    Accepted,
    /// Put there by hand.
    ByHand,
    /// It stays in the tray.
    Kept,
}

impl Carried {
    /// Whether its author is still to look at it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.settled.is_none() && self.placement.is_doubtful()
    }

    /// The note as it stands on the new version; none when it has no place there.
    #[must_use]
    pub fn on(&self, mark: &Mark) -> Option<Mark> {
        let mut moved = match &self.place {
            Place::Nowhere => return None,
            Place::Shift { dx, dy } => mark.shifted(*dx, *dy),
            Place::Text { rects, quote } => {
                let mut moved = mark.clone();
                if let MarkKind::Markup(markup) = &mut moved.kind {
                    markup.rects.clone_from(rects);
                    markup.quote.clone_from(quote);
                }
                moved
            }
        };
        moved.page = self.page;
        Some(moved)
    }
}

/// Two versions of a paper side by side.
///
/// Reading them costs time in the length of the papers; carrying a note then costs little.
pub struct Carrier<'a> {
    old: Option<Edition<'a>>,
    new: Edition<'a>,
    pages: Pages,
    /// Both versions with their running heads in place, read when they are asked for.
    straight: OnceCell<(Edition<'a>, Edition<'a>)>,
}

impl std::fmt::Debug for Carrier<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Carrier").field("pages", &self.new.sheets.len()).finish_non_exhaustive()
    }
}

impl<'a> Carrier<'a> {
    /// Reads both versions.
    #[must_use]
    pub fn new(old: &'a [Sheet<'a>], new: &'a [Sheet<'a>]) -> Self {
        let (old, new) = (Edition::read(old), Edition::read(new));
        let pages = Pages::align(&old, &new);
        Self { old: Some(old), new, pages, straight: OnceCell::new() }
    }

    /// Reads the new version alone: the old PDF is not here, and only stored quotes can be looked
    /// for.
    #[must_use]
    pub fn without_old(new: &'a [Sheet<'a>]) -> Self {
        let new = Edition::read(new);
        Self { old: None, new, pages: Pages::default(), straight: OnceCell::new() }
    }

    /// Where a mark of the old version stands on the new one.
    #[must_use]
    pub fn carry(&self, mark: &Mark) -> Carried {
        placing::place(self, mark)
    }

    /// The new page, from 1, that takes an old one's place.
    #[must_use]
    pub fn page(&self, old: u32) -> Option<u32> {
        let index = usize::try_from(old.checked_sub(1)?).ok()?;
        u32::try_from(self.pages.pair(index)? + 1).ok()
    }

    fn straight(&self, old: &Edition<'a>) -> &(Edition<'a>, Edition<'a>) {
        let (old, new) = (old.sheets, self.new.sheets);
        self.straight.get_or_init(|| (Edition::straight(old), Edition::straight(new)))
    }

    /// What was added, removed, changed and moved, in the order of the new version.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        self.old.as_ref().map_or(Vec::new(), |old| changes::changes(old, &self.new))
    }
}
