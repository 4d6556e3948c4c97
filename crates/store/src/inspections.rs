//! What the papers are, kept so that opening one reads only the page that is shown.

use client::ports::{Inspection, StoreError};
use domain::Sha256;
use ipc::PageSize;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::error::Doing;

/// An inspection as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// How many pages in a row are of one size: mostly all.
    sizes: Vec<(u32, PageSize)>,
    labels: Vec<String>,
    searchable: bool,
    title: Option<String>,
}

pub(crate) fn keep(
    db: &Connection,
    pdf: &Sha256,
    inspection: &Inspection,
) -> Result<(), StoreError> {
    let doing = "keeping what a paper is";
    let Inspection { sizes, labels, searchable, title } = inspection;
    let mut runs: Vec<(u32, PageSize)> = Vec::new();
    for size in sizes {
        match runs.last_mut().filter(|(_, same)| same == size) {
            Some((pages, _)) => *pages += 1,
            None => runs.push((1, *size)),
        }
    }
    let kept =
        Kept { sizes: runs, labels: labels.clone(), searchable: *searchable, title: title.clone() };
    let body = serde_json::to_string(&kept).doing(doing)?;
    db.prepare_cached("UPDATE paper SET inspection = ?2 WHERE pdf = ?1")
        .and_then(|mut put| put.execute(params![pdf.as_bytes(), body]))
        .doing(doing)?;
    Ok(())
}

pub(crate) fn kept(db: &Connection, pdf: &Sha256) -> Result<Option<Inspection>, StoreError> {
    let doing = "looking up what a paper is";
    let body: Option<Option<String>> = db
        .prepare_cached("SELECT inspection FROM paper WHERE pdf = ?1")
        .and_then(|mut find| find.query_row([pdf.as_bytes()], |row| row.get(0)).optional())
        .doing(doing)?;
    let Some(body) = body.flatten() else { return Ok(None) };
    let Kept { sizes, labels, searchable, title } = serde_json::from_str(&body).doing(doing)?;
    let sizes = sizes
        .into_iter()
        .flat_map(|(pages, size)| std::iter::repeat_n(size, pages as usize))
        .collect();
    Ok(Some(Inspection { sizes, labels, searchable, title }))
}
