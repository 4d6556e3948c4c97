//! The tablet's side: the port, and one thread for each worker.

use std::collections::BTreeMap;
use std::fs::File;
use std::future::Future;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use client::ports::{
    ExportPaper, Glance, Inspection, Notebook, PaperImage, PaperPage, PaperText, Papers, PdfError,
    PdfErrorKind, Print, RenderArea, WhenBroken,
};
use client::sealed::FileKey;
use ipc::{ForeignNote, NotebookForm, OutlineEntry, PageReading, PageText, PaperCheck, Secret};
use tokio::sync::oneshot;

use crate::cache::{Cache, Key};
use crate::config::PdfConfig;
use crate::export::notebook;
use crate::foreign;
use crate::protocol::{Answer, Area, Ask, FaultKind, Lost, PAGES_AT_ONCE, Request};
use crate::queue::{Job, Outcome, Queue, Rank, Role, dropped};
use crate::seat::Seat;
use crate::worker::SIZE_OF_A_BROKEN_PAGE;

/// Width up to which an image of a whole page counts as a thumbnail, in pixels.
const THUMBNAIL: u32 = 256;
/// Deaths of workers over one paper after which it is set aside.
const STRIKES: u32 = 2;
/// Pages that a glance looks at before the one that is to be read, and all in all: what a reader
/// lays on the desk at first.
const BEFORE: u32 = 2;
const AT_A_GLANCE: u32 = 8;

type Answered<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Draws and reads PDFs in worker processes.
#[derive(Debug)]
pub struct PdfReader {
    desk: Arc<Desk>,
}

/// What the reader and its threads share.
struct Desk {
    queue: Mutex<Queue>,
    bell: Condvar,
    cache: Mutex<Cache>,
    /// Papers that have cost a worker.
    records: Mutex<BTreeMap<u64, Record>>,
    /// What opens encrypted papers.
    passwords: Mutex<BTreeMap<u64, Secret>>,
    /// What opens sealed papers, and who hears that one is damaged.
    sealed: Mutex<BTreeMap<u64, (FileKey, WhenBroken)>>,
    processes: Vec<Arc<AtomicU32>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("processes", &self.processes).finish_non_exhaustive()
    }
}

/// What a paper has cost.
#[derive(Debug, Clone, Copy, Default)]
struct Record {
    /// Workers lost since it was last read well.
    strikes: u32,
    /// Whether one of them took too long; from then on its form fields are left out.
    careful: bool,
}

impl PdfReader {
    /// Starts the threads, which start their workers at once without making anybody wait.
    ///
    /// # Errors
    /// [`PdfErrorKind::Reader`] when no thread can be started. A missing library or worker is
    /// told by the requests instead: everything but papers works without.
    pub fn start(config: PdfConfig) -> Result<Self, PdfError> {
        // pdfium does one thing at a time in a process.
        let workers = if config.in_process { 1 } else { 2 };
        let config = Arc::new(config);
        let desk = Arc::new(Desk {
            queue: Mutex::default(),
            bell: Condvar::new(),
            cache: Mutex::new(Cache::new(config.cache)),
            records: Mutex::default(),
            passwords: Mutex::default(),
            sealed: Mutex::default(),
            processes: (0..workers).map(|_| Arc::default()).collect(),
        });
        let reader = Self { desk: Arc::clone(&desk) };
        for (index, process) in desk.processes.iter().enumerate() {
            // The last worker does everything, any other only images.
            let role = if index + 1 == workers { Role::Everything } else { Role::Images };
            let (config, process) = (Arc::clone(&config), Arc::clone(process));
            let desk = Arc::clone(&desk);
            std::thread::Builder::new()
                .name(format!("pdf-{index}"))
                .spawn(move || desk.serve(Seat::new(config, process), role))
                .map_err(|error| fault(PdfErrorKind::Reader, error))?;
        }
        Ok(reader)
    }

