//! Marks: made, changed, erased, taken back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Document, DocumentId, Sha256};
use ink::mark::NOTE_SIZE;
use ink::{AnnotationId, Colour, Line, Mark, MarkKind, Point, QuoteError, quote};
use ipc::{Audience, ErrorCode, MarkChange, MarkView, NewMark, Problem, Reason, Reply};

use crate::actor::{Actor, Message};
use crate::core::Core;
use crate::desk::{Edit, Edited, Work};
use crate::importing::Taken;
use crate::picture::Picture;
use crate::ports::{NoteIndexEntry, NotedDocument};
use crate::views::notes;
use crate::{carrying, importing, pages, views, world};

impl Actor {
    /// Makes a mark.
    pub(crate) async fn mark(&mut self, new: NewMark) -> Result<Reply, Problem> {
        let picture = self.picture();
        let document = new.document;
        let (noted, mark) = self.checked(&picture, new)?;
        self.make(&picture, document, noted, mark).await
    }

    /// A mark that may be made, and the notes it belongs to.
    fn checked(&self, picture: &Picture, new: NewMark) -> Result<(NotedDocument, Mark), Problem> {
        let paper = picture.catalogue.paper(new.document)?;
        check(&new, paper.version.pages)?;
        let noted = picture.notes_for(paper.version.sha256, &new.audience)?;
        Ok((noted, self.fresh(new)))
    }

    /// Makes, takes away and changes several marks as one step of undo.
    pub(crate) async fn edit_many(
        &mut self,
        document: DocumentId,
        put: Vec<NewMark>,
        erase: Vec<AnnotationId>,
        change: Vec<MarkChange>,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let mut by_document: BTreeMap<NotedDocument, Vec<Edit>> = BTreeMap::new();
        let (mut settled, mut gone) = (Vec::new(), Vec::new());
        // All are looked up before any is changed: one that is not there spares the others.
        for new in put {
            let (noted, mark) = self.checked(&picture, NewMark { document, ..new })?;
            if !self.desk.knows(&Arc::clone(&self.core), noted, mark.id).await? {
                by_document.entry(noted).or_default().push(Edit::Put(mark));
            }
        }
        for id in erase {
            for noted in self.own(&picture, id).await?.documents() {
                picture.may_write(noted.scope)?;
                by_document.entry(noted).or_default().push(Edit::Erase(id));
            }
            settled.extend(picture.unshared.contains_key(&id).then_some(id));
            gone.push(id);
        }
        let mut carried = Vec::new();
        for MarkChange { annotation: id, colour, mut shift, ends } in change {
            let own = self.own(&picture, id).await?;
            let ends = ends.map(|ends| carrying::as_made(&picture, document, &own.first, ends));
            let ends = ends.transpose()?;
            // A note of an earlier version moves on this one alone.
            if let Some(by) = shift
                && let Some((noted, place)) = carrying::moved(&picture, document, &own.first, by)?
            {
                by_document.entry(noted).or_default().push(Edit::Carry(place));
                carried.push(own.first.clone());
                shift = None;
            }
            for noted in own.documents() {
                picture.may_write(noted.scope)?;
                let edits = by_document.entry(noted).or_default();
                edits.extend(colour.map(|c| Edit::Change { id, text: None, colour: Some(c) }));
                edits.extend(shift.map(|by| Edit::Shift { id, by }));
                edits.extend(ends.map(|ends| Edit::Reshape { id, ends }));
            }
        }
        let work = Work { edits: by_document.into_iter().collect(), settled, apart: None };
        let edited = self.edit(&picture, document, work).await?;
        let picture = self.picture();
        let paper = picture.catalogue.paper(document)?;
        let mut put: BTreeMap<AnnotationId, MarkView> = BTreeMap::new();
        let changed = edited.put.into_iter();
        let changed =
            changed.map(|(noted, mark)| NoteIndexEntry { document: noted, mark, arrived_ms: 0 });
        // What was changed twice is as it was left.
        for entry in carried.into_iter().chain(changed) {
            put.insert(entry.mark.id, views::notes::standing(&picture, paper, entry, true));
        }
        Ok(Reply::Changed { put: put.into_values().collect(), gone })
    }

