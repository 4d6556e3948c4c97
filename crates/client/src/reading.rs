//! Questions that are answered beside the actor, from the picture, the store and the PDF reader;
//! and work for which a person waits (an exchange, a publication, an export).

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::DocumentId;
use futures_util::StreamExt;
use ink::{AnnotationId, Findable, Line};
use ipc::{
    Audience, Command, Event, ExportMode, MarkView, Problem, Reply, SearchHit, SearchIn,
    SearchResults,
};

use crate::convene::{self, receipts};
use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{ExportPaper, PdfErrorKind};
use crate::views::{self, deadline, home, search};
use crate::{
    archive, carrying, clerk, earlier, enrolment, exchange, marking, messages, notebook, notes,
    pages, people, problem, publish, sealing,
};

/// How long looking up where words stand may take, in milliseconds.
const PLACING_MS: u64 = 10_000;

/// What is asked, with what only the actor knew.
pub(crate) enum Question {
    Command(Box<Command>),
    Marks { document: DocumentId, undo: bool },
    Document { document: DocumentId, undo: bool, redo: bool },
}

/// The answer.
pub(crate) async fn answer(core: &Arc<Core>, question: Question) -> Result<Reply, Problem> {
    let command = match question {
        Question::Command(command) => *command,
        Question::Marks { document, undo } => {
            notes::refresh(core).await?;
            carrying::soon(core);
            return marking::marks(core, &core.now(), document, undo).await;
        }
        Question::Document { document, undo, redo } => {
            let mut view = pages::open(core, document).await?;
            receipts::opened(core, view.sitting).await?;
            (view.can_undo, view.can_redo) = (undo, redo);
            notes::open_ahead(core, document);
            return Ok(Reply::Document(Box::new(view)));
        }
    };
    let picture = core.now();
    let now_ms = core.world.now_ms();
    match command {
        Command::Enrol { server, code, device, authority } => {
            enrolment::enrol(core, &server, authority, &code, &device).await
        }
        Command::Sync => exchange::everything(core).await.map(Reply::Synced),
        Command::Home => home(core, &picture, now_ms).await,
        Command::Sitting { sitting } => {
            receipts::opened(core, sitting).await?;
            let picture = core.now();
            let sitting = picture.catalogue.sitting(sitting)?;
            let view = views::sitting::view(&picture, &*core.files, sitting, now_ms);
            Ok(Reply::Sitting(Box::new(view)))
        }
        Command::Sittings => Ok(Reply::Sittings(home::all_cards(&picture, now_ms))),
        Command::PageText { document, page } => {
            let paper = pages::present(core, &picture, document)?;
            Ok(Reply::PageText(Box::new(pages::text(core, &paper, page).await?)))
        }
        Command::PageReading { document, page } => {
            let paper = pages::present(core, &picture, document)?;
            Ok(Reply::PageReading(Box::new(pages::reading(core, &paper, page).await?)))
        }
        Command::FindPages { document, text } => {
            let paper = pages::present(core, &picture, document)?;
            pages::found(core, &paper, text).await.map(Reply::FoundPages)
        }
        Command::Measure { document } => {
            let view = pages::measure(core, document).await?;
            Ok(Reply::Document(Box::new(view)))
        }
        Command::Unlock { document, password } => {
            let view = pages::unlock(core, document, password).await?;
            Ok(Reply::Document(Box::new(view)))
        }
        Command::Outline { document } => {
            let paper = pages::present(core, &picture, document)?;
            let outline = core.papers.outline(&paper.path).await;
            outline.map(Reply::Outline).map_err(|error| problem::of_pdf(&error, &paper.title))
        }
        Command::Versions { document } => {
            Ok(Reply::Versions(views::versions::all(&picture, picture.catalogue.paper(document)?)))
        }
        Command::Settle { document, annotation, how } => {
            let view = carrying::settle(core, document, annotation, how).await?;
            Ok(Reply::Marked(Box::new(view)))
        }
        Command::Earlier { document, version, ask } => {
            earlier::answer(core, document, version, ask).await
        }
        Command::Compare { document, from } => carrying::compare(core, document, from).await,
        Command::Notes { document, audience } => {
            listed_notes(core, &picture, document, audience).await
        }
        Command::ExportNotes { filter, form, language, out } => {
            let wanted = notebook::Wanted { filter, form, language, out };
            notebook::write(core, &picture, wanted).await
        }
        Command::Archive { language, out } => archive::write(core, &picture, language, out).await,
        Command::Search { text, within, places } => {
            found(core, &picture, &text, within, places).await
        }
        Command::Export { document, mode, out } => {
            export(core, &picture, document, mode, out).await
        }
        Command::Foreign { document } => {
            let paper = pages::present(core, &picture, document)?;
            let notes = core.papers.foreign(&paper.path).await;
            notes.map(Reply::Foreign).map_err(|error| problem::of_pdf(&error, &paper.title))
        }
        Command::Sealing(asked) => sealing::answer(core, asked).await,
        Command::Publish { path, password } => {
            publish::publish(core, &path, password).await.map(Reply::Published)
        }
        Command::Replace { document, path, note } => {
            publish::replace(core, document, &path, note).await.map(Reply::Replaced)
        }
        Command::Deadline { planned, procedure, after, dispatch } => {
            let asked = deadline::Asked { planned, procedure, after, dispatch };
            deadline::view(&picture, &asked, now_ms).map(|view| Reply::Deadline(Box::new(view)))
        }
        Command::Members => Ok(Reply::Members(views::people::members(&picture))),
        Command::AddMember {
            first_name,
            last_name,
            email,
            group,
            role,
            function,
            phone,
            on_paper,
        } => {
            let person = people::NewMember {
                first_name,
                last_name,
                email,
                group,
                role,
                function,
                phone,
                on_paper,
            };
            people::add(core, person).await.map(Reply::Member)
        }
        Command::Invite { member } => people::invite(core, member).await,
        Command::OwnDevices => clerk::devices::own(core).await.map(Reply::Devices),
        Command::RevokeOwn { device, wipe } => {
            clerk::devices::revoke_own(core, device, wipe).await.map(Reply::Devices)
        }
        Command::Calendar { renew } => {
            let address = core.remote()?.calendar(renew).await;
            let address = address.map_err(|error| exchange::told(core, error))?;
            Ok(Reply::Calendar { address })
        }
        Command::Clerk(command) => clerk::answer(core, command).await,
        Command::Convocation(command) => convene::command(core, command).await,
        Command::Message(command) => messages::command(core, command).await,
        Command::Status
        | Command::Document { .. }
        | Command::RememberPage { .. }
        | Command::Marks { .. }
        | Command::Mark(_)
        | Command::MarkQuote { .. }
        | Command::ChangeMark { .. }
        | Command::Reply { .. }
        | Command::ChangeAudience { .. }
        | Command::Edit { .. }
        | Command::Import { .. }
        | Command::ImportLaid { .. }
        | Command::Erase { .. }
        | Command::Undo { .. }
        | Command::Redo { .. }
        | Command::Shown
        | Command::SawChanges { .. }
        | Command::Prefer(_)
        | Command::Lock(_) => Err(problem::internal("a command of the actor's")),
    }
}

