//! Notes survive a new version of a paper.
//!
//! When both versions are here, each note of this member that stands on an earlier one is looked for
//! on the present one ([`ink::carry`]) and its place is kept, as one durable change, in the notes
//! document of the present version. A note is carried once: what is known is never computed again,
//! so a kill in the middle costs nothing, and two tablets of one member write the same values. The
//! note itself stays where it was made. Others' notes are placed for the eye alone, until their
//! owners' tablets say where they stand.

mod reading;
mod side_by_side;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{DocumentId, Sha256};
use ink::{
    AnnotationId, Carried, Carrier, Line, Mark, MarkKind, Place, Placement, Point, Settled, Snap,
};
use ipc::{ErrorCode, Event, MarkView, Problem, Settle};

use crate::actor::{Actor, Message};
use crate::core::Core;
use crate::desk::{Edit, Work};
use crate::picture::Picture;
use crate::ports::{CarriedEntry, NoteIndexEntry, NotedDocument};
use crate::{fetch, marking, pages, problem, views};

use reading::Pages;
pub(crate) use side_by_side::compare;

/// Places kept in one change.
const AT_ONCE: usize = 50;

/// One paper whose notes are to be carried into its present version.
struct Job {
    document: DocumentId,
    title: String,
    /// The present version.
    pdf: Sha256,
    /// Its earlier versions, newest first.
    earlier: Vec<Sha256>,
}

/// Carries every note that can be; answers how many places were kept. With `online`, earlier
/// versions that are needed and not here are fetched.
///
/// # Errors
/// The store's. A paper that cannot be read is left for another time.
pub(crate) async fn run(core: &Arc<Core>, online: bool) -> Result<usize, Problem> {
    if jobs(&core.now()).is_empty() {
        return Ok(0);
    }
    let _turn = core.carrying.lock().await;
    let mut kept = 0;
    for job in jobs(&core.now()) {
        match carry(core, &job, online).await {
            Ok(count) => kept += count,
            Err(problem)
                if problem.code == ErrorCode::Store || problem.code == ErrorCode::DiskFull =>
            {
                return Err(problem);
            }
            Err(problem) => tracing::warn!(%problem, "notes are not carried yet"),
        }
    }
    Ok(kept)
}

/// Carries when nobody waits for it.
pub(crate) fn soon(core: &Arc<Core>) {
    if jobs(&core.now()).is_empty() {
        return;
    }
    let core = Arc::clone(core);
    core.tasks.clone().spawn(async move {
        let closing = core.closing.clone();
        tokio::select! {
            done = run(&core, false) => if let Err(problem) = done {
                tracing::warn!(%problem, "notes are not carried yet");
            },
            () = closing.cancelled() => {}
        }
    });
}

/// Papers that are here in their present version and had another before.
fn jobs(picture: &Picture) -> Vec<Job> {
    if picture.profile.is_none() {
        return Vec::new();
    }
    let packets = picture.catalogue.sittings.iter().flat_map(|sitting| sitting.packet());
    packets
        .filter_map(|entry| {
            let current = entry.document.current()?;
            let mut earlier: Vec<Sha256> = Vec::new();
            for version in entry.document.versions.iter().rev() {
                if version.sha256 != current.sha256 && !earlier.contains(&version.sha256) {
                    earlier.push(version.sha256);
                }
            }
            (picture.here.contains(&current.sha256) && !earlier.is_empty()).then(|| Job {
                document: entry.document.id,
                title: entry.document.title.clone(),
                pdf: current.sha256,
                earlier,
            })
        })
        .collect()
}

/// A note as it stood on some earlier version.
struct Source {
    pdf: Sha256,
    mark: Mark,
    /// How far that version had moved it from where it was made.
    moved: (f32, f32),
}

/// A note that is to be carried, with the earlier versions it is known on, newest first.
struct Task {
    origin: NotedDocument,
    id: AnnotationId,
    sources: Vec<Source>,
}