    /// Answers a note, for those who may see it.
    pub(crate) async fn reply(
        &mut self,
        document: Option<DocumentId>,
        annotation: AnnotationId,
        text: String,
        id: Option<AnnotationId>,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        check_text(&text)?;
        if text.trim().is_empty() {
            return Err(Reason::AnswerEmpty.into());
        }
        let found = self.core.shelf.ask(move |store| store.notes_named(annotation)).await?;
        let answered = notes::shown(found).pop().ok_or(ErrorCode::NotFound)?;
        let NotedDocument { scope, pdf, .. } = answered.document;
        let noted = picture.notes_with(pdf, scope.audience)?;
        let document = document.or_else(|| paper_of(&picture, pdf)).ok_or(ErrorCode::NotFound)?;
        let bounds = answered.mark.bounds();
        let new = NewMark {
            id,
            document,
            page: answered.mark.page,
            kind: MarkKind::Note { at: Point { x: bounds.x0, y: bounds.y1 } },
            colour: answered.mark.colour,
            text,
            audience: Audience::default(),
        };
        let first = answered.mark.in_reply_to.unwrap_or(annotation);
        let mark = Mark { in_reply_to: Some(first), ..self.fresh(new) };
        self.make(&picture, document, noted, mark).await
    }

    fn fresh(&self, new: NewMark) -> Mark {
        let (now, random) = world::id_parts(&*self.core.world);
        let now_ms = self.core.world.now_ms();
        Mark {
            id: new.id.unwrap_or_else(|| AnnotationId::new(now, random)),
            page: new.page,
            kind: new.kind,
            colour: new.colour,
            text: new.text,
            created_ms: now_ms,
            modified_ms: now_ms,
            in_reply_to: None,
        }
    }

    /// Puts a mark, unless it is there already: then this is a repeat of what was answered before.
    async fn make(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        noted: NotedDocument,
        mark: Mark,
    ) -> Result<Reply, Problem> {
        let (id, core) = (mark.id, Arc::clone(&self.core));
        if let Ok(here) = self.own(picture, id).await {
            let differs = here.mark().text != mark.text || here.mark().colour != mark.colour;
            if differs {
                return self.change_mark(document, id, Some(mark.text), Some(mark.colour)).await;
            }
            return self.marked(picture, document, here.first.document, here.first.mark).await;
        }
        if self.desk.knows(&core, noted, id).await? {
            return self.marks_now(picture, document).await;
        }
        let work = Work { edits: vec![(noted, vec![Edit::Put(mark)])], ..Work::default() };
        let edited = self.edit(picture, document, work).await?;
        self.last_put(picture, document, edited).await
    }

    /// Puts marks that are not there yet, as one step of undo: those that were made, and how many
    /// were there or had been erased.
    pub(crate) async fn put_all(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        marks: Vec<Taken>,
    ) -> Result<(Vec<AnnotationId>, u32), Problem> {
        let core = Arc::clone(&self.core);
        let mut by_document: BTreeMap<NotedDocument, Vec<Edit>> = BTreeMap::new();
        let (mut made, mut known) = (Vec::new(), 0);
        for Taken { mark: new, answers } in marks {
            let (noted, mut mark) = self.checked(picture, new)?;
            mark.id = self.name_of_taken(picture, mark.id).await?;
            if let Some(answered) = answers {
                mark.in_reply_to = Some(self.name_of_taken(picture, answered).await?);
            }
            if self.own(picture, mark.id).await.is_ok()
                || self.desk.knows(&core, noted, mark.id).await?
            {
                known += 1;
                continue;
            }
            made.push(mark.id);
            by_document.entry(noted).or_default().push(Edit::Put(mark));
        }
        let work = Work { edits: by_document.into_iter().collect(), ..Work::default() };
        self.edit(picture, document, work).await?;
        Ok((made, known))
    }

