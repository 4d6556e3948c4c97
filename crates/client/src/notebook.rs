//! Notes to be read away from the app: by sitting and item, each with its answers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ink::AnnotationId;
use ipc::{Audience, Language, NoteCard, NoteFilter, NotebookForm, Problem, Reply, Words};

use crate::core::Core;
use crate::picture::Picture;
use crate::ports::{Notebook, NotebookBlock, NotebookNote, PdfErrorKind};
use crate::{notes, problem, views};

/// What is to be written, and how.
pub(crate) struct Wanted {
    pub(crate) filter: NoteFilter,
    pub(crate) form: NotebookForm,
    pub(crate) language: Language,
    /// Where to; a new file among the downloads when absent.
    pub(crate) out: Option<PathBuf>,
}

/// Writes the wanted notes to a file.
pub(crate) async fn write(
    core: &Core,
    picture: &Picture,
    wanted: Wanted,
) -> Result<Reply, Problem> {
    let Wanted { filter, form, language, out } = wanted;
    notes::refresh(core).await?;
    let entries = core.shelf.ask(|store| store.notes(None)).await?;
    let mut cards = views::notes::in_agenda_order(picture, entries);
    cards.retain(|card| filter.admits(card));
    let book = compose(picture, cards, &Words::new(language));
    let file = match out {
        Some(out) => out,
        None => new_file(&core.world.downloads(), &book.title, form.extension()),
    };
    let written = core.papers.write_notebook(book, form, file.clone()).await;
    let name = file.display().to_string();
    written.map_err(|error| {
        if error.kind == PdfErrorKind::Unwritable {
            return problem::of_pdf(&error, &name);
        }
        problem::internal(error.detail)
    })?;
    Ok(Reply::Written { file })
}

/// A file that is not there yet: "Mes notes.pdf", "Mes notes 2.pdf".
pub(crate) fn new_file(folder: &std::path::Path, title: &str, extension: &str) -> PathBuf {
    // What a file's name may not hold on some system.
    let title: String = title
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { ' ' } else { c })
        .collect();
    let name = |number: u32| match number {
        1 => format!("{title}.{extension}"),
        number => format!("{title} {number}.{extension}"),
    };
    let free = (1..1_000).map(|number| folder.join(name(number))).find(|file| !file.exists());
    free.unwrap_or_else(|| folder.join(name(1)))
}

/// The notes with their headings.
fn compose(picture: &Picture, cards: Vec<NoteCard>, words: &Words) -> Notebook {
    let mut answers: BTreeMap<AnnotationId, Vec<NoteCard>> = BTreeMap::new();
    let shown: std::collections::BTreeSet<_> = cards.iter().map(|card| card.annotation).collect();
    let mut first = Vec::new();
    for card in cards {
        match card.view.mark.in_reply_to {
            // An answer whose note is not in the book stands for itself.
            Some(answered) if shown.contains(&answered) => {
                answers.entry(answered).or_default().push(card);
            }
            Some(_) | None => first.push(card),
        }
    }
    let mut blocks = Vec::new();
    let (mut sitting, mut item) = (None, None);
    for card in first {
        let Ok(paper) = picture.catalogue.paper(card.document) else { continue };
        if sitting != Some(card.sitting) {
            sitting = Some(card.sitting);
            item = None;
            let starts = paper.sitting.starts.to_zoned_datetime(picture.catalogue.zone());
            let date = words.day(starts.date());
            blocks.push(NotebookBlock::Sitting(format!("{}, {date}", paper.sitting.title)));
        }
        if item != Some(card.item) {
            item = Some(card.item);
            let title = paper.entry.item.map_or(&paper.entry.document.title, |item| &item.title);
            let heading = match card.item {
                0 => title.clone(),
                number => format!("{number}. {title}"),
            };
            blocks.push(NotebookBlock::Item(heading));
        }
        let own_title = paper.entry.item.is_some_and(|item| item.title != card.document_title);
        let page = words.say_with("page-n", &[("n", card.view.mark.page.into())]);
        let place = if own_title { format!("{}, {page}", card.document_title) } else { page };
        let mut answers = answers.remove(&card.annotation).unwrap_or_default();
        answers.sort_by_key(|answer| (answer.view.mark.created_ms, answer.annotation));
        blocks.push(NotebookBlock::Note(Box::new(NotebookNote {
            place,
            who: who(words, &card),
            drawn: words.say("drawing"),
            answers: answers
                .into_iter()
                .map(|answer| (who(words, &answer), answer.view.mark.text))
                .collect(),
            mark: card.view.mark,
        })));
    }
    Notebook { title: title(picture, words), language: words.language().tag().to_owned(), blocks }
}

/// "Notes de Claire Morand, 27 novembre 2026".
fn title(picture: &Picture, words: &Words) -> String {
    let name = picture.member().map(|member| picture.catalogue.name(member)).unwrap_or_default();
    words.say_with("notebook-title", &[("name", name.into())])
}

/// "Karim Benali, groupe Valbrune ensemble".
fn who(words: &Words, card: &NoteCard) -> String {
    let who = ("who", card.view.author.as_str().into());
    match &card.view.audience {
        Audience::Private => words.say_with("audience-private", &[who]),
        Audience::Group(group) => {
            words.say_with("audience-group", &[who, ("group", group.as_str().into())])
        }
        Audience::Council => words.say_with("audience-council", &[who]),
    }
}
