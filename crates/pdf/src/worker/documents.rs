//! The papers that a worker holds open.
//!
//! pdfium keeps every stream it has read for as long as its document is open, and every page's
//! decoded pictures for as long as the page is: a paper is therefore closed and opened again every
//! 25 pages, or as soon as [`HEAVY`] bytes were taken from it for its pages, and only the page that is
//! read and the one beside it stay open. A re-drawn scan costs 8 ms instead of 66 that way.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use client::sealed::FileKey;
use ink::Mark;
use ipc::{Look, PageReading, Secret};
use pdfium_render::prelude::{
    PdfDocument, PdfDocumentMetadataTagType, PdfFormType, PdfPage, Pdfium, PdfiumError,
    PdfiumInternalError, PdfiumLibraryConfig,
};

use super::annotate;
use super::block_file::{BlockFile, Source};
use super::light::{Light, Lights};
use super::{lines, links, order, remarks, structure};
use crate::protocol::{Fault, FaultKind, PAGES_AT_ONCE};

/// A page with one letter. Its table of objects is missing; pdfium finds them all the same.
const WARM: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 20]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 29>>stream
BT /F 12 Tf 4 4 Td (a) Tj ET 
endstream endobj
5 0 obj<</Type/Font/Subtype/TrueType/BaseFont/Georgia/Encoding/WinAnsiEncoding>>endobj
trailer<</Root 1 0 R>>
";

/// Papers held open.
const PAPERS: usize = 3;
/// Pages of a paper held open: the one that is read and the one beside it.
const PAGES: usize = 2;
/// A paper is opened again once its pages have taken so many bytes from it, and at least so many of them
/// were loaded.
const HEAVY: u64 = 2 << 20;
const FEWEST: u32 = 4;
/// Longest title, in characters.
const TITLE: usize = 512;
/// End of a file in which its last trailer stands, in bytes.
const TAIL: u64 = 64 << 10;

/// pdfium and what it holds open, the paper used last in front.
pub(crate) struct Documents {
    pdfium: &'static Pdfium,
    open: VecDeque<(u64, Paper)>,
    /// Set when a sealed paper turns out to be damaged.
    broken: Arc<AtomicBool>,
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").field("open", &self.open.len()).finish_non_exhaustive()
    }
}

impl Documents {
    pub(crate) fn new(library: &Path, fonts: Option<&Path>) -> Result<Self, Fault> {
        let bindings = Pdfium::bind_to_library(library).map_err(Fault::reader)?;
        let mut config = PdfiumLibraryConfig::new().set_renderer_anti_grain_geometry();
        if let Some(fonts) = fonts.and_then(Path::to_str) {
            config = config.set_user_font_paths(&[fonts]).map_err(Fault::reader)?;
        }
        // pdfium is never unloaded: one small leak for the life of the process.
        let pdfium = Box::leak(Box::new(Pdfium::new_with_config(bindings, config)));
        Ok(Self { pdfium, open: VecDeque::new(), broken: Arc::default() })
    }

    /// Draws a letter in a font that is not embedded: pdfium looks through the fonts then, once,
    /// and the first paper need not wait for it.
    pub(crate) fn warm(&self) {
        let draw = || {
            // The page must be closed before its document.
            let document =
                self.pdfium.load_pdf_from_byte_slice(WARM, None).map_err(Fault::reader)?;
            let page = document.pages().first().map_err(Fault::reader)?;
            super::draw::attempt(&page, false)
        };
        let drawn: Result<(), Fault> = draw();
        if let Err(fault) = drawn {
            tracing::warn!(?fault, "the fonts were not looked through");
        }
    }

    /// Whether a sealed paper turned out to be damaged since this was asked last; it is closed then, so
    /// that nothing of it is shown for whole.
    pub(crate) fn found_broken(&mut self, number: u64) -> bool {
        let broken = self.broken.swap(false, Ordering::Relaxed);
        if broken {
            self.open.retain(|(open, _)| *open != number);
        }
        broken
    }

    /// The paper, opened when it is not.
    pub(crate) fn paper(
        &mut self,
        number: u64,
        file: File,
        key: Option<&FileKey>,
        password: Option<&Secret>,
    ) -> Result<&mut Paper, Fault> {
        let found = self.open.iter().position(|(open, _)| *open == number);
        let paper = match found.and_then(|index| self.open.remove(index)) {
            Some(paper) => paper,
            None => {
                let (key, broken) = (key.cloned(), Arc::clone(&self.broken));
                let source = Source { file, key, broken, taken: Arc::default() };
                (number, Paper::open(self.pdfium, source, password.cloned())?)
            }
        };
        self.open.truncate(PAPERS - 1);
        self.open.push_front(paper);
        match self.open.front_mut() {
            Some((_, paper)) => Ok(paper),
            None => Err(Fault::reader("no paper is open")),
        }
    }
}