async fn carry(core: &Arc<Core>, job: &Job, online: bool) -> Result<usize, Problem> {
    let tasks = tasks(core, job).await?;
    if tasks.is_empty() {
        return Ok(0);
    }
    let needed: BTreeSet<Sha256> =
        tasks.iter().flat_map(|task| &task.sources).map(|source| source.pdf).collect();
    if online {
        for pdf in needed.iter().filter(|pdf| !core.now().here.contains(*pdf)) {
            fetch::earlier(core, job.document, pdf).await?;
        }
    }
    let picture = core.now();
    let here: Vec<Sha256> = needed.into_iter().filter(|pdf| picture.here.contains(pdf)).collect();
    if here.is_empty() {
        return Ok(0);
    }
    let total = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
    let tell = |done: usize| {
        core.tell(Event::Carrying {
            document: job.document,
            title: job.title.clone(),
            done: u32::try_from(done).unwrap_or(u32::MAX),
            total,
        });
    };
    tell(0);
    let kept = async {
        let found = look(core, job, here, tasks).await?;
        keep(core, &picture, job, found, tell).await
    }
    .await;
    // Whatever came of it, it is over.
    tell(total as usize);
    kept
}

/// Reads the versions and looks every note up.
async fn look(
    core: &Arc<Core>,
    job: &Job,
    here: Vec<Sha256>,
    tasks: Vec<Task>,
) -> Result<Vec<(NotedDocument, Carried)>, Problem> {
    let new = Pages::read(core, &job.pdf, &job.title).await?;
    let mut old = BTreeMap::new();
    for pdf in here {
        old.insert(pdf, Pages::read(core, &pdf, &job.title).await?);
    }
    tokio::task::spawn_blocking(move || find(&old, &new, &tasks))
        .await
        .map_err(|_| problem::internal("carrying notes"))
}

/// What is to be carried into a paper's present version.
async fn tasks(core: &Arc<Core>, job: &Job) -> Result<Vec<Task>, Problem> {
    let earlier = job.earlier.clone();
    let entries: Vec<NoteIndexEntry> = core
        .shelf
        .ask_patiently(move |store| {
            let mut all = Vec::new();
            for pdf in &earlier {
                all.extend(store.notes(Some(pdf))?);
            }
            Ok(all)
        })
        .await?;
    let picture = core.now();
    let missing =
        |entry: &NoteIndexEntry| picture.stands(&entry.document, job.pdf, entry.mark.id).is_none();
    let task = |entry: NoteIndexEntry| {
        let NoteIndexEntry { document: origin, mark, .. } = entry;
        let mut sources: Vec<Source> = Vec::new();
        // Versions between, where it stood beyond doubt, know more than the one it was made on.
        for pdf in job.earlier.iter().take_while(|pdf| **pdf != origin.pdf) {
            let between = picture.stands(&origin, *pdf, mark.id);
            let between = between.filter(|between| !between.placement.is_doubtful());
            if let Some(between) = between
                && let Some(there) = between.on(&mark)
            {
                let moved =
                    if let Place::Shift { dx, dy } = between.place { (dx, dy) } else { (0.0, 0.0) };
                sources.push(Source { pdf: *pdf, mark: there, moved });
            }
        }
        let id = mark.id;
        sources.push(Source { pdf: origin.pdf, mark, moved: (0.0, 0.0) });
        Task { origin, id, sources }
    };
    Ok(entries.into_iter().filter(missing).map(task).collect())
}

/// Looks every note up; one whose earlier versions are not here waits.
fn find(
    old: &BTreeMap<Sha256, Pages>,
    new: &Pages,
    tasks: &[Task],
) -> Vec<(NotedDocument, Carried)> {
    let after = new.sheets();
    let before: BTreeMap<Sha256, Vec<ink::Sheet<'_>>> =
        old.iter().map(|(pdf, pages)| (*pdf, pages.sheets())).collect();
    let carriers: BTreeMap<Sha256, Carrier<'_>> =
        before.iter().map(|(pdf, sheets)| (*pdf, Carrier::new(sheets, &after))).collect();
    let mut found = Vec::new();
    for task in tasks {
        let mut best: Option<Carried> = None;
        for source in &task.sources {
            let Some(carrier) = carriers.get(&source.pdf) else { continue };
            let mut carried = carrier.carry(&source.mark);
            if let Place::Shift { dx, dy } = &mut carried.place {
                *dx += source.moved.0;
                *dy += source.moved.1;
            }
            if best.as_ref().is_none_or(|best| carried.placement < best.placement) {
                best = Some(carried);
            }
            if best.as_ref().is_some_and(|best| !best.placement.is_doubtful()) {
                break;
            }
        }
        found.extend(best.map(|carried| (task.origin, Carried { id: task.id, ..carried })));
    }
    found
}

