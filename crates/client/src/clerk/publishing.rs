//! A draft becomes what everyone sees: papers first, then one record.
//!
//! The draft is kept as it is published before the record is sent. A kill before leaves the draft,
//! and what was uploaded is not sent again; a kill after leaves a draft that equals the record, which
//! is then none. Nobody ever sees half a sitting.

use std::sync::Arc;

use domain::{Record, Sitting, SittingId, SittingState, Stake, changes};
use ipc::{Correction, ErrorCode, Field, Problem, Reason};

use super::brought;
use super::draft::Prepared;
use super::edit::short;
use crate::convene::act;
use crate::core::Core;
use crate::exchange;
use crate::publish::upload::{self, Parcel};
use crate::publish::{papers, titles, why};

/// Publishes a draft, or the changes it makes.
pub(super) async fn publish(
    core: &Arc<Core>,
    id: SittingId,
    correction: Option<Correction>,
    reason: Option<String>,
) -> Result<(), Problem> {
    let reason = reason.map(|reason| short(&reason, Field::ChangeNote)).transpose()?;
    let reason = reason.filter(|reason| !reason.is_empty());
    let _turn =
        core.publishing.try_lock().map_err(|_| Problem::from(Reason::PublicationUnderWay))?;
    exchange::catch_up(core).await?;
    brought::ready(core, id).await?;
    let prepared = core.shelf.ask(move |store| Prepared::load(store, id)).await?;
    let mut sealed = sealed(core, &prepared, correction, reason)?;
    // A convened sitting is called off by a convocation of its own: everybody convened is told.
    let calling_off = sealed.cancelled.is_some()
        && prepared.published.as_ref().is_some_and(|known| known.cancelled.is_none())
        && core.now().proceedings(id).is_some_and(|p| p.standing().is_some())
        && sealed.starts.as_millisecond() > core.world.now_ms();
    if calling_off {
        sealed.state = SittingState::Published;
    }
    let parcels = parcels(core, prepared.published.as_ref(), &sealed)?;
    let pdfs: Vec<_> = parcels.iter().map(|parcel| parcel.pdf).collect();
    tokio::select! {
        sent = upload::all(core, parcels) => sent?,
        () = core.stop.notified() => return Err(ErrorCode::Stopped.into()),
    }
    let base = prepared.base();
    let (kept, now_ms) = (sealed.clone(), core.world.now_ms());
    core.shelf.ask(move |store| store.keep_sitting_draft(&kept, base, now_ms)).await?;
    if calling_off {
        act::send_off(core, sealed).await?;
    } else {
        exchange::send_records(core, vec![Record::Sitting(Box::new(sealed))]).await?;
    }
    papers::arrive(core, pdfs).await?;
    core.shelf
        .ask(move |store| {
            // Forgotten only when the record that came back is the draft.
            let Prepared { draft, published, .. } = Prepared::load(store, id)?;
            let files = store.desk_files(id)?;
            if let Some(sitting) = published.filter(|_| draft.is_none()) {
                let waiting = super::draft::waiting(files.clone(), &sitting);
                let placed = files.iter().filter(|file| !waiting.contains(file));
                let placed: Vec<_> = placed.map(|file| file.file).collect();
                store.drop_desk_files(&placed)?;
            }
            Ok(())
        })
        .await
}

/// The sitting as it will be published, with what it changes.
fn sealed(
    core: &Core,
    prepared: &Prepared,
    correction: Option<Correction>,
    reason: Option<String>,
) -> Result<Sitting, Problem> {
    let Prepared { published, version, draft, .. } = prepared;
    let Some(draft) = draft else {
        let known = published.is_some();
        return Err(if known { ErrorCode::NothingToPublish } else { ErrorCode::NotFound }.into());
    };
    if published.as_ref() == Some(&draft.sitting) {
        return Err(ErrorCode::NothingToPublish.into());
    }
    let mut sitting = draft.sitting.clone();
    if *version != draft.base {
        return Err(Problem::about(ErrorCode::Conflict, sitting.title));
    }
    sitting.check().map_err(|error| Problem::because(ErrorCode::SittingDescription, why(error)))?;
    let now = titles::moment(core.world.now_ms());
    if let Some(published) = published {
        date_new_versions(&mut sitting, published, now);
        // What an earlier attempt wrote is written anew.
        sitting.changes.clone_from(&published.changes);
        let mut told = changes::between(published, &sitting, now);
        let stake = changes::stake(published.state, &told);
        match (stake, correction) {
            (Stake::None, _) | (Stake::Asks, Some(Correction::Minor)) => {}
            // A typing error it is not: day, hour and a new item to be voted are never minor.
            (Stake::Convocation, Some(Correction::Minor)) | (_, None) => {
                return Err(Problem::about(ErrorCode::CorrectionUndecided, sitting.title));
            }
            (_, Some(Correction::Convene)) => sitting.state = SittingState::Published,
        }
        if let Some(reason) = reason {
            changes::explain(&mut told, &reason);
        }
        changes::remember(&mut sitting, told);
    } else {
        date_new_versions(&mut sitting, &Sitting::untitled(draft.sitting.id), now);
    }
    if sitting.state == SittingState::Draft {
        sitting.state = SittingState::Published;
    }
    // Where it came from is the clerks' alone.
    sitting.brought = None;
    Ok(sitting)
}

/// A version is published now, not when its file was dropped.
fn date_new_versions(sitting: &mut Sitting, published: &Sitting, now: domain::Timestamp) {
    let items = sitting.items.iter_mut().flat_map(|item| &mut item.documents);
    let all = sitting.convocation.iter_mut().chain(items).chain(&mut sitting.others);
    for paper in all {
        let known = published.document(paper.id).map_or(0, |entry| entry.document.versions.len());
        for version in paper.versions.iter_mut().skip(known) {
            version.published = now;
        }
    }
}

/// Papers that the published sitting does not have.
fn parcels(
    core: &Core,
    published: Option<&Sitting>,
    sitting: &Sitting,
) -> Result<Vec<Parcel>, Problem> {
    let known: Vec<_> = published
        .into_iter()
        .flat_map(Sitting::packet)
        .flat_map(|entry| &entry.document.versions)
        .map(|version| version.sha256)
        .collect();
    let fresh = sitting.packet().filter_map(|entry| {
        let version = entry.document.current().filter(|v| !known.contains(&v.sha256))?;
        Some((&entry.document.file_name, version))
    });
    fresh
        .map(|(file_name, version)| {
            Ok(Parcel {
                file_name: file_name.clone(),
                path: core.path(&version.sha256, file_name)?,
                key: core.files.key(&version.sha256).ok(),
                pdf: version.sha256,
                bytes: version.bytes,
            })
        })
        .collect()
}

/// Says that a sitting was convened by other means, has been held, or is closed.
pub(super) async fn mark(
    core: &Arc<Core>,
    id: SittingId,
    state: SittingState,
) -> Result<(), Problem> {
    exchange::catch_up(core).await?;
    let mut sitting = core.now().catalogue.sitting(id)?.as_ref().clone();
    let forward = sitting.state < state && sitting.state != SittingState::Draft;
    if !forward {
        return Err(Reason::StateBackward.into());
    }
    sitting.state = state;
    exchange::send_records(core, vec![Record::Sitting(Box::new(sitting))]).await
}