    /// The name under which a note of a file is taken in: another member's note keeps its own; the
    /// copy's is always the same.
    async fn name_of_taken(
        &self,
        picture: &Picture,
        id: AnnotationId,
    ) -> Result<AnnotationId, Problem> {
        let named = self.core.shelf.ask(move |store| store.notes_named(id)).await?;
        let theirs = |note: &NoteIndexEntry| picture.member() != Some(note.document.scope.owner);
        Ok(if named.iter().any(theirs) { importing::copied(id) } else { id })
    }

    /// Changes text or colour of one's own mark.
    pub(crate) async fn change_mark(
        &mut self,
        document: DocumentId,
        annotation: AnnotationId,
        text: Option<String>,
        colour: Option<Colour>,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        check_text(text.as_deref().unwrap_or_default())?;
        let own = self.own(&picture, annotation).await?;
        let mut edits = Vec::new();
        for noted in own.documents() {
            picture.may_write(noted.scope)?;
            let (id, text) = (annotation, text.clone());
            edits.push((noted, vec![Edit::Change { id, text, colour }]));
        }
        let work = Work { edits, ..Work::default() };
        let edited = self.edit(&picture, document, work).await?;
        self.last_put(&picture, document, edited).await
    }

    /// Shows one's own mark to others than before.
    pub(crate) async fn change_audience(
        &mut self,
        document: Option<DocumentId>,
        annotation: AnnotationId,
        audience: &Audience,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let own = self.own(&picture, annotation).await?;
        let pdf = own.first.document.pdf;
        let document = document.or_else(|| paper_of(&picture, pdf)).ok_or(ErrorCode::NotFound)?;
        let wanted = picture.notes_for(pdf, audience)?;
        // Whom it is for already sees it: it is not shown to those who came since.
        let same = own.documents().find(|noted| noted.scope == wanted.scope);
        let wanted = same.unwrap_or(wanted);
        let mut edits = Vec::new();
        if !own.documents().any(|noted| noted == wanted) {
            edits.push((wanted, vec![Edit::Put(own.mark().clone())]));
        }
        for noted in own.documents().filter(|noted| *noted != wanted) {
            picture.may_write(noted.scope)?;
            edits.push((noted, vec![Edit::Erase(annotation)]));
        }
        let settled = picture.unshared.contains_key(&annotation).then_some(annotation);
        let mark = own.first.mark;
        let work = Work { edits, settled: settled.into_iter().collect(), apart: None };
        let edited = self.edit(&picture, document, work).await?;
        let mark = edited.put.into_iter().find(|(noted, _)| *noted == wanted).map_or(mark, |p| p.1);
        self.marked(&self.picture(), document, wanted, mark).await
    }

    /// Takes one's own marks away.
    pub(crate) async fn erase(
        &mut self,
        document: Option<DocumentId>,
        annotations: Vec<AnnotationId>,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let mut by_document: BTreeMap<NotedDocument, Vec<Edit>> = BTreeMap::new();
        let mut settled = Vec::new();
        // All are looked up before any is taken away: one that is not there spares the others.
        for annotation in annotations {
            for noted in self.own(&picture, annotation).await?.documents() {
                picture.may_write(noted.scope)?;
                by_document.entry(noted).or_default().push(Edit::Erase(annotation));
            }
            settled.extend(picture.unshared.contains_key(&annotation).then_some(annotation));
        }
        let first = by_document.keys().next().map(|noted| noted.pdf);
        let document = document
            .or_else(|| first.and_then(|pdf| paper_of(&picture, pdf)))
            .ok_or(ErrorCode::NotFound)?;
        let work = Work { edits: by_document.into_iter().collect(), settled, apart: None };
        self.edit(&picture, document, work).await?;
        self.marks_now(&self.picture(), document).await
    }

    /// Takes back the last change on a paper, or does it again.
    pub(crate) async fn turn_back(
        &mut self,
        document: DocumentId,
        redo: bool,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let core = Arc::clone(&self.core);
        let edited = self.desk.turn_back(&core, document, redo).await?;
        self.stand(edited.carried.clone());
        self.count(&picture, &edited);
        let picture = self.picture();
        self.marks_now(&picture, document).await
    }