async fn home(core: &Core, picture: &Picture, now_ms: i64) -> Result<Reply, Problem> {
    let latest = match picture.member() {
        Some(member) => {
            core.shelf.ask(move |store| store.latest_notes(member, home::NOTES)).await?
        }
        None => Vec::new(),
    };
    Ok(Reply::Home(Box::new(home::home(picture, latest, now_ms))))
}

async fn listed_notes(
    core: &Arc<Core>,
    picture: &Picture,
    document: Option<DocumentId>,
    audience: Option<Audience>,
) -> Result<Reply, Problem> {
    if let Some(document) = document {
        picture.catalogue.paper(document)?;
    }
    notes::refresh(core).await?;
    carrying::run(core, false).await?;
    let entries = core.shelf.ask(|store| store.notes(None)).await?;
    let mut cards = views::notes::in_agenda_order(&core.now(), entries);
    cards.retain(|card| {
        document.is_none_or(|document| card.document == document)
            && audience.as_ref().is_none_or(|audience| card.view.audience.is(audience))
    });
    Ok(Reply::Notes(cards))
}

async fn found(
    core: &Arc<Core>,
    picture: &Picture,
    text: &str,
    within: SearchIn,
    places: bool,
) -> Result<Reply, Problem> {
    let started = tokio::time::Instant::now();
    let mut results = SearchResults { took_ms: 0.0, hits: Vec::new(), without_text: Vec::new() };
    if !text.contains(char::is_alphanumeric) {
        return Ok(Reply::Found(results));
    }
    let (in_notes, in_papers) = match within {
        SearchIn::Notes => (true, false),
        SearchIn::Documents => (false, true),
        SearchIn::All => (true, true),
    };
    if in_notes {
        notes::refresh(core).await?;
    }
    let words = text.to_owned();
    let (notes, pages) = core
        .shelf
        .ask(move |store| {
            let notes =
                if in_notes { store.search_notes(&words, search::HITS)? } else { Vec::new() };
            let pages =
                if in_papers { store.search_pages(&words, search::HITS)? } else { Vec::new() };
            Ok((notes, pages))
        })
        .await?;
    results.hits = search::notes(picture, notes);
    let pages = search::pages(picture, pages);
    results.took_ms = started.elapsed().as_secs_f64() * 1_000.0;
    if in_papers {
        results.without_text = search::without_text(picture);
    }
    results.hits.extend(pages);
    results.hits.truncate(search::HITS as usize);
    if places {
        place(core, picture, &mut results.hits, text).await;
    }
    Ok(Reply::Found(results))
}

