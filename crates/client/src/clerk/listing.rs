//! The deliberations of a file become items of a draft.

use std::path::PathBuf;
use std::sync::Arc;

use domain::{Date, SittingId};
use ipc::{Edit, ErrorCode, Listing, Problem};

use super::draft::{self, Prepared};
use crate::core::Core;
use crate::{deliberations, problem};

/// What is asked.
pub(super) struct Asked {
    pub(super) file: PathBuf,
    pub(super) on: Option<Date>,
    pub(super) skip_bad_rows: bool,
}

/// Adds the deliberations of a day; none when a row of the file cannot be read.
pub(super) async fn add(
    core: &Arc<Core>,
    sitting: SittingId,
    asked: Asked,
) -> Result<Listing, Problem> {
    let Asked { file, on, skip_bad_rows } = asked;
    let prepared = core.shelf.ask(move |store| Prepared::load(store, sitting)).await?;
    let starts = prepared.present().ok_or(ErrorCode::NotFound)?.starts;
    let day = starts.to_zoned_datetime(core.now().catalogue.zone()).date();
    let mut read = tokio::task::spawn_blocking(move || deliberations::read_file(&file))
        .await
        .map_err(|_| problem::internal("reading a file of deliberations"))??;
    let items = match deliberations::items(&read, on, day) {
        _ if !read.mistakes.is_empty() && !skip_bad_rows => None,
        Ok(items) => Some(items),
        Err(mistake) => {
            read.mistakes.push(mistake);
            None
        }
    };
    let (mistakes, departures) = (read.mistakes, read.departures);
    let Some(items) = items else {
        return Ok(Listing { done: false, added: 0, mistakes, departures });
    };
    let added = u32::try_from(items.len()).unwrap_or(u32::MAX);
    draft::change(core, sitting, Edit::AddList(items)).await?;
    Ok(Listing { done: true, added, mistakes, departures })
}
