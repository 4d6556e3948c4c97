//! The PDF reader.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use futures_util::future::BoxFuture;
use ink::Mark;
use ipc::{
    ExportMode, ForeignNote, Look, NotebookForm, OutlineEntry, PageReading, PageSize, PageText,
    PaperCheck, Secret,
};

use crate::sealed::FileKey;

/// Draws and reads PDFs. Every call may be made from any task; the implementation keeps its own
/// order (visible tiles before low-resolution pages before thumbnails and indexing).
pub trait Papers: Send + Sync + 'static {
    /// Remembers, until this ends, what opens an encrypted paper; none forgets it. Whether it is
    /// right, the next request tells.
    fn know(&self, paper: &Path, password: Option<Secret>);

    /// Remembers, until this ends, what opens a file that is sealed. `broken` is called when it turns
    /// out that its bytes are not those that were sealed.
    fn unseal(&self, paper: &Path, key: FileKey, broken: WhenBroken);

    /// Pages, sizes and whether there is text. Reads at most the first pages for the latter.
    fn inspect<'a>(&'a self, paper: &'a Path) -> BoxFuture<'a, Result<Inspection, PdfError>>;

    /// What the reader needs to lay this page and its neighbours on the desk: far sooner than an
    /// inspection of a paper with many pages.
    fn glance<'a>(&'a self, paper: &'a Path, page: u32) -> BoxFuture<'a, Result<Glance, PdfError>>;

    /// Draws part of a page.
    fn render<'a>(
        &'a self,
        paper: &'a Path,
        page: PaperPage,
    ) -> BoxFuture<'a, Result<PaperImage, PdfError>>;

    /// Text of a page with positions, in reading order.
    fn text<'a>(&'a self, paper: &'a Path, page: u32) -> BoxFuture<'a, Result<PageText, PdfError>>;

    /// A page in reading order, and its links.
    fn reading<'a>(
        &'a self,
        paper: &'a Path,
        page: u32,
    ) -> BoxFuture<'a, Result<PageReading, PdfError>>;

    /// Plain text of every page, for the search index, and what [`Self::inspect`] tells: both need
    /// every page read once. Low priority.
    fn all_text<'a>(&'a self, paper: &'a Path) -> BoxFuture<'a, Result<PaperText, PdfError>>;

    /// The PDF's own outline.
    fn outline<'a>(&'a self, paper: &'a Path)
    -> BoxFuture<'a, Result<Vec<OutlineEntry>, PdfError>>;

    /// Writes a copy with notes; the original's bytes are never changed.
    fn export<'a>(&'a self, export: ExportPaper) -> BoxFuture<'a, Result<(), PdfError>>;

    /// Writes notes to be read away from the app.
    fn write_notebook<'a>(
        &'a self,
        book: Notebook,
        form: NotebookForm,
        out: PathBuf,
    ) -> BoxFuture<'a, Result<(), PdfError>>;

    /// Notes that other programs left in a PDF, or those of an XFDF file.
    fn foreign<'a>(&'a self, file: &'a Path) -> BoxFuture<'a, Result<Vec<ForeignNote>, PdfError>>;

    /// Writes a PDF of words, set on A4 sheets; replaced only when wholly written.
    fn print<'a>(&'a self, print: Print) -> BoxFuture<'a, Result<(), PdfError>>;

    /// Checks that every page can be drawn.
    fn check<'a>(&'a self, paper: &'a Path) -> BoxFuture<'a, PaperCheck>;
}

/// Hears that a sealed file is damaged.
pub type WhenBroken = Box<dyn Fn() + Send + Sync>;

/// What a PDF is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inspection {
    /// Sizes of all pages, as shown.
    pub sizes: Vec<PageSize>,
    /// What the paper calls its pages; empty when it numbers them as they come.
    pub labels: Vec<String>,
    /// Whether it has text.
    pub searchable: bool,
    /// Title in its metadata, when not empty.
    pub title: Option<String>,
}