/// Fills in where the words stand on the pages that were found.
async fn place(core: &Arc<Core>, picture: &Picture, hits: &mut [SearchHit], words: &str) {
    let wanted: Vec<(usize, DocumentId, u32)> = hits
        .iter()
        .enumerate()
        .filter(|(_, hit)| hit.annotation.is_none())
        .map(|(index, hit)| (index, hit.document, hit.page))
        .collect();
    let looking = futures_util::stream::iter(wanted).map(|(index, document, page)| async move {
        let paper = pages::present(core, picture, document).ok()?;
        let text = pages::text(core, &paper, page).await.ok()?;
        let lines: Vec<Line<'_>> = text.lines.iter().map(Line::from).collect();
        let findable = Findable::new(&lines);
        // Where the words stand together, or else each of them.
        let together: Vec<ink::Rect> = findable.passages(words).into_iter().flatten().collect();
        Some((index, if together.is_empty() { findable.words(words) } else { together }))
    });
    let mut looking = std::pin::pin!(looking.buffer_unordered(4));
    let until = tokio::time::Instant::now() + std::time::Duration::from_millis(PLACING_MS);
    while let Ok(Some(place)) = tokio::time::timeout_at(until, looking.next()).await {
        if let Some((index, rects)) = place
            && let Some(hit) = hits.get_mut(index)
        {
            hit.rects = rects;
        }
    }
}

async fn export(
    core: &Arc<Core>,
    picture: &Picture,
    document: DocumentId,
    mode: ExportMode,
    out: Option<std::path::PathBuf>,
) -> Result<Reply, Problem> {
    let paper = pages::present(core, picture, document)?;
    notes::refresh(core).await?;
    carrying::run(core, false).await?;
    let marks = marking::standing(core, &core.now(), document, false).await?;
    let marks = with_answers(marks).into_iter().map(|view| (view.mark, view.author)).collect();
    let file = match out {
        Some(out) => out,
        None => notebook::new_file(&core.world.downloads(), &paper.title, mode.extension()),
    };
    let name = file.display().to_string();
    let (title, out) = (paper.title.clone(), file.clone());
    let done = core.papers.export(ExportPaper { paper: paper.path, title, marks, mode, out }).await;
    done.map_err(|error| {
        let written = error.kind == PdfErrorKind::Unwritable;
        let about = if written { &name } else { &paper.title };
        problem::of_pdf(&error, about)
    })?;
    Ok(Reply::Written { file })
}

/// The notes that have a place on the page. An answer goes where its note stands.
fn with_answers(mut marks: Vec<MarkView>) -> Vec<MarkView> {
    let placed = marks.iter().filter(|view| view.is_placed());
    let stands: BTreeMap<AnnotationId, (u32, ink::Rect)> =
        placed.map(|view| (view.mark.id, (view.mark.page, view.mark.bounds()))).collect();
    marks.retain_mut(|view| {
        let Some((page, bounds)) = view.mark.in_reply_to.and_then(|first| stands.get(&first))
        else {
            return view.is_placed();
        };
        let at = ink::Point { x: bounds.x0, y: bounds.y1 };
        (view.mark.page, view.mark.kind) = (*page, ink::MarkKind::Note { at });
        true
    });
    marks
}

/// A paper on its way; without a count of bytes it is whole.
pub(crate) fn arriving(
    picture: &Picture,
    document: DocumentId,
    received: Option<u64>,
) -> Option<Event> {
    let paper = picture.catalogue.paper(document).ok()?;
    let card = views::sitting::card(picture, paper.sitting, 0);
    Some(Event::Arriving {
        sitting: paper.sitting.id,
        document,
        title: paper.entry.document.title.clone(),
        received: received.unwrap_or(paper.version.bytes),
        total: paper.version.bytes,
        available: card.available,
        documents: card.documents,
    })
}
