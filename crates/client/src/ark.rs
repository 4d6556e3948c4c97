//! What a new server needs to let everybody in again, from what one tablet holds.

use std::collections::BTreeSet;

use domain::{Ark, DeviceId};

use crate::ports::{EvidenceOf, Store, StoreError};

/// The ark of a tablet; none before its first exchange.
///
/// # Errors
/// The store cannot be read.
pub fn ark(store: &dyn Store) -> Result<Option<Ark>, StoreError> {
    let Some(council) = store.council()? else { return Ok(None) };
    // Cards are signed by the office, which is the server's own device: its key was lost with it.
    let offices: BTreeSet<DeviceId> =
        store.evidence(EvidenceOf::Devices)?.iter().map(|card| card.op.header.device).collect();
    let mut devices = store.devices()?;
    devices.retain(|card| !offices.contains(&card.id) && card.revoked.is_none());
    Ok(Some(Ark::new(council, store.members()?, devices)))
}
