//! Papers that the server has lost: a clerk's tablet, which published them, still has them.

use std::sync::Arc;

use domain::Role;
use ipc::Problem;

use crate::core::Core;
use crate::ports::Store;
use crate::publish::upload::{self, Parcel};

/// Sends what the server lacks of the papers that are here, after it lost sittings. A paper it has costs
/// one question.
///
/// # Errors
/// The way to the server, or its refusal; what is still owed is sent with the next exchange.
pub(crate) async fn papers(core: &Arc<Core>) -> Result<(), Problem> {
    let picture = core.now();
    let is_clerk = picture.profile.as_ref().is_some_and(|profile| profile.role == Role::Clerk);
    if !is_clerk || !core.shelf.ask_patiently(|store| store.papers_owed()).await? {
        return Ok(());
    }
    let sittings = core.shelf.ask_patiently(|store| store.sittings()).await?;
    let papers = sittings.iter().flat_map(domain::Sitting::packet);
    let versions = papers.flat_map(|entry| {
        entry.document.versions.iter().map(|version| (&entry.document.file_name, version))
    });
    let parcels: Vec<Parcel> = versions
        .filter_map(|(file_name, version)| {
            Some(Parcel {
                file_name: file_name.clone(),
                path: core.files.path(&version.sha256).ok()?,
                key: Some(core.files.key(&version.sha256).ok()?),
                pdf: version.sha256,
                bytes: version.bytes,
            })
        })
        .collect();
    tracing::warn!(papers = parcels.len(), "the server may have lost papers; it is given them");
    upload::all(core, parcels).await?;
    core.shelf.ask_patiently(Store::papers_given_back).await
}