    /// Process identifiers of the workers that run, for tests and diagnostics.
    #[must_use]
    pub fn workers(&self) -> Vec<u32> {
        let running = |process: &Arc<AtomicU32>| process.load(Ordering::Relaxed);
        self.desk.processes.iter().map(running).filter(|process| *process != 0).collect()
    }

    /// Asks and waits for the answer.
    pub(crate) async fn ask(&self, paper: &Path, rank: Rank, ask: Ask) -> Outcome {
        self.ask_for(paper, rank, None, ask).await
    }

    async fn ask_for(
        &self,
        paper: &Path,
        rank: Rank,
        generation: Option<u32>,
        ask: Ask,
    ) -> Outcome {
        let number = number(paper)?;
        let (answer, waits) = oneshot::channel();
        let job = Job { paper: number, path: paper.to_path_buf(), ask, generation, answer };
        {
            let mut queue = lock(&self.desk.queue);
            if queue.closed {
                return Err(dropped());
            }
            queue.push(rank, job);
        }
        self.desk.bell.notify_all();
        waits.await.unwrap_or_else(|_| Err(dropped()))
    }

    /// What a file is sealed with, when it is.
    pub(crate) fn key(&self, paper: &Path) -> Result<Option<FileKey>, PdfError> {
        let number = number(paper)?;
        Ok(lock(&self.desk.sealed).get(&number).map(|(key, _)| key.clone()))
    }

    /// How many pages, the title, and whether it is a form that cannot be shown.
    pub(crate) async fn open(
        &self,
        paper: &Path,
        rank: Rank,
    ) -> Result<(u32, Option<String>, bool), PdfError> {
        match self.ask(paper, rank, Ask::Open).await? {
            (Answer::Opened { pages, title, needs_xfa }, _) => Ok((pages, title, needs_xfa)),
            (other, _) => Err(unexpected(&other)),
        }
    }
}

impl Drop for PdfReader {
    fn drop(&mut self) {
        lock(&self.desk.queue).close();
        self.desk.bell.notify_all();
    }
}

impl Papers for PdfReader {
    fn know(&self, paper: &Path, password: Option<Secret>) {
        // A paper that cannot be named will say so when it is asked for.
        let Ok(number) = number(paper) else { return };
        let mut passwords = lock(&self.desk.passwords);
        match password {
            Some(password) => passwords.insert(number, password),
            None => passwords.remove(&number),
        };
    }

    fn unseal(&self, paper: &Path, key: FileKey, broken: WhenBroken) {
        // A paper that cannot be named will say so when it is asked for.
        let Ok(number) = number(paper) else { return };
        lock(&self.desk.sealed).insert(number, (key, broken));
    }

    fn inspect<'a>(&'a self, paper: &'a Path) -> Answered<'a, Result<Inspection, PdfError>> {
        Box::pin(async move {
            let (pages, title, _) = self.open(paper, Rank::Reading).await?;
            let mut found = Inspection { title, ..Inspection::default() };
            let mut from = 1;
            while from <= pages {
                // Whether there is text, the first pages tell.
                let text = from == 1;
                let ask = Ask::Sizes { from, count: PAGES_AT_ONCE, text };
                match self.ask(paper, Rank::Reading, ask).await? {
                    (Answer::Sizes { sizes, labels, text }, _) => {
                        found.sizes.extend(sizes);
                        found.labels.extend(labels);
                        found.searchable |= text;
                    }
                    (other, _) => return Err(unexpected(&other)),
                }
                from += PAGES_AT_ONCE;
            }
            Ok(without_plain_labels(found))
        })
    }

