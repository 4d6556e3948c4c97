//! Notes to be read away from the app: by sitting and item, each with its answers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ink::AnnotationId;
use ipc::{
    Audience, ErrorCode, Language, NoteCard, NoteFilter, NotebookForm, Problem, Reply, Words,
};

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
pub(crate) fn new_file(folder: &Path, title: &str, extension: &str) -> PathBuf {
    new_pair(folder, title, extension, extension)
}

/// The same for two files of one name, of which the first is answered.
pub(crate) fn new_pair(folder: &Path, title: &str, extension: &str, other: &str) -> PathBuf {
    let title = file_name(title);
    let name = |number: u32, extension: &str| {
        let number = if number == 1 { String::new() } else { format!(" {number}") };
        let dot = if extension.is_empty() { "" } else { "." };
        folder.join(format!("{title}{number}{dot}{extension}"))
    };
    let is_free =
        |number: &u32| !name(*number, extension).exists() && !name(*number, other).exists();
    name((1..1_000).find(is_free).unwrap_or(1), extension)
}

/// Writes a file, wholly or not at all.
pub(crate) async fn replace(file: PathBuf, bytes: Vec<u8>) -> Result<(), Problem> {
    let name = file.display().to_string();
    tokio::task::spawn_blocking(move || {
        let beside = file.with_extension("part");
        std::fs::write(&beside, bytes)?;
        std::fs::rename(&beside, &file)
    })
    .await
    .map_err(|_| problem::internal("writing a file"))?
    .map_err(|_| Problem::about(ErrorCode::FileUnwritable, name))
}

/// A title as the name of a file on every system.
fn file_name(title: &str) -> String {
    /// Shorter than what any file system takes, in bytes of UTF-8 too.
    const LONGEST: usize = 60;
    let plain = |c: char| if c.is_control() || r#"/\\:*?"<>|"#.contains(c) { '-' } else { c };
    let name: String = title.chars().map(plain).take(LONGEST).collect();
    let name = name.trim().trim_matches('.').trim();
    if name.is_empty() { "Pupitre".to_owned() } else { name.to_owned() }
}

/// The notes with their headings.
pub(crate) fn compose(picture: &Picture, cards: Vec<NoteCard>, words: &Words) -> Notebook {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name_that_every_system_takes() {
        assert_eq!(file_name("Budget 2026/2027 : vote"), "Budget 2026-2027 - vote");
        assert_eq!(file_name(" ../.. "), "-");
        assert_eq!(file_name(""), "Pupitre");
        assert!(file_name(&"é".repeat(500)).len() <= 120);
    }
}
