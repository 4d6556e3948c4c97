//! The clerk's way in: a folder of PDFs, or a `sitting.toml` beside them, becomes a published
//! sitting. Every paper is read and checked first, then all are sent, and only then one record
//! makes the whole sitting visible: never a half one.
//!
//! Publishing again updates. A sitting is taken for the same one when
//! - it has the same title, kind and start, or
//! - it is of the same kind and at least half of its papers are, byte for byte, among the new ones
//!   (so a wrong date or title can be put right), or
//! - a folder without description has the same title and at least half of the file names, as long
//!   as that sitting has not begun.
//!
//! Within it, a paper is the same when its file name is, and gets a new version when its bytes have
//! changed; an item is the same when one of its papers is, or its title. Nothing is remembered on
//! the clerk's machine and nothing is written beside the papers: another clerk on another machine
//! publishes the same update.

mod description;
pub(crate) mod folder;
mod merge;
pub(crate) mod papers;
mod replace;
pub(crate) mod titles;
pub(crate) mod upload;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{
    BodyKind, Correction, DocumentRole, Proceedings, Record, SittingError, SittingState, Timestamp,
    changes,
};
use ipc::{ErrorCode, Field, Problem, Published, Reason, Secret};

use crate::core::Core;
use crate::exchange;

pub(crate) use replace::replace;

/// A sitting as the clerk laid it down.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plan {
    pub(crate) title: String,
    pub(crate) kind: BodyKind,
    pub(crate) starts: Timestamp,
    pub(crate) place: String,
    /// Whether title, start and place were written down, or guessed from a folder.
    pub(crate) described: bool,
    pub(crate) convocation: Option<PlannedPaper>,
    pub(crate) items: Vec<PlannedItem>,
}

/// One item of the agenda.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct PlannedItem {
    /// Given, or to be taken from the report.
    pub(crate) title: Option<String>,
    pub(crate) papers: Vec<PlannedPaper>,
    pub(crate) theme: Vec<String>,
    pub(crate) rapporteur: Option<String>,
    pub(crate) closed_doors: bool,
    pub(crate) deliberative: bool,
}

/// One paper.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedPaper {
    pub(crate) role: DocumentRole,
    /// As the clerk names it; matches it to its successor.
    pub(crate) file_name: String,
    pub(crate) path: PathBuf,
}

impl Plan {
    fn papers(&self) -> impl Iterator<Item = &PlannedPaper> {
        self.convocation.iter().chain(self.items.iter().flat_map(|item| &item.papers))
    }
}

/// Publishes, or updates.
pub(crate) async fn publish(
    core: &Arc<Core>,
    path: &Path,
    password: Option<Secret>,
) -> Result<Published, Problem> {
    core.now().clerk()?;
    exchange::catch_up(core).await?;
    let zone = core.now().catalogue.zone();
    let now_ms = core.world.now_ms();
    let plan = {
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || read(&path, &zone, now_ms))
            .await
            .map_err(|_| crate::problem::internal("reading the folder"))??
    };
    let checked = papers::check(core, &plan, password.as_ref()).await?;
    let picture = core.now();
    let mut merged = merge::merge(&picture.catalogue, &plan, &checked, &*core.world);
    if let Ok(known) = picture.catalogue.sitting(merged.sitting.id) {
        let told = changes::between(known, &merged.sitting, titles::moment(now_ms));
        changes::remember(&mut merged.sitting, told);
    }
    // What is decided on, where or when has changed since it was sent: what was sent no longer
    // convenes anybody, only a new convocation does.
    let sent = picture.proceedings(merged.sitting.id).and_then(Proceedings::standing);
    if merged.sitting.state == SittingState::Convened
        && sent
            .is_some_and(|s| s.convocation.differs_from(&merged.sitting) == Correction::Convocation)
    {
        merged.sitting.state = SittingState::Published;
    }
    merged
        .sitting
        .check()
        .map_err(|error| Problem::because(ErrorCode::SittingDescription, why(error)))?;
    upload::all(core, checked.iter().map(papers::Checked::parcel).collect()).await?;
    papers::adopt(core, &checked).await?;
    papers::remember(core, &checked, password).await?;
    let published = Published {
        sitting: merged.sitting.id,
        items: u32::try_from(merged.sitting.items.len()).unwrap_or(u32::MAX),
        documents: u32::try_from(merged.sitting.packet().count()).unwrap_or(u32::MAX),
    };
    if merged.changed {
        exchange::send_records(core, vec![Record::Sitting(Box::new(merged.sitting))]).await?;
    }
    papers::arrive(core, checked.iter().map(|paper| paper.pdf).collect()).await?;
    Ok(published)
}

/// What the clerk is told of a sitting that breaks a rule.
pub(crate) fn why(error: SittingError) -> Reason {
    match error {
        SittingError::NoTitle => Reason::Empty { field: Field::Title },
        SittingError::ItemWithoutTitle { number } => Reason::ItemUntitled { number },
        SittingError::Repeated { number } => Reason::ItemTwice { number },
        SittingError::NoVersion { title } => Reason::PaperWithoutFile { title },
    }
}

/// Reads a folder or a description.
fn read(path: &Path, zone: &jiff::tz::TimeZone, now_ms: i64) -> Result<Plan, Problem> {
    let unreadable = || Problem::about(ErrorCode::FileUnreadable, path.display().to_string());
    let meta = std::fs::metadata(path).map_err(|_| unreadable())?;
    if !meta.is_dir() {
        return description::read(path, zone);
    }
    let described = path.join("sitting.toml");
    if described.is_file() {
        return description::read(&described, zone);
    }
    folder::read(path, zone, now_ms)
}
