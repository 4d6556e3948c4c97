//! The letter of a sitting whose clerk gave none: set from the template when the sitting is convened,
//! checked and sent like every paper. A letter of the clerk's own is never touched; one of ours follows
//! the sitting when it is convened again.

use std::sync::Arc;

use domain::law::Requirement;
use domain::{
    Document, DocumentId, DocumentRole, DocumentVersion, Letter, LetterItem, Ruling, Sha256,
    Sitting, Timestamp,
};
use ipc::{ErrorCode, Problem, Reason, Words};
use uuid::Uuid;

use crate::core::Core;
use crate::picture::Picture;
use crate::publish::papers::{self, Checked};
use crate::publish::upload;
use crate::{problem, world};

/// File name that marks a letter as ours.
const OURS: &str = "convocation.pupitre.pdf";

/// Whether a letter was set here, and not given by the clerk.
pub(crate) fn is_ours(letter: &Document) -> bool {
    letter.file_name == OURS
}

/// What of a dispatch the letter tells.
pub(super) struct Told<'a> {
    pub(super) number: u32,
    pub(super) urgency: Option<&'a str>,
    pub(super) ruling: &'a Ruling,
    pub(super) now: Timestamp,
}

/// Gives the sitting its letter, when it needs one of ours; the letter's digest then.
pub(super) async fn give(
    core: &Arc<Core>,
    picture: &Picture,
    mut sitting: Sitting,
    told: Told<'_>,
) -> Result<(Sitting, Option<Sha256>), Problem> {
    if sitting.convocation.as_ref().is_some_and(|letter| !is_ours(letter)) {
        return Ok((sitting, None));
    }
    let letter = letter(picture, &sitting, &told)?;
    let checked = set(core, letter).await?;
    let (now, random) = world::id_parts(&*core.world);
    let known = sitting.convocation.take();
    let number = known.as_ref().and_then(Document::current).map_or(1, |last| last.number + 1);
    let words = Words::new(picture.preferences.language.unwrap_or_default());
    let mut document = known.unwrap_or_else(|| Document {
        id: DocumentId::new(now, random),
        title: words.say("title-convocation"),
        role: DocumentRole::Convocation,
        file_name: OURS.to_owned(),
        versions: Vec::new(),
    });
    if document.current().map(|last| last.sha256) != Some(checked.pdf) {
        document.versions.push(DocumentVersion {
            number,
            sha256: checked.pdf,
            bytes: checked.bytes,
            pages: u32::try_from(checked.inspection.sizes.len()).unwrap_or(u32::MAX),
            searchable: checked.inspection.searchable,
            published: told.now,
            note: None,
        });
    }
    sitting.convocation = Some(document);
    Ok((sitting, Some(checked.pdf)))
}

/// Marks the letter as here, once the sitting that names it is.
pub(super) async fn arrived(core: &Arc<Core>, letter: Option<Sha256>) -> Result<(), Problem> {
    papers::arrive(core, letter.into_iter().collect()).await
}

fn letter(picture: &Picture, sitting: &Sitting, told: &Told<'_>) -> Result<Letter, Problem> {
    let council = picture.catalogue.council.as_ref().ok_or(ErrorCode::NotEnrolled)?;
    let zone = picture.catalogue.zone();
    let civil = |at: Timestamp| at.to_zoned_datetime(zone.clone()).datetime();
    let deadline = &told.ruling.deadline;
    let items = sitting.items.iter().zip(1..).map(|(item, number)| LetterItem {
        number,
        title: item.title.clone(),
        rapporteur: item.rapporteur.clone(),
        closed_doors: item.closed_doors,
        deliberative: item.deliberative,
        papers: item.documents.iter().map(|paper| paper.title.clone()).collect(),
    });
    Ok(Letter {
        council: council.name.clone(),
        letterhead: council.letterhead.clone().unwrap_or_default(),
        title: sitting.title.clone(),
        starts: civil(sitting.starts),
        made: civil(told.now),
        place: sitting.place.clone(),
        items: items.collect(),
        urgency: told.urgency.map(str::to_owned),
        replaces: told.number > 1,
        article: Some(deadline.article.clone()).filter(|article| !article.is_empty()),
        note_required: deadline.requires.contains(&Requirement::ExplanatoryNote),
    })
}

/// Sets, checks, sends and keeps the letter.
async fn set(core: &Arc<Core>, letter: Letter) -> Result<Checked, Problem> {
    let (letters, files) = (Arc::clone(&core.letters), Arc::clone(&core.files));
    let (now, random) = world::id_parts(&*core.world);
    let laid = uuid::Builder::from_unix_timestamp_millis(now, &random).into_uuid();
    let set = move || -> Result<Uuid, Problem> {
        let pdf = letters
            .convocation(&letter)
            .map_err(|error| Reason::LetterTemplate { detail: error.detail })?;
        files.lay(laid, 0, &pdf).map_err(|error| problem::of_store(&error))?;
        Ok(laid)
    };
    let stopped = |_| problem::internal("setting a letter");
    let laid = tokio::task::spawn_blocking(set).await.map_err(stopped)??;
    let path = core.files.laid(laid);
    let checked = papers::check_file(core, OURS.to_owned(), path, None).await?;
    upload::all(core, vec![checked.parcel()]).await?;
    papers::adopt(core, std::slice::from_ref(&checked)).await?;
    let files = Arc::clone(&core.files);
    let cleared = tokio::task::spawn_blocking(move || files.clear_laid(laid)).await;
    if !matches!(cleared, Ok(Ok(()))) {
        tracing::warn!("a letter stays behind");
    }
    Ok(checked)
}
