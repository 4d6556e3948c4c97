//! The council's letterhead, from a file that a clerk wrote: `lines`, `town`, `signatory`, `capacity`, and
//! the names of the files `emblem` (SVG) and `template` (Typst) beside it.

use std::path::Path;
use std::sync::Arc;

use domain::{Letter, Letterhead};
use ipc::{ErrorCode, Field, Problem, Reason};

use crate::core::Core;
use crate::{exchange, problem};

/// Lines under the council's name, at most.
const LINES: usize = 8;
/// Longest line, in characters.
const LINE: usize = 200;
/// Largest emblem or template, in bytes; the council's record carries both.
const FILE: usize = 64 * 1024;

/// Keeps the letterhead of a file, once a letter has been set with it.
pub(super) async fn save(core: &Arc<Core>, path: &Path) -> Result<(), Problem> {
    let owned = path.to_owned();
    let head = tokio::task::spawn_blocking(move || read(&owned))
        .await
        .map_err(|_| problem::internal("reading a letterhead"))??;
    keep(core, head).await
}

/// Keeps the letterhead, once a letter has been set with it.
pub(super) async fn keep(core: &Arc<Core>, head: Letterhead) -> Result<(), Problem> {
    check(&head)?;
    if core.now().catalogue.council.is_none() {
        // A desk that has just been opened may not have heard of its council yet.
        exchange::catch_up(core).await?;
    }
    let council = core.now().catalogue.council.clone().ok_or(ErrorCode::NotEnrolled)?;
    let now = jiff::civil::DateTime::default();
    let sample = Letter {
        council: council.name.clone(),
        letterhead: head.clone(),
        title: council.name.clone(),
        starts: now,
        made: now,
        place: String::new(),
        items: Vec::new(),
        urgency: None,
        replaces: false,
        article: None,
        note_required: true,
    };
    let letters = Arc::clone(&core.letters);
    let set = move || {
        letters
            .convocation(&sample)
            .map(drop)
            .map_err(|error| Problem::from(Reason::LetterTemplate { detail: error.detail }))
    };
    tokio::task::spawn_blocking(set).await.map_err(|_| problem::internal("setting a letter"))??;
    super::council::change(core, |council| council.letterhead = Some(head)).await
}

fn read(path: &Path) -> Result<Letterhead, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = text(path)?;
    let within = |what| Reason::InFile { file: name.clone(), line: 0, what: Box::new(what) };
    let mut head: Letterhead = toml::from_str(&text).map_err(|_| within(Reason::Form))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    for part in [&mut head.emblem, &mut head.template].into_iter().flatten() {
        *part = self::text(&folder.join(part.as_str()))?;
    }
    Ok(head)
}

fn check(head: &Letterhead) -> Result<(), Problem> {
    let Letterhead { lines, town, signatory, capacity, emblem, template } = head;
    let long = |text: &String| text.chars().count() > LINE;
    if lines.len() > LINES || lines.iter().chain([town, signatory, capacity]).any(long) {
        return Err(Reason::Length { field: Field::LetterheadLine, most: LINE }.into());
    }
    for (part, name) in [(emblem, "SVG"), (template, "Typst")] {
        if part.as_ref().is_some_and(|text| text.len() > FILE) {
            return Err(Reason::LetterheadTooLarge { file: name.to_owned() }.into());
        }
    }
    Ok(())
}

fn text(path: &Path) -> Result<String, Problem> {
    let file = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|_| Problem::about(ErrorCode::FileUnreadable, file.clone()))?;
    if bytes.len() > FILE {
        return Err(Reason::LetterheadTooLarge { file }.into());
    }
    String::from_utf8(bytes)
        .map_err(|_| Reason::InFile { file, line: 0, what: Box::new(Reason::NotText) }.into())
}
