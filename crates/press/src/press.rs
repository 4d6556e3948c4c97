//! Typst as a library, with the templates, the fonts and the files it may read, and nothing else.
//!
//! A template never touches the disk, the network or the clock.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use jiff::civil::Date;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

/// A template that does not set.
#[derive(Debug, thiserror::Error)]
#[error("the template {template} does not set: {problem}")]
pub struct Error {
    /// The template's path, "/convocation.typ".
    pub template: String,
    /// Every diagnostic, with file and line.
    pub problem: String,
}

/// What a PDF says about itself besides its pages.
#[derive(Debug, Clone, Copy)]
pub struct Imprint<'a> {
    /// What the PDF's identifier is made from; the same for every edition of one paper.
    pub ident: &'a str,
    /// Who makes it.
    pub creator: &'a str,
    /// The day of the file's creation date.
    pub date: Date,
    /// Whether the PDF carries its structure; a scan has none.
    pub tagged: bool,
}

/// Fonts, library and the files every paper shares.
#[derive(Debug)]
pub struct Press {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: BTreeMap<NonZeroU16, Source>,
    files: BTreeMap<NonZeroU16, Bytes>,
}

impl Press {
    /// Loads Typst's own fonts and `more` of them (files), `templates` (path, text) and `facts` (path,
    /// bytes); paths start with a slash.
    ///
    /// # Errors
    /// A path that is none.
    pub fn new(
        more: impl IntoIterator<Item = &'static [u8]>,
        templates: impl IntoIterator<Item = (String, String)>,
        facts: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Self, Error> {
        let fonts: Vec<Font> = typst_assets::fonts()
            .chain(more)
            .flat_map(|data| Font::iter(Bytes::new(data)))
            .collect();
        let mut sources = BTreeMap::new();
        for (path, text) in templates {
            let id = file_id(&path)?;
            sources.insert(id.into_raw(), Source::new(id, text));
        }
        let mut files = BTreeMap::new();
        for (path, bytes) in facts {
            files.insert(file_id(&path)?.into_raw(), Bytes::new(bytes));
        }
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            files,
        })
    }

    /// Sets `template` with `own` files (path, bytes) that only it may read.
    ///
    /// # Errors
    /// The template's mistakes, warnings included: a missing glyph would be printed as a box.
    pub fn set(&self, template: &str, own: &[(&str, Vec<u8>)]) -> Result<PagedDocument, Error> {
        let mut files = BTreeMap::new();
        for (path, bytes) in own {
            files.insert(file_id(path)?.into_raw(), Bytes::new(bytes.clone()));
        }
        let sheet = Sheet { press: self, main: file_id(template)?, files };
        let Warned { output, warnings } = typst::compile::<PagedDocument>(&sheet);
        let failed = |problems: &[SourceDiagnostic]| Error {
            template: template.to_owned(),
            problem: problems.iter().map(|p| sheet.place(p)).collect::<Vec<_>>().join("; "),
        };
        let document = output.map_err(|problems| failed(&problems))?;
        if warnings.is_empty() { Ok(document) } else { Err(failed(&warnings)) }
    }

    /// Writes the pages of `document` as PDF 1.7.
    ///
    /// # Errors
    /// A document the PDF writer refuses.
    pub fn print(&self, document: &PagedDocument, imprint: Imprint<'_>) -> Result<Vec<u8>, Error> {
        let failed = |problem: String| Error { template: imprint.ident.to_owned(), problem };
        let date = imprint.date;
        let created = u8::try_from(date.month()).ok().zip(u8::try_from(date.day()).ok());
        let timestamp = created
            .and_then(|(month, day)| {
                Datetime::from_ymd_hms(i32::from(date.year()), month, day, 9, 0, 0)
            })
            .map(Timestamp::new_utc);
        let options = PdfOptions {
            ident: Smart::Custom(imprint.ident.to_owned()),
            creator: Smart::Custom(Some(imprint.creator.to_owned())),
            timestamp,
            tagged: imprint.tagged,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(document, &options).map_err(|problems| {
            failed(problems.iter().map(|p| p.message.to_string()).collect::<Vec<_>>().join("; "))
        })
    }
}

/// One paper on the press: the shared files, its template and its own files.
struct Sheet<'a> {
    press: &'a Press,
    main: FileId,
    files: BTreeMap<NonZeroU16, Bytes>,
}

impl Sheet<'_> {
    fn place(&self, problem: &SourceDiagnostic) -> String {
        let file = problem.span.id().map(|id| id.vpath().get_with_slash().to_owned());
        let line = problem.span.id().and_then(|id| {
            let source = self.press.sources.get(&id.into_raw())?;
            Some(source.lines().byte_to_line(self.range(problem.span)?.start)? + 1)
        });
        let hints: Vec<_> = problem.hints.iter().map(|hint| hint.v.to_string()).collect();
        format!(
            "{}:{}: {} {}",
            file.unwrap_or_default(),
            line.unwrap_or_default(),
            problem.message,
            hints.join(" ")
        )
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.press.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.press.sources.get(&id.into_raw()).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let raw = id.into_raw();
        self.files.get(&raw).or(self.press.files.get(&raw)).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A paper's date is a fact it is given: two runs give the same bytes.
        None
    }
}

fn file_id(path: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(path).map_err(|problem| Error {
        template: path.to_owned(),
        problem: format!("this is no path: {problem:?}"),
    })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}
