//! The worker process: one thread that owns pdfium and answers one request after the other.

mod annotate;
mod block_file;
mod documents;
mod draw;
mod encode;
#[cfg(all(unix, debug_assertions))]
mod escape;
mod light;
mod lines;
mod links;
mod order;
mod outline;
mod remarks;
#[cfg(unix)]
mod sandbox;
mod structure;
mod text;

use std::fs::File;
use std::path::Path;

pub(crate) use annotate::helvetica;
pub(crate) use annotate::{bounds, drawn, line, polygon, stamp_name};
use documents::Documents;
pub(crate) use draw::SIZE_OF_A_BROKEN_PAGE;

use crate::foreign;
#[cfg(all(unix, debug_assertions))]
use crate::protocol::PAGE_THAT_ESCAPES;
use crate::protocol::{
    Answer, Ask, Fault, FaultKind, PAGE_THAT_CRASHES, PAGE_THAT_HANGS, PAGE_THAT_HANGS_ONCE,
    Request, WORKER_ARGUMENT,
};

/// Becomes a worker and never returns when the arguments say so; otherwise does nothing.
///
/// Call it first thing in `main`, before threads, logs or arguments.
pub fn worker_main_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != WORKER_ARGUMENT) {
        return;
    }
    let (library, fonts, life) = (arguments.next(), arguments.next(), arguments.next());
    let fonts = fonts.filter(|fonts| !fonts.is_empty());
    let first = life.is_some_and(|life| life == "0");
    #[cfg(unix)]
    if let Some(library) = library {
        serve(Path::new(&library), fonts.as_deref().map(Path::new), first);
    }
    #[cfg(not(unix))]
    drop((library, fonts, first));
    std::process::exit(1);
}

/// Answers requests until the tablet closes the socket.
#[cfg(unix)]
fn serve(library: &Path, fonts: Option<&Path>, first: bool) {
    use crate::seat::Channel;

    let Ok(mut channel) = sandbox::enter().and_then(|()| Channel::of_worker()) else { return };
    let mut worker = Worker::new(library, fonts, first);
    // The first message says whether there is a worker at all.
    let ready =
        worker.documents.as_ref().map_or_else(|f| Answer::Failed(f.clone()), |_| Answer::Done);
    if channel.send(&ready, &[], None).is_err() {
        return;
    }
    if let Ok(documents) = &worker.documents {
        documents.warm();
    }
    if sandbox::confine(fonts).is_err() {
        return;
    }
    while let Ok((request, _, paper)) = channel.receive::<Request>(None) {
        let (answer, image) = match paper {
            Some(paper) => worker.answer(&request, File::from(paper)),
            None => (Answer::Failed(Fault::reader("no descriptor came with the request")), vec![]),
        };
        if channel.send(&answer, &image, None).is_err() {
            return;
        }
    }
}

/// pdfium with the papers it holds open.
#[derive(Debug)]
pub(crate) struct Worker {
    documents: Result<Documents, Fault>,
    /// Whether this is its owner's first worker.
    first: bool,
}

impl Worker {
    pub(crate) fn new(library: &Path, fonts: Option<&Path>, first: bool) -> Self {
        Self { documents: Documents::new(library, fonts), first }
    }

    /// Does what is asked; the bytes are an image's.
    pub(crate) fn answer(&mut self, request: &Request, paper: File) -> (Answer, Vec<u8>) {
        let answered = self.try_answer(request, paper);
        let documents = self.documents.as_mut();
        if documents.is_ok_and(|documents| documents.found_broken(request.paper)) {
            let detail = "the sealed file is damaged".to_owned();
            return (Answer::Failed(Fault { kind: FaultKind::Broken, detail }), Vec::new());
        }
        match answered {
            Ok(answer) => answer,
            Err(fault) => (Answer::Failed(fault), Vec::new()),
        }
    }