/// An open paper. The pages stand before the document: they must be closed first.
pub(crate) struct Paper {
    pages: VecDeque<(u32, PdfPage<'static>)>,
    document: PdfDocument<'static>,
    pdfium: &'static Pdfium,
    source: Source,
    password: Option<Secret>,
    loaded: u32,
    /// Bytes that had been taken once the first of them was found: on the way pdfium looks at every page
    /// before it, and keeps nothing of them.
    sought: u64,
    lights: Lights,
}

impl Paper {
    fn open(
        pdfium: &'static Pdfium,
        source: Source,
        password: Option<Secret>,
    ) -> Result<Self, Fault> {
        let document = load(pdfium, &source, password.as_ref())?;
        if document.pages().is_empty() {
            // pdfium opens some encrypted papers and finds nothing in them.
            return Err(if is_encrypted(&source) {
                Fault { kind: FaultKind::Password, detail: "the paper is encrypted".into() }
            } else {
                Fault { kind: FaultKind::Empty, detail: "the paper has no page".into() }
            });
        }
        let (pages, lights) = (VecDeque::new(), Lights::default());
        Ok(Self { pages, document, pdfium, source, password, loaded: 0, sought: 0, lights })
    }

    pub(crate) fn document(&self) -> &PdfDocument<'static> {
        &self.document
    }

    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.document.pages().len()).unwrap_or(0)
    }

    pub(crate) fn title(&self) -> Option<String> {
        let title = self.document.metadata().get(PdfDocumentMetadataTagType::Title)?;
        let title: String =
            title.value().trim().chars().filter(|c| !c.is_control()).take(TITLE).collect();
        (!title.is_empty()).then_some(title)
    }

    pub(crate) fn needs_xfa(&self) -> bool {
        self.document.form().is_some_and(|form| form.form_type() == PdfFormType::XfaFull)
    }

    /// A page from 1, loaded when it is not.
    pub(crate) fn page(&mut self, number: u32) -> Result<&PdfPage<'static>, Fault> {
        if number == 0 || number > self.count() {
            let detail = format!("page {number} of {}", self.count());
            return Err(Fault { kind: FaultKind::NoSuchPage, detail });
        }
        let found = self.pages.iter().position(|(open, _)| *open == number);
        let page = match found.and_then(|index| self.pages.remove(index)) {
            Some(page) => page,
            None => (number, self.load(number)?),
        };
        self.pages.truncate(PAGES - 1);
        self.pages.push_front(page);
        match self.pages.front() {
            Some((_, page)) => Ok(page),
            None => Err(Fault::reader("no page is open")),
        }
    }

    /// How the light falls on a page; what it depends on is looked at once.
    pub(crate) fn light(&mut self, number: u32, look: Look, careful: bool) -> Result<Light, Fault> {
        if let Some(light) = self.lights.known(number, look) {
            return Ok(light);
        }
        let light = Light::of(self.page(number)?, look, careful)?;
        self.lights.keep(number, look, light.clone());
        Ok(light)
    }

    /// The page's parts in reading order: as the paper tells them when it is tagged, else as its
    /// lines stand; its links; and what other programs wrote on it.
    pub(crate) fn reading(&mut self, number: u32, careful: bool) -> Result<PageReading, Fault> {
        let pdfium = self.pdfium;
        let page = self.page(number)?;
        let glyphs = structure::glyphs(pdfium, page)?;
        let (lines, contents) = lines::lines(&glyphs);
        let told = structure::parts(pdfium, page, &lines, &contents);
        let parts = told.unwrap_or_else(|| order::parts(&lines));
        let (links, remarks) = (links::links(page), remarks::remarks(page, !careful));
        Ok(PageReading { page: number, parts, links, remarks })
    }

    /// All of the paper's bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        BlockFile::open(&self.source)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(Fault::damaged)?;
        Ok(bytes)
    }

    /// A copy with notes: whether it is whole, and its bytes or what follows the paper's own.
    ///
    /// Every copy is opened again before it is handed out. A paper whose structure only pdfium
    /// understands, which repairs a lot, is first saved by it; its copy is then a whole one.
    pub(crate) fn with_notes(
        &self,
        marks: &[(Mark, String)],
        flatten: bool,
    ) -> Result<(bool, Vec<u8>), Fault> {
        let mut original = self.bytes()?;
        let trouble = match annotate::update(&original, self.count(), marks, flatten) {
            Ok(update) => {
                original.extend_from_slice(&update);
                match self.opens_again(original, marks, flatten) {
                    Ok(_) => return Ok((false, update)),
                    Err(trouble) => trouble,
                }
            }
            Err(trouble) => trouble,
        };
        if trouble.kind != FaultKind::Damaged {
            return Err(trouble);
        }
        let mut saved = self.document.save_to_bytes().map_err(Fault::damaged)?;
        let update = annotate::update(&saved, self.count(), marks, flatten)?;
        saved.extend_from_slice(&update);
        self.opens_again(saved, marks, flatten).map(|copy| (true, copy))
    }

    /// The copy, when it has all pages and the notes are on theirs.
    fn opens_again(
        &self,
        copy: Vec<u8>,
        marks: &[(Mark, String)],
        flatten: bool,
    ) -> Result<Vec<u8>, Fault> {
        let document = self.pdfium.load_pdf_from_byte_slice(&copy, None).map_err(Fault::damaged)?;
        if document.pages().len() != self.document.pages().len() {
            return Err(Fault::damaged("the copy has another number of pages"));
        }
        let mut expected: BTreeMap<u32, usize> = BTreeMap::new();
        for (mark, _) in marks {
            *expected.entry(mark.page).or_default() += 1;
        }
        for (number, added) in expected {
            let index = i32::try_from(number).map_err(Fault::damaged)? - 1;
            let page = document.pages().get(index).map_err(Fault::damaged)?;
            let before = self.document.pages().get(index).map_err(Fault::damaged)?;
            let added = if flatten { 0 } else { added };
            if page.annotations().len() < before.annotations().len() + added {
                return Err(Fault::damaged("the copy lacks notes"));
            }
        }
        drop(document);
        Ok(copy)
    }

    fn load(&mut self, number: u32) -> Result<PdfPage<'static>, Fault> {
        let kept = self.taken().saturating_sub(self.sought);
        if self.loaded >= PAGES_AT_ONCE || (self.loaded >= FEWEST && kept >= HEAVY) {
            self.pages.clear();
            self.document = load(self.pdfium, &self.source, self.password.as_ref())?;
            self.loaded = 0;
            give_back();
        }
        let index = i32::try_from(number - 1).map_err(Fault::damaged)?;
        let page = self.document.pages().get(index);
        if self.loaded == 0 {
            self.sought = self.taken();
        }
        self.loaded += 1;
        page.map_err(|error| Fault::damaged(format!("page {number}: {error}")))
    }

    fn taken(&self) -> u64 {
        self.source.taken.load(Ordering::Relaxed)
    }
}

