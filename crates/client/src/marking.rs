//! Marks: made, changed, erased, taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::{DocumentId, Sha256};
use ink::{AnnotationId, Colour, Line, Mark, MarkKind, QuoteError, quote};
use ipc::{Audience, ErrorCode, NewMark, Problem, Reason, Reply};

use crate::actor::{Actor, Message};
use crate::core::Core;
use crate::desk::{Content, Edit, Edited};
use crate::picture::Picture;
use crate::ports::{NoteIndexEntry, NotedDocument};
use crate::{pages, views, world};

impl Actor {
    /// Makes a mark.
    pub(crate) async fn mark(&mut self, new: NewMark) -> Result<Reply, Problem> {
        let picture = self.picture();
        let document = new.document;
        let paper = picture.catalogue.paper(document)?;
        check(&new, paper.version.pages)?;
        let noted = picture.private_notes(paper.version.sha256)?;
        let (now, random) = world::id_parts(&*self.core.world);
        let now_ms = self.core.world.now_ms();
        let mark = Mark {
            id: AnnotationId::new(now, random),
            page: new.page,
            kind: new.kind,
            colour: new.colour,
            text: new.text,
            created_ms: now_ms,
            modified_ms: now_ms,
        };
        let edited = self.edit(&picture, noted, vec![Edit::Put(mark)]).await?;
        self.marked(&picture, document, noted, edited)
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
        let NoteIndexEntry { document: noted, mark } = self.own(&picture, annotation).await?;
        let content = Content::There {
            text: text.unwrap_or(mark.text),
            colour: colour.unwrap_or(mark.colour),
        };
        if let Content::There { text, .. } = &content {
            check_text(text)?;
        }
        let edits = vec![Edit::Become(annotation, content)];
        let edited = self.edit(&picture, noted, edits).await?;
        self.marked(&picture, document, noted, edited)
    }

    /// Takes one's own marks away.
    pub(crate) async fn erase(
        &mut self,
        document: Option<DocumentId>,
        annotations: Vec<AnnotationId>,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let mut by_document: BTreeMap<NotedDocument, Vec<Edit>> = BTreeMap::new();
        // All are looked up before any is taken away: one that is not there spares the others.
        for annotation in annotations {
            let entry = self.own(&picture, annotation).await?;
            let edits = by_document.entry(entry.document).or_default();
            edits.push(Edit::Become(annotation, Content::Gone));
        }
        let first = by_document.keys().next().map(|noted| noted.pdf);
        let of_pdf = |pdf: Sha256| picture.catalogue.papers_of(&pdf).next().map(|p| p.document);
        let document = document.or_else(|| first.and_then(of_pdf)).ok_or(ErrorCode::NotFound)?;
        let mut steps = Vec::new();
        for (noted, edits) in by_document {
            steps.extend(self.edit(&picture, noted, edits).await?.steps);
        }
        self.desk.remember(document, steps);
        self.marks_now(&picture, document).await
    }

    /// Takes back the last change on a paper, or does it again.
    pub(crate) async fn turn_back(
        &mut self,
        document: DocumentId,
        redo: bool,
    ) -> Result<Reply, Problem> {
        let picture = self.picture();
        let steps = self.desk.last(document, redo)?;
        let mut by_document: BTreeMap<NotedDocument, Vec<Edit>> = BTreeMap::new();
        for step in steps {
            let edits = by_document.entry(step.document).or_default();
            edits.push(Edit::Become(step.id, step.before));
        }
        for (noted, edits) in by_document {
            self.edit(&picture, noted, edits).await?;
        }
        self.desk.settle(document, redo);
        self.marks_now(&picture, document).await
    }

    async fn edit(
        &mut self,
        picture: &Picture,
        noted: NotedDocument,
        edits: Vec<Edit>,
    ) -> Result<Edited, Problem> {
        let core = Arc::clone(&self.core);
        let edited = self.desk.edit(&core, noted, edits).await?;
        if edited.more != 0 && picture.member() == Some(noted.scope.owner) {
            self.draw(|picture| {
                let count = Arc::make_mut(&mut picture.notes).entry(noted.pdf).or_default();
                *count = u32::try_from(i64::from(*count) + edited.more).unwrap_or(0);
            });
        }
        self.core.edited.notify_one();
        count_pending(&self.core);
        Ok(edited)
    }

    fn marked(
        &mut self,
        picture: &Picture,
        document: DocumentId,
        noted: NotedDocument,
        mut edited: Edited,
    ) -> Result<Reply, Problem> {
        self.desk.remember(document, std::mem::take(&mut edited.steps));
        let mark = edited.put.pop().ok_or(ErrorCode::NotFound)?;
        let can_undo = self.desk.can(document).0;
        let view = views::notes::mark(picture, noted.scope, mark, can_undo);
        Ok(Reply::Marked(Box::new(view)))
    }

    async fn marks_now(&self, picture: &Picture, document: DocumentId) -> Result<Reply, Problem> {
        marks(&self.core, picture, document, self.desk.can(document).0).await
    }

    /// A note of this member.
    async fn own(&self, picture: &Picture, id: AnnotationId) -> Result<NoteIndexEntry, Problem> {
        let found = self.core.shelf.ask(move |store| store.note(id)).await?;
        let found = found.ok_or(ErrorCode::NotFound)?;
        if picture.member() == Some(found.document.scope.owner) {
            Ok(found)
        } else {
            Err(ErrorCode::NotYours.into())
        }
    }
}

/// All marks on a paper.
pub(crate) async fn marks(
    core: &Core,
    picture: &Picture,
    document: DocumentId,
    can_undo: bool,
) -> Result<Reply, Problem> {
    let pdf = picture.catalogue.paper(document)?.version.sha256;
    let notes = core.shelf.ask(move |store| store.notes(Some(&pdf))).await?;
    Ok(Reply::Marks(views::notes::marks(picture, notes, can_undo)))
}

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
fn check(new: &NewMark, pages: u32) -> Result<(), Problem> {
    pages::check_page(new.page, pages)?;
    check_text(&new.text)?;
    match &new.audience {
        Audience::Private => {}
        Audience::Group(_) | Audience::Council => {
            return Err(ErrorCode::Forbidden.into());
        }
    }
    let empty = match &new.kind {
        MarkKind::Markup(markup) => markup.rects.is_empty(),
        MarkKind::Ink { strokes, .. } => strokes.iter().all(|stroke| stroke.points.is_empty()),
        MarkKind::Note { .. } | MarkKind::Text { .. } => false,
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
    let MarkKind::Markup(markup) = &mut mark.kind else {
        return Err(Reason::QuoteNeedsMarkup.into());
    };
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
    markup.rects = found.rects;
    markup.quote = found.quote;
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