    fn try_answer(&mut self, request: &Request, file: File) -> Result<(Answer, Vec<u8>), Fault> {
        let documents = self.documents.as_mut().map_err(|fault| fault.clone())?;
        let paper = documents.paper(
            request.paper,
            file,
            request.key.as_ref(),
            request.password.as_ref(),
        )?;
        let answer = match &request.ask {
            Ask::Open => Answer::Opened {
                pages: paper.count(),
                title: paper.title(),
                needs_xfa: paper.needs_xfa(),
            },
            Ask::Extents => {
                let sizes = draw::extents(paper.document());
                Answer::Sizes { sizes, labels: Vec::new(), text: false }
            }
            &Ask::Sizes { from, count, text: look } => {
                let (mut sizes, mut labels) = (Vec::new(), Vec::new());
                let mut text = false;
                for number in from..from.saturating_add(count).min(paper.count() + 1) {
                    let Ok(page) = paper.page(number) else {
                        // The page says so itself when it is drawn.
                        sizes.push(draw::SIZE_OF_A_BROKEN_PAGE);
                        labels.push(String::new());
                        continue;
                    };
                    sizes.push(draw::size(page));
                    labels.push(outline::label(page));
                    text = text || (look && text::has_text(page));
                }
                Answer::Sizes { sizes, labels, text }
            }
            &Ask::Draw { page, width, area, look } => {
                let page = if cfg!(debug_assertions) { stumble(page, self.first)? } else { page };
                let light = paper.light(page, look, request.careful)?;
                let mut drawn = draw::draw(paper.page(page)?, width, area, request.careful)?;
                light.fall(&mut drawn);
                let (jpeg, image) = encode::encode(drawn)?;
                return Ok((Answer::Image { jpeg }, image));
            }
            &Ask::Try { page } => {
                draw::attempt(paper.page(page)?, request.careful)?;
                Answer::Done
            }
            &Ask::Lines { page } => {
                Answer::Lines(lines::lines(&text::glyphs(paper.page(page)?)?).0)
            }
            &Ask::Plain { page } => {
                let page = paper.page(page)?;
                let (lines, _) = lines::lines(&text::glyphs(page)?);
                let (text, size) = (lines::plain(&lines), draw::size(page));
                Answer::Plain { text, size, label: outline::label(page) }
            }
            &Ask::Reading { page } => Answer::Reading(paper.reading(page, request.careful)?),
            Ask::Outline => Answer::Outline(outline::outline(paper.document())),
            Ask::Foreign => {
                let notes = foreign::annots(&paper.bytes()?)?;
                return Ok((Answer::Foreign(notes), Vec::new()));
            }
            Ask::Annotate { marks, flatten } => {
                let (whole, bytes) = paper.with_notes(marks, *flatten)?;
                return Ok((Answer::Written { whole }, bytes));
            }
        };
        Ok((answer, Vec::new()))
    }
}

/// What tests ask of a worker to see it fail.
fn stumble(page: u32, first: bool) -> Result<u32, Fault> {
    Ok(match page {
        PAGE_THAT_HANGS => loop {
            std::thread::park();
        },
        PAGE_THAT_HANGS_ONCE if first => loop {
            std::thread::park();
        },
        PAGE_THAT_HANGS_ONCE => 1,
        PAGE_THAT_CRASHES => std::process::abort(),
        #[cfg(all(unix, debug_assertions))]
        PAGE_THAT_ESCAPES => {
            let (through, tried) = (escape::escape(), escape::attempts());
            return Err(Fault::reader(format!("{} of {tried}: {through:?}", through.len())));
        }
        page => page,
    })
}

impl Fault {
    pub(crate) fn reader(detail: impl std::fmt::Display) -> Self {
        Self { kind: FaultKind::Reader, detail: detail.to_string() }
    }

    pub(crate) fn damaged(detail: impl std::fmt::Display) -> Self {
        Self { kind: FaultKind::Damaged, detail: detail.to_string() }
    }
}