/// What one look at a PDF tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// Widths and heights of all pages, as shown.
    pub sizes: Vec<PageSize>,
    /// Pages, from 1, whose sizes tell their turn and their corner as well.
    pub known: RangeInclusive<u32>,
}

/// What a PDF says, and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperText {
    /// The text of every page, lines as they end.
    pub pages: Vec<String>,
    /// What it is.
    pub inspection: Inspection,
}

/// Which part of which page, at which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperPage {
    /// Page from 1.
    pub page: u32,
    /// Width of the whole page in device pixels.
    pub width: u32,
    /// Which part.
    pub area: RenderArea,
    /// Work for an older generation of the same paper may be dropped ([`PdfErrorKind::Dropped`]).
    pub generation: u32,
    /// In which light.
    pub look: Look,
    /// Whether nobody sees it yet: what is seen, and text that is waited for, goes before it.
    pub ahead: bool,
}

/// Which part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderArea {
    /// All of it.
    Whole,
    /// A rectangle in device pixels from the top left corner, cut at the page's edges.
    Pixels {
        /// Left edge.
        x: u32,
        /// Top edge.
        y: u32,
        /// Width.
        width: u32,
        /// Height.
        height: u32,
    },
}

/// An encoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperImage {
    /// `image/png` or `image/jpeg`.
    pub mime: &'static str,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// A paper to be written with notes.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPaper {
    /// The PDF.
    pub paper: PathBuf,
    /// Its title, for the notes-only form.
    pub title: String,
    /// The notes with their authors' names.
    pub marks: Vec<(Mark, String)>,
    /// How.
    pub mode: ExportMode,
    /// Where to; replaced only when wholly written.
    pub out: PathBuf,
}

/// Notes to be read away from the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Notebook {
    /// Its title.
    pub title: String,
    /// Tag of its language, `fr`.
    pub language: String,
    /// Headings and notes in their order.
    pub blocks: Vec<NotebookBlock>,
}

/// A part of a notebook.
#[derive(Debug, Clone, PartialEq)]
pub enum NotebookBlock {
    /// A sitting begins.
    Sitting(String),
    /// An item of its agenda begins.
    Item(String),
    /// A note.
    Note(Box<NotebookNote>),
}

/// A note in a notebook.
#[derive(Debug, Clone, PartialEq)]
pub struct NotebookNote {
    /// Where it stands: "Rapport, page 3".
    pub place: String,
    /// Whose it is and who sees it.
    pub who: String,
    /// The mark itself.
    pub mark: Mark,
    /// What a drawing is called where it cannot be shown.
    pub drawn: String,
    /// Its answers: who, and what.
    pub answers: Vec<(String, String)>,
}

/// Words to be set on sheets.
#[derive(Debug, Clone, PartialEq)]
pub struct Print {
    /// Title of the PDF.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
    /// Where to.
    pub out: PathBuf,
}

/// One thing on a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// The document's title.
    Title(String),
    /// Heading of a part.
    Heading(String),
    /// Heading within a part.
    Section(String),
    /// A paragraph.
    Text(String),
    /// A paragraph in small letters, set in.
    Small(String),
    /// Cells side by side, each with its share of the width.
    Row(Vec<(f32, String)>),
    /// A line of space.
    Gap,
    /// What follows begins a new sheet.
    Sheet,
}

/// What kind of difficulty a PDF made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PdfErrorKind {
    /// Not a PDF, or beyond reading.
    Damaged,
    /// It asks for a password.
    Password,
    /// No page, or no byte.
    Empty,
    /// A form that cannot be shown.
    Unsupported,
    /// No such page.
    NoSuchPage,
    /// It killed or outlasted the worker twice and is set aside.
    Quarantined,
    /// Work that nobody waits for any more.
    Dropped,
    /// The library or the worker cannot be started.
    Reader,
    /// The file is sealed, and its bytes are not those that were sealed.
    Broken,
    /// The file cannot be read.
    Unreadable,
    /// The output cannot be written.
    Unwritable,
}

/// A PDF that made difficulties.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct PdfError {
    /// What kind.
    pub kind: PdfErrorKind,
    /// For logs; no content of the paper.
    pub detail: String,
}
