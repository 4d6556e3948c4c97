//! Notes of other programs become one's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::DocumentId;
use ink::{AnnotationId, Line, MarkKind, Markup, Point, Quote, Rect, Snap, select};
use ipc::{Audience, ForeignNote, NewMark, Problem, Reply};
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use crate::actor::Actor;
use crate::core::Core;
use crate::marking;
use crate::pages::{self, Present};
use crate::picture::Picture;
use crate::problem;

/// Most samples of one note.
const SAMPLES: usize = 20_000;

/// Notes of a file, as they can be made.
pub(crate) struct Found {
    pub(crate) document: DocumentId,
    pub(crate) marks: Vec<Taken>,
    pub(crate) known: u32,
    pub(crate) left_out: u32,
}

/// A note of a file, as it can be made.
pub(crate) struct Taken {
    pub(crate) mark: NewMark,
    /// The note of the same file that it answers.
    pub(crate) answers: Option<AnnotationId>,
}

/// A file with notes.
pub(crate) enum Source {
    /// One of this machine.
    Path(PathBuf),
    /// One that the window has laid down, and its name; it is read once.
    Laid(Uuid, String),
}

/// Reads the notes of a file and finds the words they stand on.
pub(crate) async fn find(
    core: &Core,
    document: DocumentId,
    from: Source,
    audience: Audience,
) -> Result<Found, Problem> {
    let (file, name, laid) = match from {
        Source::Path(file) => (file.clone(), file.display().to_string(), None),
        Source::Laid(id, name) => (core.files.laid(id), name, Some(id)),
    };
    let found = found(core, document, &file, &name, audience).await;
    if let Some(id) = laid {
        let files = Arc::clone(&core.files);
        let cleared = tokio::task::spawn_blocking(move || files.clear_laid(id)).await;
        if !matches!(cleared, Ok(Ok(()))) {
            tracing::warn!("a laid file stays behind");
        }
    }
    found
}

async fn found(
    core: &Core,
    document: DocumentId,
    file: &Path,
    name: &str,
    audience: Audience,
) -> Result<Found, Problem> {
    let picture = core.now();
    picture.enrolled()?;
    let paper = pages::present(core, &picture, document)?;
    let read = core.papers.foreign(file).await;
    let notes = read.map_err(|error| problem::of_pdf(&error, name))?;
    // A copy of the paper carries what was in the paper before anybody wrote on it.
    let own = core.papers.foreign(&paper.path).await.unwrap_or_default();
    let me = picture.member().map(|member| picture.catalogue.name(member)).unwrap_or_default();
    let mut found = Found { document, marks: Vec::new(), known: 0, left_out: 0 };
    let names: BTreeMap<String, AnnotationId> = (notes.iter())
        .filter(|note| !note.name.is_empty())
        .map(|note| (note.name.clone(), identifier(&paper, note)))
        .collect();
    let mut quoting = Quoting { core, paper: &paper, quotes: BTreeMap::new() };
    for note in notes {
        if own.iter().any(|own| same(own, &note)) {
            found.known += 1;
            continue;
        }
        let id = identifier(&paper, &note);
        let answers = names.get(&note.answers).copied().filter(|answered| *answered != id);
        let signed = signed(&note, &me);
        let (page, colour) = (note.page, note.colour);
        let Some(mut kind) = note.kind.filter(|_| page <= paper.pages) else {
            found.left_out += 1;
            continue;
        };
        let mut text = signed;
        if let MarkKind::Markup(markup) = &mut kind {
            markup.quote = quoting.quote(page, markup).await;
            if bare(&note.text) == bare(&markup.quote.exact) {
                text.clear();
            }
        }
        if let MarkKind::Stamp(stamp) = &kind {
            let rest = note.text.strip_prefix(&stamp.word).unwrap_or(&note.text);
            text = rest.trim_start_matches(" : ").to_owned();
        }
        let id = Some(id);
        let audience = audience.clone();
        let new = NewMark { id, document, page, kind, colour, text, audience };
        if marking::check(&new, paper.pages).is_err() || samples(&new.kind) > SAMPLES {
            found.left_out += 1;
            continue;
        }
        found.marks.push(Taken { mark: new, answers });
    }
    Ok(found)
}