    pub(crate) async fn edit(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        work: Work,
    ) -> Result<Edited, Problem> {
        let core = Arc::clone(&self.core);
        let settled = work.settled.clone();
        let edited = self.desk.edit(&core, document, work).await?;
        self.stand(edited.carried.clone());
        if !settled.is_empty() {
            self.draw(|picture| {
                Arc::make_mut(&mut picture.unshared).retain(|id, _| !settled.contains(id));
            });
        }
        self.count(picture, &edited);
        Ok(edited)
    }

    /// Counts what an edit of the member's own notes changed, and has it sent.
    fn count(&self, picture: &Picture, edited: &Edited) {
        if picture.member().is_some() && edited.more.values().any(|more| *more != 0) {
            self.draw(|picture| {
                let counts = Arc::make_mut(&mut picture.notes);
                for (pdf, more) in &edited.more {
                    let count = counts.entry(*pdf).or_default();
                    *count = u32::try_from(i64::from(*count) + more).unwrap_or(0);
                }
            });
        }
        self.core.edited.notify_one();
        count_pending(&self.core);
    }

    async fn last_put(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        mut edited: Edited,
    ) -> Result<Reply, Problem> {
        let (noted, mark) = edited.put.pop().ok_or(ErrorCode::NotFound)?;
        self.marked(picture, document, noted, mark).await
    }

    async fn marked(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        noted: NotedDocument,
        mark: Mark,
    ) -> Result<Reply, Problem> {
        let core = Arc::clone(&self.core);
        let can_undo = self.desk.can(&core, document).await?.0;
        let entry = NoteIndexEntry { document: noted, mark, arrived_ms: 0 };
        let paper = picture.catalogue.paper(document)?;
        Ok(Reply::Marked(Box::new(views::notes::standing(picture, paper, entry, can_undo))))
    }

    async fn marks_now(
        &mut self,
        picture: &Picture,
        document: DocumentId,
    ) -> Result<Reply, Problem> {
        let core = Arc::clone(&self.core);
        let can_undo = self.desk.can(&core, document).await?.0;
        marks(&core, picture, document, can_undo).await
    }

    /// A note of this member, wherever it stands.
    async fn own(&self, picture: &Picture, id: AnnotationId) -> Result<Own, Problem> {
        let all = self.core.shelf.ask(move |store| store.notes_named(id)).await?;
        let theirs = !all.is_empty();
        let mine = |note: &NoteIndexEntry| picture.member() == Some(note.document.scope.owner);
        let mut mine: Vec<NoteIndexEntry> = all.into_iter().filter(mine).collect();
        notes::widest_first(&mut mine);
        let mut mine = mine.into_iter();
        match mine.next() {
            Some(first) => Ok(Own { first, others: mine.map(|note| note.document).collect() }),
            None if theirs => Err(ErrorCode::NotYours.into()),
            None => Err(ErrorCode::NotFound.into()),
        }
    }
}

/// A note of this member. It stands in several documents when two devices showed it to different
/// people meanwhile, until it is next changed here.
struct Own {
    /// Where the most people see it.
    first: NoteIndexEntry,
    others: Vec<NotedDocument>,
}

impl Own {
    fn mark(&self) -> &Mark {
        &self.first.mark
    }

    fn documents(&self) -> impl Iterator<Item = NotedDocument> {
        // The one that is shown comes last: what was put last is what is answered.
        self.others.iter().copied().chain(std::iter::once(self.first.document))
    }
}

/// The paper that is this PDF.
fn paper_of(picture: &Picture, pdf: Sha256) -> Option<DocumentId> {
    picture.catalogue.papers_of(&pdf).next().map(|paper| paper.document)
}

/// All marks on a paper.
pub(crate) async fn marks(
    core: &Core,
    picture: &Picture,
    document: DocumentId,
    can_undo: bool,
) -> Result<Reply, Problem> {
    standing(core, picture, document, can_undo).await.map(Reply::Marks)
}