    fn glance<'a>(&'a self, paper: &'a Path, page: u32) -> Answered<'a, Result<Glance, PdfError>> {
        Box::pin(async move {
            let mut sizes = match self.ask(paper, Rank::Reading, Ask::Extents).await? {
                (Answer::Sizes { sizes, .. }, _) => sizes,
                (other, _) => return Err(unexpected(&other)),
            };
            let pages = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
            let from = page.min(pages).saturating_sub(BEFORE).max(1);
            let ask = Ask::Sizes { from, count: AT_A_GLANCE, text: false };
            let near = match self.ask(paper, Rank::Reading, ask).await? {
                (Answer::Sizes { sizes, .. }, _) => sizes,
                (other, _) => return Err(unexpected(&other)),
            };
            let last = from + u32::try_from(near.len()).unwrap_or(0).max(1) - 1;
            for (size, near) in sizes.iter_mut().skip(from as usize - 1).zip(near) {
                *size = near;
            }
            Ok(Glance { sizes, known: from..=last })
        })
    }

    fn render<'a>(
        &'a self,
        paper: &'a Path,
        page: PaperPage,
    ) -> Answered<'a, Result<PaperImage, PdfError>> {
        Box::pin(async move {
            let PaperPage { page, width, area, generation, look, ahead } = page;
            let rank = match area {
                RenderArea::Pixels { .. } if ahead => Rank::Ahead,
                RenderArea::Pixels { .. } => Rank::Tile,
                RenderArea::Whole if width <= THUMBNAIL => Rank::Thumbnail,
                RenderArea::Whole => Rank::Whole,
            };
            let key = (number(paper)?, page, width, Area::from(area), look);
            if let Some(image) = lock(&self.desk.cache).get(key) {
                return Ok(image);
            }
            let ask = Ask::Draw { page, width, area: area.into(), look };
            match self.ask_for(paper, rank, Some(generation), ask).await? {
                (Answer::Image { jpeg }, bytes) => Ok(PaperImage { mime: mime(jpeg), bytes }),
                (other, _) => Err(unexpected(&other)),
            }
        })
    }

    fn text<'a>(&'a self, paper: &'a Path, page: u32) -> Answered<'a, Result<PageText, PdfError>> {
        Box::pin(async move {
            match self.ask(paper, Rank::Reading, Ask::Lines { page }).await? {
                (Answer::Lines(lines), _) => Ok(PageText { page, lines }),
                (other, _) => Err(unexpected(&other)),
            }
        })
    }

    fn reading<'a>(
        &'a self,
        paper: &'a Path,
        page: u32,
    ) -> Answered<'a, Result<PageReading, PdfError>> {
        Box::pin(async move {
            match self.ask(paper, Rank::Reading, Ask::Reading { page }).await? {
                (Answer::Reading(reading), _) => Ok(reading),
                (other, _) => Err(unexpected(&other)),
            }
        })
    }

    fn all_text<'a>(&'a self, paper: &'a Path) -> Answered<'a, Result<PaperText, PdfError>> {
        Box::pin(async move {
            let (count, title, _) = self.open(paper, Rank::Index).await?;
            let mut found = Inspection { title, ..Inspection::default() };
            let mut pages = Vec::new();
            for page in 1..=count {
                let (text, size, label) =
                    match self.ask(paper, Rank::Index, Ask::Plain { page }).await {
                        Ok((Answer::Plain { text, size, label }, _)) => (text, size, label),
                        Ok((other, _)) => return Err(unexpected(&other)),
                        // One page beyond reading does not hide the others from the search.
                        Err(error) if error.kind == PdfErrorKind::Damaged => {
                            (String::new(), SIZE_OF_A_BROKEN_PAGE, String::new())
                        }
                        Err(error) => return Err(error),
                    };
                found.searchable |= text.contains(char::is_alphanumeric);
                found.sizes.push(size);
                found.labels.push(label);
                pages.push(text);
            }
            Ok(PaperText { pages, inspection: without_plain_labels(found) })
        })
    }

    fn outline<'a>(&'a self, paper: &'a Path) -> Answered<'a, Result<Vec<OutlineEntry>, PdfError>> {
        Box::pin(async move {
            match self.ask(paper, Rank::Reading, Ask::Outline).await? {
                (Answer::Outline(entries), _) => Ok(entries),
                (other, _) => Err(unexpected(&other)),
            }
        })
    }

    fn export<'a>(&'a self, export: ExportPaper) -> Answered<'a, Result<(), PdfError>> {
        Box::pin(crate::export::export(self, export))
    }

    fn write_notebook<'a>(
        &'a self,
        book: Notebook,
        form: NotebookForm,
        out: PathBuf,
    ) -> Answered<'a, Result<(), PdfError>> {
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || notebook::write(&book, form, &out));
            written.await.map_err(|error| fault(PdfErrorKind::Unwritable, error))?
        })
    }

    fn foreign<'a>(&'a self, file: &'a Path) -> Answered<'a, Result<Vec<ForeignNote>, PdfError>> {
        Box::pin(async move {
            if let Some(text) = foreign::text_of(file)? {
                return foreign::xfdf(&text);
            }
            self.open(file, Rank::Reading).await?;
            match self.ask(file, Rank::Reading, Ask::Foreign).await? {
                (Answer::Foreign(notes), _) => Ok(notes),
                (other, _) => Err(unexpected(&other)),
            }
        })
    }

    fn print<'a>(&'a self, print: Print) -> Answered<'a, Result<(), PdfError>> {
        Box::pin(async move {
            let printing = tokio::task::spawn_blocking(move || crate::sheets::print(&print));
            printing.await.unwrap_or_else(|_| Err(fault(PdfErrorKind::Unwritable, "printing")))
        })
    }

    fn check<'a>(&'a self, paper: &'a Path) -> Answered<'a, PaperCheck> {
        Box::pin(crate::check::check(self, paper))
    }
}