/// The words under marked text, page by page.
struct Quoting<'a> {
    core: &'a Core,
    paper: &'a Present,
    quotes: BTreeMap<u32, Option<ipc::PageText>>,
}

impl Quoting<'_> {
    async fn quote(&mut self, page: u32, markup: &Markup) -> Quote {
        if !self.quotes.contains_key(&page) {
            // Without text there is no quote; the rectangles stand by themselves.
            let text = pages::text(self.core, self.paper, page).await.ok();
            self.quotes.insert(page, text);
        }
        let text = self.quotes.get(&page).and_then(Option::as_ref);
        let Some((text, (first, last))) = text.zip(markup.rects.first().zip(markup.rects.last()))
        else {
            return Quote::default();
        };
        let lines: Vec<Line<'_>> = text.lines.iter().map(Line::from).collect();
        let middle = |rect: &Rect, x: f32| Point { x, y: rect.middle().y };
        let (from, to) = (middle(first, first.x0), middle(last, last.x1));
        let found = select(&lines, from, to, Snap::Characters);
        // The nearest words are not the marked ones when the mark lies elsewhere.
        let found = found.filter(|found| found.rects.iter().all(|r| r.touches(&around(markup))));
        found.map(|found| found.quote).unwrap_or_default()
    }
}

fn around(markup: &Markup) -> Rect {
    markup.rects.iter().copied().reduce(Rect::union).unwrap_or_default().grown(2.0)
}

fn same(a: &ForeignNote, b: &ForeignNote) -> bool {
    (a.page, &a.subtype, a.rect, &a.name) == (b.page, &b.subtype, b.rect, &b.name)
}

/// What was written, with the name of another who wrote it.
fn signed(note: &ForeignNote, me: &str) -> String {
    let theirs = !note.author.is_empty() && note.author != me && !note.text.is_empty();
    if theirs { format!("{} : {}", note.author, note.text) } else { note.text.clone() }
}

/// The note's own identifier when this app gave it one; else one that the same note always gets, so
/// that a file can be taken in twice.
fn identifier(paper: &Present, note: &ForeignNote) -> AnnotationId {
    if let Ok(id) = note.name.parse() {
        return id;
    }
    let Rect { x0, y0, x1, y1 } = note.rect;
    let what = format!(
        "{} {} {} {} {x0} {y0} {x1} {y1} {}",
        paper.pdf, note.page, note.subtype, note.name, note.text
    );
    named_by(what.as_bytes())
}

/// The name of a copy of another member's note.
pub(crate) fn copied(note: AnnotationId) -> AnnotationId {
    named_by(&[b"copy of ".as_slice(), &note.to_bytes()].concat())
}

fn named_by(what: &[u8]) -> AnnotationId {
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(digest(&SHA256, what).as_ref()) {
        *byte = *hashed;
    }
    AnnotationId::custom(bytes)
}

fn samples(kind: &MarkKind) -> usize {
    match kind {
        MarkKind::Ink { strokes, .. } => strokes.iter().map(|stroke| stroke.points.len()).sum(),
        MarkKind::Markup(_)
        | MarkKind::Shape(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => 0,
    }
}

/// Letters and digits alone.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Actor {
    /// Makes the notes of a file, as one step of undo.
    pub(crate) async fn take_in(&mut self, found: Found) -> Result<Reply, Problem> {
        let Found { document, marks, known, left_out } = found;
        let picture: Picture = self.picture();
        let (made, there) = self.put_all(&picture, document, marks).await?;
        Ok(Reply::Imported { made, known: known + there, left_out })
    }
}
