//! The papers of a publication: read, checked and digested before anything is sent, and taken in on
//! the clerk's own tablet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Sha256;
use futures_util::{StreamExt, TryStreamExt};
use ipc::{ErrorCode, Problem, Reason, Secret};
use std::io::Read;

use super::upload::Parcel;
use super::{Plan, PlannedPaper};
use crate::core::Core;
use crate::ports::{Inspection, PdfError, PdfErrorKind, StoreErrorKind};
use crate::problem;

/// Papers read at the same time.
const AT_ONCE: usize = 3;

/// A paper that can be published.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) file_name: String,
    pub(crate) path: PathBuf,
    pub(crate) pdf: Sha256,
    pub(crate) bytes: u64,
    pub(crate) inspection: Arc<Inspection>,
    /// Whether it opened only with the password.
    pub(crate) locked: bool,
}

impl Checked {
    /// What is sent of it.
    pub(crate) fn parcel(&self) -> Parcel {
        let Self { file_name, path, pdf, bytes, .. } = self.clone();
        Parcel { file_name, path, key: None, pdf, bytes }
    }
}

/// Reads every paper of the plan, in its order.
///
/// # Errors
/// The first paper that cannot be published, by its name.
pub(super) async fn check(
    core: &Arc<Core>,
    plan: &Plan,
    password: Option<&Secret>,
) -> Result<Vec<Checked>, Problem> {
    let papers: Vec<PlannedPaper> = plan.papers().cloned().collect();
    futures_util::stream::iter(papers)
        .map(|paper| check_one(core, paper, password))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

/// Reads one paper.
///
/// # Errors
/// It cannot be published; the problem names it.
pub(super) async fn check_one(
    core: &Arc<Core>,
    paper: PlannedPaper,
    password: Option<&Secret>,
) -> Result<Checked, Problem> {
    let PlannedPaper { file_name, path, .. } = paper;
    check_file(core, file_name, path, password).await
}

/// Reads one file.
///
/// # Errors
/// Why it cannot be published, by its name.
pub(crate) async fn check_file(
    core: &Arc<Core>,
    file_name: String,
    path: PathBuf,
    password: Option<&Secret>,
) -> Result<Checked, Problem> {
    let (pdf, bytes) = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || digest(&path))
            .await
            .map_err(|_| problem::internal("reading a paper"))?
            .map_err(|_| Problem::about(ErrorCode::FileUnreadable, &file_name))?
    };
    if bytes == 0 {
        return Err(Problem::about(ErrorCode::PdfEmpty, file_name));
    }
    if bytes > wire::limits::BLOB {
        return Err(Reason::FileTooLarge { file: file_name }.into());
    }
    let mut inspection = core.inspections.of(&*core.papers, pdf, &path).await;
    let asks = |error: &PdfError| error.kind == PdfErrorKind::Password;
    let locked = inspection.as_ref().is_err_and(asks);
    if let (true, Some(password)) = (locked, password) {
        core.papers.know(&path, Some(password.clone()));
        inspection = core.inspections.of(&*core.papers, pdf, &path).await;
    }
    let inspection = inspection.map_err(|error| {
        let code = match (asks(&error), password) {
            (true, Some(_)) => ErrorCode::WrongPassword,
            (true, None) => ErrorCode::PublishPassword,
            (false, _) => return problem::of_pdf(&error, &file_name),
        };
        Problem::about(code, &file_name)
    })?;
    if inspection.sizes.is_empty() {
        return Err(Problem::about(ErrorCode::PdfEmpty, file_name));
    }
    Ok(Checked { file_name, path, pdf, bytes, inspection, locked })
}

fn digest(path: &Path) -> std::io::Result<(Sha256, u64)> {
    let mut file = std::fs::File::open(path)?;
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut buffer = vec![0; 256 * 1024];
    let mut length = 0;
    loop {
        let read = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        context.update(part);
        length += part.len() as u64;
    }
    let digest = context.finish();
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    Ok((Sha256::from_bytes(bytes), length))
}

/// Takes the papers in here, so that the clerk's own tablet need not fetch them.
pub(crate) async fn adopt(core: &Arc<Core>, papers: &[Checked]) -> Result<(), Problem> {
    let files = Arc::clone(&core.files);
    let papers: Vec<_> = papers.iter().map(|paper| (paper.pdf, paper.path.clone())).collect();
    tokio::task::spawn_blocking(move || {
        for (pdf, path) in papers {
            if files.path(&pdf).is_ok() {
                continue;
            }
            files.adopt(&pdf, &path).map_err(|error| match error.kind {
                // The file was changed between reading and sending.
                StoreErrorKind::Untrue => {
                    Problem::about(ErrorCode::FileUnreadable, path.display().to_string())
                }
                StoreErrorKind::Full
                | StoreErrorKind::TooNew
                | StoreErrorKind::Corrupt
                | StoreErrorKind::NotFound
                | StoreErrorKind::Busy
                | StoreErrorKind::Locked
                | StoreErrorKind::Failed => problem::of_store(&error),
            })?;
        }
        Ok(())
    })
    .await
    .map_err(|_| problem::internal("taking in a paper"))?
}

/// Keeps what opens the encrypted ones, so that the clerk's own tablet need not ask.
pub(super) async fn remember(
    core: &Arc<Core>,
    papers: &[Checked],
    password: Option<Secret>,
) -> Result<(), Problem> {
    let locked: Vec<Sha256> = papers.iter().filter(|p| p.locked).map(|p| p.pdf).collect();
    let Some(password) = password.filter(|_| !locked.is_empty()) else { return Ok(()) };
    let keys = Arc::clone(&core.keys);
    tokio::task::spawn_blocking(move || {
        locked.iter().try_for_each(|pdf| keys.keep_password(pdf, &password))
    })
    .await
    .map_err(|_| problem::internal("keeping a password"))?
    .map_err(|error| problem::of_keys(&error))
}

/// Marks them as whole, once the record that names them is here.
pub(crate) async fn arrive(core: &Arc<Core>, mut wanted: Vec<Sha256>) -> Result<(), Problem> {
    let picture = core.now();
    wanted.retain(|pdf| !picture.here.contains(pdf));
    let marked = wanted.clone();
    core.shelf.ask(move |store| marked.iter().try_for_each(|pdf| store.paper_arrived(pdf))).await?;
    wanted.into_iter().for_each(|pdf| core.arrived(pdf));
    Ok(())
}