/// What the index has on all versions of a paper.
pub(crate) async fn on_every_version(
    core: &Core,
    document: &Document,
) -> Result<Vec<NoteIndexEntry>, Problem> {
    let pdfs: BTreeSet<Sha256> = document.versions.iter().map(|version| version.sha256).collect();
    core.shelf
        .ask(move |store| {
            let mut all = Vec::new();
            for pdf in &pdfs {
                all.extend(store.notes(Some(pdf))?);
            }
            Ok(all)
        })
        .await
}

/// All marks on a paper, those made on earlier versions as they stand on the present one, oldest
/// first.
pub(crate) async fn standing(
    core: &Core,
    picture: &Picture,
    document: DocumentId,
    can_undo: bool,
) -> Result<Vec<MarkView>, Problem> {
    let paper = picture.catalogue.paper(document)?;
    let notes = on_every_version(core, paper.entry.document).await?;
    let view = |entry| views::notes::standing(picture, paper, entry, can_undo);
    let mut marks: Vec<MarkView> = views::notes::shown(notes).into_iter().map(view).collect();
    marks.sort_by_key(|view| (view.mark.created_ms, view.mark.id));
    Ok(marks)
}

/// Space between a passage and the note beside it, in points.
const BESIDE: f32 = 4.0;

/// Counts what waits to be sent, when nobody waits for the count.
pub(crate) fn count_pending(core: &Arc<Core>) {
    let core = Arc::clone(core);
    core.tasks.clone().spawn(async move {
        if let Ok(pending) = core.shelf.ask_patiently(|store| store.pending()).await {
            core.post(Message::Sync(Box::new(move |sync| sync.pending = pending)));
        }
    });
}

/// Checks what the annotation crate does not.
pub(crate) fn check(new: &NewMark, pages: u32) -> Result<(), Problem> {
    pages::check_page(new.page, pages)?;
    check_text(&new.text)?;
    let empty = match &new.kind {
        MarkKind::Markup(markup) => markup.rects.is_empty(),
        MarkKind::Ink { strokes, .. } => strokes.iter().all(|stroke| stroke.points.is_empty()),
        MarkKind::Shape(shape) => shape.from == shape.to,
        MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => false,
    };
    if empty {
        return Err(Reason::MarkNowhere.into());
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), Problem> {
    if text.len() > annotation::limits::TEXT {
        return Err(Reason::NoteTooLong.into());
    }
    Ok(())
}

/// Fills rectangles and quote of a mark from the text of its page.
pub(crate) async fn find_quote(
    core: &Core,
    mut mark: NewMark,
    wanted: &str,
) -> Result<NewMark, Problem> {
    let picture = core.now();
    picture.enrolled()?;
    if !matches!(mark.kind, MarkKind::Markup(_) | MarkKind::Note { .. }) {
        return Err(Reason::QuoteNeedsMarkup.into());
    }
    let paper = pages::present(core, &picture, mark.document)?;
    let text = pages::text(core, &paper, mark.page).await?;
    let lines: Vec<Line<'_>> = text.lines.iter().map(Line::from).collect();
    let found = quote::find(&lines, wanted).map_err(|error| {
        let code = match error {
            QuoteError::Empty | QuoteError::NotFound => ErrorCode::QuoteNotFound,
            QuoteError::Ambiguous { .. } => ErrorCode::QuoteAmbiguous,
        };
        Problem::about(code, shortened(wanted))
    })?;
    match &mut mark.kind {
        MarkKind::Markup(markup) => (markup.rects, markup.quote) = (found.rects, found.quote),
        // In the margin, level with the first line.
        MarkKind::Note { at } => {
            let first = found.rects.first().copied().unwrap_or_default();
            let x = (first.x0 - NOTE_SIZE - BESIDE).max(0.0);
            *at = Point { x, y: first.y1 };
        }
        MarkKind::Ink { .. } | MarkKind::Shape(_) | MarkKind::Stamp(_) | MarkKind::Text { .. } => {}
    }
    Ok(mark)
}

/// Enough of a quote to recognise it by.
fn shortened(quote: &str) -> String {
    const SHOWN: usize = 120;
    let mut shown: String = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if shown.chars().count() > SHOWN {
        shown = shown.chars().take(SHOWN).collect();
        shown.push('…');
    }
    shown
}