impl Desk {
    /// The life of a worker's thread.
    fn serve(&self, mut seat: Seat, role: Role) {
        if let Err(lost) = seat.warm() {
            tracing::warn!(%lost, "no PDF worker");
        }
        while let Some(job) = self.next(role) {
            let outcome = self.image(&job).map_or_else(|| self.work(&mut seat, &job), Ok);
            if let (Some(key), Ok((Answer::Image { jpeg }, bytes))) = (key(&job), &outcome) {
                let image = PaperImage { mime: mime(*jpeg), bytes: bytes.clone() };
                lock(&self.cache).insert(key, &image);
            }
            let waited_for = {
                let mut queue = lock(&self.queue);
                queue.done(&job);
                !queue.is_empty()
            };
            if waited_for {
                self.bell.notify_all();
            }
            job.finish(outcome);
        }
    }

    /// The image of a job that was drawn while the job waited.
    fn image(&self, job: &Job) -> Option<(Answer, Vec<u8>)> {
        let image = lock(&self.cache).get(key(job)?)?;
        Some((Answer::Image { jpeg: image.mime == mime(true) }, image.bytes))
    }

    fn next(&self, role: Role) -> Option<Job> {
        let mut queue = lock(&self.queue);
        loop {
            if queue.closed {
                return None;
            }
            if let Some(job) = queue.pop(role) {
                return Some(job);
            }
            queue = self.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Does a job, twice when the worker is lost over it.
    fn work(&self, seat: &mut Seat, job: &Job) -> Outcome {
        let file = File::open(&job.path).map_err(|e| fault(PdfErrorKind::Unreadable, e))?;
        loop {
            let record = lock(&self.records).get(&job.paper).copied().unwrap_or_default();
            if record.strikes >= STRIKES {
                let detail = "reading it ended the reader twice";
                return Err(fault(PdfErrorKind::Quarantined, detail));
            }
            let careful = record.careful || record.strikes > 0;
            let password = lock(&self.passwords).get(&job.paper).cloned();
            let key = lock(&self.sealed).get(&job.paper).map(|(key, _)| key.clone());
            let ask = job.ask.clone();
            let request = Request { paper: job.paper, ask, careful, password, key };
            match seat.ask(&request, &file) {
                Ok((Answer::Failed(fault), _)) if fault.kind == FaultKind::Broken => {
                    if let Some((_, broken)) = lock(&self.sealed).get(&job.paper) {
                        broken();
                    }
                    return Err(fault.into());
                }
                Ok((Answer::Failed(fault), _)) => return Err(fault.into()),
                Ok(answer) => {
                    if record.strikes > 0 {
                        lock(&self.records).entry(job.paper).or_default().strikes = 0;
                    }
                    return Ok(answer);
                }
                Err(lost @ Lost::NotStarted(_)) => return Err(fault(PdfErrorKind::Reader, lost)),
                Err(lost @ (Lost::Died(_) | Lost::Slow(_))) => {
                    tracing::warn!(%lost, "a PDF worker is replaced");
                    let mut records = lock(&self.records);
                    let record = records.entry(job.paper).or_default();
                    record.strikes += 1;
                    record.careful |= matches!(lost, Lost::Slow(_));
                }
            }
        }
    }
}

/// What the image of a job is kept under; none when it asks for none.
const fn key(job: &Job) -> Option<Key> {
    match job.ask {
        Ask::Draw { page, width, area, look } => Some((job.paper, page, width, area, look)),
        Ask::Open
        | Ask::Extents
        | Ask::Sizes { .. }
        | Ask::Try { .. }
        | Ask::Lines { .. }
        | Ask::Plain { .. }
        | Ask::Reading { .. }
        | Ask::Outline
        | Ask::Foreign
        | Ask::Annotate { .. } => None,
    }
}

const fn mime(jpeg: bool) -> &'static str {
    if jpeg { "image/jpeg" } else { "image/png" }
}

/// Names of pages that are their numbers say nothing.
fn without_plain_labels(mut found: Inspection) -> Inspection {
    let as_they_come = found
        .labels
        .iter()
        .zip(1_u32..)
        .all(|(label, page)| label.is_empty() || *label == page.to_string());
    if as_they_come {
        found.labels.clear();
    }
    found
}

/// The paper's number: the same for the same bytes of the same file.
fn number(paper: &Path) -> Result<u64, PdfError> {
    let unreadable = |error: io::Error| fault(PdfErrorKind::Unreadable, error);
    let about = std::fs::metadata(paper).map_err(unreadable)?;
    if !about.is_file() {
        return Err(fault(PdfErrorKind::Unreadable, "not a file"));
    }
    if about.len() == 0 {
        return Err(fault(PdfErrorKind::Empty, "the file has no byte"));
    }
    let mut hasher = DefaultHasher::new();
    about.len().hash(&mut hasher);
    about.modified().map_err(unreadable)?.hash(&mut hasher);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (about.dev(), about.ino(), about.ctime(), about.ctime_nsec()).hash(&mut hasher);
    }
    #[cfg(not(unix))]
    paper.hash(&mut hasher);
    Ok(hasher.finish())
}

pub(crate) fn fault(kind: PdfErrorKind, detail: impl std::fmt::Display) -> PdfError {
    PdfError { kind, detail: detail.to_string() }
}

/// A worker that answers something else than it was asked cannot be trusted further.
pub(crate) fn unexpected(answer: &Answer) -> PdfError {
    let detail = match answer {
        Answer::Failed(fault) => fault.detail.clone(),
        Answer::Opened { .. }
        | Answer::Sizes { .. }
        | Answer::Image { .. }
        | Answer::Done
        | Answer::Written { .. }
        | Answer::Lines(_)
        | Answer::Foreign(_)
        | Answer::Plain { .. }
        | Answer::Reading(_)
        | Answer::Outline(_) => "the worker answered something else".to_owned(),
    };
    fault(PdfErrorKind::Reader, detail)
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