/// Keeps the places: one's own for good, others' for the eye.
async fn keep(
    core: &Arc<Core>,
    picture: &Picture,
    job: &Job,
    found: Vec<(NotedDocument, Carried)>,
    tell: impl Fn(usize) + Copy,
) -> Result<usize, Problem> {
    let profile = picture.enrolled()?;
    let mut own: BTreeMap<NotedDocument, Vec<Carried>> = BTreeMap::new();
    let mut seen = Vec::new();
    for (origin, carried) in found {
        let scope = origin.scope;
        let document = origin.on(profile.council, job.pdf);
        // The server would refuse a place for a group that the member has left.
        if scope.owner == profile.member && picture.may_write(scope).is_ok() {
            own.entry(document).or_default().push(settled_before(picture, document, carried));
        } else {
            seen.push(CarriedEntry { document, carried });
        }
    }
    let mut kept = 0;
    for (document, carried) in own {
        for part in carried.chunks(AT_ONCE) {
            core.carry(document, part.to_vec()).await?;
            kept += part.len();
            tell(kept);
        }
    }
    if !seen.is_empty() {
        core.post(Message::Seen(job.pdf, seen));
    }
    Ok(kept)
}

/// What its author settled stays settled when the note is shown to others than before.
fn settled_before(picture: &Picture, document: NotedDocument, found: Carried) -> Carried {
    let same = |entry: &&CarriedEntry| {
        entry.document.pdf == document.pdf
            && entry.document.scope.owner == document.scope.owner
            && entry.carried.id == found.id
            && entry.carried.settled.is_some()
    };
    let settled = picture.carried.values().find(same).map(|entry| entry.carried.clone());
    settled.unwrap_or(found)
}

impl Actor {
    /// Keeps where notes stand, in one durable change.
    pub(crate) async fn carry(
        &mut self,
        document: NotedDocument,
        carried: Vec<Carried>,
    ) -> Result<(), Problem> {
        let core = Arc::clone(&self.core);
        let edits = vec![(document, carried.into_iter().map(Edit::Carry).collect())];
        let edited = self.desk.keep_apart(&core, Work { edits, ..Work::default() }).await?;
        self.stand(edited.carried);
        self.core.edited.notify_one();
        marking::count_pending(&self.core);
        self.tell_marks(&document.pdf);
        Ok(())
    }

    /// Keeps where a person says that a note stands; it can be taken back.
    pub(crate) async fn settled(
        &mut self,
        paper: DocumentId,
        document: NotedDocument,
        carried: Carried,
    ) -> Result<(), Problem> {
        let edits = vec![(document, vec![Edit::Carry(carried)])];
        self.edit(&self.picture(), paper, Work { edits, ..Work::default() }).await?;
        self.tell_marks(&document.pdf);
        Ok(())
    }
}

impl Actor {
    /// Shows where notes stand, once that is durable.
    pub(crate) fn stand(&self, carried: Vec<(NotedDocument, Carried)>) {
        if carried.is_empty() {
            return;
        }
        self.draw(|picture| {
            let places = Arc::make_mut(&mut picture.carried);
            for (document, carried) in carried {
                places.insert((document.key, carried.id), CarriedEntry { document, carried });
            }
        });
    }
}

