//! What the tablet and a worker say to each other.
//!
//! A message is two little-endian `u32` lengths, that many bytes of JSON and that many bytes of
//! image. With each request travels a descriptor of the paper, so that a new worker needs no past.

use std::time::Duration;

use client::ports::{PdfError, PdfErrorKind, RenderArea};
use client::sealed::FileKey;
use ink::Mark;
use ipc::{ForeignNote, Look, OutlineEntry, PageReading, PageSize, Secret, TextLine};
use serde::{Deserialize, Serialize};

/// Longest JSON part, in bytes.
pub(crate) const MAX_JSON: u32 = 64 << 20;
/// Longest image, in bytes.
pub(crate) const MAX_IMAGE: u32 = 256 << 20;
/// Pages whose sizes are asked for at once: as many as a worker reads before it reopens a paper.
pub(crate) const PAGES_AT_ONCE: u32 = 25;

/// First argument of an executable that is to be a worker.
pub(crate) const WORKER_ARGUMENT: &str = "--pupitre-pdf-worker";

/// In debug builds, drawing this page never ends.
pub(crate) const PAGE_THAT_HANGS: u32 = u32::MAX;
/// In debug builds, drawing this page ends the worker.
pub(crate) const PAGE_THAT_CRASHES: u32 = u32::MAX - 1;
/// In debug builds, drawing this page never ends in the first worker; later ones draw page 1.
pub(crate) const PAGE_THAT_HANGS_ONCE: u32 = u32::MAX - 2;

/// In debug builds, drawing this page tries everything that a worker must not be able to do, and the
/// fault names what went through.
#[cfg(debug_assertions)]
pub(crate) const PAGE_THAT_ESCAPES: u32 = u32::MAX - 3;

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    /// Names the paper among those this worker may hold open.
    pub(crate) paper: u64,
    /// What to do with it.
    pub(crate) ask: Ask,
    /// Form fields are left out: this paper has cost a worker, and they are where pdfium follows
    /// the paper's own references the longest.
    pub(crate) careful: bool,
    /// What opens an encrypted paper.
    pub(crate) password: Option<Secret>,
    /// What the file is sealed with, when it is.
    pub(crate) key: Option<FileKey>,
}

/// What is asked. Pages count from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Pages, title, kind of form.
    Open,
    /// Width and height of every page, as sizes of pages that are not turned: a hundred times faster
    /// than all that `Sizes` tells, because no page is read.
    Extents,
    /// Sizes of some pages, and whether they have text when `text` is set.
    Sizes { from: u32, count: u32, text: bool },
    /// An image of (part of) a page.
    Draw { page: u32, width: u32, area: Area, look: Look },
    /// A small image that is thrown away: whether the page can be drawn.
    Try { page: u32 },
    /// Lines of text with positions.
    Lines { page: u32 },
    /// Text without positions, words that a line's end splits joined; and the page's size and name.
    Plain { page: u32 },
    /// Its parts in reading order, its links, and what other programs wrote on it.
    Reading { page: u32 },
    /// The outline.
    Outline,
    /// Notes that other programs left in it.
    Foreign,
    /// A copy with notes, each with its author: what follows the paper's bytes.
    Annotate { marks: Vec<(Mark, String)>, flatten: bool },
}

impl Ask {
    /// How many times longer than a page it may take.
    pub(crate) const fn patience(&self) -> u32 {
        match self {
            Self::Open
            | Self::Extents
            | Self::Sizes { .. }
            | Self::Draw { .. }
            | Self::Try { .. }
            | Self::Lines { .. }
            | Self::Plain { .. }
            | Self::Reading { .. }
            | Self::Outline => 1,
            // The whole paper is read and checked.
            Self::Annotate { .. } | Self::Foreign => 12,
        }
    }
}

/// [`RenderArea`], on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Area {
    Whole,
    Pixels { x: u32, y: u32, width: u32, height: u32 },
}

impl From<RenderArea> for Area {
    fn from(area: RenderArea) -> Self {
        match area {
            RenderArea::Whole => Self::Whole,
            RenderArea::Pixels { x, y, width, height } => Self::Pixels { x, y, width, height },
        }
    }
}

/// The answer to an [`Ask`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Opened {
        pages: u32,
        title: Option<String>,
        /// A dynamic XFA form: its pages say only that another program is needed.
        needs_xfa: bool,
    },
    Sizes {
        sizes: Vec<PageSize>,
        /// What the paper calls each of them; empty where it says nothing, none of them to `Extents`.
        labels: Vec<String>,
        text: bool,
    },
    /// The image travels behind the JSON.
    Image {
        jpeg: bool,
    },
    Done,
    Lines(Vec<TextLine>),
    Plain {
        text: String,
        size: PageSize,
        label: String,
    },
    Reading(PageReading),
    Outline(Vec<OutlineEntry>),
    Foreign(Vec<ForeignNote>),
    /// In the image's place travels the whole copy, or what follows the paper's bytes.
    Written {
        whole: bool,
    },
    Failed(Fault),
}

/// Why a worker could not do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) detail: String,
}

/// Kinds of [`Fault`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum FaultKind {
    Damaged,
    Password,
    Empty,
    Unsupported,
    NoSuchPage,
    Broken,
    Reader,
}

impl From<Fault> for PdfError {
    fn from(fault: Fault) -> Self {
        let kind = match fault.kind {
            FaultKind::Damaged => PdfErrorKind::Damaged,
            FaultKind::Password => PdfErrorKind::Password,
            FaultKind::Empty => PdfErrorKind::Empty,
            FaultKind::Unsupported => PdfErrorKind::Unsupported,
            FaultKind::NoSuchPage => PdfErrorKind::NoSuchPage,
            FaultKind::Broken => PdfErrorKind::Broken,
            FaultKind::Reader => PdfErrorKind::Reader,
        };
        Self { kind, detail: fault.detail }
    }
}

/// How a worker was lost while it worked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lost {
    /// It died, or said something that makes no sense.
    #[error("the worker died: {0}")]
    Died(String),
    /// It took too long.
    #[error("the worker took longer than {0:?}")]
    Slow(Duration),
    /// It could not be started at all.
    #[error("the worker cannot be started: {0}")]
    NotStarted(String),
}