/// Gives memory that nobody holds any more back to the system; the C library would keep it for later.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "a call of the C library")]
fn give_back() {
    // SAFETY: it takes nothing that is in use, and may be called at any time from any thread.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
const fn give_back() {}

/// Whether a trailer near the end of the file speaks of encryption.
fn is_encrypted(source: &Source) -> bool {
    let tail = || {
        let mut file = BlockFile::open(source)?;
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map(|_| bytes)
    };
    let tail: io::Result<Vec<u8>> = tail();
    tail.is_ok_and(|bytes| bytes.windows(8).any(|word| word == b"/Encrypt"))
}

fn load(
    pdfium: &'static Pdfium,
    source: &Source,
    password: Option<&Secret>,
) -> Result<PdfDocument<'static>, Fault> {
    let file = BlockFile::open(source).map_err(Fault::damaged)?;
    pdfium.load_pdf_from_reader(file, password.map(Secret::expose)).map_err(|error| {
        let internal = if let PdfiumError::PdfiumLibraryInternalError(internal) = &error {
            Some(internal)
        } else {
            None
        };
        let kind = match internal {
            Some(PdfiumInternalError::PasswordError) => FaultKind::Password,
            Some(PdfiumInternalError::SecurityError) => FaultKind::Unsupported,
            Some(_) | None => FaultKind::Damaged,
        };
        Fault { kind, detail: error.to_string() }
    })
}