/// The place of a note of an earlier version that is moved by hand by so much; none when it was made
/// on the version that is read, or has no place there.
pub(crate) fn moved(
    picture: &Picture,
    paper: DocumentId,
    entry: &NoteIndexEntry,
    by: Point,
) -> Result<Option<(NotedDocument, Carried)>, Problem> {
    let pdf = picture.catalogue.paper(paper)?.version.sha256;
    let Some(known) = picture.stands(&entry.document, pdf, entry.mark.id) else { return Ok(None) };
    let place = match &known.place {
        Place::Nowhere => return Ok(None),
        Place::Shift { dx, dy } => Place::Shift { dx: dx + by.x, dy: dy + by.y },
        Place::Text { rects, quote } => Place::Text {
            rects: rects.iter().map(|rect| rect.shifted(by)).collect(),
            quote: quote.clone(),
        },
    };
    picture.may_write(entry.document.scope)?;
    let document = entry.document.on(picture.enrolled()?.council, pdf);
    let carried = Carried {
        place,
        placement: Placement::Moved,
        settled: Some(Settled::ByHand),
        ..known.clone()
    };
    Ok(Some((document, carried)))
}

/// Ends on the version that is read as they are on the one that the note was made on.
pub(crate) fn as_made(
    picture: &Picture,
    paper: DocumentId,
    entry: &NoteIndexEntry,
    ends: [Point; 2],
) -> Result<[Point; 2], Problem> {
    let pdf = picture.catalogue.paper(paper)?.version.sha256;
    let known = picture.stands(&entry.document, pdf, entry.mark.id);
    Ok(match known.map(|known| &known.place) {
        Some(Place::Shift { dx, dy }) if entry.document.pdf != pdf => {
            ends.map(|end| Point { x: end.x - dx, y: end.y - dy })
        }
        Some(_) | None => ends,
    })
}

/// Settles where one's own note stands.
pub(crate) async fn settle(
    core: &Arc<Core>,
    document: DocumentId,
    annotation: AnnotationId,
    how: Settle,
) -> Result<MarkView, Problem> {
    let picture = core.now();
    let profile = Arc::clone(picture.enrolled()?);
    let mut found = core.shelf.ask(move |store| store.notes_named(annotation)).await?;
    views::notes::widest_first(&mut found);
    let entry = found.into_iter().next().ok_or(ErrorCode::NotFound)?;
    let origin = entry.document;
    if origin.scope.owner != profile.member {
        return Err(ErrorCode::NotYours.into());
    }
    let paper = pages::present(core, &picture, document)?;
    let known = picture.stands(&origin, paper.pdf, annotation).cloned();
    let known = known.ok_or(ErrorCode::NotFound)?;
    let carried = match how {
        Settle::Accept if known.place == Place::Nowhere => return Err(ErrorCode::NotFound.into()),
        Settle::Accept => Carried {
            placement: known.placement.min(Placement::Moved),
            settled: Some(Settled::Accepted),
            ..known
        },
        Settle::Keep => Carried {
            placement: Placement::Orphan,
            place: Place::Nowhere,
            settled: Some(Settled::Kept),
            ..known
        },
        Settle::Here { page, from, to } => {
            let text = pages::text(core, &paper, page).await?;
            let lines: Vec<Line<'_>> = text.lines.iter().map(Line::from).collect();
            Carried {
                id: annotation,
                page,
                placement: Placement::Moved,
                place: by_hand(&entry.mark, &lines, from, to)?,
                settled: Some(Settled::ByHand),
            }
        }
    };
    core.settle(document, origin.on(profile.council, paper.pdf), carried).await?;
    let picture = core.now();
    Ok(views::notes::standing(&picture, picture.catalogue.paper(document)?, entry, true))
}

/// The place that a hand points at: for marked words, the words there; for the rest, the point.
fn by_hand(
    mark: &Mark,
    lines: &[Line<'_>],
    from: Point,
    to: Option<Point>,
) -> Result<Place, Problem> {
    if let MarkKind::Markup(markup) = &mark.kind
        && !markup.quote.exact.is_empty()
    {
        let chosen = match to {
            Some(to) => ink::select(lines, from, to, Snap::Words),
            None => ink::words_from(lines, from, markup.quote.exact.split_whitespace().count()),
        };
        let chosen = chosen.ok_or(ErrorCode::QuoteNotFound)?;
        return Ok(Place::Text { rects: chosen.rects, quote: chosen.quote });
    }
    let middle = mark.bounds().middle();
    Ok(Place::Shift { dx: from.x - middle.x, dy: from.y - middle.y })
}
