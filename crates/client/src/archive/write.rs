//! Writing an archive.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use domain::{Sha256, Timestamp};
use ipc::{ErrorCode, Language, NoteCard, NotebookForm, Problem, Reply, Words};
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::sheet::{Head, Line, Listed, MAGIC, NAME, Seal, first_link, seal_bytes};
use crate::core::Core;
use crate::notebook::{self, compose};
use crate::picture::Picture;
use crate::ports::EvidenceOf;
use crate::proof::file::{Entry, digest, hex, link};
use crate::proof::write::{card_of, office};
use crate::{notes, problem, views};

/// One note for programs: the note, and where it stands by the names that people know.
#[derive(Serialize)]
struct Told<'a> {
    sitting_title: &'a str,
    starts: Timestamp,
    #[serde(flatten)]
    card: &'a NoteCard,
}

/// Writes all notes of the member, of every audience, into one signed file.
pub(crate) async fn write(
    core: &Arc<Core>,
    picture: &Picture,
    language: Language,
    out: Option<PathBuf>,
) -> Result<Reply, Problem> {
    notes::refresh(core).await?;
    let entries = core.shelf.ask(|store| store.notes(None)).await?;
    let mut cards = views::notes::in_agenda_order(picture, entries);
    cards.retain(|card| card.view.mine);
    let json = told(picture, &cards)?;
    let count = u32::try_from(cards.len()).unwrap_or(u32::MAX);
    let book = compose(picture, cards, &Words::new(language));
    let file = match out {
        Some(out) => out,
        None => notebook::new_file(&core.world.downloads(), &book.title, "zip"),
    };
    // The reader writes files: beside the archive, which tells the same, and for no longer than needed.
    let mut files = vec![("notes.json", json)];
    for (name, form) in [("notes.md", NotebookForm::Markdown), ("notes.pdf", NotebookForm::Pdf)] {
        let beside = file.with_extension(format!("{}.part", form.extension()));
        let written = core.papers.write_notebook(book.clone(), form, beside.clone()).await;
        let bytes = tokio::task::spawn_blocking(move || {
            let bytes = std::fs::read(&beside);
            std::fs::remove_file(&beside).ok();
            bytes
        });
        let bytes = bytes.await.map_err(|_| problem::internal("writing the archive"))?;
        let unwritable = || Problem::about(ErrorCode::FileUnwritable, file.display().to_string());
        written.map_err(|_| unwritable())?;
        files.push((name, bytes.map_err(|_| unwritable())?));
    }
    let sheet = sign(core, picture, &files, count).await?;
    files.push((NAME, sheet.into_bytes()));
    let bytes = packed(&files).map_err(|error| problem::internal(error.to_string()))?;
    notebook::replace(file.clone(), bytes).await?;
    Ok(Reply::Written { file })
}

fn told(picture: &Picture, cards: &[NoteCard]) -> Result<Vec<u8>, Problem> {
    let told: Vec<Told<'_>> = cards
        .iter()
        .filter_map(|card| {
            let sitting = picture.catalogue.sitting(card.sitting).ok()?;
            Some(Told { sitting_title: &sitting.title, starts: sitting.starts, card })
        })
        .collect();
    serde_json::to_vec_pretty(&told).map_err(|error| problem::internal(error.to_string()))
}

async fn sign(
    core: &Core,
    picture: &Picture,
    files: &[(&str, Vec<u8>)],
    notes: u32,
) -> Result<String, Problem> {
    let profile = Arc::clone(picture.enrolled()?);
    let cards = core.shelf.ask(|store| store.evidence(EvidenceOf::Devices)).await?;
    let office = office(&cards).ok_or_else(|| problem::internal("no office in the directory"))?;
    let head = Head {
        council: profile.council,
        council_name: profile.council_name.clone(),
        office,
        member: profile.member,
        name: picture.catalogue.name(profile.member),
        device: profile.device,
        written: crate::world::moment(core.world.now_ms()),
        notes,
    };
    let mut sheet = Sheet { text: format!("{MAGIC}\n"), last: first_link() };
    sheet.line(&Line::Head(head))?;
    for evidence in &cards {
        let known = card_of(evidence)
            .is_some_and(|card| card.id == profile.device || card.signing_key == office);
        if let (true, Some(place)) = (known, evidence.logged) {
            let op = wire::encode(&evidence.op).map_err(|e| problem::internal(e.to_string()))?;
            let (seq, received_ms) = (place.seq, place.received_ms);
            sheet.line(&Line::Card(Entry { seq, received_ms, op: hex(&op) }))?;
        }
    }
    for (name, bytes) in files {
        let listed = Listed {
            name: (*name).to_owned(),
            bytes: bytes.len() as u64,
            sha256: digest(&[bytes]),
        };
        sheet.line(&Line::File(listed))?;
    }
    let signature = core.keys.sign(&seal_bytes(&sheet.last));
    let signature = hex(&signature.map_err(|error| problem::of_keys(&error))?);
    let files = u32::try_from(files.len()).unwrap_or(u32::MAX);
    sheet.line(&Line::Seal(Seal { files, signature }))?;
    Ok(sheet.text)
}

struct Sheet {
    text: String,
    last: Sha256,
}

impl Sheet {
    fn line(&mut self, line: &Line) -> Result<(), Problem> {
        let json = serde_json::to_string(line).map_err(|e| problem::internal(e.to_string()))?;
        self.last = link(&self.last, json.as_bytes());
        self.text += &format!("{} {json}\n", self.last);
        Ok(())
    }
}

fn packed(files: &[(&str, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
