//! Files dropped for a sitting: laid down in pieces, then read, checked and put on their shelf one by
//! one. What has been answered is durable; what was laid down whole when the app was killed is read
//! when the sitting is opened again. A file that cannot be published is kept by its name with the
//! reason, and the others go on.

use std::sync::{Arc, PoisonError};

use domain::SittingId;
use ipc::{DeskFile, ErrorCode, Event, Problem, Reason, Target};
use uuid::Uuid;

use super::draft::{self, Prepared};
use crate::core::Core;
use crate::ports::{KeptFile, KeptRead};
use crate::problem;
use crate::publish::{papers, titles};

/// Longest file name, in characters.
const NAME: usize = 255;

/// Lays a piece of a file down.
pub(crate) async fn lay(
    core: &Arc<Core>,
    file: Uuid,
    offset: u64,
    bytes: Vec<u8>,
) -> Result<(), Problem> {
    let picture = core.now();
    picture.enrolled()?;
    if picture.is_guest() {
        return Err(ErrorCode::Forbidden.into());
    }
    let end = offset.saturating_add(bytes.len() as u64);
    if end > wire::limits::BLOB {
        return Err(Reason::FileTooLarge { file: String::new() }.into());
    }
    let files = Arc::clone(&core.files);
    tokio::task::spawn_blocking(move || files.lay(file, offset, &bytes))
        .await
        .map_err(|_| problem::internal("laying a file down"))?
        .map_err(|error| problem::of_store(&error))
}

/// Throws laid files away that are not wanted.
pub(super) async fn put_away(core: &Arc<Core>, laid: Vec<Uuid>) -> Result<(), Problem> {
    let files = Arc::clone(&core.files);
    tokio::task::spawn_blocking(move || laid.into_iter().try_for_each(|id| files.clear_laid(id)))
        .await
        .map_err(|_| problem::internal("throwing a laid file away"))?
        .map_err(|error| problem::of_store(&error))
}

/// Reads a file that was laid down whole.
pub(super) async fn import(
    core: &Arc<Core>,
    sitting: SittingId,
    file: Uuid,
    name: String,
    target: Option<Target>,
) -> Result<DeskFile, Problem> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().take(NAME).collect();
    let kept = KeptFile { file, name, read: KeptRead::Waiting, target, shelved: None };
    let known = kept.clone();
    let exists = core
        .shelf
        .ask(move |store| {
            let exists = Prepared::load(store, sitting)?.present().is_some();
            if exists {
                store.keep_desk_file(sitting, &known)?;
            }
            Ok(exists)
        })
        .await?;
    if !exists {
        return Err(ErrorCode::NotFound.into());
    }
    read(core, sitting, kept).await
}

/// Reads, checks and shelves one file, and keeps what came of it.
async fn read(core: &Arc<Core>, sitting: SittingId, file: KeptFile) -> Result<DeskFile, Problem> {
    let Some(_turn) = Turn::take(core, file.file) else {
        return Err(Problem::about(ErrorCode::Internal, "a file that is being read"));
    };
    let read = examine(core, &file).await?;
    let kept = KeptFile { read, ..file };
    let id = kept.file;
    let known = kept.clone();
    let (prepared, all) = core
        .shelf
        .ask(move |store| {
            store.keep_desk_file(sitting, &known)?;
            Ok((Prepared::load(store, sitting)?, store.desk_files(sitting)?))
        })
        .await?;
    let files = Arc::clone(&core.files);
    let cleared = tokio::task::spawn_blocking(move || files.clear_laid(id)).await;
    if !matches!(cleared, Ok(Ok(()))) {
        tracing::warn!("a laid file stays behind");
    }
    let present = prepared.present().ok_or(ErrorCode::NotFound)?;
    let shown = draft::shown(present, all).into_iter().find(|shown| shown.file == id);
    shown.ok_or_else(|| ErrorCode::NotFound.into())
}

/// What a laid file is.
///
/// # Errors
/// Difficulties of this machine (a full disk, no PDF reader): the file is read again later.
async fn examine(core: &Arc<Core>, file: &KeptFile) -> Result<KeptRead, Problem> {
    let laid = core.files.laid(file.file);
    let checked = match papers::check_file(core, file.name.clone(), laid, None).await {
        Ok(checked) => checked,
        Err(problem) if is_of_the_file(problem.code) => return Ok(KeptRead::Refused(problem)),
        Err(problem) => return Err(problem),
    };
    papers::adopt(core, std::slice::from_ref(&checked)).await?;
    Ok(KeptRead::Paper {
        pdf: checked.pdf,
        bytes: checked.bytes,
        pages: u32::try_from(checked.inspection.sizes.len()).unwrap_or(u32::MAX),
        searchable: checked.inspection.searchable,
        title: checked.inspection.title.as_deref().and_then(titles::of_metadata),
    })
}

/// Whether the file itself is to blame.
pub(super) fn is_of_the_file(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::PdfDamaged
            | ErrorCode::PdfPassword
            | ErrorCode::PublishPassword
            | ErrorCode::PdfEmpty
            | ErrorCode::PdfUnsupported
            | ErrorCode::PdfQuarantined
            | ErrorCode::FileUnreadable
            | ErrorCode::BadInput
    )
}

/// Says where a file shall go.
pub(super) async fn aim(
    core: &Arc<Core>,
    sitting: SittingId,
    file: Uuid,
    target: Target,
) -> Result<(), Problem> {
    let found = core
        .shelf
        .ask(move |store| {
            let mut files = store.desk_files(sitting)?.into_iter();
            let Some(mut kept) = files.find(|kept| kept.file == file) else { return Ok(false) };
            kept.target = Some(target);
            store.keep_desk_file(sitting, &kept)?;
            Ok(true)
        })
        .await?;
    if found { Ok(()) } else { Err(ErrorCode::NotFound.into()) }
}

/// Goes on, in the background, with files that a kill or a full disk left unread.
pub(super) fn resume(core: &Arc<Core>, sitting: SittingId) {
    let own = Arc::clone(core);
    core.tasks.spawn(async move {
        let core = &own;
        let Ok(files) = core.shelf.ask_patiently(move |store| store.desk_files(sitting)).await
        else {
            return;
        };
        let mut went_on = false;
        for file in files.into_iter().filter(|file| file.read == KeptRead::Waiting) {
            if core.closing.is_cancelled() {
                return;
            }
            // Another reading may be at it; a difficulty of the machine is told when it is asked for.
            went_on |= read(core, sitting, file).await.is_ok();
        }
        if went_on {
            core.tell(Event::Catalogue);
        }
    });
}

/// One reading of a file at a time.
struct Turn<'a>(&'a Core, Uuid);

impl<'a> Turn<'a> {
    fn take(core: &'a Core, file: Uuid) -> Option<Self> {
        let mut reading = core.being_read.lock().unwrap_or_else(PoisonError::into_inner);
        // Lazily: a turn that was not given must not be dropped, which would end the other's.
        reading.insert(file).then(|| Self(core, file))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.being_read.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
    }
}
